"""The decisions: findings in, level or row and reasons out.  Pure functions only.

Nothing here reads a store, a clock or a conversation.  A decision never falls when a
finding is added: levels only rise, and doubt raises them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge.schema import AllegationRow, Combination, Indicator
from knowledge.vocabulary import LADDER

ROUTE_OF_LEVEL: dict[int, str] = {
    1: "universal",
    2: "early_help",
    3: "child_in_need",
    4: "child_protection",
}
DEADLINE_OF_LEVEL: dict[int, str] = {1: "none", 2: "same_day", 3: "same_day", 4: "immediately"}
# Age bands that lie within a wider one, so that a rule for "under 5" holds for a baby.
_WITHIN: dict[str, frozenset[str]] = {
    "under_1": frozenset({"under_1", "under_5"}),
}
UNSURE_FLOOR = 2
STRONG_SUGGESTION_FLOOR = 3


@dataclass(frozen=True)
class Reason:
    """Why a decision is so: the criterion or rule, in words and with its source."""

    id: str
    text: str
    source: str
    status: str


@dataclass(frozen=True)
class Assessment:
    """Level of need 1 to 4 and every criterion that led there, the weightiest first."""

    level: int
    reasons: tuple[Reason, ...]
    trace: tuple[str, ...]


def bands_of(age: str | None) -> frozenset[str]:
    """The age bands that hold for a child of band `age`; none where it is unknown."""
    if age is None:
        return frozenset()
    return _WITHIN.get(age, frozenset({age}))


def _reason(entry: Indicator | Combination) -> Reason:
    text = entry.why if isinstance(entry, Indicator) else entry.text
    return Reason(entry.id, text, entry.source, str(entry.status))


def combination_holds(
    rule: Combination, findings: Sequence[Indicator], age: str | None, repeated: bool
) -> bool:
    """Whether all that the rule names is there; what is unknown does not hold."""
    ids = {f.id for f in findings}
    heavy = [f for f in findings if f.level >= rule.at_level]
    domains = {str(f.domain) for f in heavy}
    if rule.ages and not bands_of(age) & {str(a) for a in rule.ages}:
        return False
    if rule.repeated and not repeated:
        return False
    if rule.all_of and not ids >= set(rule.all_of):
        return False
    if rule.any_of and not ids & set(rule.any_of):
        return False
    if rule.domains and not domains >= {str(d) for d in rule.domains}:
        return False
    if len(domains) < rule.distinct_domains:
        return False
    return bool(heavy) if not (rule.all_of or rule.any_of) else True


def assess(
    findings: Iterable[Indicator],
    rules: Iterable[Combination] = (),
    *,
    age: str | None = None,
    repeated: bool = False,
    floor: int = 1,
) -> Assessment:
    """The level of need: the highest confirmed level, raised by rules, never under `floor`."""
    found = sorted(findings, key=lambda f: (-f.level, f.id))
    level = max([floor, *(f.level for f in found)])
    reasons = [_reason(f) for f in found]
    trace = [f"{f.id}: level {f.level}" for f in found]
    if floor > 1:
        trace.append(f"floor: level {floor}")
    raising: list[Reason] = []
    for rule in rules:
        if rule.raises_to > level and combination_holds(rule, found, age, repeated):
            raising.append(_reason(rule))
            trace.append(f"{rule.id}: raises to level {rule.raises_to}")
    for rule in rules:
        if combination_holds(rule, found, age, repeated):
            level = max(level, rule.raises_to)
    return Assessment(level, tuple([*raising, *reasons]), tuple(trace))


def doubt_floor(
    answer: str, suggested: Iterable[Indicator], strong: Iterable[Indicator]
) -> tuple[list[Indicator], int]:
    """What counts, and the floor, where staff did not confirm an indicator.

    `unsure` counts every suggestion as a finding: doubt goes up.  `none` counts no
    suggestion, yet never ends in "nothing to do": needs that are unclear are level 2,
    and level 3 where the text spoke strongly for level 4 (a person then decides).
    """
    if answer == "unsure":
        return list(suggested), UNSURE_FLOOR
    if any(i.level == 4 for i in strong):
        return [], STRONG_SUGGESTION_FLOOR
    return [], UNSURE_FLOOR


def child_route(level: int, borough: str) -> str:
    """The route for a child's level of need, by where the child lives."""
    if borough == "other" and level > 1:
        return "other_borough"
    return ROUTE_OF_LEVEL[level]


def child_deadline(level: int) -> str:
    """By when the first step for this level must be taken."""
    return DEADLINE_OF_LEVEL[level]


def plan_candidates(route: str, borough: str | None) -> tuple[str, ...]:
    """Ids of plans that serve a route, the most particular first."""
    base = route.replace("_", "-")
    return (f"{base}-{borough or 'unknown'}", f"{base}-unknown", base)


def age_could_matter(
    findings: Sequence[Indicator],
    rules: Iterable[Combination],
    bands: Iterable[str],
    *,
    repeated: bool,
) -> bool:
    """Whether some age would raise the level: only then is the age worth a question."""
    rules = list(rules)
    plain = assess(findings, rules, repeated=repeated).level
    return any(assess(findings, rules, age=band, repeated=repeated).level > plain for band in bands)


def allegation_row(rows: Iterable[AllegationRow], role: str, harm: str) -> AllegationRow:
    """The one row of the allegation matrix for a role and an answer to the harm test.

    Raises:
        LookupError: no row, or more than one (the content check prevents both).
    """
    hits = [
        r for r in rows if role in {str(x) for x in r.roles} and harm in {str(x) for x in r.harm}
    ]
    if len(hits) != 1:
        raise LookupError(f"{len(hits)} rows for {role} x {harm}")
    return hits[0]


def is_about_head(role: str | None, about_head: str | None) -> bool:
    """Whether the head must not be the one who is told."""
    return role in {"head_teacher", "head_and_proprietor"} or about_head == "yes"


def at_least(route: str, other: str) -> bool:
    """Whether `route` lies as high as `other` on the ladder of urgency for a child."""
    return LADDER.index(route) >= LADDER.index(other)
