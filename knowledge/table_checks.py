"""Checks of the decision tables: gaps, conflicts, rows never reached, and monotonicity.

Doubt and harm never lead lower than their absence, a higher level of need never to a lower
route or a later deadline, and a rule that can raise nothing is a mistake.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from knowledge.errors import Problem
from knowledge.schema import Combination, Entry, Indicator
from knowledge.tables import SPECS, Spec, faults_of, outcomes
from knowledge.validity import change_days, in_force
from knowledge.vocabulary import ADULT_LADDER, HASTE, LADDER

if TYPE_CHECKING:
    from knowledge.content import Content

_MENDS = {
    "gap": "add the case to a row, or write a row for it",
    "conflict": "let exactly one of these rows hold for it",
    "unreached": "remove the row, or correct its values",
}


def _place(content: Content, kind: str, key: str) -> tuple[str, int]:
    if place := content.where.get((kind, key)):
        return place
    files = [file for (k, _), (file, _) in content.where.items() if k == kind]
    return (files[0], 1) if files else ("content", 1)


def _check_rows(content: Content, today: dt.date) -> Iterator[Problem]:
    """Each table, on each day on which another set of rows is in force."""
    watched = {key: row for kind in SPECS for key, row in content.kinds.get(kind, {}).items()}
    seen: set[tuple[str, str]] = set()
    for day in [today, *change_days(watched, today)]:
        since = "" if day == today else f" from {day.isoformat()} on"
        for spec in SPECS.values():
            for fault in faults_of(spec, content.kinds, day):
                if (spec.kind, fault.text + "".join(fault.rows)) in seen:
                    continue
                seen.add((spec.kind, fault.text + "".join(fault.rows)))
                key = fault.rows[0] if fault.rows else ""
                file, line = _place(content, spec.kind, key)
                text = f"{spec.kind}: {fault.text}{since}"
                yield Problem("K008", file, line, key or spec.kind, text, _MENDS[fault.kind])


def _given(case: str) -> list[str]:
    return case.split(" x ")


def _table(content: Content, spec: Spec, day: dt.date) -> dict[str, dict[str, Any]]:
    from knowledge.tables import every_case

    rows = [r for r in in_force(content.kinds[spec.kind], day).values() if isinstance(r, Entry)]
    return outcomes(spec.kind, rows, every_case(spec, content.kinds, day))


def _lower(content: Content, kind: str, case: str, than: str, what: str) -> Problem:
    file, line = _place(content, kind, "")
    fault = f"{kind}: {case} leads to {what} than {than}"
    mend = "raise its row: doubt, harm and higher levels never lead lower"
    return Problem("K012", file, line, kind, fault, mend)


def _harm_never_lowers(content: Content, day: dt.date) -> Iterator[Problem]:
    given = _table(content, SPECS["allegations"], day)
    for case, gives in given.items():
        role, harm = _given(case)
        plain = given.get(f"{role} x no")
        if harm == "no" or plain is None:
            continue
        if ADULT_LADDER.get(gives["route"], -1) < ADULT_LADDER.get(plain["route"], -1):
            yield _lower(content, "allegations", case, f"{role} x no", "a lower route")
        if gives["route"] != "lado":
            yield _lower(content, "allegations", case, "the LADO", "a lower route")
    for about, gives in _table(content, SPECS["role_choices"], day).items():
        if about != "no" and gives["role"] not in {"head_teacher", "head_and_proprietor"}:
            yield _lower(content, "role_choices", about, "the head's row", "a lower row")


def _rank(route: str, level: int) -> int:
    # Another borough takes the child over at the level that was found.
    return level - 1 if route == "other_borough" else LADDER.index(route)


def _level_never_lowers(content: Content, day: dt.date) -> Iterator[Problem]:
    given = _table(content, SPECS["child_routes"], day)
    for case, gives in given.items():
        level, borough = _given(case)
        below = f"{int(level) - 1} x {borough}"
        if gives["route"] != "other_borough" and gives["route"] not in LADDER:
            yield _lower(content, "child_routes", case, "the ladder", "a route that is not")
        elif before := given.get(below):
            if _rank(gives["route"], int(level)) < _rank(before["route"], int(level) - 1):
                yield _lower(content, "child_routes", case, below, "a lower route")
            if HASTE.index(gives["deadline"]) < HASTE.index(before["deadline"]):
                yield _lower(content, "child_routes", case, below, "a later deadline")


def _doubt_never_lowers(content: Content, day: dt.date) -> Iterator[Problem]:
    given = _table(content, SPECS["doubt_rules"], day)
    for case, gives in given.items():
        answer, strong = _given(case)
        if gives["floor"] < 2:
            yield _lower(content, "doubt_rules", case, "level 2", "a lower floor")
        before = given.get(f"{answer} x {int(strong) - 1}")
        if before and gives["floor"] < before["floor"]:
            yield _lower(content, "doubt_rules", case, f"{answer} x {int(strong) - 1}", "less")


def _rules_can_raise(content: Content) -> Iterator[Problem]:
    """A combination of which the parts already carry the level that it raises to, or that
    names parts of life in which no sign is so high, can never have an effect."""
    indicators = content.all("indicators", Indicator)
    levels = {i.id: i.level for i in indicators}
    by_domain = {(str(i.domain), i.level) for i in indicators}
    for rule in content.all("combinations", Combination):
        least = max([levels.get(i, 1) for i in rule.all_of], default=1)
        if not (rule.all_of or rule.any_of):
            least = max(least, rule.at_level)
        fault = ""
        if rule.raises_to <= least:
            fault = f"raises to {rule.raises_to} what is {least} already"
        for domain in rule.domains:
            if not any((str(domain), n) in by_domain for n in range(rule.at_level, 5)):
                fault = f"no sign of {domain} at level {rule.at_level} or above exists"
        if fault:
            file, line = _place(content, "combinations", rule.id)
            mend = "correct the levels, or remove the rule"
            yield Problem(
                "K012", file, line, rule.id, f"the rule never has an effect: {fault}", mend
            )


def check_tables(content: Content, today: dt.date) -> list[Problem]:
    """Everything wrong with the decision tables, today and on every day they change."""
    return [
        *_check_rows(content, today),
        *_harm_never_lowers(content, today),
        *_level_never_lowers(content, today),
        *_doubt_never_lowers(content, today),
        *_rules_can_raise(content),
    ]
