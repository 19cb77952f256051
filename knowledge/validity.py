"""Which entries are in force on a day, and which are past the day of their review.

An entry begins on `valid_from` and ends after `valid_until`. Where one `supersedes`
another, it answers from the day it begins, also where the old id is asked for. An entry
that ended and has no successor goes on being shown, marked as stale: silence is worse.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from knowledge.schema import Entry, Source, Strict


def begun(entry: Any, day: dt.date) -> bool:
    """Whether `valid_from` has come; true where there is none."""
    start = getattr(entry, "valid_from", None)
    return start is None or start <= day


def ended(entry: Any, day: dt.date) -> bool:
    """Whether `valid_until` is past."""
    end = getattr(entry, "valid_until", None)
    return end is not None and end < day


def is_stale(entry: Any, day: dt.date) -> bool:
    """Whether an entry was due for review before `day`, or ended and nothing replaced it."""
    return bool(getattr(entry, "review_by", day) < day) or ended(entry, day)


def successor(entries: Mapping[str, Strict], key: str, day: dt.date) -> str | None:
    """The id of the entry that answers for `key` on `day`: its newest begun successor.

    None where no successor has begun; a circle (which the check refuses) ends the search.
    """
    found, seen = None, {key}
    at = key
    while True:
        after = [
            k
            for k, e in entries.items()
            if getattr(e, "supersedes", None) == at and begun(e, day) and k not in seen
        ]
        if not after:
            return found
        at = found = after[-1]
        seen.add(at)


def in_force(entries: Mapping[str, Strict], day: dt.date) -> dict[str, Strict]:
    """The entries that answer on `day`, in their order. Sources are never left out."""
    replaced = {getattr(e, "supersedes", None) for e in entries.values() if begun(e, day)}
    return {
        key: entry
        for key, entry in entries.items()
        if not isinstance(entry, Entry) or (begun(entry, day) and key not in replaced)
    }


def answers_for(entries: Mapping[str, Strict], day: dt.date) -> dict[str, str]:
    """For each id that another entry answers for on `day`, that entry's id."""
    named = {str(older) for e in entries.values() if (older := getattr(e, "supersedes", None))}
    found = {key: successor(entries, key, day) for key in named if key in entries}
    return {key: new for key, new in found.items() if new is not None}


def newer_source(sources: Mapping[str, Strict], key: str, day: dt.date) -> Source | None:
    """The edition in force on `day` of a source that was replaced, or None."""
    new = successor(sources, key, day)
    entry = sources.get(new) if new else None
    return entry if isinstance(entry, Source) else None


def change_days(entries: Mapping[str, Strict], after: dt.date) -> list[dt.date]:
    """The days after `after` on which an entry begins or has just ended, in order."""
    days: set[dt.date] = set()
    for entry in entries.values():
        if start := getattr(entry, "valid_from", None):
            days.add(start)
        if end := getattr(entry, "valid_until", None):
            days.add(end + dt.timedelta(days=1))
    return sorted(d for d in days if d > after)
