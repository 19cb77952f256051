"""Speaks to the assistant as Teams does: signed activities over HTTP, cards pressed.

The whole channel runs: door, tokens, background turns, cards, connector.  A choice is made by
pressing what the last cards offer, and each message counts only if its cards arrived.
"""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import uuid
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, TypeVar

import aiohttp
from rasa.core.channels.channel import OutputChannel, UserMessage
from sanic import Sanic

from bot.channels.cards import cards_for
from bot.channels.teams import TeamsChannel
from bot.channels.teams_tokens import KeyRing
from bot.evaluate.fake_teams import FakeConnector, FakeTokens, Sent, activity, fake_settings
from bot.evaluate.player import ChannelFault, Speaker
from bot.runtime.talk import Assistant

T = TypeVar("T")
TURN_SECONDS = 30


class _Recorder(OutputChannel):
    """Keeps the JSON of a turn on its way to the channel."""

    def __init__(self, inner: OutputChannel, kept: list[dict[str, Any]]) -> None:
        self._inner, self._kept = inner, kept

    @classmethod
    def name(cls) -> str:
        """Channel name."""
        return "teams"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one message, and hand it on."""
        if isinstance(message.get("custom"), dict):
            self._kept.append(message["custom"])
        await self._inner.send_response(recipient_id, message)


class TeamsServer:
    """The Teams channel of an assistant on a free port, with a Teams of its own.

    All runs on the loop that `start` is awaited on; `address` is the channel's endpoint.
    """

    def __init__(self, agent: Any, **parts: Any) -> None:
        """`parts` are further parts of the channel, such as `reminders`."""
        self.tokens, self.connector = FakeTokens(), FakeConnector()
        self.settings = parts.pop("settings", None) or fake_settings()
        self._agent, self._parts = agent, parts
        self.said: list[dict[str, Any]] = []
        self.channel = TeamsChannel(
            self.settings,
            self.tokens,
            keys=KeyRing(self.settings.openid_url, self.tokens.fetch),
            **parts,
        )
        self.address = ""
        self._server: Any = None

    async def start(self) -> None:
        """Listen."""
        await self.connector.start()
        # Sanic rewrites its own code at each start; only so can it do that twice in a process.
        Sanic.test_mode = True
        app = Sanic(f"teams_{uuid.uuid4().hex[:8]}", configure_logging=False)
        app.config.MOTD = False
        app.ctx.agent = self._agent

        async def on_new_message(message: UserMessage) -> Any:
            message.output_channel = _Recorder(message.output_channel, self.said)
            return await self._agent.handle_message(message)

        app.blueprint(self.channel.blueprint(on_new_message), url_prefix="/webhooks/teams")
        listening = socket.create_server(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        server = await app.create_server(
            sock=listening, return_asyncio_server=True, access_log=False
        )
        await server.startup()
        await server.before_start()
        await server.after_start()
        self._server = server
        self.address = f"http://127.0.0.1:{port}/webhooks/teams/webhook"

    async def stop(self) -> None:
        """Stop listening, after what was let in is handled."""
        await self.channel.settled()
        await self._server.before_stop()
        await self._server.close()
        await self._server.after_stop()
        await self.connector.stop()

    async def post(self, body: Any, token: str | None = None, **headers: str) -> int:
        """Send a body as the Bot Framework does; the status of the acknowledgement."""
        signed = token if token is not None else self.tokens.sign(self.connector.url)
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"Content-Type": "application/json", **headers}
        if signed:
            sent["Authorization"] = f"Bearer {signed}"
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.address, data=data, headers=sent) as answer,
        ):
            await answer.read()
            return answer.status


class TeamsSpeaker:
    """Talks through a `TeamsServer` that runs in a thread of its own."""

    def __init__(self, server: TeamsServer, loop: asyncio.AbstractEventLoop) -> None:
        self._server, self._loop = server, loop

    def new_sender(self) -> str:
        """An id for a new talk."""
        return f"user-{uuid.uuid4().hex}"

    def say(self, sender: str, text: str) -> list[dict[str, Any]]:
        """One turn: typed, or pressed on a card where it is one of our payloads.

        Raises:
            ChannelFault: it was not acknowledged, or the cards that arrived are others.
        """
        return asyncio.run_coroutine_threadsafe(self._say(sender, text), self._loop).result(
            TURN_SECONDS
        )

    async def _say(self, sender: str, text: str) -> list[dict[str, Any]]:
        server, connector = self._server, self._server.connector
        cards = [s for s in connector.messages() if s.conversation == f"a:{sender}"]
        press = pressed(cards, text) if text.startswith("/answer") else {"text": text}
        before = len(connector.sent)
        server.said.clear()
        status = await server.post(activity(connector.url, user=sender, **press))
        if status != 202:
            raise ChannelFault(f"B090 not acknowledged: {status}")
        await server.channel.settled()
        arrived = [
            a["content"]
            for s in connector.sent[before:]
            if s.method == "POST"
            for a in s.activity.get("attachments", [])
        ]
        said = list(server.said)
        wanted = [card for m in said for card in cards_for(m, channel="teams")]
        if arrived[: len(wanted)] != wanted:
            raise ChannelFault("B090 the cards that arrived are not what was said")
        return said


def pressed(sent: list[Sent], payload: str) -> dict[str, Any]:
    """What Teams sends when the choice of a payload is made on the latest card with its question.

    A choice that the card does not have is sent all the same, as it is on every other channel:
    vignettes may plan one, and what the assistant makes of it is judged.

    Raises:
        ChannelFault: no card asks the question.
    """
    ((question, value),) = json.loads(payload.removeprefix("/answer")).items()
    for one in reversed(sent):
        buttons: dict[str, Any] = {}
        for item in _parts(one.activity):
            if item.get("type") == "Action.Submit":
                buttons[item["data"].get("msteams", {}).get("text", "")] = item["data"]
            if item.get("type") == "Input.ChoiceSet" and item["id"] == question:
                values = value if isinstance(value, list) else [value]
                return {
                    "text": "",
                    "value": {"question": question, question: ",".join(values)},
                    "replyToId": one.activity_id,
                }
        if any(text.startswith(f'/answer{{"{question}":') for text in buttons):
            data = buttons.get(payload, {"payload": payload})
            return {"text": payload, "value": data, "replyToId": one.activity_id}
    raise ChannelFault(f"B090 no card asks `{question}`")


def _parts(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from _parts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _parts(value)


@contextmanager
def through_teams(assistant: Assistant) -> Iterator[Speaker]:
    """Open the Teams channel of an assistant, in a thread, until done."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="teams", daemon=True)
    thread.start()

    def run(call: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(call, loop).result(TURN_SECONDS)

    server = TeamsServer(assistant.agent)
    run(server.start())
    try:
        yield TeamsSpeaker(server, loop)
    finally:
        run(server.stop())
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


def through_channel(name: str) -> Callable[[Assistant], AbstractContextManager[Speaker]]:
    """How to open a channel by its name: `teams`, or `none` for the assistant itself."""
    return through_teams if name == "teams" else nullcontext
