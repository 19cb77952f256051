"""How the supervisor knows that the event loop of a server turns: a byte over a pipe.

An HTTP question would not do: the supervisor answers on the same socket while the server
is away.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import time

EVERY = 0.25


async def beat(handle: int) -> None:
    """Write a byte four times a second, until cancelled or the reader is gone."""
    os.set_blocking(handle, False)
    with contextlib.suppress(BrokenPipeError):
        while True:
            with contextlib.suppress(BlockingIOError):
                os.write(handle, b".")
            await asyncio.sleep(EVERY)


class Pulse:
    """The reading end; `silence` is the time since the last byte."""

    def __init__(self) -> None:
        self.reader, self.writer = os.pipe()
        os.set_blocking(self.reader, False)
        os.set_inheritable(self.writer, True)
        self._last: float | None = None

    def forget(self) -> None:
        """A new process starts: wait for its first byte."""
        self._drain()
        self._last = None

    def _drain(self) -> bool:
        seen = False
        with contextlib.suppress(BlockingIOError):
            while os.read(self.reader, 4096):
                seen = True
        return seen

    def silence(self) -> float:
        """Seconds since the last byte; infinite before the first."""
        if self._drain():
            self._last = time.monotonic()
        return float("inf") if self._last is None else time.monotonic() - self._last

    def close(self) -> None:
        """Give both ends back."""
        for handle in (self.reader, self.writer):
            with contextlib.suppress(OSError):
                os.close(handle)
