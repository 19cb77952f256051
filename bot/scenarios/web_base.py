"""What all of training's pages share: rendering, live streams, choosing and beginning."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Callable
from typing import Any

from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.scenarios.library import Library
from bot.scenarios.pages import STATIC, Pages
from bot.scenarios.player import Refused
from bot.scenarios.session import Session, Training
from bot.scenarios.web_parts import Fragments

BEAT_SECONDS = 10.0
GATHER_SECONDS = 0.03
LOOK_SECONDS = 0.12  # for what other processes wrote


def headers(origins: list[str]) -> dict[str, str]:
    """Headers of every page; `origins` may embed them beside our own."""
    ancestors = " ".join(["'self'", *origins])
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
        f"frame-ancestors {ancestors}"
    )
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }


class WebBase:
    """What all of training's pages share: rendering, streams, choosing and beginning."""

    def __init__(self, library: Library, training: Training, origins: list[str]) -> None:
        """`origins` may embed the pages, such as https://school.example."""
        self.library, self.training = library, training
        self.pages = Pages(library)
        self.parts = Fragments(self.pages, training)
        self._headers = headers(origins)
        self.closing = False

    # -- helpers ---------------------------------------------------------------------

    def html(self, template: str, status: int = 200, /, **values: Any) -> HTTPResponse:
        """A page."""
        text = self.pages.render(template, **values)
        return response.html(text, status=status, headers=self._headers)

    def message(self, title: str, text: str, status: int) -> HTTPResponse:
        """A page that says one thing."""
        return self.html("message.html", status, title=title, text=text)

    def missing(self) -> HTTPResponse:
        """What an unknown address gets."""
        text = "This address leads to no session or scenario. It may be over, or mistyped."
        return self.message("Not found", text, 404)

    @staticmethod
    def to(address: str) -> HTTPResponse:
        """On to another page after a form was sent."""
        return response.redirect(address, status=303, headers={"Cache-Control": "no-store"})

    async def stream(
        self, request: Request, session: Session, render: Callable[[str], dict[str, Any]]
    ) -> None:
        """Send the state whenever it changes, as events of the name `state`."""
        out = await request.respond(
            content_type="text/event-stream",
            headers={**self._headers, "X-Accel-Buffering": "no"},
        )
        sent, seen = "", ""
        with contextlib.suppress(asyncio.CancelledError, ConnectionError):
            while not self.closing:
                waiter = session.changed
                state = render(seen)
                payload = json.dumps(state)
                if payload != sent:
                    await out.send(f"event: state\ndata: {payload}\n\n")
                    sent, seen = payload, state["key"]
                if not await self._news(session, waiter):
                    await out.send(": still here\n\n")

    async def _news(self, session: Session, waiter: asyncio.Event) -> bool:
        """Wait until something happens, here or in another process; False after a beat."""
        beat = time.monotonic() + BEAT_SECONDS
        while not self.closing and time.monotonic() < beat:
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(waiter.wait(), LOOK_SECONDS)
                await asyncio.sleep(GATHER_SECONDS)
                return True
            await self.training.look(session, LOOK_SECONDS)
        return False

    # -- choosing --------------------------------------------------------------------

    async def index(self, request: Request) -> HTTPResponse:
        """Every scenario, with filters, and the form to join a group."""
        scenarios = list(self.library.scenarios.values())
        picked = {k: str(request.args.get(k) or "") for k in ("phase", "borough", "theme")}
        shown = [
            s for s in scenarios
            if picked["phase"] in {"", s.phase} or s.phase == "all"
            if picked["borough"] in {"", str(s.borough)}
            if not picked["theme"] or picked["theme"] in s.themes
        ]  # fmt: skip
        return self.html(
            "index.html",
            scenarios=sorted(shown, key=lambda s: s.title),
            phases=["early_years", "primary", "secondary", "post_16"],
            boroughs=sorted({str(s.borough) for s in scenarios}),
            themes=sorted({t for s in scenarios for t in s.themes}),
            code=str(request.args.get("code") or "")[:12],
            phase=picked["phase"],
            borough=picked["borough"],
            theme=picked["theme"],
        )

    async def scenario(self, _: Request, key: str) -> HTTPResponse:
        """About one scenario."""
        return self._of_scenario("scenario.html", key)

    async def notes(self, _: Request, key: str) -> HTTPResponse:
        """Trainer's notes to print."""
        return self._of_scenario("notes.html", key)

    async def handout(self, _: Request, key: str) -> HTTPResponse:
        """Handout to print."""
        return self._of_scenario("handout.html", key)

    async def start(self, _: Request, key: str) -> HTTPResponse:
        """The address to link to and to embed: begin a scenario alone."""
        return self._of_scenario("start.html", key)

    def _of_scenario(self, template: str, key: str) -> HTTPResponse:
        scenario = self.library.scenarios.get(key)
        if scenario is None:
            return self.missing()
        return self.html(template, s=scenario, path=scenario.model_path())

    async def begin(self, _: Request, key: str) -> HTTPResponse:
        """Begin alone."""
        scenario = self.library.scenarios.get(key)
        if scenario is None:
            return self.missing()
        if not self.training.may_begin():
            return self.message("Busy", "Too many have begun just now. Try in a minute.", 429)
        token = self.training.play_alone(scenario, self.library.version)
        return self.to(f"/training/me/{token}")

    async def open(self, _: Request, key: str) -> HTTPResponse:
        """Open a group's session."""
        scenario = self.library.scenarios.get(key)
        if scenario is None:
            return self.missing()
        if not self.training.may_begin():
            return self.message("Busy", "Too many have begun just now. Try in a minute.", 429)
        _, lead, _ = self.training.open_group(scenario, self.library.version)
        return self.to(f"/training/lead/{lead}")

    async def join(self, request: Request) -> HTTPResponse:
        """Join by the code typed."""
        code = str((request.form or {}).get("code", ""))[:20]
        try:
            token = self.training.join(code)
        except Refused as refused:
            page = self.pages.render("index.html", scenarios=[], phases=[], boroughs=[],
                                     themes=[], code=code, error=str(refused))  # fmt: skip
            return response.html(page, status=404, headers=self._headers)
        return self.to(f"/training/me/{token}")

    async def join_link(self, _: Request, code: str) -> HTTPResponse:
        """The address in the QR code: the form with the code filled in."""
        return self.to(f"/training?code={code[:12]}")

    async def file(self, _: Request, name: str) -> HTTPResponse:
        """A style sheet or script."""
        path = STATIC / name
        if path.parent != STATIC or not path.is_file():
            return response.text("not found", status=404)
        kept = {**self._headers, "Cache-Control": "no-cache"}
        return await response.file(path, headers=kept)
