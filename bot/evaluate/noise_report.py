"""What typing noise costs: points lost on the route, and runs that became hazardous."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.evaluate.expected import route_pair
from bot.evaluate.judge import is_hazardous
from bot.evaluate.metrics import share
from bot.evaluate.player import Run


def noise_row(kind: str, clean: Sequence[Run], noisy: Sequence[Run]) -> dict[str, Any]:
    """The figures of one kind of noise against the same vignettes without it."""
    right = [sum(p.right for r in runs if (p := route_pair(r))) for runs in (clean, noisy)]
    total = sum(route_pair(r) is not None for r in clean)
    before = {r.vignette.id for r in clean if is_hazardous(r)}
    after = [r.vignette.id for r in noisy if is_hazardous(r)]
    pairs = zip(clean, noisy, strict=True)
    return {
        "kind": kind,
        "of": total,
        "route_accuracy": share(right[1], total),
        "points_lost": round(100 * (right[0] - right[1]) / total, 2) if total else 0.0,
        "hazardous": len(after),
        "new_hazardous": [key for key in after if key not in before],
        "route_lost": [
            old.vignette.id
            for old, new in pairs
            if (a := route_pair(old)) and (b := route_pair(new)) and a.right and not b.right
        ],
    }
