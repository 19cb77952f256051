"""What a vignette expects, in the terms of the figures: one route, one level, one borough.

An expectation may allow several values.  A run is then counted under the allowed value that
it gave, and, where it gave none of them, under the allowed value nearest to what it gave.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.evaluate.judge import ADULT_LADDER, final_outcome
from bot.evaluate.player import Run
from bot.evaluate.vignettes import as_list
from knowledge.vocabulary import LADDER

NOTHING = "none"  # no answer was given
LEVEL_OF_ROUTE = {route: min(at, 4) for at, route in enumerate(LADDER, start=1)}


@dataclass(frozen=True)
class Pair:
    """What was expected and what came."""

    id: str
    wanted: Any
    got: Any

    @property
    def right(self) -> bool:
        """Whether what came is allowed."""
        return bool(self.wanted == self.got)


def _nearest(allowed: list[Any], got: Any, order: tuple[Any, ...]) -> Any:
    if got in allowed:
        return got
    placed = [a for a in allowed if a in order]
    if got in order and placed:
        at = order.index(got)
        return min(placed, key=lambda a: (abs(order.index(a) - at), -order.index(a)))
    return allowed[0]


def route_pair(run: Run) -> Pair | None:
    """Expected and given route; None where the vignette expects none."""
    allowed = as_list(run.vignette.expect.route)
    if not allowed:
        return None
    outcome = final_outcome(run)
    got = outcome["route"] if outcome else NOTHING
    order = ADULT_LADDER if all(a in ADULT_LADDER for a in allowed) else LADDER
    return Pair(run.vignette.id, _nearest(allowed, got, order), got)


def level_pair(run: Run) -> Pair | None:
    """Expected and given level of need, 1 to 4; None where either says none.

    Where the vignette names no level, its routes say it; a route without a level says none.
    """
    levels = as_list(run.vignette.expect.level)
    if not levels:
        routes = as_list(run.vignette.expect.route)
        if not routes or any(r not in LEVEL_OF_ROUTE for r in routes):
            return None
        levels = [LEVEL_OF_ROUTE[r] for r in routes]
    got = (final_outcome(run) or {}).get("level")
    if got is None:
        return None
    return Pair(run.vignette.id, _nearest(levels, got, (1, 2, 3, 4)), got)


def triage_step(run: Run) -> int | None:
    """Steps by which the answer lies over (positive) or under (negative) all that is allowed;
    None where the routes are not on one ladder or no answer is on it."""
    allowed = as_list(run.vignette.expect.route)
    outcome = final_outcome(run)
    for ladder in (LADDER, ADULT_LADDER):
        if allowed and all(a in ladder for a in allowed) and outcome:
            if outcome["route"] not in ladder:
                continue
            at = ladder.index(outcome["route"])
            places = [ladder.index(a) for a in allowed]
            return min(0, at - min(places)) + max(0, at - max(places))
    return None


def borough_pair(run: Run) -> Pair | None:
    """Expected and given borough; None where the vignette expects none."""
    allowed = as_list(run.vignette.expect.borough)
    if not allowed:
        return None
    outcome = final_outcome(run)
    got = str(outcome["borough"]) if outcome else NOTHING
    return Pair(run.vignette.id, got if got in allowed else allowed[0], got)
