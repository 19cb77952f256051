"""A learner's pages: play, answer, the assistant as an aid, debrief and certificate."""

from __future__ import annotations

from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.scenarios.player import Refused
from bot.scenarios.service import shared_aid
from bot.scenarios.store import hashed
from bot.scenarios.web_base import WebBase

MAX_BODY = 30_000


class LearnerPages(WebBase):
    """Routes under `/training/me/TOKEN`."""

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
            elif act == "limit":
                self.training.limit_alone(session)
            else:
                return self.missing()
        except Refused as refused:
            error = str(refused)
        if request.headers.get("X-Fragment"):
            values = self.parts.learner(token, session, learner)
            body = {"error": error, "key": values["key"], "number": session.number}
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
        await self.stream(
            request, found[0], lambda seen: self.parts.learner_event(seen, token, *found)
        )
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
        messages = await shared_aid().say(agent, sender, text)
        return self.html("assistant.html", said=said, messages=messages)
