"""Training's own database: sessions, who takes part (by a hash alone), and events.

Neither names nor written answers are stored; tokens are, as hashes.  An event is committed
before anybody is told of it.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from bot.paths import BUILD
from bot.scenarios.player import Event
from bot.settings import secret
from bot.stores.engines import make_engine

URL_VARIABLE = "BOT_TRAINING_URL"

metadata = sa.MetaData()
sessions = sa.Table(
    "training_sessions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("code", sa.String(12), unique=True),
    sa.Column("lead", sa.String(64), index=True),
    sa.Column("screen", sa.String(64), index=True),
    sa.Column("scenario", sa.Text, nullable=False),
    sa.Column("content_version", sa.String(40), nullable=False),
    sa.Column("created", sa.Float, nullable=False),
)
learners = sa.Table(
    "training_learners",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("session", sa.Integer, sa.ForeignKey(sessions.c.id), nullable=False, index=True),
    sa.Column("token", sa.String(64), unique=True, nullable=False),
)
events = sa.Table(
    "training_events",
    metadata,
    sa.Column("session", sa.Integer, sa.ForeignKey(sessions.c.id), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)


class TrainingStoreError(RuntimeError):
    """S020: training's database does not answer."""


class Taken(RuntimeError):
    """Another process wrote the event with this number first: look again, then repeat."""


def hashed(token: str) -> str:
    """What is stored of a secret token."""
    return hashlib.sha256(token.encode()).hexdigest()


class TrainingStore:
    """Reads and writes training's database; one per process."""

    def __init__(self, url: str | None = None) -> None:
        """`url` defaults to `BOT_TRAINING_URL`, else to a SQLite file under `build/`.

        Raises:
            TrainingStoreError: the database cannot be opened.
        """
        address = url or secret(os.environ, URL_VARIABLE) or f"sqlite:///{BUILD / 'training.db'}"
        try:
            self._engine = make_engine(address)
            if self._engine.dialect.name == "sqlite":
                sa.event.listen(self._engine, "connect", _durable)
            metadata.create_all(self._engine)
        except (SQLAlchemyError, OSError) as error:
            raise TrainingStoreError(f"S020 {URL_VARIABLE}: {error}. Mend: check it") from error

    def add_session(
        self, scenario: str, version: str, *, code: str | None, lead: str | None,
        screen: str | None,
    ) -> int:  # fmt: skip
        """A new session with its scenario as it is now; returns the id.

        Raises:
            Taken: the code is in use.
        """
        row = {
            "code": code, "scenario": scenario, "content_version": version,
            "created": time.time(), "lead": hashed(lead) if lead else None,
            "screen": hashed(screen) if screen else None,
        }  # fmt: skip
        try:
            with self._engine.begin() as db:
                made = db.execute(sa.insert(sessions).values(**row))
                return cast("int", made.inserted_primary_key[0])
        except IntegrityError as error:
            raise Taken(str(code)) from error

    def session(self, **by: Any) -> dict[str, Any] | None:
        """A session by `id`, `code`, `lead` or `screen` (these two as tokens)."""
        (column, value), = by.items()  # fmt: skip
        if column in {"lead", "screen"}:
            value = hashed(value)
        with self._engine.connect() as db:
            row = db.execute(sa.select(sessions).where(sessions.c[column] == value)).first()
        return dict(row._mapping) if row else None

    def add_learner(self, session: int, token: str) -> int:
        """Somebody who takes part, known by the hash of a token; returns the id."""
        with self._engine.begin() as db:
            made = db.execute(sa.insert(learners).values(session=session, token=hashed(token)))
            return cast("int", made.inserted_primary_key[0])

    def learner(self, token: str) -> tuple[int, int] | None:
        """(session, learner) of a token, or None."""
        query = sa.select(learners.c.session, learners.c.id).where(
            learners.c.token == hashed(token)
        )
        with self._engine.connect() as db:
            row = db.execute(query).first()
        return (row[0], row[1]) if row else None

    def forget_learner(self, token: str) -> None:
        """Cut the tie between a token and what was answered with it."""
        with self._engine.begin() as db:
            gone = hashed(f"{token}:{time.time()}")
            db.execute(
                sa.update(learners).where(learners.c.token == hashed(token)).values(token=gone)
            )

    def append(self, session: int, number: int, event: Event) -> None:
        """Commit an event as the session's `number`th.

        Raises:
            Taken: the number is used.
        """
        row = {"session": session, "number": number, "at": event["at"], "body": json.dumps(event)}
        try:
            with self._engine.begin() as db:
                db.execute(sa.insert(events).values(**row))
        except IntegrityError as error:
            raise Taken(str(number)) from error

    def events(self, session: int, after: int = 0) -> list[Event]:
        """A session's events with a number above `after`, in order."""
        query = (
            sa.select(events.c.body)
            .where(events.c.session == session, events.c.number > after)
            .order_by(events.c.number)
        )
        with self._engine.connect() as db:
            return [json.loads(row[0]) for row in db.execute(query)]

    def all_sessions(self) -> list[dict[str, Any]]:
        """Every session, oldest first."""
        with self._engine.connect() as db:
            rows = db.execute(sa.select(sessions).order_by(sessions.c.id))
            return [dict(row._mapping) for row in rows]

    def forget_before(self, moment: float) -> int:
        """Remove sessions made before a time (seconds since 1970); returns how many."""
        old = sa.select(sessions.c.id).where(sessions.c.created < moment)
        with self._engine.begin() as db:
            db.execute(sa.delete(events).where(events.c.session.in_(old)))
            db.execute(sa.delete(learners).where(learners.c.session.in_(old)))
            gone = db.execute(sa.delete(sessions).where(sessions.c.created < moment))
            return cast("int", gone.rowcount)

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()


def _durable(connection: Any, _: Any) -> None:
    """SQLite: readers beside one writer, and a commit is on the disk when it returns."""
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=3000",
                   "foreign_keys=ON"):  # fmt: skip
        connection.execute(f"PRAGMA {pragma}")
