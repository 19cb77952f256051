"""`bot privacy`: measure the redaction, try it on a text, and see what would be deleted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.privacy.measure import CORPUS

privacy_app = typer.Typer(help="Redaction and retention.", no_args_is_help=True)
console = Console(highlight=False)
problems = Console(stderr=True, highlight=False)
JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@privacy_app.command()
def measure(
    as_json: JsonFlag = False,
    part: Annotated[str, typer.Option(help="held_out, or dev with what was missed.")] = "held_out",
    corpus: Annotated[Path, typer.Option(help="Folder of the labelled messages.")] = CORPUS,
) -> None:
    """Recall by kind and language, and the share of harmless messages changed."""
    from bot.privacy.measure import PARTS, CorpusError, speed
    from bot.privacy.measure import measure as run

    if part not in PARTS:
        problems.print(f"B109 no part `{part}`. Mend: {' or '.join(PARTS)}", markup=False)
        raise typer.Exit(2)
    try:
        report = run(part, corpus) | {"speed": speed(corpus)}
    except CorpusError as error:
        problems.print(str(error), markup=False)
        raise typer.Exit(1) from error
    if part == "held_out":  # whoever reads these mends them, and they are held out no more
        for key in ("missed", "changed", "extra"):
            report[key] = len(report[key])
    if as_json:
        print(json.dumps(report, ensure_ascii=False))
        return
    table = Table("what", "found", "of", "recall")
    for key in ("with_form", "names", "names_in_lists", "names_in_no_list"):
        table.add_row(key, *(str(v) for v in report[key].values()))
    for group in ("by_kind", "by_language"):
        for key, rate in report[group].items():
            table.add_row(key, *(str(v) for v in rate.values()))
    console.print(table)
    rest = ("harmless_changed", "taken_beside_labels", "speed")
    console.print_json(json.dumps({k: report[k] for k in rest}))


@privacy_app.command()
def redact(text: Annotated[str, typer.Argument(help="A message as staff would type it.")]) -> None:
    """Show what is left of a message; nothing is kept."""
    from bot.privacy import redact as run

    console.print(run(text), markup=False)
