"""Checks over the whole content: references, cycles, telephone numbers, tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

import phonenumbers

from knowledge.errors import Problem
from knowledge.links import check_addresses
from knowledge.patterns import PatternError, compile_pattern
from knowledge.schema import (
    AllegationRow,
    Combination,
    ConsentRule,
    Contact,
    Duty,
    Entry,
    Framework,
    Indicator,
    Plan,
    PlanChoice,
    Question,
    RedFlag,
    Source,
    Step,
    Term,
)
from knowledge.table_checks import check_tables
from knowledge.vocabulary import QuestionId

if TYPE_CHECKING:
    from knowledge.content import Content

# Short national numbers that no library counts as ordinary telephone numbers.
SHORT_NUMBERS = frozenset({"999", "101", "111", "116 123", "116 000"})


def is_uk_number(text: str) -> bool:
    """Whether a telephone number as written can be dialled in the United Kingdom."""
    if text in SHORT_NUMBERS:
        return True
    try:
        number = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number_for_region(number, "GB")


def _references(kind: str, entry: Entry | Source) -> Iterator[tuple[str, str, str]]:
    """(field, kind referred to, id referred to) of one entry."""
    if isinstance(entry, Source):
        if entry.supersedes:
            yield "supersedes", kind, entry.supersedes
        return
    yield "source", "sources", entry.source
    yield from (("also", "sources", i) for i in entry.also)
    if entry.supersedes:
        yield "supersedes", kind, entry.supersedes
    if isinstance(entry, Contact):
        for field in ("out_of_hours", "replaced_by"):
            if value := getattr(entry, field):
                yield field, "contacts", value
    elif isinstance(entry, Indicator) and entry.duty:
        yield "duty", "duties", entry.duty
    elif isinstance(entry, Combination):
        yield from (("all_of", "indicators", i) for i in entry.all_of)
        yield from (("any_of", "indicators", i) for i in entry.any_of)
    elif isinstance(entry, (Step, Term)):
        if entry.contact:
            yield "contact", "contacts", entry.contact
        if isinstance(entry, Term):
            yield from (("unlike", "glossary", i) for i in entry.unlike)
    elif isinstance(entry, (Plan, Duty)):
        yield from (("steps", "steps", i) for i in entry.steps)
        yield from (("do_not", "prohibitions", i) for i in entry.do_not)
        if isinstance(entry, Plan):
            yield from (("record", "records", i) for i in entry.record)
    elif isinstance(entry, AllegationRow):
        yield from (("steps", "steps", i) for i in entry.steps)
    elif isinstance(entry, PlanChoice):
        yield "plan", "plans", entry.plan
    elif isinstance(entry, ConsentRule):
        yield from (("notices", "notices", i) for i in entry.notices)


def _check_references(content: Content) -> Iterator[Problem]:
    for kind, entries in content.kinds.items():
        for key, entry in entries.items():
            if not isinstance(entry, (Entry, Source)):
                continue
            file, line = content.where[kind, key]
            for field, other, target in _references(kind, entry):
                if target not in content.kinds.get(other, {}):
                    yield Problem(
                        "K006",
                        file,
                        line,
                        key,
                        f"{field}: no `{target}` in {other}",
                        f"add it to {other}, or correct the id",
                    )


def _check_cycles(content: Content) -> Iterator[Problem]:
    for kind, entries in content.kinds.items():
        for key, entry in entries.items():
            seen = [key]
            at = entry
            while isinstance(at, (Entry, Source)) and at.supersedes:
                if at.supersedes in seen:
                    file, line = content.where[kind, key]
                    chain = " > ".join([*seen, at.supersedes])
                    mend = "let the newest supersede the older only"
                    yield Problem("K007", file, line, key, f"supersedes runs round: {chain}", mend)
                    break
                seen.append(at.supersedes)
                if at.supersedes not in entries:
                    break
                at = entries[at.supersedes]


def _check_numbers(content: Content) -> Iterator[Problem]:
    for contact in content.all("contacts", Contact):
        if contact.phone and not is_uk_number(contact.phone):
            file, line = content.where["contacts", contact.id]
            yield Problem(
                "K010",
                file,
                line,
                contact.id,
                f"`{contact.phone}` is no UK number",
                "write it as dialled, such as 020 8356 5500",
            )


def _check_once(content: Content) -> Iterator[Problem]:
    asked = [q.question for q in content.all("questions", Question)]
    for question in QuestionId:
        if asked.count(question) != 1:
            yield Problem(
                "K008",
                "content/questions.yml",
                1,
                str(question),
                f"{asked.count(question)} entries for question `{question}`",
                "write exactly one",
            )
    for framework in content.all("frameworks", Framework):
        if sorted(one.level for one in framework.levels) != [1, 2, 3, 4]:
            file, line = content.where["frameworks", framework.id]
            yield Problem(
                "K008", file, line, framework.id, "levels are not 1, 2, 3, 4", "write each once"
            )


def _check_patterns(content: Content) -> Iterator[Problem]:
    for flag in content.all("red_flags", RedFlag):
        file, line = content.where["red_flags", flag.id]
        for pattern in flag.patterns:
            try:
                compile_pattern(pattern)
            except PatternError as error:
                yield Problem("K011", file, line, flag.id, str(error), "see knowledge/patterns.py")


def check_content(content: Content, today: dt.date) -> list[Problem]:
    """All problems that only show in the content as a whole, for `today` and days to come."""
    return [
        *_check_references(content),
        *_check_cycles(content),
        *_check_numbers(content),
        *_check_once(content),
        *check_tables(content, today),
        *check_addresses(content),
        *_check_patterns(content),
    ]
