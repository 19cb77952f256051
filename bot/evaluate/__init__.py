"""The evaluation bench: vignettes in, judged runs and figures out."""
