"""How often one client may send. In memory; another store needs `allow` alone."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

REMEMBERED = 20_000


class Limiter(Protocol):
    """What a channel asks before it takes a message."""

    def allow(self, key: str) -> bool:
        """Whether the client behind `key` may send once more; counts the attempt."""
        ...


class RateLimit:
    """A bucket a client: `burst` at once, then `per_minute` a minute."""

    def __init__(
        self,
        per_minute: float,
        burst: int,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Both at least 1."""
        self._rate, self._burst, self._clock = per_minute / 60, float(burst), clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allow(self, key: str) -> bool:
        """Whether the client may send once more."""
        now = self._clock()
        left, seen = self._left.pop(key, (self._burst, now))
        left = min(self._burst, left + (now - seen) * self._rate)
        allowed = left >= 1
        self._left[key] = (left - 1 if allowed else left, now)
        while len(self._left) > REMEMBERED:
            self._left.popitem(last=False)
        return allowed


@dataclass(frozen=True)
class Limits:
    """The limits of the website channel.

    A school is often one address for all its staff, so that by address is generous.
    """

    messages: Limiter
    address: Limiter
    talks: Limiter

    @classmethod
    def in_memory(cls) -> Limits:
        """The default: of this process alone."""
        return cls(
            messages=RateLimit(per_minute=40, burst=30),
            address=RateLimit(per_minute=600, burst=300),
            talks=RateLimit(per_minute=120, burst=120),
        )
