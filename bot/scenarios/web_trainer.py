"""A trainer's pages: lead a group, the projector's screen, debrief and exports."""

from __future__ import annotations

from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.scenarios.player import Refused
from bot.scenarios.web_base import WebBase
from bot.scenarios.web_parts import download, export_files


class TrainerPages(WebBase):
    """Routes under `/training/lead/TOKEN` and `/training/screen/TOKEN`."""

    async def lead(self, request: Request, token: str) -> HTTPResponse:
        """The trainer's page."""
        session = self.training.of_lead(token)
        if session is None:
            return self.missing()
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
        await self.stream(
            request, session, lambda seen: self.parts.lead_event(seen, session, address, token)
        )
        return None

    async def screen_events(self, request: Request, token: str) -> HTTPResponse | None:
        """The projector's stream."""
        session = self.training.of_screen(token)
        if session is None:
            return self.missing()
        address = self._address(request)
        await self.stream(
            request, session, lambda seen: self.parts.lead_event(seen, session, address, None)
        )
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
