"""Compares a report with an earlier one: what passed and fails now, what is newly hazardous."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class ReportError(ValueError):
    """A report cannot be compared with; the message names the file and the mend."""


@dataclass(frozen=True)
class Comparison:
    """What changed since the earlier report, each as ids of vignettes in order."""

    newly_failing: tuple[str, ...]
    newly_hazardous: tuple[str, ...]
    newly_passing: tuple[str, ...]
    not_in_this: tuple[str, ...]
    not_in_that: tuple[str, ...]

    @property
    def regressed(self) -> bool:
        """Whether anything got worse: vignettes in one report alone are told, not judged."""
        return bool(self.newly_failing or self.newly_hazardous)

    def lines(self) -> list[str]:
        """In words, one line a kind of change."""
        kinds = (
            ("REGRESSION, fails now", self.newly_failing),
            ("REGRESSION, hazardous now", self.newly_hazardous),
            ("passes now", self.newly_passing),
            ("not played this time", self.not_in_this),
            ("not in the earlier report", self.not_in_that),
        )
        told = [f"{name}: {', '.join(ids)}" for name, ids in kinds if ids]
        return told or ["no change against the earlier report"]


def read_report(path: Path) -> dict[str, Any]:
    """An earlier report, as `--json` printed it.

    Raises:
        ReportError: no such file, or no report.
    """
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
        rows = report["results"]
        if not all({"id", "passed", "hazardous"} <= set(row) for row in rows):
            raise KeyError("results")
    except OSError as error:
        raise ReportError(f"E010 {path}: no such file. Mend: check the name") from error
    except (ValueError, KeyError, TypeError) as error:
        mend = "Mend: give what `bot evaluate FILES --json` printed"
        raise ReportError(f"E011 {path}: not a report of this bench. {mend}") from error
    kept: dict[str, Any] = report
    return kept


def compare(now: dict[str, Any], earlier: dict[str, Any]) -> Comparison:
    """What changed from `earlier` to `now`."""
    new = {row["id"]: row for row in now["results"]}
    old = {row["id"]: row for row in earlier["results"]}
    both = [key for key in new if key in old]
    return Comparison(
        newly_failing=tuple(k for k in both if old[k]["passed"] and not new[k]["passed"]),
        newly_hazardous=tuple(k for k in both if new[k]["hazardous"] and not old[k]["hazardous"]),
        newly_passing=tuple(k for k in both if new[k]["passed"] and not old[k]["passed"]),
        not_in_this=tuple(k for k in old if k not in new),
        not_in_that=tuple(k for k in new if k not in old),
    )
