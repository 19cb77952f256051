"""The decisions: findings in, level or row and reasons out.  Pure functions only.

Nothing here reads a store, a clock or a conversation.  A decision never falls when a
finding is added: levels only rise, and doubt raises them.  Routes, deadlines, plans and
floors are rows of the content's tables; each decision returns the trace of its row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge.schema import (
    AllegationRow,
    ChildRoute,
    Combination,
    ConsentRule,
    DoubtRule,
    Entry,
    Indicator,
    PlanChoice,
    RoleChoice,
)
from knowledge.tables import Trace, decide

# Age bands that lie within a wider one, so that a rule for "under 5" holds for a baby.
_WITHIN: dict[str, frozenset[str]] = {
    "under_1": frozenset({"under_1", "under_5"}),
}


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
    trace: Trace


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
    rules = list(rules)
    level = max([floor, *(f.level for f in found)])
    reasons = [_reason(f) for f in found]
    holding = [r for r in rules if combination_holds(r, found, age, repeated)]
    raising = [r for r in holding if r.raises_to > level]
    start = level
    level = max([level, *(r.raises_to for r in holding)])
    deciding: list[Indicator | Combination] = [r for r in raising if r.raises_to == level]
    deciding = deciding or [f for f in found if f.level == level]
    given = {"age": age or "unknown", "repeated": "yes" if repeated else "no", "floor": str(floor)}
    grounds = [*raising, *found]
    trace = Trace(
        table="level_of_need",
        row=deciding[0].id if deciding else "floor",
        given=given,
        gives={"level": level, "before_rules": start},
        criteria=tuple(g.id for g in grounds),
        sources=tuple(dict.fromkeys(s for g in grounds for s in (g.source, *g.also))),
        status=_weakest(grounds),
        effective_from=deciding[0].valid_from if deciding else None,
        effective_until=deciding[0].valid_until if deciding else None,
    )
    return Assessment(level, tuple([*map(_reason, raising), *reasons]), trace)


def _weakest(entries: Sequence[Entry]) -> str:
    return "unverified" if any(e.status != "verified" for e in entries) else "verified"


def doubt(
    rows: Iterable[DoubtRule],
    answer: str,
    suggested: Iterable[Indicator],
    strong: Iterable[Indicator],
) -> tuple[list[Indicator], int, Trace]:
    """What counts, and the floor, where staff did not confirm an indicator.

    `answer` is `unsure` or `none`; `strong` are the suggestions that the words speak
    strongly for: the highest level among them picks the row.
    """
    highest = max((i.level for i in strong), default=0)
    row, trace = decide("doubt_rules", rows, answer=answer, strong=str(highest))
    return (list(suggested) if row.count_suggested else []), row.floor, trace


def child_route(rows: Iterable[ChildRoute], level: int, borough: str) -> tuple[ChildRoute, Trace]:
    """The row for a child's level of need, by where the child lives: route and deadline."""
    row, trace = decide("child_routes", rows, level=str(level), borough=borough)
    return row, trace


def consent_notices(
    rows: Iterable[ConsentRule], level: int, consent: str | None
) -> tuple[tuple[str, ...], Trace]:
    """Ids of the notices on consent for a level and the parents' answer (None: not asked)."""
    row, trace = decide("consent_rules", rows, level=str(level), consent=consent or "not_asked")
    return row.notices, trace


def plan_for(rows: Iterable[PlanChoice], route: str, borough: str | None) -> tuple[str, Trace]:
    """The id of the plan that serves a route in a borough (None: not known)."""
    row, trace = decide("plan_choices", rows, route=route, borough=borough or "unknown")
    return row.plan, trace


def role_for(rows: Iterable[RoleChoice], about_head: str) -> tuple[str, Trace]:
    """The role whose row is read for an adult of unknown role."""
    row, trace = decide("role_choices", rows, about_head=about_head)
    return str(row.role), trace


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


def allegation_row(
    rows: Iterable[AllegationRow], role: str, harm: str
) -> tuple[AllegationRow, Trace]:
    """The one row of the allegation matrix for a role and an answer to the harm test.

    Raises:
        LookupError: no row, or more than one (the content check prevents both).
    """
    row, trace = decide("allegations", rows, role=role, harm=harm)
    return row, trace
