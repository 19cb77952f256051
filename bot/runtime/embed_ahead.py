"""Embeds messages beside the event loop, those that wait together in one go.

Most of an embedding's time is reading the model's weights from memory, which several
messages can share; and NumPy lets other threads run meanwhile.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

# The pieces of one go: more would make the first of them wait for the last.
MOST_PIECES = 48


class Cores:
    """How many turns are in hand, and so how many cores one of them may have.

    A turn that is alone is embedded on `THREADS_ALONE` cores, which takes a third less time;
    several at once have one each, or their threads would wait for each other's.
    """

    THREADS_ALONE = "BOT_THREADS_ALONE"  # set by the supervisor, where this server is the only one

    def __init__(self) -> None:
        """Reads the environment."""
        self._most = int(os.environ.get(self.THREADS_ALONE, "1"))
        self._blas = ThreadpoolController().select(internal_api="openblas")
        self._turns = 0

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """A turn in hand."""
        self._turns += 1
        try:
            yield
        finally:
            self._turns -= 1

    @contextlib.contextmanager
    def lent(self) -> Iterator[int]:
        """The cores of the moment, for the work within."""
        if self._most == 1 or self._turns > 1:
            yield 1
            return
        with self._blas.limit(limits=self._most):
            yield self._most


class EmbedAhead:
    """Calls `encode` with the pieces of the messages that wait; for one event loop."""

    def __init__(self, encode: Callable[[list[str]], Any]) -> None:
        """`encode` keeps what it made (see `Embedder.encode_message`) and is thread-safe."""
        self._encode = encode
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="embedding")
        self._waiting: list[tuple[Sequence[str], asyncio.Future[None]]] = []
        self._work: asyncio.Task[None] | None = None

    async def embed(self, pieces: Sequence[str]) -> None:
        """Returns when the pieces of a message are embedded.

        Raises:
            Exception: whatever `encode` raised.
        """
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((pieces, done))
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._go())
        await done

    def _next(self) -> list[tuple[Sequence[str], asyncio.Future[None]]]:
        size, count = 0, 0
        for pieces, _ in self._waiting:
            size += len(pieces)
            if count and size > MOST_PIECES:
                break
            count += 1
        batch, self._waiting = self._waiting[:count], self._waiting[count:]
        return batch

    async def _go(self) -> None:
        loop = asyncio.get_running_loop()
        while batch := self._next():
            texts = list(dict.fromkeys(p for pieces, _ in batch for p in pieces))
            try:
                await loop.run_in_executor(self._thread, self._encode, texts)
            except Exception as error:
                for _, done in batch:
                    if not done.done():
                        done.set_exception(error)
            else:
                for _, done in batch:
                    if not done.done():
                        done.set_result(None)
