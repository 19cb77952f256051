"""The page at `/chat`: works by plain form posts; scripts take it over where they run.

The talk is carried in a signed hidden field, never in a cookie or an address.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from rasa.core.channels.channel import UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.gate import fallback_message, fallback_text, run_turn
from bot.channels.history import History, TalkTurn, history_of, transcript
from bot.channels.message_id import own_id
from bot.channels.page_view import render_page
from bot.channels.rest import CollectingOutput
from bot.channels.site import OWN_SITE, Site, SiteError
from bot.channels.texts import notice, text
from bot.channels.website import MAX_TEXT
from bot.feedback import record_feedback
from bot.widget_build import Built, built_widget

logger = logging.getLogger(__name__)

Handler = Callable[[UserMessage], Awaitable[Any]]
_HOST = re.compile(r"^[A-Za-z0-9.\-:\[\]]+$")
_KEY = re.compile(r"^[0-9a-f]{32}$")
_TYPES = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}
_SAID = {"back": "go back", "restart": "/start_again", "summary": "summary"}


def security_headers(request: Request, site: Site) -> dict[str, str]:
    """Headers of every page: scripts and connections of our own address alone."""
    host = request.host if _HOST.match(request.host or "") else ""
    sockets = f" ws://{host} wss://{host}" if host else ""
    framed_by = " ".join(["'self'", *sorted(site.origins)])
    return {
        "Content-Security-Policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            f"connect-src 'self'{sockets}; base-uri 'none'; form-action 'self'; "
            f"frame-ancestors {framed_by}"
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    }


class ChatPage:
    """Serves the page, its files, and the fixed answer for when nothing else works."""

    def __init__(
        self,
        site: Site,
        handle: Handler | None = None,
        history: History | None = None,
        widget: Callable[[], Built] = built_widget,
    ) -> None:
        """`handle` and `history` are those of the running Rasa unless given."""
        self._site, self._handle, self._history = site, handle, history
        self._widget = widget
        self._greeting: tuple[str, list[dict[str, Any]]] | None = None

    def blueprint(self) -> Blueprint:
        """The addresses."""
        pages = Blueprint("page")
        for address, method, answer in (
            ("/chat", "GET", self._get),
            ("/chat", "POST", self._post),
            ("/chat/transcript", "POST", self._transcript),
            ("/widget/<name:str>", "GET", self._file),
            ("/fallback.json", "GET", self._fallback_json),
            ("/fallback", "GET", self._fallback),
        ):
            # A function of its own: Sanic writes on what it is given, which methods refuse.
            pages.add_route(
                partial(self._never_silent, answer),
                address,
                methods=[method],
                name=f"{answer.__name__}_{method}",
            )
        return pages

    async def _never_silent(
        self, answer: Callable[..., Awaitable[HTTPResponse]], request: Request, **parts: str
    ) -> HTTPResponse:
        """Whatever breaks, the numbers come."""
        try:
            return await answer(request, **parts)
        except Exception as error:
            logger.error("B080 %s failed: %s", request.path, type(error).__name__)
            headers = security_headers(request, self._site)
            return response.text(fallback_text(fallback_message()), status=500, headers=headers)

    async def front_page(self, request: Request) -> HTTPResponse | None:
        """The chat at `/`, which Rasa keeps for a greeting of its own."""
        if request.path == "/" and request.method == "GET":
            return await self._never_silent(self._get, request)
        return None

    def _page(self, request: Request, status: int = 200, **shown: Any) -> HTTPResponse:
        page = render_page(self._widget(), **shown)
        return response.html(page, status=status, headers=security_headers(request, self._site))

    async def _run(self, request: Request, said: str, sender: str, key: str) -> TalkTurn:
        async def by_rasa(message: UserMessage) -> None:
            await request.app.ctx.agent.handle_message(message)

        output = CollectingOutput()
        message = UserMessage(
            said,
            output,
            sender,
            input_channel="website",
            message_id=own_id(key),
            metadata={"own_id": bool(own_id(key))},
        )
        await run_turn(self._handle or by_rasa, message)
        kept: list[dict[str, Any]] = [
            {k: m[k] for k in ("text", "custom") if k in m} for m in output.messages
        ]
        return TalkTurn(own_id(key) or "", said, kept)

    async def _greet(self, request: Request) -> TalkTurn:
        """The greeting, said once for all: it is the same for everybody."""
        version = str(fallback_message()["content_version"])
        if self._greeting is None or self._greeting[0] != version:
            turn = await self._run(request, "/greet", "web-greeting", "greeting")
            fixed = any(
                (m.get("custom") or {}).get("id") == "fallback-when-down" for m in turn.messages
            )
            if fixed:
                return turn
            self._greeting = (version, turn.messages)
        return TalkTurn("greeting", "/greet", self._greeting[1])

    async def _get(self, request: Request) -> HTTPResponse:
        try:
            self._site.check_open()
            if self._site.host_tokens is not None:
                raise SiteError("signed_out")
        except SiteError as error:
            return self._refused(request, error.key)
        session = self._site.tokens.issue(OWN_SITE)
        return self._page(request, turns=[await self._greet(request)], session=session)

    def _refused(self, request: Request, key: str) -> HTTPResponse:
        status = {"too_many": 429, "off": 503, "too_long": 413}.get(key, 403)
        form = request.form or {}
        return self._page(
            request,
            status,
            turns=[TalkTurn("", "/greet", [notice(key)])],
            session=form.get("session", ""),  # the talk goes on from here
            host_token=form.get("token", ""),
            closed=key in {"off", "signed_out"},
        )

    def _talk(self, request: Request) -> tuple[str, str, str]:
        """(sender, session, host token) of a post; a talk that is over begins anew."""
        self._site.check_open()
        form = request.form or {}
        shown, host_token = form.get("session", ""), form.get("token", "")
        subject = self._site.subject(host_token, resuming=bool(shown))
        sender = self._site.tokens.sender(shown, OWN_SITE, subject)
        if sender is None:
            subject = self._site.subject(host_token)
            if not self._site.limits.talks.allow(self._site.address_of(request)):
                raise SiteError("too_many")
            shown = self._site.tokens.issue(OWN_SITE, subject)
            sender = str(self._site.tokens.sender(shown, OWN_SITE, subject))
        return sender, shown, host_token

    async def _post(self, request: Request) -> HTTPResponse:
        """One turn by form post; or the way in with a host's token, which has no text."""
        try:
            sender, session, host_token = self._talk(request)
            said = _said(request.form or {})
            if said and not self._may_send(request, sender):
                raise SiteError("too_many")
            if sum(map(len, said)) > MAX_TEXT:
                raise SiteError("too_long")
        except SiteError as error:
            return self._refused(request, error.key)
        form = request.form or {}
        turns = await self._turns(request, sender)
        again = form.get("key", "")
        key = again if _KEY.match(again) else ""
        problem = ""
        if form.get("send") == "feedback":
            problem = self._feedback(form)
        elif said and not any(turn.id == own_id(key) for turn in turns if key):
            for number, one in enumerate(said):  # a key a message, made from the page's own
                turns.append(await self._run(request, one, sender, key + "-2" * number))
        elif not said and form.get("session"):
            problem = text("nothing_chosen" if form.get("send") == "choice" else "empty")
        return self._page(
            request, turns=turns, session=session, host_token=host_token, error=problem
        )

    async def _turns(self, request: Request, sender: str) -> list[TalkTurn]:
        """A talk so far; the page's greeting, which no tracker holds, stands before it."""
        turns = await (self._history or history_of(request.app))(sender)
        if not turns or turns[0].said != "/greet":
            turns.insert(0, await self._greet(request))
        return turns

    def _may_send(self, request: Request, sender: str) -> bool:
        limits = self._site.limits
        return limits.messages.allow(sender) and limits.address.allow(
            self._site.address_of(request)
        )

    def _feedback(self, form: Any) -> str:
        if form.get("useful") not in {"yes", "no"}:
            return text("nothing_chosen")
        try:
            record_feedback(
                form.get("useful") == "yes", form.get("reason", "")[:2000], form.get("route", "")
            )
        except OSError as error:
            logger.error("B048 feedback cannot be kept: %s", type(error).__name__)
            return text("useful_failed")
        return text("useful_thanks")

    async def _transcript(self, request: Request) -> HTTPResponse:
        try:
            sender, _, _ = self._talk(request)
            if not self._may_send(request, sender):
                raise SiteError("too_many")
        except SiteError as error:
            return self._refused(request, error.key)
        turns = await self._turns(request, sender)
        headers = security_headers(request, self._site)
        headers["Content-Disposition"] = 'attachment; filename="talk.txt"'
        return response.text(transcript(turns), headers=headers)

    async def _file(self, request: Request, name: str) -> HTTPResponse:
        """A built file; those whose name holds their hash may be kept for a year."""
        built = self._widget()
        path = built.path(name)
        if path is None:
            return response.text("not found", status=404)
        headers = {
            "X-Content-Type-Options": "nosniff",
            "Access-Control-Allow-Origin": "*",  # public files, also for pages of other sites
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Cache-Control": "no-cache" if name == "loader.js" else "public, max-age=31536000",
            "Vary": "Accept-Encoding",
        }
        packed = path.with_name(path.name + ".gz")
        if "gzip" in request.headers.get("accept-encoding", "") and packed.is_file():
            headers["Content-Encoding"] = "gzip"
            path = packed
        kind = _TYPES.get(name.rsplit(".", 1)[-1], "application/octet-stream")
        return response.raw(path.read_bytes(), content_type=kind, headers=headers)

    async def _fallback_json(self, request: Request) -> HTTPResponse:
        headers = security_headers(request, self._site)
        headers["Access-Control-Allow-Origin"] = "*"
        return response.raw(
            json.dumps(fallback_message()).encode(),
            content_type="application/json",
            headers=headers,
        )

    async def _fallback(self, request: Request) -> HTTPResponse:
        headers = security_headers(request, self._site)
        return response.text(fallback_text(fallback_message()), headers=headers)


def _said(form: Any) -> list[str]:
    """What a form post says: a button or the boxes, then typed words, so that none are lost."""
    if control := _SAID.get(form.get("send", "")):
        return [control]
    if form.get("send") == "feedback":
        return []
    said = []
    if form.get("payload"):
        said.append(str(form.get("payload")))
    elif chosen := form.getlist("choice") if hasattr(form, "getlist") else []:
        said.append("/answer" + json.dumps({form.get("question", ""): chosen}))
    if typed := str(form.get("text", "")).strip():
        said.append(typed)
    return said
