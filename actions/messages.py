"""Builds the messages of `bot/message.schema.json` from entries of the knowledge base."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from actions.library import Library
from knowledge.decisions import Reason
from knowledge.hours import is_open, now_in_london
from knowledge.payloads import answer_payload
from knowledge.schema import Contact, Entry, Plan, Resource, Step
from knowledge.tables import Trace
from knowledge.validity import is_stale

Message = dict[str, Any]


def source_of(library: Library, key: str) -> Message:
    """A source as shown; `replaced_by` is the title of the edition now in force, if newer."""
    source = library.source(key)
    newer = library.newer_source(key)
    return {
        "id": source.id,
        "title": source.title,
        "publisher": source.publisher,
        "address": source.address,
        "date": source.date,
        "accessed": source.accessed.isoformat(),
        "grade": source.grade,
        "replaced_by": newer.title if newer else None,
    }


def stale_note(library: Library, entries: Iterable[Any]) -> list[str]:
    """The notice that something of `entries` is past its review, or nothing."""
    if any(is_stale(entry, library.store.day) for entry in entries):
        return [library.notice("stale-content").text]
    return []


def sources_of(library: Library, entries: Iterable[Entry | Reason]) -> list[Message]:
    """Every source behind some entries, each once."""
    keys: dict[str, None] = {}
    for entry in entries:
        keys[entry.source] = None
        if isinstance(entry, Entry):
            keys.update(dict.fromkeys(entry.also))
    return [source_of(library, key) for key in keys]


def contact_of(contact: Contact) -> Message:
    """A contact as shown, with whether it answers at this moment."""
    return {
        "id": contact.id,
        "name": contact.name,
        "purpose": contact.purpose,
        "phone": contact.phone,
        "email": contact.email,
        "web": contact.web,
        "hours_text": contact.hours_text,
        "open_now": is_open(contact.hours, now_in_london()),
        "status": str(contact.status),
        "note": contact.note,
        "replaced_by": contact.replaced_by,
        "source": contact.source,
    }


def _step(step: Step) -> Message:
    return {
        "id": step.id,
        "text": step.text,
        "tell": str(step.tell) if step.tell else None,
        "contact_id": step.contact,
        "status": str(step.status),
        "source": step.source,
    }


def _point(entry: Any) -> Message:
    status = "verified" if entry.status == "verified" else "unverified"
    return {"id": entry.id, "text": entry.text, "status": status, "source": entry.source}


def notice(
    library: Library,
    key: str,
    contacts: Sequence[str] = (),
    text: str = "",
    told: Sequence[Entry] = (),
) -> Message:
    """A fixed text, with contacts where it has any; `text` is added from the entries `told`."""
    entry = library.notice(key)
    shown = [library.contact(c) for c in contacts]
    words = f"{entry.text}\n{text}" if text else entry.text
    words = "\n".join([words, *stale_note(library, [entry, *shown, *told])])
    return {
        "type": "notice",
        "id": key,
        "text": words,
        "contacts": [contact_of(c) for c in shown],
        "sources": sources_of(library, [entry, *shown, *told]),
        "content_version": library.version,
    }


def question(
    library: Library,
    key: str,
    options: Sequence[tuple[str, str]] | None = None,
    likely: Sequence[str] = (),
) -> Message:
    """A question with its own options, preceded by `options` (value, title) if given;
    those named in `likely` are marked as suggested."""
    entry = library.question(key)
    offered: list[Message] = []
    for value, title in options or ():
        payload = answer_payload(key, [value] if entry.multiple else value)
        offered.append(
            {"title": title, "payload": payload, "value": value, "suggested": value in likely}
        )
    for option in entry.options:
        payload = answer_payload(key, option.value)
        offered.append({"title": option.title, "payload": payload, "value": option.value})
    return {
        "type": "question",
        "id": key,
        "text": entry.text,
        "why": entry.why,
        "options": offered,
        "multiple": entry.multiple,
        "content_version": library.version,
    }


def guidance(
    library: Library,
    plan: Plan,
    *,
    level: int | None,
    borough: str | None,
    route: str | None = None,
    deadline: str | None = None,
    reasons: Sequence[Reason] = (),
    extra_steps: Sequence[str] = (),
    first_steps: Sequence[str] = (),
    extra_do_not: Sequence[str] = (),
    duties: Sequence[str] = (),
    notes: Sequence[str] = (),
    next_points: Sequence[Message] = (),
    level_name: Message | None = None,
    trace: Sequence[Trace] = (),
) -> Message:
    """The answer: what to do now, what not, what to write down, why, and from where."""
    duty_entries = [library.duty(d) for d in duties]
    ids = [*first_steps, *plan.steps, *extra_steps]
    prohibitions = [*plan.do_not, *extra_do_not]
    for duty in duty_entries:
        ids += duty.steps
        prohibitions += duty.do_not
    steps = sorted((library.step(i) for i in dict.fromkeys(ids)), key=lambda s: s.order)
    banned = list({str(p.kind): p for p in map(library.prohibition, prohibitions)}.values())
    records = [library.record(i) for i in plan.record]
    contacts = _contacts(library, steps, urgent=level == 4 or plan.route == "emergency")
    shown: list[Entry | Reason] = [plan, *steps, *banned, *records, *contacts, *reasons]
    told: list[Entry | Reason] = [*steps, *contacts, *reasons]
    day = library.store.day.isoformat()
    if any(e.status == "unverified" for e in told):
        notes = [*notes, library.notice("unverified").text]
    notes = [*notes, *stale_note(library, [*shown, *duty_entries])]
    return {
        "type": "guidance",
        "title": plan.title,
        "outcome": {
            "route": route or str(plan.route),
            "level": level,
            "borough": borough,
            "contact_ids": [c.id for c in contacts],
            "deadline": deadline or str(plan.deadline),
        },
        "level_name": level_name,
        "do_now": [_step(s) for s in steps],
        "do_not": [{**_point(p), "id": str(p.kind)} for p in banned],
        "record": [_point(r) for r in records],
        "why": [_point(r) for r in reasons],
        "duties": [_point(d) for d in duty_entries],
        "next": list(next_points),
        "contacts": [contact_of(c) for c in contacts],
        "sources": sources_of(library, [*shown, *duty_entries]),
        "notes": list(dict.fromkeys(notes)),
        "trace": [{**one.as_json(), "decided_on": day} for one in trace],
        "content_version": library.version,
    }


def _contacts(library: Library, steps: Sequence[Step], *, urgent: bool) -> list[Contact]:
    """The contacts of the steps; for urgent ones also who answers out of hours."""
    ids: dict[str, None] = {}
    for step in steps:
        if step.contact:
            contact = library.contact(step.contact)
            ids[contact.id] = None
            if urgent and contact.out_of_hours:
                ids[contact.out_of_hours] = None
    return [library.contact(i) for i in ids]


def resources(library: Library, ids: Sequence[str], text_key: str) -> Message:
    """Search hits, best first."""
    entries = [library.get("resources", i, Resource) for i in ids]
    hits = [
        {
            "id": r.id,
            "title": r.title,
            "purpose": r.purpose,
            "audience": r.audience,
            "publisher": r.publisher,
            "address": r.address,
            "date": r.date,
            "status": str(r.status),
            "source": r.source,
        }
        for r in entries
    ]
    return {
        "type": "resources",
        "text": "\n".join([library.notice(text_key).text, *stale_note(library, entries)]),
        "outcome": {
            "route": "resource",
            "level": None,
            "borough": None,
            "contact_ids": [],
            "deadline": "none",
        },
        "hits": hits,
        "sources": sources_of(library, entries),
        "content_version": library.version,
    }
