"""Intent classifiers side by side: three-fold cross-validation on our training data.

Writes docs/evaluation/classifiers.md.  Run it with `python -m scripts.compare`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("ours", "tfidf", "diet")


def measure(name: str, out: Path) -> dict[str, float]:
    """Cross-validate one config; accuracy, macro and weighted F1, seconds."""
    began = time.perf_counter()
    subprocess.run(
        [
            sys.executable, "-m", "scripts.quiet_rasa", "test", "nlu", "--nlu", "data/nlu",
            "--config", f"docs/evaluation/configs/{name}.yml", "--cross-validation",
            "--folds", "3", "--out", str(out), "--no-plot", "--no-errors",
        ],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    report = json.loads((out / "intent_report.json").read_text(encoding="utf-8"))
    return {
        "accuracy": report["accuracy"],
        "macro": report["macro avg"]["f1-score"],
        "oos": report["out_of_scope"]["recall"],
        "seconds": time.perf_counter() - began,
    }


def main() -> None:
    """Measures all and writes the table."""
    lines = [
        "# Intent classifiers",
        "",
        "Three-fold cross-validation on `data/nlu`, by `python -m scripts.compare`.",
        "",
        "| pipeline | accuracy | macro F1 | out-of-scope recall | seconds, all folds |",
        "|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as made:
        for name in NAMES:
            got = measure(name, Path(made) / name)
            lines.append(
                f"| [{name}](configs/{name}.yml) | {got['accuracy']:.3f} | {got['macro']:.3f} "
                f"| {got['oos']:.3f} | {got['seconds']:.0f} |"
            )
            print(lines[-1], flush=True)
    target = ROOT / "docs" / "evaluation" / "classifiers.md"
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
