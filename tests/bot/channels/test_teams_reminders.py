"""Reminders: only asked for, nothing of the case, over restarts, once, and cancelled."""

from __future__ import annotations

import asyncio
import datetime as dt
import sqlite3
import threading
from typing import Any

import pytest

from bot.channels import teams_talk
from bot.channels.teams_reminders import OFFERS, Kind, Reminders, Wish, asked, due
from bot.channels.teams_store import MemoryClaims
from bot.evaluate.fake_teams import activity
from bot.stores.engines import make_engine
from knowledge.hours import LONDON
from tests.bot.channels.teams_running import teams
from tests.bot.channels.test_cards import parts


@pytest.fixture(autouse=True)
def own_library(monkeypatch, library):
    monkeypatch.setattr(teams_talk, "library", lambda: library)


def reminders(folder: Any) -> Reminders:
    return Reminders(make_engine(f"sqlite:///{folder / 'data.db'}"), MemoryClaims())


BOTH = (Kind.written, Kind.chase)


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("remind me to confirm in writing", Wish("add", (Kind.written,))),
        ("Remind me within 48 hours", Wish("add", (Kind.written,))),
        ("please remind me to chase the outcome", Wish("add", (Kind.chase,))),
        ("remind me", Wish("offer")),
        ("remind me tomorrow", Wish("offer")),
        ("cancel my reminders", Wish("cancel")),
        ("Stop the reminder.", Wish("cancel")),
        ("my reminders", Wish("list")),
        ("the boy did not remind me of anything", None),
        ("his mum asked me to remind her, and he has a bruise", None),
        ("remind me " + "x" * 200, None),
        ("", None),
    ],
)
def test_what_is_a_wish_for_a_reminder(text, wish):
    assert asked(text) == wish


def test_each_button_of_the_offer_is_a_wish():
    assert [asked(o) for o in OFFERS] == [
        Wish("add", (Kind.written,)),
        Wish("add", (Kind.chase,)),
        Wish("add", BOTH),
    ]


@pytest.mark.parametrize(
    ("kind", "now", "when"),
    [
        (Kind.written, "2026-11-24T10:00", "2026-11-25T10:00"),
        (Kind.chase, "2026-11-24T10:00", "2026-11-25T15:00"),
        (Kind.chase, "2026-11-27T10:00", "2026-11-30T15:00"),  # Friday: Monday
        (Kind.chase, "2026-12-24T10:00", "2026-12-29T15:00"),  # Christmas and its Monday
        (Kind.chase, "2026-03-27T16:30", "2026-03-30T15:00"),  # the clocks go forward
    ],
)
def test_when_a_reminder_is_due(kind, now, when):
    moment = dt.datetime.fromisoformat(now).replace(tzinfo=LONDON)
    assert due(kind, moment) == dt.datetime.fromisoformat(when).replace(tzinfo=LONDON)


def test_the_written_one_leaves_a_day_of_the_48_hours():
    now = dt.datetime(2026, 11, 24, 10, tzinfo=LONDON)
    assert due(Kind.written, now) - now <= dt.timedelta(hours=24)


def test_nothing_is_kept_unless_asked_for_and_no_case_detail_ever(tmp_path):
    kept = reminders(tmp_path)
    with teams(reminders=kept) as t:
        t.post(activity(t.url, "a boy in year 4 has a bruise"))
        assert "29:user-1" not in dump(tmp_path)
        t.post(activity(t.url, "remind me to confirm in writing"))
        stored = dump(tmp_path)
        assert "29:user-1" in stored, "the address of the chat is needed"
        assert "bruise" not in stored and "year 4" not in stored
        assert "I will remind you here" in t.texts()
        t.post(activity(t.url, "cancel my reminders"))
        assert "29:user-1" not in dump(tmp_path) and "teams-" not in dump(tmp_path)
        assert "are cancelled" in t.texts()
        t.post(activity(t.url, "cancel my reminders"))
        assert "You have no reminders" in t.texts()
    assert [m.text for m in t.agent.heard] == ["a boy in year 4 has a bruise"]


def dump(folder: Any) -> str:
    """Every row that matters, as bytes shown as text: the claims are hashes."""
    with sqlite3.connect(folder / "data.db") as db:
        tables = {r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type='table'")}
        wanted = tables & {"teams_references", "teams_reminders"}
        rows = [list(db.execute(f"SELECT * FROM {n}")) for n in sorted(wanted)]  # noqa: S608
        return str(rows)


def test_a_reminder_survives_a_restart_and_is_sent_once(tmp_path):
    first = reminders(tmp_path)
    first.now = lambda: dt.datetime.now(LONDON) - dt.timedelta(days=7)
    with teams(reminders=first) as t:
        # Started paused: what is asked for falls due while the server is down.
        first._scheduler.pause()
        t.post(activity(t.url, "remind me to confirm in writing"))
        asked_at = t.url
    sent = threading.Event()
    delivered: list[tuple[str, str]] = []

    async def later() -> None:
        again = reminders(tmp_path)

        async def deliver(key: str, kind: str) -> None:
            delivered.append((key, kind))
            assert again.take_reference(key)["service_url"] == asked_at
            sent.set()

        again.start(deliver)
        for _ in range(100):
            if sent.is_set():
                break
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.3)
        again.stop()

    asyncio.run(later())
    assert [kind for _, kind in delivered] == ["confirm-in-writing"]
    assert "29:user-1" not in dump(tmp_path), "the address is forgotten after the last reminder"


def test_a_due_reminder_names_the_step_and_nothing_of_the_case(tmp_path):
    kept = reminders(tmp_path)
    with teams(reminders=kept) as t:
        t.post(activity(t.url, "remind me to chase the outcome"))
        key = next(iter(k for k in [job.args[1] for job in kept._scheduler.get_jobs()]))
        t.sent.clear()
        job = kept._scheduler.get_job(f"{key}:{Kind.chase.value}")
        job.modify(next_run_time=dt.datetime.now(LONDON))
        for _ in range(100):
            if t.server.connector.messages():
                break
            t.run(asyncio.sleep(0.05))
        text = t.texts()
    assert "You asked me to remind you" in text and "1 working day" in text


def test_of_several_workers_one_sends(tmp_path, monkeypatch):
    from bot.channels import teams_reminders

    delivered: list[str] = []

    async def deliver(key: str, kind: str) -> None:
        delivered.append(key)

    monkeypatch.setattr(teams_reminders, "_deliver", deliver)
    monkeypatch.setattr(teams_reminders, "_claims", MemoryClaims())

    async def workers() -> None:
        for _ in range(3):
            await teams_reminders._send_once("job-1", "teams-x", "chase-outcome")

    asyncio.run(workers())
    assert delivered == ["teams-x"]


@pytest.mark.parametrize("text", [OFFERS[2], None], ids=["messageBack", "data alone"])
def test_guidance_that_is_to_be_confirmed_offers_a_reminder(tmp_path, library, text):
    from actions import messages

    plan = library.plan("child_protection", "hackney")
    made = messages.guidance(library, plan, level=4, borough="hackney")
    with teams(lambda _: [{"custom": made}], reminders=reminders(tmp_path)) as t:
        t.post(activity(t.url, "he has a bruise"))
        offer = t.server.connector.messages()[-1]
        assert all(title in str(offer.activity) for title in OFFERS)
        (data,) = [p["data"] for p in parts(offer.activity) if OFFERS[2] in str(p.get("data"))]
        button = {"text": text, "value": data, "replyToId": offer.activity_id}
        t.post(activity(t.url, **button))
        (closed,) = [s for s in t.sent if s.method == "PUT"]
        assert closed.activity_id == offer.activity_id and "Action." not in str(closed.activity)
        assert "confirm in writing" in t.texts() and "chase the outcome" in t.texts()


def test_removing_the_app_cancels_reminders(tmp_path):
    kept = reminders(tmp_path)
    with teams(reminders=kept) as t:
        t.post(activity(t.url, "remind me to chase the outcome"))
        t.post(activity(t.url, type="installationUpdate", text=None, action="remove"))
        assert kept._scheduler.get_jobs() == []
        assert "29:user-1" not in dump(tmp_path)


def test_without_a_scheduler_no_reminder_is_promised(tmp_path):
    kept = reminders(tmp_path)
    with teams(reminders=kept) as t:
        kept.stop()
        t.post(activity(t.url, "remind me to chase the outcome"))
        assert "I will remind you" not in t.texts() and "999" in t.texts()
