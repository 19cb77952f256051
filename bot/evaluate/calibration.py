"""Whether a confidence can be believed: reliability by tenths, and the expected error."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.evaluate.player import Run
from bot.evaluate.vignettes import as_list

BINS = 10
_CHILD = frozenset({"worried_about_child", "immediate_danger"})
_ADULT = frozenset({"allegation_against_adult", "immediate_danger"})
_FIND = frozenset({"find_resource", "ask_contact", "ask_definition", "ask_rule"})
_SELF = frozenset({"support_for_self", "child_writer", "parent_writer", "immediate_danger"})
# The intents that lead to a route; a worry about an adult may be of a child's home as well.
INTENTS_OF_ROUTE: dict[str, frozenset[str]] = {
    "emergency": frozenset({"immediate_danger"}),
    "child_protection": _CHILD,
    "child_in_need": _CHILD,
    "early_help": _CHILD,
    "universal": _CHILD,
    "other_borough": _CHILD | _ADULT,
    "lado": _ADULT,
    "low_level_concern": _ADULT,
    "governors": _ADULT,
    "resource": _FIND,
    "support_for_self": _SELF,
    "out_of_scope": frozenset({"out_of_scope", "nlu_fallback"}),
}


@dataclass(frozen=True)
class Bin:
    """Guesses of about one confidence: their mean confidence, and how many were right."""

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


@dataclass(frozen=True)
class Calibration:
    """Reliability in ten bins; `ece`, from 0 to 1, is the mean gap weighed by count."""

    of: int
    ece: float
    bins: tuple[Bin, ...]

    def as_dict(self) -> dict[str, Any]:
        """For the report."""
        rows = [
            {
                "from": b.low,
                "to": b.high,
                "count": b.count,
                "confidence": round(b.confidence, 4),
                "accuracy": round(b.accuracy, 4),
            }
            for b in self.bins
        ]
        return {"of": self.of, "ece": round(self.ece, 4), "bins": rows}


def calibrate(guesses: Iterable[tuple[float, bool]]) -> Calibration:
    """Expected calibration error (Guo et al. 2017, equal widths) of (confidence, right)."""
    kept = [(min(max(c, 0.0), 1.0), right) for c, right in guesses]
    bins = []
    error = 0.0
    for number in range(BINS):
        here = [(c, r) for c, r in kept if min(int(c * BINS), BINS - 1) == number]
        if not here:
            continue
        confidence = sum(c for c, _ in here) / len(here)
        accuracy = sum(r for _, r in here) / len(here)
        error += len(here) / len(kept) * abs(confidence - accuracy)
        bins.append(
            Bin(number / BINS, (number + 1) / BINS, len(here), confidence, accuracy)
        )  # fmt: skip
    return Calibration(len(kept), error, tuple(bins))


def of_runs(runs: Iterable[Run]) -> Calibration:
    """Calibration of the intent of first messages: right is an intent that leads to an
    expected route.  Set by a red flag (a rule, not a chance), a vignette of several messages,
    or without a route, counts for nothing here."""
    guesses = []
    for run in runs:
        routes = as_list(run.vignette.expect.route)
        if run.guess is None or run.flagged or not routes or len(run.vignette.says) > 1:
            continue
        fit = frozenset().union(*(INTENTS_OF_ROUTE[r] for r in routes))
        name, confidence = run.guess
        guesses.append((confidence, name in fit))
    return calibrate(guesses)
