"""The whole report: the judged runs, the figures, the worst runs, and the noise if played."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.evaluate.judge import report_of
from bot.evaluate.metrics import figures_of, worst
from bot.evaluate.player import Run


def full_report(runs: Sequence[Run]) -> dict[str, Any]:
    """The report in the shape of DESIGN.md, with `figures` and `worst` beside it."""
    return {**report_of(list(runs)), "figures": figures_of(runs), "worst": worst(runs)}


def summary(report: dict[str, Any]) -> list[str]:
    """The report in a few lines of plain text."""
    hazard, figures = report["hazardous_under_triage"], report["figures"]
    triage = figures["triage"]
    lines = [
        f"{report['passed']} passed, {report['failed']} failed; hazardous under-triage "
        f"{hazard['count']} of {hazard['of']}, upper 95% bound {hazard['upper95']:.4f}",
        f"route right {percent(figures['route_accuracy'])} of {figures['route_of']}; "
        f"level kappa {_number(figures['level_kappa'])} of {figures['level_of']}; "
        f"under-triage {percent(triage['under_rate'])}, over-triage {percent(triage['over_rate'])}"
        f" of {triage['of']}",
    ]
    for row in report.get("noise", []):
        lines.append(
            f"noise {row['kind']}: route right {percent(row['route_accuracy'])}, "
            f"{row['points_lost']:+.2f} points lost; new hazardous under-triage: "
            + (", ".join(row["new_hazardous"]) or "none")
        )
    return lines


def percent(rate: float | None) -> str:
    """A rate as a percentage, or a dash where there is none."""
    return "-" if rate is None else f"{100 * rate:.1f}%"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
