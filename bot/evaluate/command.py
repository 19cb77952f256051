"""`bot evaluate`: reads vignettes, plays and judges them, writes the reports asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.evaluate.vignettes import Vignette

console = Console(highlight=False)
problems = Console(stderr=True, highlight=False)


def _fail(text: str) -> typer.Exit:
    problems.print(text, markup=False)
    return typer.Exit(2)


def _noise_kinds(asked: str | None) -> list[str]:
    from bot.evaluate.noise import KINDS

    if asked is None:
        return []
    kinds = list(KINDS) if asked == "all" else asked.split(",")
    wrong = [k for k in kinds if k not in KINDS]
    if wrong:
        known = ", ".join(KINDS)
        raise _fail(f"E012 --noise {','.join(wrong)} is unknown. Mend: all, or some of {known}")
    return kinds


def played(
    vignettes: list[Vignette], kinds: list[str], workers: int, channel: str = "none"
) -> dict[str, Any]:
    """The full report, with a progress bar on the error stream while it is made."""
    from bot.evaluate.noise import under_noise
    from bot.evaluate.noise_report import noise_row
    from bot.evaluate.report import full_report
    from bot.evaluate.teams_speaker import through_channel
    from bot.evaluate.workers import play_many

    everything = [*vignettes, *(v for kind in kinds for v in under_noise(vignettes, kind))]
    with Progress(
        TextColumn("playing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=problems, transient=True, disable=not problems.is_terminal,
    ) as progress:  # fmt: skip
        task = progress.add_task("", total=len(everything))
        runs = play_many(
            everything,
            workers=workers,
            tell=lambda n: progress.update(task, completed=n),
            through=through_channel(channel),
        )
    count = len(vignettes)
    clean = runs[:count]
    report = full_report(clean)
    if kinds:
        report["noise"] = [
            noise_row(kind, clean, runs[count * n : count * (n + 1)])
            for n, kind in enumerate(kinds, start=1)
        ]
    return report


def evaluate(
    files: Annotated[list[Path], typer.Argument(help="Vignette files or folders.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    only: Annotated[str | None, typer.Option(help="Only vignettes whose id has this.")] = None,
    channel: Annotated[str, typer.Option(help="Speak through `none` or `teams`.")] = "none",
    html: Annotated[Path | None, typer.Option(help="Write a page with pictures here.")] = None,
    junit: Annotated[Path | None, typer.Option(help="Write JUnit XML here.")] = None,
    against: Annotated[
        Path | None,
        typer.Option(help="An earlier report (--json): fail only on what got worse since."),
    ] = None,
    workers: Annotated[
        int, typer.Option(min=0, max=64, help="Processes; 0 is as many as help.")
    ] = 0,
    noise: Annotated[
        str | None,
        typer.Option(help="Play again under typing noise: all, or kinds joined by commas."),
    ] = None,
) -> None:
    """Play vignettes through the running pipeline and judge the outcomes."""
    from bot.cli import prepare
    from bot.evaluate.compare import ReportError, compare, read_report
    from bot.evaluate.junit import write_junit
    from bot.evaluate.report import summary
    from bot.evaluate.report_html import write_html
    from bot.evaluate.vignettes import VignetteError, read_vignettes

    kinds = _noise_kinds(noise)
    if channel not in {"none", "teams"}:
        raise _fail(f"B005 --channel {channel} is unknown. Mend: --channel teams, or leave it out")
    try:
        vignettes = [v for v in read_vignettes(files) if not only or only in v.id]
        earlier = read_report(against) if against else None
    except (VignetteError, ReportError) as error:
        raise _fail(str(error)) from error
    prepare(quiet=True)
    report = played(vignettes, kinds, workers, channel)
    comparison = compare(report, earlier) if earlier else None
    if junit:
        write_junit(report, junit)
    if html:
        write_html(report, html, comparison)
    if as_json:
        print(json.dumps(report, ensure_ascii=False))
    else:
        for result in report["results"]:
            if not result["passed"]:
                console.print(f"FAIL {result['id']}: " + "; ".join(result["reasons"]), markup=False)
        for line in summary(report):
            console.print(line, markup=False)
    if comparison:
        for line in comparison.lines():
            problems.print(line, markup=False)
    if comparison.regressed if comparison else report["failed"]:
        raise typer.Exit(1)
