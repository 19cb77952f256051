"""Conversations in SQL: off the event loop, tried again, and each message answered once.

Differences from Rasa's class, each for a fault seen in it: a database that is away at the
start does not block for ever; calls run in threads, so that a hanging database leaves the
loop free for the fixed answer; events are put in order by their number and not by the
clock, so that a clock set back loses no turn; a failed write is an error and not a
conversation that goes on in memory.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Query, Session, sessionmaker

from bot.stores.engines import make_engine

logger = logging.getLogger(__name__)
T = TypeVar("T")

# Seconds before each further try: a database that restarts is back within them.
PAUSES = (0.1, 0.3, 0.6)
LOOK_BACK = 8


class StoreDown(RuntimeError):
    """B050: the conversation store does not answer."""


def _drive(coroutine: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine of Rasa's that never really waits."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        value: T = end.value
        return value
    coroutine.close()
    raise RuntimeError("B051 a call to the store waited for something else")


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

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The latest session of a conversation."""
        return await self._tried(lambda: _drive(SQLTrackerStore.retrieve(self, sender_id)))

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """All sessions of a conversation."""
        found = SQLTrackerStore.retrieve_full_tracker
        return await self._tried(lambda: _drive(found(self, conversation_id)))

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the new events in one transaction; a second try never writes them twice."""
        await self._tried(lambda: _drive(SQLTrackerStore.save(self, tracker)))

    async def keys(self) -> list[str]:
        """The ids of all conversations."""
        return list(await self._tried(lambda: _drive(SQLTrackerStore.keys(self))))

    def _event_query(
        self, session: Session, sender_id: str, fetch_events_from_all_sessions: bool
    ) -> Query[Any]:
        event = self.SQLEvent
        query = session.query(event).filter(event.sender_id == sender_id)
        if not fetch_events_from_all_sessions:
            began = (
                session.query(sa.func.max(event.id))
                .filter(event.sender_id == sender_id, event.type_name == SessionStarted.type_name)
                .scalar_subquery()
            )
            query = query.filter(event.id >= sa.func.coalesce(began, 0))
        return query.order_by(event.id)

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
