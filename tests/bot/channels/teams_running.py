"""A Teams channel over a scripted assistant, on a loop in a thread: fast, no model."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.evaluate.teams_speaker import TeamsServer


class Scripted:
    """An agent that answers by a function, and keeps what it was handed."""

    def __init__(self, answer: Callable[[str], list[dict[str, Any]]]) -> None:
        self.answer = answer
        self.heard: list[Any] = []
        self.tracker_store = InMemoryTrackerStore(Domain.empty())

    async def handle_message(self, message: Any) -> None:
        self.heard.append(message)
        tracker = await self.tracker_store.retrieve(message.sender_id)
        tracker = tracker or DialogueStateTracker(message.sender_id, [])
        tracker.update(UserUttered(message.text, message_id=message.message_id))
        await self.tracker_store.save(tracker)
        for made in self.answer(message.text):
            await message.output_channel.send_response(message.sender_id, made)


class Running:
    """A server, and how to call it from a test."""

    def __init__(self, server: TeamsServer, agent: Scripted, loop: asyncio.AbstractEventLoop):
        self.server, self.agent, self._loop = server, agent, loop

    def run(self, call: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(call, self._loop).result(20)

    def post(self, body: Any, token: str | None = None, **headers: str) -> int:
        status = self.run(self.server.post(body, token, **headers))
        self.run(self.server.channel.settled())
        return status

    @property
    def url(self) -> str:
        return self.server.connector.url

    @property
    def sent(self) -> list[Any]:
        return self.server.connector.sent

    def texts(self) -> str:
        """All that the user can read, of cards and texts."""
        return str([s.activity for s in self.server.connector.messages()])


@contextlib.contextmanager
def teams(
    answer: Callable[[str], list[dict[str, Any]]] | None = None, **parts: Any
) -> Iterator[Running]:
    """A running channel."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    agent = Scripted(answer or (lambda text: [{"text": f"heard {text}"}]))

    async def make() -> TeamsServer:
        server = TeamsServer(agent, **parts)
        server.channel.connector.sleep = _no_sleep
        await server.start()
        return server

    server = asyncio.run_coroutine_threadsafe(make(), loop).result(20)
    running = Running(server, agent, loop)
    try:
        yield running
    finally:
        running.run(server.stop())
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)


async def _no_sleep(_: float) -> None:
    await asyncio.sleep(0)
