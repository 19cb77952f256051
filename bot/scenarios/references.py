"""Turns references such as `steps/tell-dsl-now` into what staff read, with source and status."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from knowledge.schema import Contact, Entry, Framework, Resource, Source, Strict, Term

Kinds = dict[str, dict[str, Strict]]
# What each kind is called before a learner.
_LABELS = {
    "indicators": "Criterion",
    "combinations": "Criterion",
    "frameworks": "Local framework",
    "harm_criteria": "Harm test",
    "allegations": "Allegation table",
    "steps": "Step",
    "prohibitions": "Do not",
    "records": "Record",
    "plans": "Plan",
    "duties": "Duty",
    "red_flags": "Danger sign",
    "contacts": "Contact",
    "resources": "Read",
    "glossary": "Word",
    "sources": "Source",
    "notices": "Guidance",
    "protective": "Strength",
    "questions": "Question",
}


@dataclass(frozen=True)
class Shown:
    """A reference as shown: what it is, what it says, where it comes from."""

    ref: str
    label: str
    text: str
    source: str
    source_address: str | None
    status: str
    address: str | None = None


def entry_of(kinds: Kinds, ref: str) -> Strict | None:
    """The entry that a reference names, or None; a framework's level must exist."""
    kind, _, rest = ref.partition("/")
    key, _, level = rest.partition("#")
    entry = kinds.get(kind, {}).get(key)
    if level and not (
        isinstance(entry, Framework) and any(one.level == int(level) for one in entry.levels)
    ):
        return None
    return entry


def _text(entry: Any, level: str) -> str:
    if isinstance(entry, Framework):
        chosen = [one for one in entry.levels if str(one.level) == level]
        if chosen:
            return f"{chosen[0].own_name}. {chosen[0].means}"
        return f"{entry.title}. {entry.escalation}"
    if isinstance(entry, Contact):
        ways = [way for way in (entry.phone, entry.email, entry.web) if way]
        return f"{entry.name}: {', '.join(ways)}. {entry.hours_text}"
    if isinstance(entry, Resource):
        return f"{entry.title}. {entry.purpose}"
    if isinstance(entry, Term):
        return f"{entry.term}: {entry.text}"
    title = getattr(entry, "title", None)
    text = getattr(entry, "text", None) or getattr(entry, "why", None)
    return ". ".join(part for part in (title, text) if part)


def show(kinds: Kinds, ref: str) -> Shown:
    """A reference as shown; one that is gone says so, and never raises."""
    kind, _, rest = ref.partition("/")
    label = _LABELS.get(kind, kind.replace("_", " "))
    entry = entry_of(kinds, ref)
    if entry is None:
        return Shown(ref, label, "This entry is no longer in the knowledge base.", "", None,
                     "gone")  # fmt: skip
    if isinstance(entry, Source):
        return Shown(ref, label, f"{entry.title}, {entry.publisher}", "", entry.address, "listed")
    source = kinds["sources"].get(entry.source) if isinstance(entry, Entry) else None
    named, address = "", None
    if isinstance(source, Source):
        named = f"{source.title} ({source.publisher}, {source.date})"
        address = source.address
    status = str(entry.status) if isinstance(entry, Entry) else "listed"
    own = entry.address if isinstance(entry, Resource) else None
    return Shown(ref, label, _text(entry, rest.partition("#")[2]), named, address, status, own)
