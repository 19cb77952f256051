"""Website channel: Rasa's Socket.IO input with our own session, origin check and gate.

Differences from Rasa's class, each for a reason seen in STACK.md: rooms are awaited,
origins are checked, a session is bound to its socket, and every turn ends in an answer.
"""

from __future__ import annotations

import inspect
import logging
import re
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.channels.socketio import SocketBlueprint, SocketIOInput
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse
from socketio import AsyncServer

from bot.channels.gate import fallback_message, fallback_text, run_turn
from bot.channels.message_id import own_id
from bot.paths import WIDGET

logger = logging.getLogger(__name__)

_SESSION = re.compile(r"^[A-Za-z0-9_-]{32,64}$")
REMEMBERED = 5000
MAX_BYTES = 100_000
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self' ws: wss:; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
_HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class WebsiteOutput(OutputChannel):
    """Sends the messages of a talk to the page that it is open in."""

    def __init__(self, sio: AsyncServer, event: str) -> None:
        self._sio, self._event = sio, event

    @classmethod
    def name(cls) -> str:
        """Channel name."""
        return "website"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """One message with its text and JSON."""
        sent = {k: message[k] for k in ("text", "custom") if message.get(k)}
        await self._sio.emit(self._event, sent, room=recipient_id)


class WebsiteChannel(SocketIOInput):
    """Serves the chat page and its Socket.IO conversation."""

    def __init__(self, origins: Sequence[str] = ()) -> None:
        """`origins` may embed the page beside our own, such as https://school.example."""
        super().__init__(session_persistence=True)
        self._origins = list(origins)
        self._seen: OrderedDict[str, None] = OrderedDict()

    @classmethod
    def name(cls) -> str:
        """Channel name in addresses."""
        return "website"

    def _is_new(self, key: str) -> bool:
        """Whether a message id was not seen before: a re-sent one is handled once."""
        if key in self._seen:
            return False
        self._seen[key] = None
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return True

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The Socket.IO events and a health address."""
        # None: only pages of our own address; an empty list would switch the check off.
        sio = AsyncServer(
            async_mode="sanic",
            cors_allowed_origins=self._origins or None,
            max_http_buffer_size=MAX_BYTES,
        )
        self.sio = sio
        webhook = SocketBlueprint(sio, "/socket.io", "website_webhook", __name__)
        owner: dict[str, str] = {}

        @webhook.route("/", methods=["GET"])
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @sio.on("disconnect")
        async def disconnect(sid: str) -> None:
            owner.pop(sid, None)

        @sio.on("session_request")
        async def session_request(sid: str, data: Any) -> None:
            asked = data.get("session_id") if isinstance(data, dict) else None
            known = isinstance(asked, str) and bool(_SESSION.match(asked))
            session = str(asked) if known else secrets.token_urlsafe(32)
            owner[sid] = session
            joined = sio.enter_room(sid, session)
            if inspect.isawaitable(joined):  # a coroutine from python-socketio 5.10 on
                await joined
            await sio.emit("session_confirm", session, room=sid)

        @sio.on("user_uttered")
        async def user_uttered(sid: str, data: Any) -> None:
            session = owner.get(sid)
            if session is None or not isinstance(data, dict):
                await sio.emit("session_needed", {}, room=sid)
                return
            key = data.get("id")
            if isinstance(key, str) and not self._is_new(f"{session}:{key[:64]}"):
                await sio.emit("turn_done", {"id": key}, room=sid)
                return
            message = UserMessage(
                data.get("message", ""),
                WebsiteOutput(sio, "bot_uttered"),
                session,
                input_channel=self.name(),
                message_id=own_id(key),
                metadata={"own_id": bool(own_id(key))},
            )
            await run_turn(on_new_message, message)
            await sio.emit("turn_done", {"id": key}, room=session)

        return webhook


def page_blueprint() -> Blueprint:
    """The chat page, its files, and the fixed answer for when nothing else works."""
    pages = Blueprint("page")

    @pages.route("/chat", methods=["GET"])
    async def page(_: Request) -> HTTPResponse:
        return await response.file(WIDGET / "index.html", headers=_HEADERS)

    @pages.route("/widget/<name:path>", methods=["GET"])
    async def file(_: Request, name: str) -> HTTPResponse:
        path = (WIDGET / name).resolve()
        if WIDGET not in path.parents or not path.is_file():
            return response.text("not found", status=404)
        return await response.file(path, headers=_HEADERS)

    @pages.route("/fallback.json", methods=["GET"])
    async def fallback_json(_: Request) -> HTTPResponse:
        return response.json(fallback_message(), headers=_HEADERS)

    @pages.route("/fallback", methods=["GET"])
    async def fallback(_: Request) -> HTTPResponse:
        return response.text(fallback_text(fallback_message()), headers=_HEADERS)

    return pages


async def front_page(request: Request) -> HTTPResponse | None:
    """The chat at `/`, which Rasa keeps for a greeting of its own."""
    if request.path == "/" and request.method == "GET":
        return await response.file(WIDGET / "index.html", headers=_HEADERS)
    return None
