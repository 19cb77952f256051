"""`/statistics`: the partnership's page, behind BOT_STATISTICS_TOKEN, and its JSON."""

from __future__ import annotations

import asyncio
import datetime as dt
import hmac
import html
import logging
import time
from typing import Any

import jwt
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from bot.settings import Settings
from bot.statistics_charts import CSS, bars, page, table
from bot.statistics_report import Report, read_report
from bot.stores.engines import engine_for

logger = logging.getLogger(__name__)
COOKIE, HOURS = "statistics", 8
MOST_TRIES, TRY_SECONDS = 5, 600.0
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
}
TITLES = {
    "topic": "What the answers were about",
    "route": "Routes given",
    "level": "Levels of need given",
    "borough": "Boroughs",
    "unanswered": "Not understood, by the nearest intent",
    "feedback": "Feedback",
    "turns": "Messages, by how they ended",
}


class Door:
    """Lets in who brings the token; wrong tries are slowed for everybody."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._tries: list[float] = []

    def right(self, given: str) -> bool:
        """Whether it is the token; compared in constant time."""
        now = time.monotonic()
        self._tries = [t for t in self._tries if now - t < TRY_SECONDS]
        if len(self._tries) >= MOST_TRIES:
            return False
        if hmac.compare_digest(given.encode(errors="surrogateescape"), self._token.encode()):
            return True
        self._tries.append(now)
        logger.warning("B033 a wrong token for the statistics")
        return False

    def cookie(self) -> str:
        """A signed pass for some hours."""
        ends = dt.datetime.now(dt.timezone.utc) + dt.timedelta(hours=HOURS)
        claims = {"exp": ends, "aud": COOKIE}
        return jwt.encode(claims, self._token, algorithm="HS256")

    def knows(self, request: Request) -> bool:
        """Whether the request brings the token itself, or a pass."""
        bearer = request.headers.get("authorization", "")
        if bearer.startswith("Bearer "):
            return self.right(bearer.removeprefix("Bearer "))
        given = request.cookies.get(COOKIE)
        if not given:
            return False
        try:
            jwt.decode(
                given,
                self._token,
                algorithms=["HS256"],
                audience=COOKIE,
                options={"require": ["exp", "aud"]},
            )
        except jwt.InvalidTokenError:
            return False
        return True


def as_json(report: Report) -> dict[str, Any]:
    """The report for machines; hidden counts are null."""
    return {
        "month": report.month,
        "months": report.months,
        "note": "counts under 5 are null, others are rounded to the nearest 5",
        "measures": {
            m: [{"value": r.value, "count": r.shown} for r in rows]
            for m, rows in report.measures.items()
        },
        "weeks": [{"week": r.value, "turns": r.shown} for r in report.weeks],
    }


def _body(report: Report) -> str:
    months = "".join(
        f"<option{' selected' if m == report.month else ''}>{html.escape(m)}</option>"
        for m in report.months
    )
    parts = [
        "<h1>How the assistant is used</h1>",
        "<p>Counts only: no message, person, school or time of day is kept. Counts under 5 are "
        "not shown and the others are rounded to the nearest 5. Totals add up what is shown.</p>",
        '<form method="get" action="/statistics"><label for="month">Month</label> '
        f'<select id="month" name="month">{months}</select> <button>Show</button></form>',
        '<section aria-labelledby="weeks"><h2 id="weeks">Messages by week</h2>',
        bars("Messages by week", report.weeks),
        table("Week", report.weeks),
        "</section>",
    ]
    for measure, title in TITLES.items():
        rows = report.measures[measure]
        parts += [
            f'<section aria-labelledby="{measure}"><h2 id="{measure}">{title}</h2>',
            bars(title, rows) + table(title, rows) if rows else "<p>Nothing was counted.</p>",
            f"<p>Shown in all: {report.total(measure)}</p></section>",
        ]
    parts.append('<form method="post" action="/statistics/leave"><button>Sign out</button></form>')
    return "\n".join(parts)


_DOOR = """<h1>Statistics</h1>
<form method="post" action="/statistics/enter">
<label for="token">Access token</label>
<input id="token" name="token" type="password" autocomplete="current-password" required>
<button>Open</button></form>"""


def statistics_blueprint(now: Settings) -> Blueprint:
    """The endpoints; without a token set there is no page at all."""
    pages = Blueprint("statistics")
    if not now.statistics_token:
        return pages
    door = Door(now.statistics_token)

    def shown(title: str, body: str, status: int = 200) -> HTTPResponse:
        return response.html(page(title, body), status=status, headers=_HEADERS)

    async def report_of(request: Request) -> Report | HTTPResponse:
        engine = engine_for(now.data_url)
        today = dt.datetime.now(dt.timezone.utc).date()
        try:
            return await asyncio.to_thread(read_report, engine, request.args.get("month"), today)
        except ValueError:
            return response.json({"error": "B034 no such month", "mend": "2026-11"}, status=400)
        except SQLAlchemyError as error:
            logger.error("B058 no statistics: %s", type(error).__name__)
            return response.json({"error": "B058 the database does not answer"}, status=503)

    @pages.route("/statistics", methods=["GET"])
    async def see(request: Request) -> HTTPResponse:
        if not door.knows(request):
            return shown("Statistics", _DOOR, 401)
        report = await report_of(request)
        if isinstance(report, HTTPResponse):
            return report
        return shown(f"Statistics {report.month}", _body(report))

    @pages.route("/statistics.json", methods=["GET"])
    async def data(request: Request) -> HTTPResponse:
        if not door.knows(request):
            return response.json({"error": "B035 token needed"}, status=401)
        report = await report_of(request)
        return report if isinstance(report, HTTPResponse) else response.json(as_json(report))

    @pages.route("/statistics/style.css", methods=["GET"])
    async def style(_: Request) -> HTTPResponse:
        return response.text(CSS, content_type="text/css; charset=utf-8")

    @pages.route("/statistics/enter", methods=["POST"])
    async def enter(request: Request) -> HTTPResponse:
        if not door.right(str(request.form.get("token") or "")):
            wrong = '<p class="error" role="alert">That is not the token.</p>' + _DOOR
            return shown("Statistics", wrong, 401)
        answer = response.redirect("/statistics", status=303)
        answer.cookies[COOKIE] = door.cookie()
        kept = answer.cookies[COOKIE]
        kept["httponly"] = True
        kept["samesite"] = "Strict"
        kept["path"] = "/statistics"
        kept["max-age"] = HOURS * 3600
        kept["secure"] = request.headers.get("x-forwarded-proto") == "https"
        return answer

    @pages.route("/statistics/leave", methods=["POST"])
    async def leave(_: Request) -> HTTPResponse:
        answer = response.redirect("/statistics", status=303)
        answer.cookies[COOKIE] = ""
        answer.cookies[COOKIE]["path"] = "/statistics"
        answer.cookies[COOKIE]["max-age"] = 0
        return answer

    return pages
