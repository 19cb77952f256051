"""Conversations go: idle ones after their time, one at once when its user asks."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.retention import (
    FORGET_TOO,
    NotDeleted,
    asks_to_delete,
    delete_talk,
    keep_sweeping,
    sweep,
)
from bot.settings import SettingsError, retention_hours
from bot.stores.limits import RedisLimits
from bot.stores.locks import RedisLocks
from bot.stores.trackers import SqlTrackers

DOMAIN = Domain.from_dict({"intents": ["greet"], "actions": ["action_greet"]})
HOUR = 3600.0
SECRET = "Zorblaxian-secret-words"


def talk(sender: str, last: float) -> DialogueStateTracker:
    """A conversation whose last event is at `last`."""
    events = [
        SessionStarted(timestamp=last - 30 * HOUR),
        UserUttered(SECRET, timestamp=last - 2),
        BotUttered("answer", timestamp=last - 1),
        ActionExecuted("action_listen", timestamp=last),
    ]
    return DialogueStateTracker.from_events(sender, events)


def store_with(database: str, *talks: tuple[str, float]) -> SqlTrackers:
    store = SqlTrackers(database, DOMAIN)
    for sender, last in talks:
        asyncio.run(store.save(talk(sender, last)))
    return store


def test_sweep_deletes_idle_talks_alone(database):
    now = time.time()
    store = store_with(database, ("idle", now - 24.1 * HOUR), ("fresh", now - 23.9 * HOUR))
    assert sweep(store.engine, 24) == 4
    assert asyncio.run(store.keys()) == ["fresh"]
    assert len(asyncio.run(store.retrieve("fresh")).events) == 4


def test_sweep_keeps_all_of_a_talk_that_goes_on(database):
    """Its beginning is older than the limit, its end is not: nothing is cut off."""
    now = time.time()
    store = store_with(database, ("long", now - HOUR))
    assert sweep(store.engine, 24) == 0
    assert len(asyncio.run(store.retrieve_full_tracker("long")).events) == 4


def test_sweep_goes_by_the_setting(database):
    now = time.time()
    store = store_with(database, ("one", now - 3 * HOUR))
    assert sweep(store.engine, 4) == 0
    assert sweep(store.engine, 2) == 4


def test_sweep_takes_talks_of_a_clock_that_ran_ahead(database):
    store = store_with(database, ("future", time.time() + 400 * 24 * HOUR))
    assert sweep(store.engine, 24) == 4


def test_sweep_of_a_database_without_conversations_does_nothing(database):
    assert sweep(SqlTrackers(database, DOMAIN).engine, 24) == 0


def test_deleted_words_are_gone_from_the_files_of_sqlite(tmp_path):
    store = store_with(f"sqlite:///{tmp_path / 'talks.db'}", ("idle", time.time() - 25 * HOUR))

    def words() -> bool:
        files = [f for f in tmp_path.iterdir() if f.is_file()]
        return any(SECRET.encode() in f.read_bytes() for f in files)

    assert words()
    sweep(store.engine, 24)
    assert not words()


def test_deleted_words_are_gone_from_the_files_of_postgresql(postgres):
    engine = sa.create_engine(postgres, future=True)
    with engine.begin() as db:
        db.execute(sa.text("DROP SCHEMA public CASCADE"))
        db.execute(sa.text("CREATE SCHEMA public"))
    store = store_with(postgres, ("idle", time.time() - 25 * HOUR))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        db.execute(sa.text("CHECKPOINT"))
        where = db.execute(sa.text("SELECT pg_relation_filepath('events')")).scalar_one()
        home = db.execute(sa.text("SHOW data_directory")).scalar_one()
        table = Path(home) / where
        assert SECRET.encode() in table.read_bytes()
        sweep(store.engine, 24)
        db.execute(sa.text("CHECKPOINT"))
        assert not table.exists() or SECRET.encode() not in table.read_bytes()
    engine.dispose()


def test_delete_talk_takes_one_and_leaves_the_others(database):
    now = time.time()
    store = store_with(database, ("mine", now), ("yours", now))
    told = []
    FORGET_TOO.append(told.append)
    try:
        asyncio.run(delete_talk(store, "mine"))
    finally:
        FORGET_TOO.remove(told.append)
    assert asyncio.run(store.keys()) == ["yours"]
    assert told == ["mine"]


def test_delete_talk_in_memory():
    store = InMemoryTrackerStore(DOMAIN)
    asyncio.run(store.save(talk("mine", 5.0)))
    asyncio.run(delete_talk(store, "mine"))
    assert asyncio.run(store.retrieve("mine")) is None


def test_delete_talk_that_fails_says_so(tmp_path):
    store = store_with(f"sqlite:///{tmp_path / 'talks.db'}", ("mine", time.time()))
    with store.engine.begin() as db:
        db.execute(sa.text("CREATE TRIGGER stuck BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'x'); END"))  # fmt: skip
    with pytest.raises(NotDeleted, match="B100"):
        asyncio.run(delete_talk(store, "mine"))
    with pytest.raises(NotDeleted, match="B100"):
        asyncio.run(delete_talk(object(), "mine"))


def test_keep_sweeping_outlives_a_database_that_is_away(tmp_path, caplog):
    store = store_with(f"sqlite:///{tmp_path / 'talks.db'}", ("idle", time.time() - 25 * HOUR))
    away = sa.create_engine(f"sqlite:///{tmp_path}/no/such/folder.db", future=True)

    async def run(engine, seconds: float) -> None:
        task = asyncio.ensure_future(keep_sweeping(engine, 24, every=0.05))
        await asyncio.sleep(seconds)
        assert not task.done()
        task.cancel()

    asyncio.run(run(away, 0.4))
    assert "B103" in caplog.text
    assert SECRET not in caplog.text
    asyncio.run(run(store.engine, 1.0))
    assert asyncio.run(store.keys()) == []


@pytest.mark.parametrize("given", ["0", "-1", "721", "day", ""])
def test_retention_hours_refuses(given):
    with pytest.raises(SettingsError, match="BOT_RETENTION_HOURS"):
        retention_hours({"BOT_RETENTION_HOURS": given})


def test_retention_hours_reads():
    assert retention_hours({}) == 24
    assert retention_hours({"BOT_RETENTION_HOURS": "1.5"}) == 1.5


def test_asks_to_delete_only_by_its_own_notice():
    assert asks_to_delete(["question:topic", "notice:talk-deleted"])
    assert not asks_to_delete(["notice:started-again"])


def test_redis_holds_no_content_and_nothing_for_long(redis):
    """Locks and limits are all that Redis is used for: no sender in clear, all ends by itself."""
    from redis.asyncio import Redis

    async def use() -> None:
        sender = "sender-Zorblaxian"
        await RedisLimits(redis, 5).allows(sender)
        client = Redis.from_url(redis)
        async with RedisLocks(redis).lock(sender):
            keys = await client.keys("*")
            assert len(keys) == 2
            for key in keys:
                assert b"Zorblaxian" not in key
                assert b"Zorblaxian" not in (await client.get(key) or b"")
                assert 0 < await client.pttl(key) <= 61_000

    asyncio.run(use())
