"""The whole content as one printable page, for a partnership to read and sign."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from knowledge.content import Content
from knowledge.matrix import matrix_svg, words
from knowledge.release import SORTS, Finding, findings
from knowledge.schema import (
    AllegationRow,
    Combination,
    Contact,
    Entry,
    Indicator,
    Plan,
    Question,
    Source,
)
from knowledge.tables import SPECS
from knowledge.validity import in_force, is_stale
from knowledge.vocabulary import AdultRole, Domain

# The parts of the page that somebody signs: heading, and the kinds of entries under it.
PARTS = (
    ("Contacts", ("contacts",)),
    ("Levels of need", ("frameworks",)),
    ("Signs of need and strengths", ("indicators", "protective")),
    ("Rules that raise the level", ("combinations",)),
    ("What staff are told", ("plans", "steps", "prohibitions", "records")),
    ("Allegations against adults", ("allegations", "harm_criteria")),
    (
        "Decision tables",
        ("child_routes", "consent_rules", "doubt_rules", "role_choices", "plan_choices"),
    ),
    ("Special duties and rules", ("duties",)),
    ("Red flags", ("red_flags",)),
    ("Resources", ("resources",)),
    ("Words explained", ("glossary",)),
    ("Questions and fixed texts", ("questions", "notices")),
)


def _env() -> Environment:
    loader = PackageLoader("knowledge", "templates")
    env = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters["words"] = words
    env.filters["day"] = lambda d: f"{d.day} {d:%B %Y}" if d else ""
    return env


def _joined(plans: list[Plan], field: str, entries: dict[str, Any]) -> list[tuple[Any, list[str]]]:
    """The entries that any of these plans names, each with the plans that alone name it."""
    ids = dict.fromkeys(key for plan in plans for key in getattr(plan, field))
    found = []
    for key in ids:
        named = [plan.id for plan in plans if key in getattr(plan, field)]
        found.append((entries[key], [] if len(named) == len(plans) else named))
    return sorted(found, key=lambda pair: getattr(pair[0], "order", 0))


def _plans(content: Content, texts: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Plans of one route and title together, with what only some of them say marked so."""
    groups: dict[tuple[str, str], list[Plan]] = {}
    for plan in content.all("plans", Plan):
        groups.setdefault((str(plan.route), plan.title), []).append(plan)
    return [
        {
            "plans": plans,
            "steps": _joined(plans, "steps", texts["steps"]),
            "do_not": _joined(plans, "do_not", texts["prohibitions"]),
            "record": _joined(plans, "record", texts["records"]),
        }
        for plans in groups.values()
    ]


def _open_by_kind(found: list[Finding]) -> dict[str, dict[str, list[str]]]:
    """Ids of the entries to settle, by sort and kind."""
    by: dict[str, dict[str, list[str]]] = {}
    for one in found:
        by.setdefault(one.sort, {}).setdefault(one.kind, []).append(one.id)
    return by


def _sign_off(content: Content, today: dt.date) -> list[dict[str, Any]]:
    rows = []
    for heading, kinds in PARTS:
        entries = [e for k in kinds for e in content.kinds[k].values() if isinstance(e, Entry)]
        rows.append(
            {
                "heading": heading,
                "entries": len(entries),
                "unverified": sum(e.status == "unverified" for e in entries),
                "stale": sum(is_stale(e, today) for e in entries),
                "owner": ", ".join(sorted({e.owner for e in entries})),
                "review": min((e.review_by for e in entries), default=None),
            }
        )
    return rows


def _allegations(content: Content, today: dt.date) -> list[dict[str, Any]]:
    """For each role: what follows where the harm test is met or in doubt, and where it is not."""
    rows = [
        r
        for r in in_force(content.kinds["allegations"], today).values()
        if isinstance(r, AllegationRow)
    ]
    found = []
    for role in AdultRole:
        met = next(r for r in rows if role in r.roles and "unsure" in map(str, r.harm))
        below = next(r for r in rows if role in r.roles and "no" in map(str, r.harm))
        found.append({"role": role, "met": met, "below": below})
    return found


def _tables(content: Content, today: dt.date) -> list[dict[str, Any]]:
    """Every decision table of the child journey as rows of words."""
    found = []
    for kind, spec in SPECS.items():
        if kind == "allegations":
            continue
        heads = [d.name for d in spec.dimensions] + list(spec.gives)
        rows = [
            {
                "entry": row,
                "cells": [getattr(row, d.field) for d in spec.dimensions]
                + [getattr(row, name) for name in spec.gives],
            }
            for row in in_force(content.kinds[kind], today).values()
        ]
        found.append({"name": kind, "heads": heads, "rows": rows})
    return found


def render(content: Content, today: dt.date) -> str:
    """The handbook as one HTML page that needs nothing else; dates as of `today`."""
    live = {kind: in_force(entries, today) for kind, entries in content.kinds.items()}
    indicators = [i for i in live["indicators"].values() if isinstance(i, Indicator)]
    open_findings = findings(content, today)
    sources = content.all("sources", Source)
    page = _env().get_template("handbook.html")
    return page.render(
        content=content,
        today=today,
        live=live,
        number={s.id: n for n, s in enumerate(sources, start=1)},
        sources=sources,
        parts=PARTS,
        contacts=[c for c in live["contacts"].values() if isinstance(c, Contact)],
        domains=[
            (
                domain,
                [
                    i
                    for level in (4, 3, 2, 1)
                    for i in indicators
                    if i.domain == domain and i.level == level
                ],
            )
            for domain in Domain
        ],
        combinations=content.all("combinations", Combination),
        matrix=matrix_svg(indicators),
        plans=_plans(content, live),
        roles=_allegations(content, today),
        tables=_tables(content, today),
        questions=content.all("questions", Question),
        stale=lambda entry: is_stale(entry, today),
        sign_off=_sign_off(content, today),
        counts=Counter(f.sort for f in open_findings),
        sorts=SORTS,
        open_by_kind=_open_by_kind(open_findings),
        statuses=Counter(
            str(e.status)
            for found in content.kinds.values()
            for e in found.values()
            if isinstance(e, Entry)
        ),
    )
