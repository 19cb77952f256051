"""Conversations in SQL: off the event loop, tried again, and each message answered once.

Differences from Rasa's class, each for a fault seen in it: a database that is away at the
start does not block for ever; calls run in threads, so that a hanging database leaves the
loop free for the fixed answer; events are put in order by their number and not by the
clock, so that a clock set back loses no turn; a failed write is an error and not a
conversation that goes on in memory; a turn is written by one statement, counts what
is there only where it cannot know, and leaves out what only that turn needed.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import sessionmaker

from bot.stores.engines import make_engine

logger = logging.getLogger(__name__)
T = TypeVar("T")

# Seconds before each further try: a database that restarts is back within them.
PAUSES = (0.1, 0.3, 0.6)
LOOK_BACK = 8
_EVENTS: sa.Table = SQLTrackerStore.SQLEvent.__table__
# Where a tracker remembers how many of its events are in the table.
_STORED = "_events_stored"
# What the pipeline found near a message serves the turn itself; nothing reads it later.
_OF_THE_TURN = frozenset({"near", "intent_ranking", "level"})


class StoreDown(RuntimeError):
    """B050: the conversation store does not answer."""


def _of(sender_id: str, *columns: Any, all_sessions: bool) -> Any:
    """The query for a conversation's events, or for those of its latest session."""
    query = sa.select(*columns).where(_EVENTS.c.sender_id == sender_id)
    if all_sessions:
        return query
    began = (
        sa.select(sa.func.max(_EVENTS.c.id))
        .where(_EVENTS.c.sender_id == sender_id, _EVENTS.c.type_name == SessionStarted.type_name)
        .scalar_subquery()
    )
    return query.where(_EVENTS.c.id >= sa.func.coalesce(began, 0))


def _row(sender_id: str, event: Event) -> dict[str, Any]:
    """An event as a row of Rasa's table."""
    data = event.as_dict()
    if parsed := data.get("parse_data"):
        kept = {k: v for k, v in parsed.items() if k not in _OF_THE_TURN}
        data = {**data, "parse_data": kept}
    return {
        "sender_id": sender_id,
        "type_name": event.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }


class SqlTrackers(SQLTrackerStore):
    """Rasa's table of events in SQLite or PostgreSQL."""

    def __init__(self, url: str, domain: Domain | None = None) -> None:
        """Connects at the first use, so that the process starts without its database."""
        self.engine = make_engine(url)
        self.sessionmaker = sessionmaker(bind=self.engine)
        self._made = False
        self._threads = ThreadPoolExecutor(12, thread_name_prefix="trackers")
        TrackerStore.__init__(self, domain)

    @contextlib.contextmanager
    def session_scope(self) -> Any:
        """One session; the table is made before the first."""
        if not self._made:
            try:
                self.Base.metadata.create_all(self.engine)
            except DBAPIError:  # another worker made it in the same moment
                self.Base.metadata.create_all(self.engine)
            self._made = True
        with self.sessionmaker() as session:
            yield session

    async def _tried(self, call: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        for pause in (*PAUSES, None):
            try:
                return await loop.run_in_executor(self._threads, call)
            except (DBAPIError, PoolTimeout) as error:
                if pause is None:
                    # The driver's own words could quote a row: only the kind is said.
                    raise StoreDown(f"B050 conversations: {type(error).__name__}") from None
                await asyncio.sleep(pause)
        raise StoreDown("B050 conversations: no answer")

    def _read(self, sender_id: str, all_sessions: bool) -> DialogueStateTracker | None:
        query = _of(sender_id, _EVENTS.c.data, all_sessions=all_sessions)
        with self.session_scope() as session:
            rows = session.execute(query.order_by(_EVENTS.c.id)).scalars().all()
        if not self.domain or not rows:
            return None
        events = [json.loads(row) for row in rows]
        tracker = DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)
        setattr(tracker, _STORED, len(rows))
        return tracker

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The latest session of a conversation."""
        return await self._tried(lambda: self._read(sender_id, all_sessions=False))

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """All sessions of a conversation."""
        return await self._tried(lambda: self._read(conversation_id, all_sessions=True))

    def _write(self, tracker: DialogueStateTracker) -> None:
        # Taken away before the try: after one that failed it is counted what is there.
        stored: int | None = tracker.__dict__.pop(_STORED, None)
        with self.session_scope() as session:
            if stored is None:
                there = _of(tracker.sender_id, sa.func.count(), all_sessions=False)
                stored = session.execute(there).scalar_one()
            fresh = list(itertools.islice(tracker.events, stored, None))
            if fresh:
                session.execute(sa.insert(_EVENTS), [_row(tracker.sender_id, e) for e in fresh])
                session.commit()
        setattr(tracker, _STORED, stored + len(fresh))

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the new events in one transaction; a second try never writes them twice."""
        await self._tried(lambda: self._write(tracker))

    async def keys(self) -> list[str]:
        """The ids of all conversations."""

        def ask() -> list[str]:
            with self.session_scope() as session:
                found = session.execute(sa.select(_EVENTS.c.sender_id).distinct())
                return [str(key) for key in found.scalars()]

        return await self._tried(ask)

    def _answer_kept(self, sender_id: str, message_id: str) -> list[dict[str, Any]] | None:
        event = self.SQLEvent
        with self.session_scope() as session:
            latest = (
                session.query(event.id, event.data)
                .filter(event.sender_id == sender_id, event.type_name == "user")
                .order_by(event.id.desc())
                .limit(LOOK_BACK)
                .all()
            )
            after: int | None = None
            for number, data in latest:
                if json.loads(data).get("message_id") == message_id:
                    rows = session.query(event.data).filter(
                        event.sender_id == sender_id,
                        event.type_name == "bot",
                        event.id > number,
                        *([event.id < after] if after else []),
                    )
                    said = [json.loads(row[0]) for row in rows.order_by(event.id)]
                    return [
                        {"text": s.get("text"), "custom": (s.get("data") or {}).get("custom")}
                        for s in said
                    ]
                after = number
        return None

    async def answer_kept(self, sender_id: str, message_id: str) -> list[dict[str, Any]] | None:
        """What was answered to one of the latest messages of a conversation, if it was."""
        return await self._tried(lambda: self._answer_kept(sender_id, message_id))

    async def alive(self) -> bool:
        """Whether the database answers now."""

        def ask() -> bool:
            with self.engine.connect() as db:
                return bool(db.execute(sa.text("SELECT 1")).scalar())

        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._threads, ask)
        except SQLAlchemyError:
            return False
