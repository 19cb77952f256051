"""What stands between the content and a release that a partnership would sign.

Each finding has a sort: `unverified`, `stale`, `unsourced`, `replaced` (it rests on an
edition that is no longer in force) or `contradictory`. The content can be served with
findings; it is not ready for release until none is left.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.contradictions import contradictions
from knowledge.links import duplicates, links_of, not_https
from knowledge.schema import Entry, Plan, PlanChoice, Source
from knowledge.validity import ended, in_force, newer_source

if TYPE_CHECKING:
    from knowledge.content import Content

SORTS = ("unverified", "stale", "unsourced", "replaced", "contradictory")


@dataclass(frozen=True)
class Finding:
    """One thing to settle: its sort, the entry, where it stands, and what is the matter."""

    sort: str
    kind: str
    id: str
    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.sort}: {self.kind} {self.id} ({self.place}): {self.text}"


def _entries(content: Content) -> Iterator[tuple[str, str, Entry, str]]:
    for kind, found in content.kinds.items():
        for key, entry in found.items():
            if isinstance(entry, Entry) and entry.status != "superseded":
                yield kind, key, entry, "{}:{}".format(*content.where[kind, key])


def findings(content: Content, today: dt.date) -> list[Finding]:
    """Everything to settle before a release, by sort, then in the order written."""
    found: list[Finding] = []
    sources = content.kinds["sources"]
    answering = {kind: in_force(entries, today) for kind, entries in content.kinds.items()}
    for kind, key, entry, place in _entries(content):
        if key not in answering[kind]:
            continue
        grades = {
            s.grade for i in (entry.source, *entry.also) if isinstance(s := sources.get(i), Source)
        }
        if entry.status == "unverified":
            text = f"nobody has confirmed it; ask {entry.owner}"
            found.append(Finding("unverified", kind, key, place, text))
        if entry.review_by < today:
            text = f"its review was due on {entry.review_by.isoformat()}; ask {entry.owner}"
            found.append(Finding("stale", kind, key, place, text))
        if ended(entry, today):
            text = f"it ended on {entry.valid_until} and nothing replaces it"
            found.append(Finding("stale", kind, key, place, text))
        if grades <= {"C"}:
            text = f"it rests on `{entry.source}` alone, which is no page that can be read"
            found.append(Finding("unsourced", kind, key, place, text))
            if entry.status == "verified":
                text = f"it is called verified, yet rests on `{entry.source}` (grade C)"
                found.append(Finding("contradictory", kind, key, place, text))
        newer = newer_source(sources, entry.source, today)
        if newer is not None:
            text = f"`{entry.source}` was replaced by `{newer.id}`: read that, and name it"
            found.append(Finding("replaced", kind, key, place, text))
    for clash in contradictions(content, today):
        file, line = content.where.get((clash.kind, clash.id), ("content", 1))
        found.append(Finding("contradictory", clash.kind, clash.id, f"{file}:{line}", clash.text))
    return sorted(found, key=lambda f: SORTS.index(f.sort))


def _unused(content: Content) -> Iterator[str]:
    used = {
        source
        for entries in content.kinds.values()
        for entry in entries.values()
        if isinstance(entry, Entry)
        for source in (entry.source, *entry.also)
    }
    yield from (f"unused: source {s}" for s in content.kinds["sources"] if s not in used)
    chosen = {c.plan for c in content.all("plan_choices", PlanChoice)}
    for plan in content.all("plans", Plan):
        # Plans of support are picked by who writes, not by a table.
        if plan.id not in chosen and plan.route not in {"support_for_self", "resource"}:
            yield f"unused: plan {plan.id} is chosen by no row of plan_choices"


def warnings(content: Content, today: dt.date) -> list[str]:
    """What can be served but wants work: findings, unused entries, addresses to look at."""
    links = links_of(content)
    return [
        *map(str, findings(content, today)),
        *_unused(content),
        *(
            f"not https: {link.kind} {link.id} ({link.file}:{link.line}): {link.address}"
            for link in not_https(links)
        ),
        *(
            f"same address: {at}: {', '.join(link.id for link in same)}"
            for at, same in duplicates(links).items()
        ),
    ]
