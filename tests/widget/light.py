"""The website channel on a free port without Rasa: the answers are the test's own."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sanic import Sanic
from sanic.touchup.service import TouchUp

from bot.channels.history import TalkTurn
from bot.channels.limits import Limits, RateLimit
from bot.channels.site import Site
from bot.channels.tokens import SessionTokens
from bot.channels.website import WebsiteChannel
from bot.channels.website_page import ChatPage
from knowledge.payloads import answer_payload
from tests.servers.running import free_port

# It rewrites the methods of Sanic's classes at start, which works once in a process.
_rewrite = TouchUp.run
_rewritten: list[bool] = []


def _once(app: Any) -> None:
    if not _rewritten:
        _rewritten.append(True)
        _rewrite(app)


TouchUp.run = staticmethod(_once)
SECRET = b"a secret of this test, long enough to sign"


def notice(text: str, key: str = "test") -> dict[str, Any]:
    return {"type": "notice", "id": key, "text": text, "contacts": [], "sources": [],
            "content_version": "test"}  # fmt: skip


def question(
    text: str, options: list[tuple[str, str]], *, multiple: bool = False
) -> dict[str, Any]:
    return {
        "type": "question", "id": "indicators" if multiple else "child_borough", "text": text,
        "why": "", "multiple": multiple, "content_version": "test",
        "options": [
            {"title": title, "value": value, "payload": answer_payload("child_borough", value)}
            for value, title in options
        ],
    }  # fmt: skip


@dataclass
class FakeRasa:
    """Answers by `reply`, keeps turns as the tracker would, and can be slow or dumb."""

    reply: Callable[[str], list[dict[str, Any]]]
    seconds: float = 0.0
    handled: list[str] = field(default_factory=list)
    talks: dict[str, list[TalkTurn]] = field(default_factory=dict)

    async def __call__(self, message: Any) -> None:
        if self.seconds:
            await asyncio.sleep(self.seconds)
        turn = TalkTurn(message.message_id, message.text)
        known = [t for t in self.talks.get(message.sender_id, []) if t.id == turn.id]
        if known and message.metadata["own_id"]:  # as bot.runtime.agent does
            for sent in known[0].messages:
                await message.output_channel.send_response(message.sender_id, sent)
            return
        self.handled.append(message.text)
        for custom in self.reply(message.text):
            sent = {"text": custom["text"], "custom": custom}
            turn.messages.append(sent)
            await message.output_channel.send_response(message.sender_id, sent)
        self.talks.setdefault(message.sender_id, []).append(turn)

    async def history(self, sender: str) -> list[TalkTurn]:
        return list(self.talks.get(sender, []))


@dataclass
class Light:
    address: str
    rasa: FakeRasa
    site: Site
    channel: WebsiteChannel


def greeting(text: str) -> list[dict[str, Any]]:
    if text == "/greet":
        return [notice("Hello, tell me."), question("Where?", [("hackney", "Hackney")])]
    return [notice(f"heard: {text}")]


@contextlib.contextmanager
def light(
    folder: Path,
    reply: Callable[[str], list[dict[str, Any]]] = greeting,
    *,
    port: int | None = None,
    rasa: FakeRasa | None = None,
    **settings: Any,
) -> Iterator[Light]:
    """The channel and the page, served from a thread."""
    rasa = rasa or FakeRasa(reply)
    settings.setdefault("tokens", SessionTokens(SECRET))
    settings.setdefault("off_switch", folder / "switched-off")
    settings.setdefault("limits", Limits(*(RateLimit(6000, 1000) for _ in range(3))))
    site = Site(**settings)
    channel = WebsiteChannel(site, history=rasa.history)
    app = Sanic(f"light-{uuid.uuid4().hex}", configure_logging=False)
    app.blueprint(channel.blueprint(rasa), url_prefix="/webhooks/website")
    page = ChatPage(site, handle=rasa, history=rasa.history)
    app.blueprint(page.blueprint())
    app.register_middleware(page.front_page, "request")
    port = port or free_port()
    loop = asyncio.new_event_loop()
    ready = threading.Event()
    stop = asyncio.Event()

    async def serve() -> None:
        server = await app.create_server(
            host="127.0.0.1", port=port, return_asyncio_server=True, access_log=False
        )
        assert server is not None
        await server.startup()
        await server.start_serving()
        ready.set()
        await stop.wait()
        server.close()
        for connection in list(server.connections):
            connection.abort() if hasattr(connection, "abort") else connection.close()
        await asyncio.sleep(0.1)

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    assert ready.wait(20)
    try:
        yield Light(f"http://127.0.0.1:{port}", rasa, site, channel)
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
