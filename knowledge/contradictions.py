"""Entries that cannot both be right.

A contradiction is one of these, between entries that answer on the same day:

- two services of one sort for one area (front door, out of hours, consultation, LADO,
  emergency) with different telephone numbers, or one name with two numbers;
- `superseded` without a successor, a successor without `superseded`, or an older and a
  newer entry that are both in force;
- a plan, step, duty, term or out-of-hours link that leads to a superseded contact;
- a telephone number in a text that no contact in force has;
- a decision row whose deadline is later than that of the plan it leads to, or a framework
  whose route for a level is not the route that the child table gives;
- one sign, or one phrase that finds signs, at two levels of need;
- one old name that leads to two terms without `unlike`, or one place in two boroughs.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from knowledge.schema import Contact, Entry, Framework, Indicator, Place, Plan, PlanChoice, Term
from knowledge.tables import decide
from knowledge.validity import begun, ended, in_force
from knowledge.vocabulary import HASTE

if TYPE_CHECKING:
    from knowledge.content import Content

# Services of which an area has one: two numbers for one of them cannot both be right.
_ONE_AN_AREA = frozenset({"emergency", "front_door", "out_of_hours", "consultation", "lado"})
_NUMBER = re.compile(r"(?<![\d/.-])(?:0|\+44 ?)\d{1,4}(?:[ -]?\d{2,4}){2,3}(?![\d/-])")
_WORD = re.compile(r"[a-z0-9]+")
# Fields that hold what is read out, not how something is found.
_TEXTS = ("text", "note", "purpose", "why", "escalation", "hours_text")


@dataclass(frozen=True)
class Clash:
    """One contradiction: the entry at which to begin, and what stands against what."""

    kind: str
    id: str
    text: str


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


def _digits(phone: str | None) -> str:
    return re.sub(r"\D", "", (phone or "").replace("+44", "0"))


def _areas(contact: Contact) -> set[str]:
    return {"city", "hackney"} if contact.scope == "both" else {str(contact.scope)}


def _contacts(content: Content, day: dt.date) -> list[Contact]:
    found = in_force(content.kinds["contacts"], day).values()
    return [c for c in found if isinstance(c, Contact)]


def _numbers(contacts: list[Contact]) -> Iterator[Clash]:
    live = [c for c in contacts if c.status != "superseded" and c.phone]
    for one, two in itertools.combinations(live, 2):
        if _digits(one.phone) == _digits(two.phone) or not _areas(one) & _areas(two):
            continue
        same_name = _plain(one.name) == _plain(two.name)
        if same_name or (one.kind == two.kind and one.kind in _ONE_AN_AREA):
            area = ", ".join(sorted(_areas(one) & _areas(two)))
            what = "the same name" if same_name else f"both are the {one.kind} for {area}"
            text = f"{what}, yet {one.phone} here and {two.phone} at `{two.id}`"
            yield Clash("contacts", one.id, text)


def _succession(content: Content, contacts: list[Contact], day: dt.date) -> Iterator[Clash]:
    named = {c.supersedes for c in contacts}
    for contact in content.all("contacts", Contact):
        followed = contact.replaced_by or contact.id in named
        if contact.replaced_by and contact.status != "superseded":
            yield Clash("contacts", contact.id, "it has `replaced_by`, yet is not superseded")
        if contact.status == "superseded" and not followed:
            yield Clash("contacts", contact.id, "it is superseded, yet nothing replaces it")
    for kind, entries in content.kinds.items():
        for key, entry in entries.items():
            older = entries.get(str(getattr(entry, "supersedes", None)))
            if not isinstance(entry, Entry) or not isinstance(older, Entry):
                continue
            both = begun(entry, day) and begun(older, day)
            if both and not ended(older, day) and older.status != "superseded":
                text = f"`{older.id}` that it supersedes is still in force: give it `valid_until`"
                yield Clash(kind, key, text)


def _dead_ends(content: Content, day: dt.date) -> Iterator[Clash]:
    gone = {c.id for c in content.all("contacts", Contact) if c.status == "superseded"}
    for kind in ("steps", "glossary", "contacts"):
        for key, entry in in_force(content.kinds[kind], day).items():
            if getattr(entry, "status", "") == "superseded":
                continue
            for field in ("contact", "out_of_hours"):
                if getattr(entry, field, None) in gone:
                    yield Clash(
                        kind,
                        key,
                        f"{field} leads to `{getattr(entry, field)}`, which is superseded",
                    )


def _texts(entry: Any) -> Iterator[str]:
    for field in _TEXTS:
        if isinstance(value := getattr(entry, field, None), str):
            yield value
    for level in getattr(entry, "levels", ()):
        yield from _texts(level) if not isinstance(level, int) else ()


def _loose_numbers(content: Content, contacts: list[Contact], day: dt.date) -> Iterator[Clash]:
    known = {_digits(c.phone) for c in contacts if c.status != "superseded"}
    for kind, entries in content.kinds.items():
        for key, entry in in_force(entries, day).items():
            if kind == "sources" or getattr(entry, "status", "") == "superseded":
                continue
            for number in {n for text in _texts(entry) for n in _NUMBER.findall(text)}:
                if _digits(number) not in known:
                    yield Clash(
                        kind, key, f"its text names {number}, which no contact in force has"
                    )


def _deadlines(content: Content, day: dt.date) -> Iterator[Clash]:
    choices = [
        c
        for c in in_force(content.kinds["plan_choices"], day).values()
        if isinstance(c, PlanChoice)
    ]
    for kind in ("child_routes", "allegations"):
        for key, row in in_force(content.kinds[kind], day).items():
            route = str(getattr(row, "route", ""))
            boroughs = getattr(row, "boroughs", ("hackney", "city", "other", "unknown"))
            for borough in map(str, boroughs):
                try:
                    chosen, _ = decide("plan_choices", choices, route=route, borough=borough)
                except LookupError:
                    continue
                plan = content.kinds["plans"].get(chosen.plan)
                late = str(getattr(row, "deadline", "none"))
                if isinstance(plan, Plan) and HASTE.index(late) < HASTE.index(str(plan.deadline)):
                    yield Clash(
                        kind, key, f"deadline {late}, yet plan `{plan.id}` says {plan.deadline}"
                    )


def _frameworks(content: Content, day: dt.date) -> Iterator[Clash]:
    rows = [
        r for r in in_force(content.kinds["child_routes"], day).values() if isinstance(r, Entry)
    ]
    for framework in content.all("frameworks", Framework):
        # The framework of other boroughs is read out where that borough takes over.
        borough = "unknown" if framework.borough == "other" else str(framework.borough)
        for one in framework.levels:
            try:
                row, _ = decide("child_routes", rows, level=str(one.level), borough=borough)
            except LookupError:
                continue
            if str(row.route) != str(one.route):
                text = f"level {one.level} is {one.route} here, yet {row.route} in `{row.id}`"
                yield Clash("frameworks", framework.id, text)


def _signs(content: Content, day: dt.date) -> Iterator[Clash]:
    seen: dict[str, Indicator] = {}
    for entry in in_force(content.kinds["indicators"], day).values():
        if not isinstance(entry, Indicator) or entry.status == "superseded":
            continue
        for text in dict.fromkeys(map(_plain, (entry.text, *entry.phrases))):
            other = seen.setdefault(text, entry)
            if other.level != entry.level:
                fault = f"“{text}” is level {entry.level} here and {other.level} at `{other.id}`"
                yield Clash("indicators", entry.id, fault)


def _names(content: Content, day: dt.date) -> Iterator[Clash]:
    owner: dict[str, Term] = {}
    for entry in in_force(content.kinds["glossary"], day).values():
        if isinstance(entry, Term) and entry.status != "superseded":
            for name in dict.fromkeys(map(_plain, entry.old_names)):
                first = owner.setdefault(name, entry)
                if first is entry or entry.id in first.unlike or first.id in entry.unlike:
                    continue
                text = f"the old name “{name}” leads to `{first.id}` too: give one `unlike`"
                yield Clash("glossary", entry.id, text)
    homes: dict[str, Place] = {}
    for key, place in content.kinds["places"].items():
        if isinstance(place, Place):
            home = homes.setdefault(_plain(place.name), place)
            if home.borough != place.borough and not (home.shared_with or place.shared_with):
                text = f"{place.name} is {place.borough} here and {home.borough} as {home.kind}"
                yield Clash("places", key, text)


def contradictions(content: Content, day: dt.date) -> list[Clash]:
    """Every contradiction between entries that answer on a day."""
    contacts = _contacts(content, day)
    return [
        *_numbers(contacts),
        *_succession(content, contacts, day),
        *_dead_ends(content, day),
        *_loose_numbers(content, contacts, day),
        *_deadlines(content, day),
        *_frameworks(content, day),
        *_signs(content, day),
        *_names(content, day),
    ]
