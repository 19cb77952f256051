"""What several workers must know together: which activities were handled, whom to remind.

Nothing here holds what anybody said.  Keys are hashes; a conversation's address is kept
only while a reminder that the user asked for needs it.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import time
from collections import OrderedDict
from typing import Any, Protocol

import sqlalchemy as sa
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

logger = logging.getLogger(__name__)

KEEP_SECONDS = 24 * 3600
FOREVER = 10 * 365 * 24 * 3600
REMEMBERED = 20_000
PURGE_SECONDS = 3_600

metadata = sa.MetaData()
claims = sa.Table(
    "teams_claims",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("until", sa.BigInteger, nullable=False, index=True),
)
references = sa.Table(
    "teams_references",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("reference", sa.Text, nullable=False),
)


def make_tables(engine: Engine) -> None:
    """Make what is not there yet; another worker may be doing so in the same moment."""
    for table in metadata.sorted_tables:  # each by itself: a lost race must not skip the next
        try:
            table.create(engine, checkfirst=True)
        except SQLAlchemyError:
            table.create(engine, checkfirst=True)


def hashed(key: str) -> str:
    """A key as it is stored."""
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()


class Claims(Protocol):
    """Says to one worker alone that something is its to do."""

    async def claim(self, key: str, seconds: int = KEEP_SECONDS) -> bool:
        """Whether nobody claimed `key` in the last `seconds`; from now on somebody has."""

    async def release(self, key: str) -> None:
        """Let `key` be claimed again."""


class MemoryClaims:
    """Claims of this process alone."""

    def __init__(self) -> None:
        self._until: OrderedDict[str, float] = OrderedDict()

    async def claim(self, key: str, seconds: int = KEEP_SECONDS) -> bool:
        """See `Claims`."""
        now = time.monotonic()
        if self._until.get(key, 0.0) > now:
            return False
        self._until[key] = now + seconds
        self._until.move_to_end(key)
        while len(self._until) > REMEMBERED:
            self._until.popitem(last=False)
        return True

    async def release(self, key: str) -> None:
        """See `Claims`."""
        self._until.pop(key, None)


class SqlClaims:
    """Claims of all workers by one table: its primary key lets one of them win."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._local = MemoryClaims()
        self._made = False
        self._purge_at = 0

    async def claim(self, key: str, seconds: int = KEEP_SECONDS) -> bool:
        """See `Claims`; those of this process where the database is away."""
        try:
            return await asyncio.to_thread(self._claim, hashed(key), seconds)
        except SQLAlchemyError as error:
            logger.warning("B135 claims not shared: %s", type(error).__name__)
            return await self._local.claim(key, seconds)

    def _claim(self, key: str, seconds: int) -> bool:
        if not self._made:
            make_tables(self._engine)
            self._made = True
        now = int(time.time())
        old = claims.c.until <= now
        if now >= self._purge_at:
            self._purge_at = now + PURGE_SECONDS
            with self._engine.begin() as db:
                db.execute(claims.delete().where(old))
        try:
            with self._engine.begin() as db:
                db.execute(claims.delete().where(claims.c.key == key, old))
                db.execute(claims.insert().values(key=key, until=now + seconds))
        except IntegrityError:
            return False
        return True

    async def release(self, key: str) -> None:
        """See `Claims`."""

        def delete() -> None:
            with self._engine.begin() as db:
                db.execute(claims.delete().where(claims.c.key == hashed(key)))

        try:
            await asyncio.to_thread(delete)
        except SQLAlchemyError as error:
            logger.warning("B135 claim not released: %s", type(error).__name__)
        await self._local.release(key)


class RedisClaims:
    """Claims of all workers by Redis."""

    def __init__(self, url: str) -> None:
        self._redis: Redis[bytes] = Redis.from_url(
            url, socket_timeout=1.0, socket_connect_timeout=1.0
        )
        self._local = MemoryClaims()

    async def claim(self, key: str, seconds: int = KEEP_SECONDS) -> bool:
        """See `Claims`; those of this process where Redis is away."""
        try:
            return bool(await self._redis.set(f"teams:{hashed(key)}", b"1", nx=True, ex=seconds))
        except (RedisError, OSError) as error:
            logger.warning("B135 claims not shared: %s", type(error).__name__)
            return await self._local.claim(key, seconds)

    async def release(self, key: str) -> None:
        """See `Claims`."""
        try:
            await self._redis.delete(f"teams:{hashed(key)}")
        except (RedisError, OSError) as error:
            logger.warning("B135 claim not released: %s", type(error).__name__)
        await self._local.release(key)


class References:
    """Where to reach those who asked for a reminder."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._made = False

    def _open(self) -> Engine:
        if not self._made:
            make_tables(self._engine)
            self._made = True
        return self._engine

    def keep(self, key: str, reference: dict[str, Any]) -> None:
        """Keep, or replace, the address of a talk."""
        with self._open().begin() as db:
            db.execute(references.delete().where(references.c.key == key))
            db.execute(references.insert().values(key=key, reference=json.dumps(reference)))

    def get(self, key: str) -> dict[str, Any] | None:
        """The address of a talk, if it is kept."""
        with self._open().connect() as db:
            query = sa.select(references.c.reference).where(references.c.key == key)
            found = db.execute(query).scalar()
        kept: dict[str, Any] | None = json.loads(found) if found else None
        return kept

    def forget(self, key: str) -> None:
        """Delete the address of a talk."""
        with self._open().begin() as db:
            db.execute(references.delete().where(references.c.key == key))
