"""Conversations, locks and limits, on every store that is supported."""

from __future__ import annotations

import asyncio
import time

import pytest
from rasa.core.lock_store import LockError
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.stores.limits import LocalLimits, RedisLimits
from bot.stores.locks import LocalLocks, RedisLocks
from bot.stores.trackers import SqlTrackers, StoreDown

DOMAIN = Domain.from_dict({"intents": ["greet"], "actions": ["action_greet"]})


def tracker_of(*turns: tuple[str, str], began: float = 1000.0) -> DialogueStateTracker:
    """A conversation of (message id, answer)."""
    events = [SessionStarted(timestamp=began)]
    for at, (key, answer) in enumerate(turns):
        said = UserUttered("words", message_id=key, timestamp=began + at)
        events += [said, BotUttered(answer, {"custom": {"id": answer}}, timestamp=began + at)]
        events.append(ActionExecuted("action_listen", timestamp=began + at))
    return DialogueStateTracker.from_events("talk", events)


def test_trackers_answer_kept_is_given_again(database):
    store = SqlTrackers(database, DOMAIN)
    asyncio.run(store.save(tracker_of(("one", "a"), ("two", "b"), ("three", "c"))))
    kept = asyncio.run(store.answer_kept("talk", "two"))
    assert kept == [{"text": "b", "custom": {"id": "b"}}]
    assert asyncio.run(store.answer_kept("talk", "four")) is None
    assert asyncio.run(store.answer_kept("another", "two")) is None


def test_trackers_saving_twice_writes_once(database):
    store = SqlTrackers(database, DOMAIN)
    tracker = tracker_of(("one", "a"))
    asyncio.run(store.save(tracker))
    asyncio.run(store.save(tracker))
    found = asyncio.run(store.retrieve("talk"))
    assert len(found.events) == len(tracker.events)


def test_trackers_a_turn_is_added_to_what_was_read_and_to_what_was_not(database):
    store = SqlTrackers(database, DOMAIN)
    asyncio.run(store.save(tracker_of(("one", "a"))))
    read = asyncio.run(store.retrieve("talk"))
    read.update(UserUttered("more", message_id="two"))
    asyncio.run(store.save(read))
    read.update(UserUttered("yet more", message_id="three"))
    asyncio.run(store.save(read))
    # A tracker that was built elsewhere does not know how much of it is stored.
    built = DialogueStateTracker.from_events("talk", list(read.events))
    built.update(UserUttered("last", message_id="four"))
    asyncio.run(store.save(built))
    found = asyncio.run(store.retrieve_full_tracker("talk"))
    said = [e.message_id for e in found.events if isinstance(e, UserUttered)]
    assert said == ["one", "two", "three", "four"]


def test_trackers_do_not_keep_what_only_the_turn_needed(database):
    store = SqlTrackers(database, DOMAIN)
    parsed = {
        "text": "words", "intent": {"name": "greet"}, "intent_ranking": [{"name": "greet"}],
        "near": {"indicators": [{"id": "absence-odd-day"}]}, "red_flags": [],
    }  # fmt: skip
    said = UserUttered("words", intent={"name": "greet"}, parse_data=parsed, message_id="one")
    asyncio.run(store.save(DialogueStateTracker.from_events("talk", [said])))
    kept = asyncio.run(store.retrieve("talk")).events[0].parse_data
    assert {"near", "intent_ranking"}.isdisjoint(kept)
    assert kept["intent"]["name"] == "greet"
    assert "near" in said.parse_data, "the turn itself goes on with it"


def test_trackers_clock_set_back_loses_no_turn(database):
    """The second turn carries a time before the session's start."""
    store = SqlTrackers(database, DOMAIN)
    tracker = tracker_of(("one", "a"), began=5000.0)
    asyncio.run(store.save(tracker))
    read = asyncio.run(store.retrieve("talk"))
    read.update(UserUttered("later", message_id="two", timestamp=10.0))
    asyncio.run(store.save(read))
    again = asyncio.run(store.retrieve("talk"))
    assert [e.message_id for e in again.events if isinstance(e, UserUttered)] == ["one", "two"]


def test_trackers_only_the_latest_session(database):
    store = SqlTrackers(database, DOMAIN)
    tracker = tracker_of(("one", "a"))
    tracker.update(SessionStarted(timestamp=1.0))
    tracker.update(UserUttered("new", message_id="two", timestamp=2.0))
    asyncio.run(store.save(tracker))
    found = asyncio.run(store.retrieve("talk"))
    assert [e.message_id for e in found.events if isinstance(e, UserUttered)] == ["two"]


def test_trackers_database_away_is_an_error_in_time_and_never_memory():
    store = SqlTrackers("postgresql://nobody:x@127.0.0.1:1/none", DOMAIN)
    began = time.monotonic()
    with pytest.raises(StoreDown, match="B050"):
        asyncio.run(store.retrieve("talk"))
    assert time.monotonic() - began < 2.4
    assert asyncio.run(store.alive()) is False


async def _order(store, waits: int) -> list[str]:
    said: list[str] = []

    async def turn(name: str) -> None:
        async with store.lock("talk"):
            said.append(f"{name} in")
            await asyncio.sleep(0.02)
            said.append(f"{name} out")

    await asyncio.gather(*(turn(str(n)) for n in range(waits)))
    return said


def _never_two_at_once(said: list[str]) -> bool:
    return all(
        a.split()[0] == b.split()[0] and a.endswith("in") and b.endswith("out")
        for a, b in zip(said[::2], said[1::2], strict=True)
    )


def test_locks_local_one_at_a_time_and_nothing_left():
    store = LocalLocks()
    assert _never_two_at_once(asyncio.run(_order(store, 5)))
    assert store._locks == {}


def test_locks_redis_one_at_a_time_across_workers(redis):
    async def both() -> list[str]:
        said: list[str] = []
        stores = [RedisLocks(redis), RedisLocks(redis)]

        async def turn(n: int) -> None:
            async with stores[n % 2].lock("talk"):
                said.append(f"{n} in")
                await asyncio.sleep(0.02)
                said.append(f"{n} out")

        await asyncio.gather(*(turn(n) for n in range(6)))
        return said

    assert _never_two_at_once(asyncio.run(both()))


def test_locks_redis_away_goes_on_within_the_process():
    async def run() -> list[str]:
        return await _order(RedisLocks("redis://127.0.0.1:1/0"), 3)

    assert _never_two_at_once(asyncio.run(run()))


def test_locks_redis_dead_holder_ends_by_itself(redis, monkeypatch):
    monkeypatch.setattr("bot.stores.locks.LIFETIME", 0.4)

    async def run() -> float:
        dead, alive = RedisLocks(redis), RedisLocks(redis)
        held = dead.lock("talk-2")
        await held.__aenter__()  # never left, as by a killed worker
        began = time.monotonic()
        async with alive.lock("talk-2"):
            return time.monotonic() - began

    assert 0.1 < asyncio.run(run()) < 2.0


def test_locks_redis_busy_conversation_is_an_error(redis, monkeypatch):
    monkeypatch.setattr("bot.stores.locks.WAIT", 0.2)

    async def run() -> None:
        async with RedisLocks(redis).lock("talk-3"), RedisLocks(redis).lock("talk-3"):
            pass

    with pytest.raises(LockError, match="B053"):
        asyncio.run(run())


@pytest.mark.parametrize("kind", ["local", "redis", "redis away"])
def test_limits_by_conversation(kind, request):
    async def run() -> tuple[list[bool], bool]:
        if kind == "local":
            limits = LocalLimits(3)
        elif kind == "redis":
            limits = RedisLimits(request.getfixturevalue("redis"), 3)
        else:
            limits = RedisLimits("redis://127.0.0.1:1/0", 3)
        first = [await limits.allows("one") for _ in range(5)]
        return first, await limits.allows("two")

    first, other = asyncio.run(run())
    assert first == [True, True, True, False, False]
    assert other
