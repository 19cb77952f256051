"""One turn of a conversation at a time: within the process, or across workers by Redis.

Rasa's own stores poll once a second, block the event loop (Redis), and let a ticket of a
killed worker stand for a minute by the worker's clock.  These hand over at once, and a
dead worker's lock ends by the clock of Redis.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import time
from collections.abc import AsyncIterator
from typing import Any

from rasa.core.lock_store import LockError, LockStore
from redis.asyncio import Redis
from redis.asyncio.lock import Lock
from redis.exceptions import LockError as RedisLockError
from redis.exceptions import RedisError

from bot.watch.metrics import REDIS_DOWN

logger = logging.getLogger(__name__)

# Longer than a turn can take, shorter than a user waits before sending again.
LIFETIME, WAIT, POLL = 8.0, 7.0, 0.02
# For so long Redis is not asked again after it failed: each try costs a second of the turn.
DOWN_SECONDS = 3.0


class LocalLocks(LockStore):
    """Locks of this process; forgotten as soon as nobody waits."""

    def __init__(self) -> None:
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    @contextlib.asynccontextmanager
    async def lock(self, conversation_id: str, *_: Any, **__: Any) -> AsyncIterator[None]:
        """Hold the conversation."""
        lock, users = self._locks.get(conversation_id, (asyncio.Lock(), 0))
        self._locks[conversation_id] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            lock, users = self._locks[conversation_id]
            if users <= 1:
                del self._locks[conversation_id]
            else:
                self._locks[conversation_id] = (lock, users - 1)


class RedisLocks(LockStore):
    """Locks in Redis, with those of the process below them for when Redis is down."""

    def __init__(self, url: str) -> None:
        """`url` as in BOT_REDIS_URL; connects at the first use."""
        self._redis: Redis[bytes] = Redis.from_url(
            url, socket_timeout=1.0, socket_connect_timeout=0.5, health_check_interval=15
        )
        self._local = LocalLocks()
        self._down_until = 0.0

    @contextlib.asynccontextmanager
    async def lock(self, conversation_id: str, *_: Any, **__: Any) -> AsyncIterator[None]:
        """Hold the conversation.

        Raises:
            LockError: another worker held it for longer than a turn can take.
        """
        name = "lock:" + hashlib.sha256(conversation_id.encode()).hexdigest()[:32]
        async with self._local.lock(conversation_id):
            held = self._redis.lock(name, timeout=LIFETIME, sleep=POLL, blocking_timeout=WAIT)
            if not await self._acquired(held):
                yield
                return
            try:
                yield
            finally:
                # Ended by itself, or Redis went away: then it ends by its lifetime.
                with contextlib.suppress(RedisLockError, RedisError):
                    await asyncio.shield(held.release())

    async def _acquired(self, held: Lock) -> bool:
        """Whether Redis granted it; False where Redis is down."""
        if time.monotonic() < self._down_until:
            return False
        try:
            granted = await held.acquire()
        except (RedisError, OSError) as error:
            REDIS_DOWN.inc()
            self._down_until = time.monotonic() + DOWN_SECONDS
            logger.warning("B052 no lock by Redis: %s", type(error).__name__)
            return False
        if not granted:
            raise LockError("B053 the conversation is busy")
        return True


def make_locks(redis_url: str) -> LockStore:
    """The lock store for a setting of BOT_REDIS_URL (empty: within the process)."""
    return RedisLocks(redis_url) if redis_url else LocalLocks()
