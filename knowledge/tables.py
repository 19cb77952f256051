"""Decision tables as data: looked up with a trace, and checked before they are used.

A table has dimensions with closed vocabularies; a row names, for each dimension, the values
for which it holds. Exactly one row holds for each combination that can come about. The
check finds combinations without a row (gaps), with more than one (conflicts), and rows for
which no combination exists (never reached).
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.schema import Entry, Strict
from knowledge.validity import in_force
from knowledge.vocabulary import AdultRole, Answer, Borough, ConsentState, Route

Given = dict[str, str]
Kinds = Mapping[str, Mapping[str, Strict]]


@dataclass(frozen=True)
class Dimension:
    """One question that a table asks: its name, the rows' field, and all its values."""

    name: str
    field: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Spec:
    """What makes a kind of entries a decision table."""

    kind: str
    dimensions: tuple[Dimension, ...]
    gives: tuple[str, ...]
    reached: Callable[[Kinds, dt.date], Iterable[Given]] | None = None


@dataclass(frozen=True)
class Trace:
    """How one decision came about: table, row, what was given, what it rests on."""

    table: str
    row: str
    given: Mapping[str, str]
    gives: Mapping[str, Any]
    criteria: tuple[str, ...]
    sources: tuple[str, ...]
    status: str
    effective_from: dt.date | None = None
    effective_until: dt.date | None = None

    def as_json(self) -> dict[str, Any]:
        """The trace as carried in a message."""
        return {
            "table": self.table,
            "row": self.row,
            "given": dict(self.given),
            "gives": dict(self.gives),
            "criteria": list(self.criteria),
            "sources": list(self.sources),
            "status": self.status,
            "effective_from": self.effective_from.isoformat() if self.effective_from else None,
            "effective_until": self.effective_until.isoformat() if self.effective_until else None,
        }


@dataclass(frozen=True)
class Fault:
    """Something wrong with a table: `gap`, `conflict` or `unreached`, and the rows at fault."""

    kind: str
    text: str
    rows: tuple[str, ...] = ()


def _words(values: Iterable[Any]) -> tuple[str, ...]:
    return tuple(str(v) for v in values)


_LEVEL = Dimension("level", "levels", ("1", "2", "3", "4"))
_BOROUGH = Dimension("borough", "boroughs", _words(Borough))


def _plans_reached(kinds: Kinds, day: dt.date) -> Iterator[Given]:
    """Every route and borough that the other tables and the code can lead to."""
    boroughs = _words(Borough)
    pairs = {("emergency", b) for b in boroughs}
    # Out of scope is answered before any borough is known; the child protection plan of an
    # unknown borough lends its prohibitions to children of other boroughs.
    pairs |= {("out_of_scope", "unknown"), ("child_protection", "unknown")}
    for row in in_force(kinds.get("child_routes", {}), day).values():
        pairs |= {(str(getattr(row, "route", "")), str(b)) for b in getattr(row, "boroughs", ())}
    for row in in_force(kinds.get("allegations", {}), day).values():
        pairs |= {(str(getattr(row, "route", "")), b) for b in boroughs}
    return ({"route": r, "borough": b} for r, b in sorted(pairs))


SPECS: dict[str, Spec] = {
    spec.kind: spec
    for spec in (
        Spec("child_routes", (_LEVEL, _BOROUGH), ("route", "deadline")),
        Spec(
            "plan_choices",
            (Dimension("route", "routes", _words(Route)), _BOROUGH),
            ("plan",),
            _plans_reached,
        ),
        Spec(
            "consent_rules",
            (_LEVEL, Dimension("consent", "consent", _words(ConsentState))),
            ("notices",),
        ),
        Spec(
            "doubt_rules",
            (
                Dimension("answer", "answer", ("unsure", "none")),
                Dimension("strong", "strong", ("0", "1", "2", "3", "4")),
            ),
            ("floor", "count_suggested"),
        ),
        Spec("role_choices", (Dimension("about_head", "about_head", _words(Answer)),), ("role",)),
        Spec(
            "allegations",
            (
                Dimension("role", "roles", _words(AdultRole)),
                Dimension("harm", "harm", _words(Answer)),
            ),
            ("route", "deadline", "tell", "steps"),
        ),
    )
}


def holds(spec: Spec, row: Strict, given: Mapping[str, str]) -> bool:
    """Whether a row covers what is given, in every dimension."""
    return all(
        given[dimension.name] in _words(getattr(row, dimension.field))
        for dimension in spec.dimensions
    )


def _plain(value: Any) -> Any:
    if isinstance(value, (bool, int)):
        return value
    return [str(v) for v in value] if isinstance(value, tuple) else str(value)


def trace_of(spec: Spec, row: Entry, given: Mapping[str, str]) -> Trace:
    """The trace of a row that was chosen."""
    return Trace(
        table=spec.kind,
        row=row.id,
        given=dict(given),
        gives={name: _plain(getattr(row, name)) for name in spec.gives},
        criteria=(row.id,),
        sources=(row.source, *row.also),
        status=str(row.status),
        effective_from=row.valid_from,
        effective_until=row.valid_until,
    )


def decide(kind: str, rows: Iterable[Entry], **given: str) -> tuple[Any, Trace]:
    """The one row of a table that holds for what is given, and its trace.

    Raises:
        LookupError: no row, or more than one (the content check prevents both).
    """
    spec = SPECS[kind]
    hits = [row for row in rows if holds(spec, row, given)]
    if len(hits) != 1:
        what = " x ".join(given.values())
        raise LookupError(f"{len(hits)} rows of {kind} for {what}")
    return hits[0], trace_of(spec, hits[0], given)


def every_case(spec: Spec, kinds: Kinds, day: dt.date) -> list[Given]:
    """Every combination that can come about in a table on a day."""
    if spec.reached is not None:
        return list(spec.reached(kinds, day))
    names = [d.name for d in spec.dimensions]
    product = itertools.product(*(d.values for d in spec.dimensions))
    return [dict(zip(names, values, strict=True)) for values in product]


def faults_of(spec: Spec, kinds: Kinds, day: dt.date) -> list[Fault]:
    """Gaps, conflicts and rows never reached of one table on one day."""
    rows = list(in_force(kinds.get(spec.kind, {}), day).items())
    used: set[str] = set()
    found: list[Fault] = []
    for given in every_case(spec, kinds, day):
        hits = tuple(key for key, row in rows if holds(spec, row, given))
        used.update(hits)
        case = " x ".join(given.values())
        if not hits:
            found.append(Fault("gap", f"no row for {case}"))
        elif len(hits) > 1:
            found.append(Fault("conflict", f"{case}: {', '.join(hits)}", hits))
    for key, _ in rows:
        if key not in used:
            found.append(Fault("unreached", "no case leads to this row", (key,)))
    return found


def outcomes(kind: str, rows: Sequence[Entry], cases: Iterable[Given]) -> dict[str, dict[str, Any]]:
    """What a table gives for each case that has one row, by the case in words."""
    found: dict[str, dict[str, Any]] = {}
    for given in cases:
        try:
            _, trace = decide(kind, rows, **given)
        except LookupError:
            continue
        found[" x ".join(given.values())] = dict(trace.gives)
    return found
