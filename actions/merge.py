"""Puts what a message says by itself into the case, so that it is not asked again."""

from __future__ import annotations

import re
from typing import Any

from actions.answers import place_answer
from actions.case import Case
from actions.library import Library
from actions.understood import Understood

# An indicator is offered from LEAST on.  It is likely, and marked so, where it is within
# MARGIN of the best, or the best for a clause of its own with CLAUSE at least.
LEAST, MARGIN, CLAUSE, LIMIT = 0.39, 0.02, 0.56, 5
STRONG = 0.6
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


def merge_suggestions(case: Case, said: Understood, library: Library) -> None:
    """Keep the best nearness that any message of this matter gave an indicator, and mark the
    likely: those that come nearest, up to the level that the message sounds like."""
    near = [one for one in said.near.get("indicators", []) if float(one["score"]) >= LEAST]
    top = max((float(one["score"]) for one in near), default=0.0)
    likely = [
        one
        for one in near
        if one["score"] >= top - MARGIN or (one.get("best_for") and one["score"] >= CLAUSE)
    ]
    if said.level:
        likely = _up_to(said.level, likely, near)
    for one in near:
        key = str(one["id"])
        case.suggested[key] = max(float(one["score"]), case.suggested.get(key, 0.0))
    keys = dict.fromkeys([*case.likely, *(str(one["id"]) for one in likely)])
    ranked = sorted(keys, key=lambda key: (-case.suggested[key], key))
    if len(ranked) > LIMIT:
        # However many are nearer, in this message or a later one: the gravest is not left out.
        level = {sign.id: int(sign.level) for sign in library.indicators(ranked)}
        gravest = max(ranked, key=lambda key: level.get(key, 0))
        ranked = [*[key for key in ranked if key != gravest][: LIMIT - 1], gravest]
    case.likely = ranked[:LIMIT]


def _up_to(
    level: int, likely: list[dict[str, Any]], near: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The likely signs without those over the level, and the nearest of it if there is none."""
    kept = [one for one in likely if int(one["level"]) <= level]
    if any(int(one["level"]) == level for one in kept):
        return kept
    return [*kept, *[one for one in near if int(one["level"]) == level][:1]]


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
