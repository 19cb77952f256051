"""Conversations are deleted: idle ones after some hours, one at once when its user asks.

`BOT_RETENTION_HOURS` (24 by default, 1 to 720) counts from the last message.  Every worker
sweeps; two at the same time do no harm.  Deleted content is overwritten in SQLite's file and
its log, and vacuumed away in PostgreSQL.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from actions.deletion import TALK_DELETED

logger = logging.getLogger(__name__)
SWEEP_SECONDS = 600.0
# A clock set back must not keep a talk for ever: what lies so far ahead is wrong.
AHEAD_SECONDS = 24 * 3600.0

_events: sa.Table = SQLTrackerStore.SQLEvent.__table__
# Called with the id of a talk that was deleted, for what else holds something about it.
FORGET_TOO: list[Callable[[str], Any]] = []


class NotDeleted(RuntimeError):
    """B100: the conversation is still there; the user must not be told otherwise."""


def _clean_up(engine: Engine) -> None:
    """Take the deleted rows out of the files as well."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as db:
            db.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))
    elif engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
            db.execute(sa.text("VACUUM events"))


def _delete(engine: Engine, condition: Any) -> int:
    with engine.begin() as db:
        if engine.dialect.name == "sqlite":
            db.execute(sa.text("PRAGMA secure_delete=ON"))
        deleted = int(db.execute(sa.delete(_events).where(condition)).rowcount)
    if deleted:
        try:
            _clean_up(engine)
        except SQLAlchemyError as error:  # busy or slow: the next sweep does it
            logger.warning("B102 not cleaned up yet: %s", type(error).__name__)
    return deleted


def sweep(engine: Engine, hours: float, now: float | None = None) -> int:
    """Delete every conversation whose last event lies `hours` back; returns events deleted.

    Raises:
        SQLAlchemyError: the database does not answer; nothing was deleted.
    """
    if not sa.inspect(engine).has_table(_events.name):
        return 0
    at = time.time() if now is None else now
    last = sa.func.max(_events.c.timestamp)
    idle = (
        sa.select(_events.c.sender_id)
        .group_by(_events.c.sender_id)
        .having(sa.or_(last < at - hours * 3600, last > at + AHEAD_SECONDS))
    )
    return _delete(engine, _events.c.sender_id.in_(idle))


def delete_events(engine: Engine, sender_id: str) -> int:
    """Delete one conversation; returns events deleted.

    Raises:
        SQLAlchemyError: the database does not answer.
    """
    return _delete(engine, _events.c.sender_id == sender_id)


async def delete_talk(store: TrackerStore, sender_id: str) -> None:
    """Delete one conversation from the store that holds it.

    Raises:
        NotDeleted: it is still there.
    """
    try:
        if isinstance(store, SQLTrackerStore):
            await asyncio.to_thread(delete_events, store.engine, sender_id)
        elif isinstance(getattr(store, "store", None), dict):  # Rasa's store in memory
            store.store.pop(sender_id, None)
        else:
            raise NotDeleted(f"B100 {type(store).__name__} cannot delete")
        for forget in FORGET_TOO:
            forget(sender_id)
    except (SQLAlchemyError, OSError) as error:
        raise NotDeleted(f"B100 not deleted: {type(error).__name__}") from None


def asks_to_delete(messages: list[str]) -> bool:
    """Whether a turn's messages (`type:id`) hold the word that all is deleted."""
    return f"notice:{TALK_DELETED}" in messages


async def keep_sweeping(engine: Engine, hours: float, every: float = SWEEP_SECONDS) -> None:
    """Sweep now and then until cancelled; a database that is away is tried again."""
    while True:
        try:
            deleted = await asyncio.to_thread(sweep, engine, hours)
            if deleted:
                logger.info("B101 %d events of idle conversations deleted", deleted)
        except SQLAlchemyError as error:
            logger.warning("B103 no sweep: %s", type(error).__name__)
        await asyncio.sleep(every)
