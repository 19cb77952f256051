"""What the release gate finds: each sort and each contradiction, by a fault put in."""

from __future__ import annotations

import datetime as dt

import pytest

from knowledge.content import load_content
from knowledge.contradictions import contradictions
from knowledge.release import SORTS, findings
from knowledge.schema import Place
from knowledge.vocabulary import Deadline, Route, Status

TODAY = dt.date(2026, 11, 24)


@pytest.fixture(scope="module")
def content():
    return load_content(today=TODAY)


def _with(content, kind, key, **changed):
    kinds = {k: dict(v) for k, v in content.kinds.items()}
    kinds[kind][key] = kinds[kind][key].model_copy(update=changed)
    return type(content)(kinds, content.version, content.where)


def _sorts(content, key):
    return {f.sort for f in findings(content, TODAY) if f.id == key}


def test_the_content_contradicts_itself_nowhere(content):
    assert [str(c) for c in contradictions(content, TODAY)] == []


@pytest.mark.parametrize(
    ("changed", "sort"),
    [
        ({"status": Status.unverified}, "unverified"),
        ({"review_by": dt.date(2026, 11, 23)}, "stale"),
        ({"valid_until": dt.date(2026, 11, 23)}, "stale"),
        ({"source": "general-knowledge", "also": (), "status": Status.unverified}, "unsourced"),
        ({"source": "general-knowledge", "also": ()}, "contradictory"),
        ({"source": "kcsie-2025"}, "replaced"),
    ],
)
def test_findings_name_each_sort(content, changed, sort):
    key = "hackney-edt"
    assert sort not in _sorts(content, key)
    found = [f for f in findings(_with(content, "contacts", key, **changed), TODAY) if f.id == key]
    assert sort in {f.sort for f in found}
    assert all(f.place.startswith("content/contacts.yml:") for f in found)


def test_findings_do_not_hold_review_today_against_an_entry(content):
    changed = _with(content, "contacts", "hackney-edt", review_by=TODAY)
    assert "stale" not in _sorts(changed, "hackney-edt")


def test_findings_are_ordered_by_sort(content):
    order = [SORTS.index(f.sort) for f in findings(content, TODAY)]
    assert order
    assert order == sorted(order)


INDICATOR = "neglect-severe"


@pytest.mark.parametrize(
    ("kind", "key", "changed", "words"),
    [
        (
            "contacts",
            "city-out-of-hours",
            {"phone": "020 8356 2346"},
            "both are the out_of_hours for city",
        ),
        ("contacts", "childline", {"name": "NSPCC helpline"}, "the same name"),
        ("contacts", "hackney-lado", {"replaced_by": "city-lado"}, "yet is not superseded"),
        ("contacts", "childline", {"status": Status.superseded}, "yet nothing replaces it"),
        ("contacts", "city-lado", {"out_of_hours": "hackney-lado-fallback"}, "which is superseded"),
        ("steps", "lado-city", {"contact": "city-lado-old"}, "which is superseded"),
        (
            "steps",
            "lado-city",
            {"text": "Ring 020 7332 9999 today."},
            "020 7332 9999, which no contact",
        ),
        (
            "allegations",
            "low-head",
            {"deadline": Deadline.one_working_day},
            "yet plan `governors` says same_day",
        ),
        (
            "child_routes",
            "child-level-3",
            {"route": Route.child_protection},
            "is child_in_need here",
        ),
        ("resources", "kcsie-2025-guidance", {"valid_until": None}, "still in force"),
        ("glossary", "edt", {"old_names": ("Designated Officer",)}, "leads to"),
    ],
)
def test_contradictions_find_each_kind(content, kind, key, changed, words):
    found = contradictions(_with(content, kind, key, **changed), TODAY)
    assert any(words in c.text for c in found), [c.text for c in found]


def test_contradictions_find_one_phrase_at_two_levels(content):
    indicators = content.kinds["indicators"]
    low = next(i for i in indicators.values() if i.level == 1)
    high = next(i for i in indicators.values() if i.level == 4)
    changed = _with(content, "indicators", high.id, phrases=(*high.phrases, low.phrases[0].upper()))
    found = [c.text for c in contradictions(changed, TODAY)]
    assert any(low.id in t or high.id in t for t in found)


def test_contradictions_find_one_place_in_two_boroughs(content):
    place = next(
        p for p in content.kinds["places"].values()
        if isinstance(p, Place) and p.borough == "hackney" and not p.shared_with
    )  # fmt: skip
    kinds = {k: dict(v) for k, v in content.kinds.items()}
    kinds["places"]["twin"] = place.model_copy(update={"borough": "city", "kind": "setting"})
    changed = type(content)(kinds, content.version, content.where)
    assert any(place.name in c.text for c in contradictions(changed, TODAY))
