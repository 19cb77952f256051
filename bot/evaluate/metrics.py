"""The figures of a report, computed from judged runs alone; the same runs, the same figures."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from typing import Any

from bot.evaluate import calibration
from bot.evaluate.expected import (
    NOTHING,
    Pair,
    borough_pair,
    level_pair,
    route_pair,
    triage_step,
)
from bot.evaluate.judge import final_outcome, is_hazardous, judge, shown_contacts
from bot.evaluate.player import Run
from bot.evaluate.vignettes import as_list
from knowledge.vocabulary import Route

WORST = 20


def share(part: int, whole: int) -> float | None:
    """A rate to four places; None where there is nothing to take it of."""
    return round(part / whole, 4) if whole else None


def table_of(pairs: Sequence[Pair], order: Sequence[Any]) -> dict[str, Any]:
    """Confusion: `labels`, and `counts[i][j]` runs wanted as i that came as j."""
    seen = {p.wanted for p in pairs} | {p.got for p in pairs}
    labels = [one for one in order if one in seen]
    counts = Counter((p.wanted, p.got) for p in pairs)
    return {"labels": labels, "counts": [[counts[(a, b)] for b in labels] for a in labels]}


def per_route(pairs: Sequence[Pair]) -> dict[str, dict[str, Any]]:
    """Precision and recall of each route that was wanted or came."""
    rows = {}
    for route in (str(r) for r in Route):
        hit = sum(p.wanted == p.got == route for p in pairs)
        given = sum(p.got == route for p in pairs)
        wanted = sum(p.wanted == route for p in pairs)
        if given or wanted:
            rows[route] = {
                "wanted": wanted,
                "given": given,
                "precision": share(hit, given),
                "recall": share(hit, wanted),
            }
    return rows


def quadratic_kappa(pairs: Sequence[Pair]) -> float | None:
    """Cohen's kappa with quadratic weights over levels 1 to 4: 1 is full agreement, 0 chance."""
    total = len(pairs)
    wanted, got = Counter(p.wanted for p in pairs), Counter(p.got for p in pairs)
    apart = sum((p.wanted - p.got) ** 2 for p in pairs) / total if total else 0.0
    by_chance = sum(float((a - b) ** 2) * wanted[a] * got[b] for a in wanted for b in got)
    if not by_chance:
        return None
    return round(1 - float(apart) / (by_chance / total**2), 4)


def _by_borough(runs: Sequence[Run]) -> dict[str, dict[str, Any]]:
    """Of runs that name a borough: whether it came, and with it every contact expected."""
    rows: dict[str, dict[str, Any]] = {}
    for run in runs:
        pair = borough_pair(run)
        if pair is None:
            continue
        row = rows.setdefault(pair.wanted, {"of": 0, "borough_right": 0, "contacts_right": 0})
        row["of"] += 1
        row["borough_right"] += pair.right
        missing = set(as_list(run.vignette.expect.contact_ids)) - shown_contacts(run)
        banned = set(as_list(run.vignette.never.contact_ids)) & shown_contacts(run)
        row["contacts_right"] += pair.right and not missing and not banned
    for row in rows.values():
        row["accuracy"] = share(row["contacts_right"], row["of"])
    return dict(sorted(rows.items()))


def needless_questions(run: Run) -> list[str]:
    """Questions that need not have been asked: the vignette says so, or they were answered."""
    unwanted = {*run.vignette.not_asks, *as_list(run.vignette.expect.not_asks)}
    return [q for q in run.questions if q in unwanted] + run.needless


def _questions(runs: Sequence[Run]) -> dict[str, Any]:
    needless = [needless_questions(run) for run in runs]
    return {
        "asked_per_run": round(statistics.fmean(len(r.questions) for r in runs), 3),
        "needless": sum(map(len, needless)),
        "runs_with_needless": sum(bool(n) for n in needless),
        "by_question": dict(sorted(Counter(q for n in needless for q in n).items())),
        "unplanned": sum(len(r.unplanned) for r in runs),
    }


def turns_to_answer(run: Run) -> int | None:
    """Messages of staff, buttons among them, until the outcome that counts; None without one."""
    outcome = final_outcome(run)
    for number, turn in enumerate(run.turns, start=1):
        if outcome is not None and any(m.get("outcome") == outcome for m in turn):
            return number
    return None


def _turns(runs: Sequence[Run]) -> dict[str, Any]:
    taken = sorted(t for run in runs if (t := turns_to_answer(run)) is not None)
    if not taken:
        return {"answered": 0, "median": None, "p90": None, "most": None}
    return {
        "answered": len(taken),
        "median": statistics.median(taken),
        "p90": taken[min(len(taken) - 1, int(0.9 * len(taken)))],
        "most": taken[-1],
    }


def _triage(runs: Sequence[Run]) -> dict[str, Any]:
    steps = [s for run in runs if (s := triage_step(run)) is not None]
    under, over = sum(s < 0 for s in steps), sum(s > 0 for s in steps)
    return {
        "of": len(steps),
        "under": under,
        "under_rate": share(under, len(steps)),
        "over": over,
        "over_rate": share(over, len(steps)),
    }


def badness(run: Run, reasons: Sequence[str]) -> tuple[int, int, int, int]:
    """The larger, the worse: hazard first, then steps under, being stuck, and reasons."""
    step = triage_step(run)
    under = -step if step is not None and step < 0 else 0
    return (int(is_hazardous(run)), under, int(run.stuck), len(reasons))


def worst(runs: Sequence[Run], most: int = WORST) -> list[dict[str, Any]]:
    """The failed runs, worst first, with what was said, wanted and given, and why it fails."""
    failed = [(run, reasons) for run in runs if (reasons := judge(run))]
    failed.sort(key=lambda one: one[0].vignette.id)
    failed.sort(key=lambda one: badness(*one), reverse=True)
    rows = []
    for run, reasons in failed[:most]:
        given = [m for m in run.messages if m["type"] == "guidance"][-1:]
        rows.append(
            {
                "id": run.vignette.id,
                "hazardous": is_hazardous(run),
                "says": run.vignette.says,
                "expected": run.vignette.expect.model_dump(exclude_none=True),
                "outcome": final_outcome(run),
                "reasons": reasons,
                "criteria": [w["id"] for m in given for w in m.get("why", [])],
                "intent": run.guess,
                "questions": run.questions,
            }
        )
    return rows


def figures_of(runs: Sequence[Run]) -> dict[str, Any]:
    """Every figure of the report."""
    routes = [p for run in runs if (p := route_pair(run))]
    levels = [p for run in runs if (p := level_pair(run))]
    return {
        "route_accuracy": share(sum(p.right for p in routes), len(routes)),
        "route_of": len(routes),
        "routes": table_of(routes, [*(str(r) for r in Route), NOTHING]),
        "per_route": per_route(routes),
        "level_kappa": quadratic_kappa(levels),
        "level_of": len(levels),
        "levels": table_of(levels, (1, 2, 3, 4)),
        "triage": _triage(runs),
        "boroughs": _by_borough(runs),
        "questions": _questions(runs) if runs else {},
        "turns": _turns(runs),
        "calibration": calibration.of_runs(runs).as_dict(),
    }
