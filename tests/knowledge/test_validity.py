"""What is in force on a day; the worked case is KCSIE 2025 and 2026."""

from __future__ import annotations

import datetime as dt

import pytest

from knowledge.content import load_content
from knowledge.schema import Resource
from knowledge.search import search_resources
from knowledge.store import Store
from knowledge.validity import in_force, is_stale, newer_source, successor

OLD, NEW = "kcsie-2025-guidance", "kcsie-2026-guidance"
BEFORE, AFTER = dt.date(2026, 8, 31), dt.date(2026, 11, 24)


@pytest.fixture(scope="module")
def content():
    return load_content()


@pytest.fixture
def store(tmp_path, content):
    day = [AFTER]
    opened = Store(f"sqlite:///{tmp_path}/k.db", today=lambda: day[0])
    opened.load(content)
    opened.set_day = lambda d: day.__setitem__(0, d)
    return opened


@pytest.mark.parametrize(
    ("day", "answers", "not_yet"),
    [
        (BEFORE, OLD, NEW),
        (dt.date(2026, 9, 1), NEW, OLD),
        (AFTER, NEW, OLD),
    ],
)
def test_kcsie_of_the_day_answers(store, day, answers, not_yet):
    store.set_day(day)
    assert answers in store.snapshot()["resources"]
    assert not_yet not in store.snapshot()["resources"]
    assert store.get("resources", OLD, Resource).id == answers
    found = [h.id for h in search_resources(store, "keeping children safe in education")]
    assert answers in found
    assert not_yet not in found


def test_search_for_the_old_edition_says_what_is_in_force_instead(store):
    hit = next(h for h in search_resources(store, "KCSIE 2025", by_meaning=[OLD]) if h.id == NEW)
    assert f"in force instead of {OLD}" in hit.because


def test_day_changes_while_the_store_is_open(store):
    assert NEW in store.snapshot()["resources"]
    store.set_day(BEFORE)
    assert NEW not in store.snapshot()["resources"]


def test_source_that_was_replaced_names_the_edition_in_force(content):
    sources = content.kinds["sources"]
    assert newer_source(sources, "kcsie-2025", AFTER).id == "kcsie-2026"
    assert newer_source(sources, "kcsie-2025", BEFORE) is None
    assert newer_source(sources, "kcsie-2026", AFTER) is None


def _entries(content, **changes):
    base = content.kinds["resources"][OLD].model_copy(
        update={"valid_from": None, "valid_until": None, "supersedes": None}
    )
    return {k: base.model_copy(update={"id": k, **v}) for k, v in changes.items()}


def test_ended_entry_without_successor_goes_on_and_is_stale(content):
    entries = _entries(content, a={"valid_until": BEFORE})
    assert list(in_force(entries, AFTER)) == ["a"]
    assert is_stale(entries["a"], AFTER)
    assert not is_stale(entries["a"], BEFORE)


def test_successor_follows_the_chain_and_stops_at_what_has_not_begun(content):
    entries = _entries(
        content, a={}, b={"supersedes": "a"},
        c={"supersedes": "b", "valid_from": dt.date(2030, 1, 1)},
    )  # fmt: skip
    assert successor(entries, "a", AFTER) == "b"
    assert successor(entries, "a", dt.date(2030, 1, 1)) == "c"
    assert list(in_force(entries, AFTER)) == ["b"]


def test_successor_does_not_run_round(content):
    entries = _entries(content, a={"supersedes": "b"}, b={"supersedes": "a"})
    assert successor(entries, "a", AFTER) in {"a", "b"}
