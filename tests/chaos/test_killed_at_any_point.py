"""SIGKILL at sixty moments of a turn: sent again, each message is answered and kept once.

The assistant is loaded once and forked for each try; the child takes the turn and is
killed, a second child takes the same message again, as another worker would.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from rasa.core.channels.channel import UserMessage

from bot.channels.gate import run_turn
from bot.channels.rest import CollectingOutput
from bot.paths import MODEL
from bot.runtime.action_endpoint import LocalActions
from bot.runtime.agent import CarefulAgent
from bot.stores.locks import LocalLocks
from bot.stores.trackers import SqlTrackers

# Heavy: its moments are spread over the length of a turn, which a busy machine changes.
pytestmark = [pytest.mark.slow, pytest.mark.chaos, pytest.mark.heavy]
WORRY = "a boy in year 4 is always hungry and dirty"
TRIES = 60


@pytest.fixture(scope="module")
def agent(trained) -> CarefulAgent:
    """The model and the actions, with no database opened yet."""
    made = CarefulAgent(lock_store=LocalLocks(), action_endpoint=LocalActions())
    made.load_model(str(MODEL))
    return made


def take(agent: CarefulAgent, url: str, text: str, key: str) -> list[dict]:
    """One turn of a process of its own over the database."""
    store = SqlTrackers(url, agent.domain)
    agent.tracker_store = store
    agent.processor.tracker_store = store
    output = CollectingOutput()
    message = UserMessage(
        text, output, "talk", input_channel="rest", message_id=key, metadata={"own_id": True}
    )
    asyncio.new_event_loop().run_until_complete(run_turn(agent.handle_message, message))
    return output.messages


def fork(work: Callable[[], object]) -> int:
    """A child that does it and ends."""
    pid = os.fork()
    if pid:
        return pid
    try:
        work()
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


def answer_of(agent: CarefulAgent, url: str, text: str, key: str, place: Path) -> list[dict]:
    pid = fork(lambda: place.write_text(json.dumps(take(agent, url, text, key))))
    assert os.waitpid(pid, 0)[1] == 0
    return json.loads(place.read_text())


def kept_ids(url: str) -> list[str]:
    import sqlalchemy as sa

    with sa.create_engine(url, future=True).connect() as db:
        rows = db.execute(sa.text("SELECT data FROM events WHERE type_name = 'user' ORDER BY id"))
        return [json.loads(r[0])["message_id"] for r in rows]


def test_killed_at_any_point_each_message_is_answered_and_kept_once(agent, tmp_path, monkeypatch):
    monkeypatch.setattr("bot.channels.gate.TURN_SECONDS", 30)  # about kills, not about speed
    chance = random.Random(7)
    moments = {"before": 0, "saved": 0}
    began = time.monotonic()
    answer_of(agent, f"sqlite:///{tmp_path / 'warm.db'}", WORRY, "k", tmp_path / "out")
    turn = max(0.05, time.monotonic() - began)
    for number in range(TRIES):
        url = f"sqlite:///{tmp_path / f'{number}.db'}"
        pid = fork(lambda url=url: take(agent, url, WORRY, "first"))
        time.sleep(chance.uniform(0, turn * 1.2))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        there = (tmp_path / f"{number}.db").exists()
        try:
            was_saved = there and kept_ids(url) == ["first"]
        except Exception:
            was_saved = False  # killed before the table was made
        moments["saved" if was_saved else "before"] += 1
        first = answer_of(agent, url, WORRY, "first", tmp_path / "out")
        assert first[-1]["custom"]["id"] == "safe_now", (number, was_saved)
        second = answer_of(agent, url, "yes", "second", tmp_path / "out")
        assert second[-1]["custom"]["id"] == "child_borough", (number, was_saved)
        assert kept_ids(url) == ["first", "second"]
    assert min(moments.values()) >= 3, f"the moments were not spread: {moments}"
