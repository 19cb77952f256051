"""Website channel: Rasa's Socket.IO input with our own session, checks and gate.

Differences from Rasa's class, each for a reason seen in STACK.md: rooms are awaited,
origins are checked beside our own, a session is signed and bound to its site and user,
a message carries an id, by which the agent answers one that is sent again from what it saved,
and every turn ends in an answer.
"""

from __future__ import annotations

import inspect
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.channels.socketio import SocketBlueprint, SocketIOInput
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse
from socketio import AsyncServer

from bot.channels.gate import run_turn
from bot.channels.history import History, history_of, transcript
from bot.channels.message_id import own_id
from bot.channels.site import Site, SiteError, server_for
from bot.channels.texts import notice
from bot.channels.view import with_card
from bot.feedback import record_feedback

logger = logging.getLogger(__name__)

MAX_BYTES = 100_000
MAX_TEXT = 20_000
_ID = re.compile(r"^[A-Za-z0-9-]{8,64}$")


class WebsiteOutput(OutputChannel):
    """Sends the messages of one turn to every page in which its talk is open."""

    def __init__(self, sio: AsyncServer, turn: str, *, room: str | None = None) -> None:
        """`turn` is the id of the message that is answered; `room` if not the talk's own."""
        self._sio, self._turn, self._room = sio, turn, room
        self.sent = 0

    @classmethod
    def name(cls) -> str:
        """Channel name."""
        return "website"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """One message with its text, JSON and card, numbered so that none is shown twice."""
        numbered = {**with_card(message), "turn": self._turn, "n": self.sent}
        self.sent += 1
        await self._sio.emit("bot_uttered", numbered, room=self._room or recipient_id)


class Client:
    """One open connection: where its page stands, who is signed in, which talk it is in."""

    def __init__(self, site: str, address: str) -> None:
        self.site, self.address = site, address
        self.sender: str | None = None


class WebsiteChannel(SocketIOInput):
    """The Socket.IO conversation of the widget and the page."""

    def __init__(self, site: Site | None = None, history: History | None = None) -> None:
        """`site` holds who may talk and how often; `history` reads back what was said."""
        super().__init__(session_persistence=True)
        self.site = site or Site.from_environment()
        self._history = history
        self._running: set[str] = set()
        self._clients: dict[str, Client] = {}

    @classmethod
    def name(cls) -> str:
        """Channel name in addresses."""
        return "website"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The Socket.IO events and a health address."""
        sio = server_for(self.site, async_mode="sanic", max_http_buffer_size=MAX_BYTES)
        self.sio = sio
        webhook = SocketBlueprint(sio, "/socket.io", "website_webhook", __name__)

        @webhook.route("/", methods=["GET"])
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @sio.on("connect")
        async def connect(sid: str, environ: dict[str, Any], auth: Any = None) -> None:
            request = environ["sanic.request"]
            if self._history is None:
                self._history = history_of(request.app)
            self._clients[sid] = Client(self.site.origin_of(environ), self.site.address_of(request))

        @sio.on("disconnect")
        async def disconnect(sid: str) -> None:
            self._clients.pop(sid, None)

        @sio.on("session_request")
        async def session_request(sid: str, data: Any) -> None:
            await self._open(sid, data if isinstance(data, dict) else {})

        @sio.on("user_uttered")
        async def user_uttered(sid: str, data: Any) -> None:
            await self._take(sid, data if isinstance(data, dict) else {}, on_new_message)

        @sio.on("transcript")
        async def give_transcript(sid: str, _: Any = None) -> dict[str, Any]:
            client = self._clients.get(sid)
            if client is None or client.sender is None or self._history is None:
                return {"error": "B046 no talk"}
            if not self.site.limits.messages.allow(client.sender):
                return {"error": "B047 too often"}
            return {"text": transcript(await self._history(client.sender))}

        @sio.on("feedback")
        async def feedback(sid: str, data: Any) -> dict[str, Any]:
            client = self._clients.get(sid)
            if client is None or client.sender is None or not isinstance(data, dict):
                return {"error": "B046 no talk"}
            if not self.site.limits.messages.allow(client.sender):
                return {"error": "B047 too often"}
            return {"ok": _keep_feedback(data)}

        return webhook

    async def _open(self, sid: str, data: dict[str, Any]) -> None:
        """Give the page its talk: the one whose token it shows, else a new one."""
        client = self._clients.get(sid)
        if client is None:
            return
        shown = data.get("session_id")
        try:
            self.site.check_open()
            subject = self.site.subject(data.get("token"), resuming=isinstance(shown, str))
            sender = self.site.tokens.sender(shown, client.site, subject)
            if sender is None:
                # A new talk needs a token that is still good, and is counted.
                subject = self.site.subject(data.get("token"))
                if not self.site.limits.talks.allow(client.address):
                    raise SiteError("too_many")
                shown = self.site.tokens.issue(client.site, subject)
                sender = self.site.tokens.sender(shown, client.site, subject)
        except SiteError as error:
            sent = with_card(notice(error.key))
            await self.sio.emit("session_refused", {"reason": error.key, **sent}, room=sid)
            return
        client.sender = sender
        joined = self.sio.enter_room(sid, sender)
        if inspect.isawaitable(joined):  # a coroutine from python-socketio 5.10 on
            await joined
        await self.sio.emit("session_confirm", shown, room=sid)

    async def _take(
        self,
        sid: str,
        data: dict[str, Any],
        on_new_message: Callable[[UserMessage], Awaitable[Any]],
    ) -> None:
        """One message of a page: checked, handled once, and always answered."""
        client = self._clients.get(sid)
        if client is None or client.sender is None:
            await self.sio.emit("session_needed", {}, room=sid)
            return
        given = data.get("id")
        key = given if isinstance(given, str) and _ID.match(given) else ""
        message = data.get("message")
        refusal = self._refusal(client, message)
        if refusal:
            await self._refuse(sid, key, refusal)
            return
        known = f"{client.sender}:{key}"
        if key and known in self._running:
            return  # its turn still runs, and will answer
        self._running.add(known)
        shown = data.get("shown")
        if isinstance(shown, str):
            # The same talk may be open in a second tab, which shows what was said in this one.
            echo = {"turn": key, "shown": shown[:MAX_TEXT]}
            await self.sio.emit("user_said", echo, room=client.sender, skip_sid=sid)
        output = WebsiteOutput(self.sio, key)
        try:
            await run_turn(
                on_new_message,
                UserMessage(
                    message,
                    output,
                    client.sender,
                    input_channel=self.name(),
                    message_id=own_id(key),
                    metadata={"own_id": bool(own_id(key))},
                ),
            )
        finally:
            self._running.discard(known)
        await self.sio.emit("turn_done", {"id": key, "count": output.sent}, room=client.sender)

    def _refusal(self, client: Client, message: Any) -> str | None:
        """The text that says why a message is not taken, or None."""
        if self.site.is_off():
            return "off"
        allowed = self.site.limits.messages.allow(str(client.sender))
        if not allowed or not self.site.limits.address.allow(client.address):
            return "too_many"
        if not isinstance(message, str) or not message.strip():
            return "nothing_said"
        return "too_long" if len(message) > MAX_TEXT else None

    async def _refuse(self, sid: str, key: str, reason: str) -> None:
        # Numbered apart, because the same message may be taken when it is sent again.
        await WebsiteOutput(self.sio, f"refused-{key}", room=sid).send_response(sid, notice(reason))
        await self.sio.emit("turn_done", {"id": key, "count": 0, "refused": reason}, room=sid)


def _keep_feedback(data: dict[str, Any]) -> bool:
    reason, route = data.get("reason"), data.get("route")
    try:
        record_feedback(
            data.get("useful") is True,
            reason[:2000] if isinstance(reason, str) else None,
            route if isinstance(route, str) else None,
        )
    except OSError as error:
        logger.error("B048 feedback cannot be kept: %s", type(error).__name__)
        return False
    return True
