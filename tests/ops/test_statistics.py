"""The counts: what is kept, what is shown, and what never is."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from bot import statistics as counted
from bot.statistics import Counts, daily_counts, fit, metadata, record_turn
from bot.statistics_report import disclosed, month_bounds, read_report
from bot.stores.engines import make_engine
from bot.watch.turn import ANSWERED, FALLBACK, TurnLog

TODAY = dt.date(2026, 11, 24)


def answered(route: str, borough: str = "hackney", level: int | None = 4) -> TurnLog:
    turn = TurnLog("rest", outcome=ANSWERED)
    outcome = {"route": route, "borough": borough, "level": level, "contact_ids": []}
    turn.note_message({"custom": {"type": "guidance", "outcome": outcome}})
    return turn


def rows_of(engine) -> dict[tuple[str, str], int]:
    with engine.connect() as db:
        return {(r.measure, r.value): r.count for r in db.execute(sa.select(daily_counts))}


def test_statistics_counts_add_up_over_processes(database, monkeypatch):
    engine = make_engine(database)
    first, second = Counts(engine), Counts(engine)
    for counts in (first, second, first):
        monkeypatch.setattr(counted, "counts", lambda counts=counts: counts)
        record_turn(answered("child_protection"))
        counts.write()
    found = rows_of(engine)
    assert found["route", "child_protection"] == 3
    assert found["topic", "child"] == 3
    assert found["level", "4"] == 3
    assert found["borough", "hackney"] == 3
    assert found["turns", "answered"] == 3


def test_statistics_unanswered_by_intent_and_failed_turn_by_outcome(tmp_path, monkeypatch):
    engine = make_engine(f"sqlite:///{tmp_path / 'c.db'}")
    counts = Counts(engine)
    monkeypatch.setattr(counted, "counts", lambda: counts)
    lost = TurnLog("rest", outcome=ANSWERED)
    lost.note_understanding(
        {
            "intent": {"name": "nlu_fallback"},
            "intent_ranking": [{"name": "nlu_fallback"}, {"name": "ask_rule"}],
        }
    )
    lost.note_action("action_not_understood")
    record_turn(lost)
    record_turn(TurnLog("rest", outcome=FALLBACK))
    counts.write()
    assert rows_of(engine) == {
        ("turns", "answered"): 1,
        ("unanswered", "ask_rule"): 1,
        ("turns", "fallback"): 1,
    }


@pytest.mark.parametrize("text", ["Amira Khan", "0207 1234", "<b>", "", "émile", "a.b@c"])
def test_statistics_free_text_is_never_kept(text):
    assert fit(text) == "other"


def test_statistics_database_away_keeps_the_counts_for_later(tmp_path):
    away = Counts(make_engine("postgresql://x:y@127.0.0.1:1/z"))
    away._kept[(TODAY, "turns", "answered")] = 2
    away.write()
    assert away._kept[(TODAY, "turns", "answered")] == 2
    away._engine = make_engine(f"sqlite:///{tmp_path / 'c.db'}")
    away.write()
    assert rows_of(away._engine) == {("turns", "answered"): 2}


@pytest.mark.parametrize(
    ("count", "shown"), [(0, None), (1, None), (4, None), (5, 5), (7, 5), (8, 10), (103, 105)]
)
def test_statistics_small_counts_are_hidden_and_others_rounded(count, shown):
    assert disclosed(count) == shown


def report_with(tmp_path, found: dict[tuple[dt.date, str, str], int]):
    engine = make_engine(f"sqlite:///{tmp_path / 'c.db'}")
    metadata.create_all(engine)
    with engine.begin() as db:
        for (day, measure, value), count in found.items():
            db.execute(
                sa.insert(daily_counts).values(day=day, measure=measure, value=value, count=count)
            )
    return read_report(engine, None, TODAY)


def test_statistics_report_of_a_month(tmp_path):
    report = report_with(
        tmp_path,
        {
            (dt.date(2026, 11, 2), "route", "lado"): 3,
            (dt.date(2026, 11, 20), "route", "lado"): 4,
            (dt.date(2026, 11, 20), "route", "emergency"): 2,
            (dt.date(2026, 10, 20), "route", "emergency"): 50,
        },
    )
    assert {r.value: r.shown for r in report.measures["route"]} == {"lado": 5, "emergency": None}
    assert report.total("route") == 5
    assert report.months == ["2026-11", "2026-10"]


def test_statistics_total_never_gives_away_a_hidden_count(tmp_path):
    report = report_with(
        tmp_path,
        {
            (TODAY, "route", "lado"): 20,
            (TODAY, "route", "emergency"): 1,
        },
    )
    assert report.total("route") == 20


def test_statistics_month_bounds():
    assert month_bounds("2026-12") == (dt.date(2026, 12, 1), dt.date(2027, 1, 1))
    with pytest.raises(ValueError, match="month"):
        month_bounds("month")
