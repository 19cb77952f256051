"""What changes in what staff are told between two versions of the content, in plain words.

Works on dumps (kind, id, fields as JSON values), so that a version of long ago, written
for an older schema, can be compared too: what no longer fits the schema is compared field
by field, and left out of the walk over the decision tables.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from knowledge.schema import KINDS, Entry, Strict
from knowledge.tables import SPECS, every_case, outcomes
from knowledge.validity import in_force

Dump = Mapping[str, Mapping[str, Mapping[str, Any]]]
HEADINGS = (
    "Decisions: who is told, how urgently",
    "Contacts",
    "Levels of need and red flags",
    "What staff are told and asked",
    "What is found, and by which words",
    "Sources, review and sign-off",
)
_DECISIONS, _CONTACTS, _LEVELS, _TOLD, _FOUND, _SIGNED = range(len(HEADINGS))
_HEADING_OF = {
    "contacts": _CONTACTS,
    "indicators": _LEVELS,
    "combinations": _LEVELS,
    "red_flags": _LEVELS,
    "frameworks": _LEVELS,
    "resources": _FOUND,
    "glossary": _FOUND,
    "places": _FOUND,
    "sources": _SIGNED,
    **dict.fromkeys(SPECS, _DECISIONS),
}
_SIGNED_FIELDS = {"status", "owner", "review_by", "source", "also", "accessed", "grade"}
_FOUND_FIELDS = {"phrases", "not_phrases", "patterns", "aliases", "old_names", "topics"}
_WORDS = {
    "phone": "telephone number", "email": "e-mail address", "web": "web page",
    "hours_text": "hours", "do_not": "what not to do", "raises_to": "level it raises to",
    "at_level": "level from which it counts", "review_by": "review date",
    "valid_from": "first day in force", "valid_until": "last day in force",
    "phrases": "phrases that find it", "patterns": "patterns that find it",
    "old_names": "old names", "why": "reason given",
}  # fmt: skip
_SINGULAR = {
    "sources": "source", "contacts": "contact", "frameworks": "framework",
    "indicators": "sign of need", "protective": "strength",
    "combinations": "rule that raises the level",
    "steps": "step", "prohibitions": "warning", "records": "thing to write down",
    "plans": "plan", "duties": "special duty", "harm_criteria": "harm criterion",
    "allegations": "row of the allegation matrix", "red_flags": "red flag", "places": "place",
    "resources": "resource", "glossary": "word explained", "questions": "question",
    "notices": "fixed text", "child_routes": "row of the child table",
    "plan_choices": "row that picks a plan", "consent_rules": "rule on consent",
    "doubt_rules": "rule for doubt", "role_choices": "rule for unknown roles",
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One change: the heading it belongs under, the entry, and a sentence."""

    heading: int
    kind: str
    id: str
    text: str


def kinds_of(dump: Dump) -> tuple[dict[str, dict[str, Strict]], list[str]]:
    """The entries of a dump that fit today's schema, and in words which do not."""
    kinds: dict[str, dict[str, Strict]] = {kind: {} for kind in KINDS}
    unfit: list[str] = []
    for kind, entries in dump.items():
        if kind not in KINDS:
            unfit.append(f"{kind}: no longer a kind of content")
            continue
        for key, fields in entries.items():
            try:
                kinds[kind][key] = KINDS[kind](**fields)
            except (ValidationError, TypeError):
                unfit.append(f"{kind} {key}: does not fit today's schema")
    return kinds, unfit


def _called(fields: Mapping[str, Any]) -> str:
    for name in ("title", "name", "term", "text", "question"):
        if fields.get(name):
            return f"“{fields[name]}”"
    return f"`{fields.get('id', '')}`"


def _said(value: Any) -> str:
    if value is None or value in ([], ""):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_said(v) for v in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{k}: {_said(v)}" for k, v in value.items())
    return str(value).replace("_", " ") if "_" in str(value) else str(value)


def _of_list(was: list[Any], now: list[Any], texts: Mapping[str, str]) -> str:
    def called(one: Any) -> str:
        return texts.get(str(one), f"“{_said(one)}”")

    added = [called(one) for one in now if one not in was]
    dropped = [called(one) for one in was if one not in now]
    parts = []
    if added:
        parts.append("adds " + ", ".join(added))
    if dropped:
        parts.append("drops " + ", ".join(dropped))
    return "; ".join(parts) or "stands in another order"


class _Comparison:
    def __init__(self, old: Dump, new: Dump, day: dt.date) -> None:
        self.old, self.new, self.day = old, new, day
        self._texts = {
            key: _called(fields)
            for dump in (old, new)
            for kind in ("steps", "prohibitions", "records", "contacts", "notices", "plans")
            for key, fields in dump.get(kind, {}).items()
        }
        self._readers = self._who_reads(new)

    def _who_reads(self, dump: Dump) -> dict[str, list[str]]:
        """For each step, warning and record point: what reads it out."""
        readers: dict[str, list[str]] = {}
        for kind in ("plans", "duties", "allegations"):
            for key, fields in dump.get(kind, {}).items():
                for field in ("steps", "do_not", "record"):
                    for one in fields.get(field, ()):
                        readers.setdefault(one, []).append(key)
        return readers

    def _field(self, kind: str, name: str, was: Any, now: Any) -> str:
        word = _WORDS.get(name, name.replace("_", " "))
        if isinstance(was, list) and isinstance(now, list):
            if name == "levels" and kind == "frameworks":
                return self._levels(was, now)
            return f"{word}: {_of_list(was, now, self._texts)}"
        if name in {"text", "why", "purpose", "note", "means"}:
            return f"{word} was “{_said(was)}”, now reads “{_said(now)}”"
        return f"{word}: {_said(was)} → {_said(now)}"

    def _levels(self, was: list[Any], now: list[Any]) -> str:
        before = {one["level"]: one for one in was}
        parts = []
        for one in now:
            other = before.get(one["level"], {})
            parts += [
                f"level {one['level']}, {name.replace('_', ' ')}: "
                f"“{_said(other.get(name))}” → “{_said(value)}”"
                for name, value in one.items()
                if other.get(name) != value
            ]
        return "; ".join(parts) or "levels stand in another order"

    def entries(self) -> Iterator[Change]:
        """Entries added, dropped or changed, field by field."""
        for kind in dict.fromkeys([*KINDS, *self.old, *self.new]):
            old, new = self.old.get(kind, {}), self.new.get(kind, {})
            what = _SINGULAR.get(kind, kind)
            heading = _HEADING_OF.get(kind, _TOLD)
            if kind in SPECS:  # what their rows decide is said case by case
                new = {key: fields for key, fields in new.items() if key in old}
                old = {key: fields for key, fields in old.items() if key in new}
            for key, fields in new.items():
                if key not in old:
                    extra = f", level {fields['level']}" if kind == "indicators" else ""
                    yield Change(heading, kind, key, f"New {what} {_called(fields)}{extra}.")
            for key, fields in old.items():
                if key not in new:
                    yield Change(heading, kind, key, f"Gone: {what} {_called(fields)}.")
                elif fields != new[key]:
                    yield from self._changed(kind, key, fields, new[key])

    def _changed(
        self, kind: str, key: str, was: Mapping[str, Any], now: Mapping[str, Any]
    ) -> Iterator[Change]:
        by: dict[int, list[str]] = {}
        for name in dict.fromkeys([*was, *now]):
            before, after = was.get(name), now.get(name)
            # A field that the older schema did not have, and that is empty now, is no change.
            if before == after or (not before and not after):
                continue
            heading = _HEADING_OF.get(kind, _TOLD)
            if kind in SPECS and name not in {"why", *_SIGNED_FIELDS}:
                continue
            if kind in SPECS:
                heading = _TOLD
            if name in _SIGNED_FIELDS:
                heading = _SIGNED
            elif name in _FOUND_FIELDS and kind != "red_flags":
                heading = _FOUND
            by.setdefault(heading, []).append(self._field(kind, name, before, after))
        for heading, parts in by.items():
            readers = self._readers.get(key, []) if heading == _TOLD else []
            where = f" Read out in: {', '.join(readers)}." if readers else ""
            what = _SINGULAR.get(kind, kind).capitalize()
            text = f"{what} {_called(was)}: {'; '.join(parts)}.{where}"
            yield Change(heading, kind, key, text)

    def decisions(self) -> Iterator[Change]:
        """Every case of every table for which the decision is another one."""
        old, _ = kinds_of(self.old)
        new, _ = kinds_of(self.new)
        for kind, spec in SPECS.items():
            before, after = (
                outcomes(kind, _rows(kinds, kind, self.day), every_case(spec, kinds, self.day))
                for kinds in (old, new)
            )
            table = kind.replace("_", " ")
            if bool(before) != bool(after):
                what = "is new" if after else "is gone"
                count = len(before or after)
                text = f"The table of {table} {what} ({count} cases): they cannot be compared."
                yield Change(_DECISIONS, kind, "", text)
                continue
            groups: dict[str, list[str]] = {}
            for case in dict.fromkeys([*before, *after]):
                was, now = before.get(case), after.get(case)
                if was != now:
                    groups.setdefault(self._decision(was, now), []).append(case)
            for said, cases in groups.items():
                named = "; ".join(_case_words(kind, case.split(" x ")) for case in cases)
                yield Change(_DECISIONS, kind, "", f"{named}: {said}.")

    def _decision(self, was: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> str:
        """In words, what of a decision is another."""
        if was is None or now is None:
            gives = now or was or {}
            told = "; ".join(f"{n.replace('_', ' ')}: {_said(v)}" for n, v in gives.items())
            return f"{'a case of its own now' if was is None else 'no longer a case'} ({told})"
        parts = []
        for name, value in now.items():
            before = was.get(name)
            if before == value:
                continue
            word = _WORDS.get(name, name.replace("_", " "))
            if isinstance(value, list) and isinstance(before, list):
                parts.append(f"{word}: {_of_list(before, value, self._texts)}")
            else:
                parts.append(f"{word}: {_said(before)} → {_said(value)}")
        return "; ".join(parts)


_ABOUT = {
    "yes": "harm test met", "unsure": "harm test in doubt", "no": "harm test not met",
    "hackney": "who lives in Hackney", "city": "who lives in the City",
    "other": "who lives elsewhere", "unknown": "whose home is not known",
}  # fmt: skip


def _case_words(kind: str, values: list[str]) -> str:
    """A case of a table as one would say it."""
    said = [v.replace("_", " ") for v in values]
    if kind == "allegations":
        return f"An allegation about a {said[0]}, {_ABOUT[values[1]]}"
    if kind == "child_routes":
        return f"A child at level {said[0]} {_ABOUT[values[1]]}"
    if kind == "consent_rules":
        return f"Level {said[0]}, parents' consent {said[1]}"
    if kind == "plan_choices":
        return f"What is read out for {said[0]}, {said[1]} borough"
    if kind == "doubt_rules":
        return f"No sign confirmed ({said[0]}), words speak strongly for level {said[1]}"
    return f"Role not known, about the head: {said[0]}"


def _rows(kinds: Mapping[str, Mapping[str, Strict]], kind: str, day: dt.date) -> list[Entry]:
    return [r for r in in_force(kinds[kind], day).values() if isinstance(r, Entry)]


def changes(old: Dump, new: Dump, day: dt.date) -> list[Change]:
    """All changes from one version to another, by heading; decisions as taken on `day`."""
    compared = _Comparison(old, new, day)
    found = [*compared.decisions(), *compared.entries()]
    return sorted(found, key=lambda c: c.heading)


# Kinds that the understanding learns from: where they are equal, so is the model.
LEARNT = ("indicators", "resources", "duties", "glossary", "red_flags", "places")


def learns_alike(old: Dump, new: Dump) -> bool:
    """Whether the understanding would be trained on the same content."""
    return all(old.get(kind, {}) == new.get(kind, {}) for kind in LEARNT)
