"""Embeds messages beside the event loop, those that wait together in one go.

Most of an embedding's time is reading the model's weights from memory, which several
messages can share; and ONNX Runtime lets other threads run meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

# The pieces of one go: more would make the first of them wait for the last.
MOST_PIECES = 48


class EmbedAhead:
    """Calls `encode` with the messages that wait, by their pieces; for one event loop."""

    def __init__(self, encode: Callable[[list[Sequence[str]]], Any]) -> None:
        """`encode` keeps what it made (see `Embedder.read_messages`) and is thread-safe."""
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
            messages = [pieces for pieces, _ in batch]
            try:
                await loop.run_in_executor(self._thread, self._encode, messages)
            except Exception as error:
                for _, done in batch:
                    if not done.done():
                        done.set_exception(error)
            else:
                for _, done in batch:
                    if not done.done():
                        done.set_result(None)
