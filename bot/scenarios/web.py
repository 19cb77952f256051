"""Training's pages on the web server: `register_training(app)` adds all of it.

Pages are rendered here and work without JavaScript; a script adds live updates, sent as
server-sent events.  Whoever has a page's address may act on it: addresses hold secret tokens.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import os
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.scenarios.library import Library
from bot.scenarios.pages import STATIC, Pages
from bot.scenarios.player import Refused
from bot.scenarios.session import Session, Training
from bot.scenarios.store import hashed
from bot.scenarios.web_parts import Fragments, download, export_files

MAX_BODY = 30_000
NEW_A_MINUTE = 120
BEAT_SECONDS = 10.0
GATHER_SECONDS = 0.03


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


class TrainingWeb:
    """Routes of training; holds the sessions and renders the pages."""

    def __init__(self, library: Library, training: Training, origins: list[str]) -> None:
        """`origins` may embed the pages, such as https://school.example."""
        self.library, self.training = library, training
        self.pages = Pages(library)
        self.parts = Fragments(self.pages, training)
        self._headers = headers(origins)
        self._begun: deque[float] = deque()
        self.assistant: Any = None
        self.closing = False

    # -- helpers ---------------------------------------------------------------------

    def html(self, name: str, status: int = 200, **values: Any) -> HTTPResponse:
        """A page."""
        text = self.pages.render(name, **values)
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

    def may_begin(self) -> bool:
        """Whether another session may begin now: there is a limit a minute for all."""
        now = time.monotonic()
        while self._begun and self._begun[0] < now - 60:
            self._begun.popleft()
        if len(self._begun) >= NEW_A_MINUTE:
            return False
        self._begun.append(now)
        return True

    async def stream(
        self, request: Request, session: Session, render: Callable[[], dict[str, Any]]
    ) -> None:
        """Send the state whenever it changes, as events of the name `state`."""
        out = await request.respond(
            content_type="text/event-stream",
            headers={**self._headers, "X-Accel-Buffering": "no"},
        )
        sent = ""
        with contextlib.suppress(asyncio.CancelledError, ConnectionError):
            while not self.closing:
                waiter = session.changed
                payload = json.dumps(render())
                if payload != sent:
                    await out.send(f"event: state\ndata: {payload}\n\n")
                    sent = payload
                try:
                    await asyncio.wait_for(waiter.wait(), BEAT_SECONDS)
                    await asyncio.sleep(GATHER_SECONDS)
                except asyncio.TimeoutError:
                    await out.send(": still here\n\n")
                    self.training.refresh(session)

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
            **picked,
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
        if not self.may_begin():
            return self.message("Busy", "Too many have begun just now. Try in a minute.", 429)
        token = self.training.play_alone(scenario, self.library.version)
        return self.to(f"/training/me/{token}")

    async def open(self, _: Request, key: str) -> HTTPResponse:
        """Open a group's session."""
        scenario = self.library.scenarios.get(key)
        if scenario is None:
            return self.missing()
        if not self.may_begin():
            return self.message("Busy", "Too many have begun just now. Try in a minute.", 429)
        _, lead, screen = self.training.open_group(scenario, self.library.version)
        self.parts.screens[lead] = screen
        return self.to(f"/training/lead/{lead}?screen={screen}")

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

    # -- learners --------------------------------------------------------------------

    async def me(self, _: Request, token: str) -> HTTPResponse:
        """A learner's page."""
        found = self.training.of_learner(token)
        if found is None:
            return self.missing()
        return self.html("play.html", **self.parts.learner(token, *found))

    async def me_act(self, request: Request, token: str, act: str) -> HTTPResponse:
        """A learner's act: answer, next, back, pause, resume, again."""
        found = self.training.of_learner(token)
        if found is None:
            return self.missing()
        if len(request.body) > MAX_BODY:
            return self.message("Too long", "That is too long. Write less.", 413)
        session, learner = found
        error = None
        try:
            if act == "answer":
                form = request.form or {}
                self.training.answer(session, learner, choice=form.get("choice"),
                                     text=str(form.get("text", "")))  # fmt: skip
            elif act == "next":
                self.training.go_on(session, learner)
            elif session.state.group:
                raise Refused("The trainer leads this session.")
            elif act in {"back", "pause", "resume", "again"}:
                self.training.act(session, act)
            else:
                return self.missing()
        except Refused as refused:
            error = str(refused)
        if request.headers.get("X-Fragment"):
            values = self.parts.learner(token, session, learner)
            body = {"error": error, "key": values["key"]}
            if error is None:
                body["view"] = self.pages.render("play_view.html", **values)
            return response.json(body, headers=self._headers)
        if error:
            values = self.parts.learner(token, session, learner)
            return self.html("play.html", 409, error=error, **values)
        return self.to(f"/training/me/{token}")

    async def me_events(self, request: Request, token: str) -> HTTPResponse | None:
        """A learner's stream."""
        found = self.training.of_learner(token)
        if found is None:
            return self.missing()
        await self.stream(request, found[0], lambda: self.parts.learner_event(token, *found))
        return None

    async def me_debrief(self, _: Request, token: str) -> HTTPResponse:
        """A learner's debrief."""
        return self._debrief("debrief.html", token)

    async def me_certificate(self, _: Request, token: str) -> HTTPResponse:
        """A certificate, where every decision shown was made."""
        return self._debrief("certificate.html", token)

    def _debrief(self, template: str, token: str) -> HTTPResponse:
        found = self.training.of_learner(token)
        if found is None:
            return self.missing()
        values = self.parts.debrief(token, *found)
        if template == "certificate.html" and not values["d"].complete:
            text = "A certificate is made when the scenario has been played to its end, with "
            return self.message("Not yet", text + "every decision made.", 409)
        return self.html(template, **values)

    async def me_forget(self, _: Request, token: str) -> HTTPResponse:
        """Cut the tie between the address and the answers."""
        self.training.store.forget_learner(token)
        return self.message("Forgotten", "This address no longer leads to your answers.", 200)

    async def me_assistant(self, request: Request, token: str) -> HTTPResponse:
        """The assistant as an aid, inside the page."""
        found = self.training.of_learner(token)
        if found is None:
            return self.missing()
        values = self.pages.learner_values(*found, self.training.now())
        if request.method == "GET":
            suggestion = values["talk"].says[0] if values["talk"] else ""
            return self.html("assistant.html", suggestion=suggestion, messages=[])
        said, text = self.parts.said_to_assistant(request.form or {})
        if not text:
            return self.html("assistant.html", error="Write something first.", messages=[])
        sender = f"training-{hashed(token)[:32]}"
        agent = getattr(request.app.ctx, "agent", None)
        if self.assistant is None:
            from bot.scenarios.assistant import TrainingAssistant

            self.assistant = TrainingAssistant()
        messages = await self.assistant.say(agent, sender, text)
        return self.html("assistant.html", said=said, messages=messages)

    # -- trainers --------------------------------------------------------------------

    async def lead(self, request: Request, token: str) -> HTTPResponse:
        """The trainer's page."""
        session = self.training.of_lead(token)
        if session is None:
            return self.missing()
        if screen := request.args.get("screen"):
            self.parts.screens[token] = str(screen)[:64]
        values = self.parts.lead(session, self._address(request), token)
        return self.html("lead.html", controls=True, **values)

    async def screen(self, request: Request, token: str) -> HTTPResponse:
        """The projector's page: the same, without the acts."""
        session = self.training.of_screen(token)
        if session is None:
            return self.missing()
        values = self.parts.lead(session, self._address(request), None)
        return self.html("lead.html", events=f"/training/screen/{token}/events",
                         **{k: v for k, v in values.items() if k != "events"})  # fmt: skip

    @staticmethod
    def _address(request: Request) -> str:
        return f"{request.scheme}://{request.host}/training/join"

    async def lead_act(self, request: Request, token: str, act: str) -> HTTPResponse:
        """The trainer's act: step, reveal, back, pause, resume, limit, finish, again."""
        session = self.training.of_lead(token)
        if session is None:
            return self.missing()
        form = request.form or {}
        error = None
        try:
            if act == "step":
                self.training.step(session, form.get("target"))
            elif act == "limit":
                seconds = str(form.get("seconds", ""))
                self.training.act(session, act, int(seconds) if seconds.isdecimal() else None)
            else:
                self.training.act(session, act)
        except Refused as refused:
            error = str(refused)
        if request.headers.get("X-Fragment"):
            return response.json({"error": error}, headers=self._headers)
        if error:
            values = self.parts.lead(session, self._address(request), token)
            return self.html("lead.html", 409, controls=True, error=error, **values)
        return self.to(f"/training/lead/{token}")

    async def lead_events(self, request: Request, token: str) -> HTTPResponse | None:
        """The trainer's stream."""
        session = self.training.of_lead(token)
        if session is None:
            return self.missing()
        address = self._address(request)
        await self.stream(request, session, lambda: self.parts.lead_event(session, address, token))
        return None

    async def screen_events(self, request: Request, token: str) -> HTTPResponse | None:
        """The projector's stream."""
        session = self.training.of_screen(token)
        if session is None:
            return self.missing()
        address = self._address(request)
        await self.stream(request, session, lambda: self.parts.lead_event(session, address, None))
        return None

    async def lead_debrief(self, _: Request, token: str) -> HTTPResponse:
        """The group's debrief to print."""
        session = self.training.of_lead(token)
        if session is None:
            return self.missing()
        return self.html("group_debrief.html", **self.parts.group_debrief(session, token))

    async def lead_export(self, _: Request, token: str, kind: str) -> HTTPResponse:
        """The session's answers as CSV or xAPI statements."""
        session = self.training.of_lead(token)
        if session is None or kind not in {"export.csv", "xapi.json"}:
            return self.missing()
        return download(export_files(session, kind), kind, self._headers)

    async def file(self, _: Request, name: str) -> HTTPResponse:
        """A style sheet or script."""
        path = STATIC / name
        if path.parent != STATIC or not path.is_file():
            return response.text("not found", status=404)
        kept = {**self._headers, "Cache-Control": "no-cache"}
        return await response.file(path, headers=kept)


def blueprint(web: TrainingWeb) -> Blueprint:
    """All routes under `/training`."""
    made = Blueprint("training", url_prefix="/training")
    key, token = "<key:[a-z0-9_-]{1,64}>", "<token:[A-Za-z0-9_-]{16,64}>"
    act = "<act:[a-z]{3,10}>"
    for method, path, handler in (
        ("GET", "/", web.index),
        ("GET", f"/scenario/{key}", web.scenario),
        ("GET", f"/notes/{key}", web.notes),
        ("GET", f"/handout/{key}", web.handout),
        ("GET", f"/play/{key}", web.start),
        ("POST", f"/play/{key}", web.begin),
        ("POST", "/join", web.join),
        ("GET", "/join", web.index),
        ("GET", "/join/<code:[A-Za-z0-9]{1,12}>", web.join_link),
        ("GET", f"/me/{token}", web.me),
        ("GET", f"/me/{token}/events", web.me_events),
        ("GET", f"/me/{token}/debrief", web.me_debrief),
        ("GET", f"/me/{token}/certificate", web.me_certificate),
        ("GET", f"/me/{token}/assistant", web.me_assistant),
        ("POST", f"/me/{token}/assistant", web.me_assistant),
        ("POST", f"/me/{token}/forget", web.me_forget),
        ("POST", f"/me/{token}/{act}", web.me_act),
        ("POST", f"/open/{key}", web.open),
        ("GET", f"/lead/{token}", web.lead),
        ("GET", f"/lead/{token}/events", web.lead_events),
        ("GET", f"/lead/{token}/debrief", web.lead_debrief),
        ("GET", f"/lead/{token}/<kind:export.csv|xapi.json>", web.lead_export),
        ("POST", f"/lead/{token}/{act}", web.lead_act),
        ("GET", f"/screen/{token}", web.screen),
        ("GET", f"/screen/{token}/events", web.screen_events),
        ("GET", "/static/<name:[a-z.]{1,40}>", web.file),
    ):
        name = f"{handler.__name__}_{method.lower()}_{path.count('/')}"
        made.add_route(handler, path, methods=[method], name=name)
    return made


def register_training(app: Any, library: Library | None = None,
                      training: Training | None = None) -> TrainingWeb:  # fmt: skip
    """Add training's pages to a server, and lead `?mode=training&scenario=ID` to them.

    Raises:
        ScenarioError: a scenario is wrong.
        TrainingStoreError: training's database cannot be opened.
    """
    from bot.scenarios.service import shared_library, shared_training

    origins = [o for o in os.environ.get("BOT_ORIGINS", "").split(",") if o]
    web = TrainingWeb(library or shared_library(), training or shared_training(), origins)
    app.blueprint(blueprint(web))

    async def training_mode(request: Request) -> HTTPResponse | None:
        if request.method == "GET" and request.args.get("mode") == "training":
            key = str(request.args.get("scenario") or "")
            known = key in web.library.scenarios
            return web.to(f"/training/play/{key}" if known else "/training")
        return None

    async def stop(*_: Any) -> None:
        web.closing = True
        for session in web.training.open_sessions():
            session.tell()

    app.register_middleware(training_mode, "request")
    app.register_listener(stop, "before_server_stop")
    return web


def today() -> str:
    """The date, as written on a certificate."""
    return dt.date.today().strftime("%d %B %Y").lstrip("0")
