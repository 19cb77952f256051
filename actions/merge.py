"""Puts what a message says by itself into the case, so that it is not asked again."""

from __future__ import annotations

import re
from typing import Any

from actions.answers import place_answer
from actions.case import Case
from actions.understood import Understood

# An indicator is offered from LEAST on.  It is likely, and marked so, where it is within
# MARGIN of the best, or the best for a clause of its own with CLAUSE at least.
LEAST, MARGIN, CLAUSE, LIMIT = 0.39, 0.02, 0.56, 5
STRONG = 0.6
# How far under the best a graver sign may lie and still be marked likely, by the level of
# the gravest that is likely so far: a wrong "nothing to do" costs most.
UP_MARGIN = {1: 0.16, 2: 0.16, 3: 0.2}
# How far from 1 the best may lie before the whole margin counts.
DOUBT = 0.4
# "I said teacher. It's the head": the last role named is the right one.
_CORRECTS = re.compile(
    r"\b(?:it'?s|it was|it is|i (?:meant|mean|said|say)|actually|not (?:a|an|the|my|our))\b"
)
MOST_WORDS = 15
# From here on a message is taken to name a protective factor.
STRENGTH = 0.7


def merge_facts(case: Case, said: Understood) -> list[str]:
    """Merge facts and suggestions; returns the questions whose known answer changed."""
    changed: list[str] = []
    facts = said.facts
    changed += _merge_places(case, said)
    if age := facts.get("child_age"):
        case.child_age = age
    if case.topic == "child" and facts.get("consent") and not case.consent:
        case.consent = facts["consent"]
    if facts.get("safe_now") and not said.red_flags and case.safe_now is None:
        case.safe_now = "yes"
    if facts.get("repeated"):
        case.repeated = True
    if facts.get("social_worker"):
        case.social_worker = True
    if facts.get("child"):
        case.child_named = True
    if names_one_who_may_harm(said):
        case.adult_named = True
    if case.topic == "adult":
        changed += _merge_role(case, said)
    return changed


def _merge_places(case: Case, said: Understood) -> list[str]:
    changed: list[str] = []
    adult = case.topic == "adult"
    home = ("child_lives",) if adult else ("child_lives", "lives", "is_in")
    if place := place_answer(said.facts, home):
        changed += _set_borough(case, "child", place)
    if place := place_answer(said.facts, ("works", "is_in") if adult else ("works",)):
        changed += _set_borough(case, "setting", place)
    return changed


def _set_borough(case: Case, whose: str, place: dict[str, object]) -> list[str]:
    borough = place["borough"]
    key = f"{whose}_borough"
    if borough == "unknown":
        return []
    old = getattr(case, key)
    setattr(case, key, borough)
    setattr(case, f"{whose}_authority", place.get("authority"))
    return [key] if old not in {None, borough} else []


def names_one_who_may_harm(said: Understood) -> bool:
    """Whether an adult who works with children is named, and not only one who helps."""
    roles = set(said.facts.get("roles") or []) - {"other_professional"}
    return bool(roles)


def _merge_role(case: Case, said: Understood) -> list[str]:
    roles = list(said.facts.get("roles") or [])
    text = said.text.lower().replace("’", "'")
    if case.adult_role and roles and len(text.split()) <= MOST_WORDS and _CORRECTS.search(text):
        old, case.adult_role = case.adult_role, roles[-1]
        return ["adult_role"] if old != roles[-1] else []
    particular = (
        "head_and_proprietor",
        "chair_of_governors",
        "lettings",
        "supply",
        "trainee",
        "foster_carer",
    )
    role = next((r for r in particular if r in roles), roles[0] if roles else None)
    if role is None or case.adult_role is not None:
        return []
    case.adult_role = role
    return []


def merge_suggestions(case: Case, said: Understood) -> None:
    """Keep the best nearness that any message of this matter gave an indicator."""
    near = [one for one in said.near.get("indicators", []) if float(one["score"]) >= LEAST]
    top = max((float(one["score"]) for one in near), default=0.0)
    likely = list(case.likely)
    for one in near:
        key, score = str(one["id"]), float(one["score"])
        case.suggested[key] = max(score, case.suggested.get(key, 0.0))
        if score >= top - MARGIN or (one.get("best_for") and score >= CLAUSE):
            likely.append(key)
    likely += _graver(near, likely, top)
    ranked = sorted(dict.fromkeys(likely), key=lambda k: (-case.suggested[k], k))
    case.likely = ranked[:LIMIT]


def _graver(near: list[dict[str, Any]], likely: list[str], top: float) -> list[str]:
    """In doubt up: the best sign of a higher level that comes close to the likely ones."""
    level_of = {str(one["id"]): int(one.get("level") or 0) for one in near}
    highest = max((level_of.get(key, 0) for key in likely), default=0)
    # What lies very near leaves less doubt.
    margin = UP_MARGIN.get(highest, 0.0) * min(1.0, (1.0 - top) / DOUBT)
    close = [
        key
        for key, level in level_of.items()
        if level > highest and _score(near, key) >= top - margin
    ]
    return close[:1]


def _score(near: list[dict[str, Any]], key: str) -> float:
    return next(float(one["score"]) for one in near if one["id"] == key)


def merge_strengths(case: Case, said: Understood) -> None:
    """Keep what the message says of strengths: shown later, never weighed."""
    near = said.near.get("protective", [])
    clear = [str(one["id"]) for one in near if float(one["score"]) >= STRENGTH]
    case.strengths = list(dict.fromkeys([*case.strengths, *clear]))[:3]


def offered(case: Case) -> list[str]:
    """Ids of the indicators to offer: the likely ones, then what else comes near."""
    rest = sorted(case.suggested.items(), key=lambda item: (-item[1], item[0]))
    return list(dict.fromkeys([*case.likely, *(key for key, _ in rest)]))[:LIMIT]


def strongly_suggested(case: Case) -> list[str]:
    """Ids of offered indicators that the text speaks for strongly."""
    return [key for key in case.likely if case.suggested[key] >= STRONG]
