"""How many turns a conversation may send a minute; more is answered by the fixed answer."""

from __future__ import annotations

import hashlib
import logging
import time
from functools import lru_cache
from typing import Protocol

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.settings import settings
from bot.watch.metrics import REDIS_DOWN

logger = logging.getLogger(__name__)
WINDOW = 60
MOST_KEYS = 20_000


class Limits(Protocol):
    """Counts turns by conversation in windows of a minute."""

    async def allows(self, key: str) -> bool:
        """Count one turn; whether it is within the limit."""


class LocalLimits:
    """Counts in this process."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._window = 0
        self._counts: dict[str, int] = {}

    async def allows(self, key: str) -> bool:
        """See `Limits`."""
        window = int(time.monotonic() // WINDOW)
        if window != self._window or len(self._counts) > MOST_KEYS:
            self._window, self._counts = window, {}
        self._counts[key] = self._counts.get(key, 0) + 1
        return self._counts[key] <= self._most


class RedisLimits:
    """Counts for all workers together; those of the process where Redis is down."""

    def __init__(self, url: str, most: int) -> None:
        self._most = most
        self._redis: Redis[bytes] = Redis.from_url(
            url, socket_timeout=0.5, socket_connect_timeout=0.5
        )
        self._local = LocalLimits(most)
        self._down_until = 0.0

    async def allows(self, key: str) -> bool:
        """See `Limits`."""
        if time.monotonic() < self._down_until:
            return await self._local.allows(key)
        name = "turns:" + hashlib.sha256(key.encode()).hexdigest()[:32]
        try:
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.incr(name)
                pipe.expire(name, WINDOW, nx=True)
                count, _ = await pipe.execute()
        except (RedisError, OSError) as error:
            REDIS_DOWN.inc()
            self._down_until = time.monotonic() + 5
            logger.warning("B054 no limits by Redis: %s", type(error).__name__)
            return await self._local.allows(key)
        return int(count) <= self._most


@lru_cache(maxsize=1)
def limits() -> Limits:
    """The limits of this process by its settings."""
    now = settings()
    if now.redis_url:
        return RedisLimits(now.redis_url, now.turns_a_minute)
    return LocalLimits(now.turns_a_minute)
