"""The report as one HTML page that needs nothing else: no script, no other file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.evaluate import pictures
from bot.evaluate.compare import Comparison
from bot.evaluate.report import percent


def render(report: dict[str, Any], comparison: Comparison | None = None) -> str:
    """The page's text; `comparison` adds what changed against an earlier report."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = percent
    return environment.get_template("report.html.j2").render(
        report=report,
        figures=report["figures"],
        hazard=report["hazardous_under_triage"],
        hazardous=[r for r in report["results"] if r["hazardous"]],
        changes=comparison.lines() if comparison else [],
        routes_picture=pictures.confusion(report["figures"]["routes"], "Routes"),
        levels_picture=pictures.confusion(report["figures"]["levels"], "Levels of need"),
        reliability_picture=pictures.reliability(
            report["figures"]["calibration"], "Reliability of the intent's confidence"
        ),
    )


def write_html(report: dict[str, Any], path: Path, comparison: Comparison | None = None) -> None:
    """Write the page."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render(report, comparison), encoding="utf-8")
