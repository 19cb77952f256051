"""Microsoft Teams: the door (`POST /webhooks/teams/webhook`), and the turns behind it.

Why not Rasa's own channel: see `docs/teams.md`.  The door checks who calls, acknowledges at
once, and answers afterwards, since Teams sends again what is not acknowledged in time.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.message_id import own_id
from bot.channels.teams_activity import Incoming, Unsound, read_activity
from bot.channels.teams_connector import Connector, NotSent, allowed_url
from bot.channels.teams_pages import add_pages
from bot.channels.teams_reminders import Reminders
from bot.channels.teams_settings import TeamsSettings
from bot.channels.teams_store import Claims, MemoryClaims
from bot.channels.teams_talk import Talk
from bot.channels.teams_tokens import IncomingTokens, KeyRing, KeysAway, Refused, TokenSource
from bot.retention import NotDeleted, delete_talk

logger = logging.getLogger(__name__)

# Teams' own largest activity is far smaller.
MAX_BYTES = 256_000
# Between two turns' starts the loop gets air, so that a crowd of turns delays no acknowledgement.
AIR_SECONDS = 0.002
DRAIN_SECONDS = 5.0
# Only Teams: another channel's token or client has no business here.
CHANNEL = "msteams"


class TeamsChannel(InputChannel):
    """The channel; its parts are given, so that tests run it against a Teams of their own."""

    def __init__(
        self,
        settings: TeamsSettings,
        tokens: TokenSource,
        keys: KeyRing | None = None,
        claims: Claims | None = None,
        reminders: Reminders | None = None,
    ) -> None:
        """Nothing is read from the network before the first activity."""
        self._settings = settings
        self._incoming = IncomingTokens(settings, keys or KeyRing(settings.openid_url))
        self.connector = Connector(settings, tokens)
        self._claims = claims or MemoryClaims()
        self._reminders = reminders
        self._tasks: set[asyncio.Task[None]] = set()
        self._air = asyncio.Lock()

    @classmethod
    def name(cls) -> str:
        """Channel name in addresses."""
        return "teams"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The endpoints, and what starts and stops with the server."""
        blueprint = Blueprint("teams_webhook", __name__)
        talks: list[Talk] = []

        @blueprint.route("/", methods=["GET"])
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        add_pages(blueprint)

        @blueprint.listener("before_server_start")
        async def start(app: Sanic, _: Any) -> None:
            async def forget(key: str, activity_id: str) -> bool:
                return await forget_talk(app.ctx.agent.tracker_store, key, activity_id)

            talk = Talk(self.connector, self._claims, self._reminders, on_new_message, forget)
            talks.append(talk)
            if self._reminders is not None:
                try:
                    self._reminders.start(talk.remind)
                except Exception as error:  # the database is away: the talk must start all the same
                    logger.error("B136 no reminders: %s", type(error).__name__)

        @blueprint.listener("before_server_stop")
        async def stop(_: Sanic, __: Any) -> None:
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=DRAIN_SECONDS)
            if self._reminders is not None:
                self._reminders.stop()
            await self.connector.close()

        @blueprint.route("/webhook", methods=["POST"], stream=True)
        async def receive(request: Request) -> HTTPResponse:
            try:
                incoming = await self._let_in(request)
            except Refused as error:
                logger.warning("B141 a caller was refused: %s", error)
                return response.empty(status=401)
            except KeysAway as error:
                logger.error("%s", error)
                return response.empty(status=503)
            except TooBig:
                logger.warning("B142 a body is too big")
                return response.empty(status=413)
            except Unsound as error:
                logger.warning("B142 a body is no activity: %s", error)
                return response.empty(status=400)
            except Forbidden as error:
                logger.warning("B143 an activity was refused: %s", error)
                return response.empty(status=403)
            self._start(talks[0], incoming)
            if incoming.kind == "invoke":
                return _invoked(incoming)
            return response.empty(status=202)

        return blueprint

    async def _let_in(self, request: Request) -> Incoming:
        claims, endorsed = await self._incoming.check(request.headers.get("Authorization"))
        incoming = read_activity(await _body(request), self._settings)
        if incoming.channel != CHANNEL:
            raise Forbidden("another channel")
        if endorsed and incoming.channel not in endorsed:
            raise Forbidden("the key is not endorsed for this channel")
        if allowed_url(incoming.service_url, self._settings) is None:
            raise Forbidden("serviceUrl is not allowed")
        # The claim is what the Bot Framework vouches for; the body is what the caller says.
        if _same(claims.get("serviceurl")) != _same(incoming.service_url):
            raise Forbidden("serviceUrl is not the token's")
        if self._settings.tenants and incoming.tenant not in self._settings.tenants:
            raise Forbidden("tenant is not allowed")
        return incoming

    def _start(self, talk: Talk, incoming: Incoming) -> None:
        task = asyncio.ensure_future(self._handle(talk, incoming))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _handle(self, talk: Talk, incoming: Incoming) -> None:
        async with self._air:
            await asyncio.sleep(AIR_SECONDS)
        try:
            await talk.handle(incoming)
        except NotSent as error:
            logger.error("%s", error)
        except Exception as error:
            logger.error("B144 an activity failed: %s", type(error).__name__, exc_info=error)

    async def settled(self) -> None:
        """Wait until every activity that was let in is handled."""
        while self._tasks:
            await asyncio.wait(self._tasks)


class TooBig(Exception):
    """The body is larger than any activity of Teams."""


class Forbidden(Exception):
    """The caller is known, but may not send this; the words are for the log."""


def _same(url: Any) -> str | None:
    return url.rstrip("/").lower() if isinstance(url, str) and url else None


async def _body(request: Request) -> bytes:
    named = request.headers.get("Content-Length", "0")
    if named.isdigit() and int(named) > MAX_BYTES:
        raise TooBig
    body = b""
    while (chunk := await request.stream.read()) is not None:
        body += chunk
        if len(body) > MAX_BYTES:
            raise TooBig
    return body


def _invoked(incoming: Incoming) -> HTTPResponse:
    """The answer that an invoke waits for; what it asks for comes as a message."""
    if incoming.name == "adaptiveCard/action":
        kind = "application/vnd.microsoft.activity.message"
        return response.json({"statusCode": 200, "type": kind, "value": "Thank you."})
    return response.empty(status=501)


async def forget_talk(store: Any, key: str, activity_id: str) -> bool:
    """Delete a talk from the conversation store if one of its messages has this id.

    Returns whether it was there.
    """
    tracker = await store.retrieve_full_tracker(key)
    wanted = own_id(activity_id)
    if tracker is None or wanted is None:
        return False
    if not any(getattr(event, "message_id", None) == wanted for event in tracker.events):
        return False
    try:
        await delete_talk(store, key)
    except NotDeleted as error:
        logger.error("B145 a talk was not deleted: %s", error)
        return False
    return True
