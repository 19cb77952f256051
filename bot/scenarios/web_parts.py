"""What training's pages and streams are filled with."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from sanic import response
from sanic.response import HTTPResponse

from bot.scenarios.debrief import CSV_FIELDS, csv_rows, day_of, of_group, of_learner, record_of
from bot.scenarios.pages import Pages, qr
from bot.scenarios.session import Session, Training, screen_token
from bot.scenarios.store import hashed
from bot.scenarios.xapi import statements
from knowledge.payloads import answer_payload


class Fragments:
    """Values for templates, and the parts of a page that a stream sends."""

    def __init__(self, pages: Pages, training: Training) -> None:
        """`training` holds the sessions that `pages` show."""
        self.pages, self.training = pages, training

    @staticmethod
    def key(session: Session, *more: Any) -> str:
        """Changes whenever the page must be drawn anew."""
        state = session.state
        scene = state.visit.scene if state.visit else ""
        shown = state.visit.revealed if state.visit else False
        parts = (state.run, state.at, scene, state.status, shown, state.closes, *more)
        return hashed("|".join(map(str, parts)))[:16]

    def learner(self, token: str, session: Session, learner: int) -> dict[str, Any]:
        """Values of a learner's page."""
        values = self.pages.learner_values(session, learner, self.training.now())
        return {**values, "token": token, "key": self.key(session), "live": self._live(session)}

    @staticmethod
    def _live(session: Session) -> str:
        state = session.state
        if not state.group:
            return ""
        count = f"{len(state.learners)} in the session"
        if state.status == "running" and state.visit is not None:
            count += f", {len(state.visit.answers)} answered"
        return count

    def learner_event(
        self, seen: str, token: str, session: Session, learner: int
    ) -> dict[str, Any]:
        """What a learner's stream sends now; the view only where it is not the one `seen`."""
        key = self.key(session)
        sent = {"key": key, "live": self._live(session)}
        if key != seen:
            values = self.learner(token, session, learner)
            sent["view"] = self.pages.render("play_view.html", **values)
        return sent

    def lead(self, session: Session, address: str, token: str | None) -> dict[str, Any]:
        """Values of the trainer's page; without a token, of the screen."""
        values = self.pages.lead_values(session, self.training.now())
        return {
            **values,
            "token": token,
            "key": self.key(session),
            "address": address,
            "qr": qr(f"{address}/{session.code}") if session.state.status == "waiting" else "",
            "screen_link": f"/training/screen/{screen_token(token)}" if token else None,
            "events": f"/training/lead/{token}/events",
        }

    def lead_event(
        self, seen: str, session: Session, address: str, token: str | None
    ) -> dict[str, Any]:
        """What the trainer's, or the screen's, stream sends now; view and acts only where they
        are not the ones `seen`."""
        values = self.lead(session, address, token)
        sent = {
            "key": values["key"],
            "live": self.pages.render("lead_live.html", **values),
            "live_html": True,
            "number": session.number,
            "answered": values["answered"],
            "counts": {b.key: b.count for b in values["result"].bars} if values["result"] else {},
        }
        if values["key"] != seen:
            sent["view"] = self.pages.render("lead_view.html", **values)
        if token and values["key"] != seen:
            sent["controls"] = self.pages.render("lead_controls.html", **values)
        return sent

    def debrief(self, token: str, session: Session, learner: int) -> dict[str, Any]:
        """Values of a learner's debrief and certificate."""
        state = session.state
        return {
            "token": token,
            "session": session,
            "scenario": session.scenario,
            "state": state,
            "d": of_learner(session.scenario, state, learner),
            "day": day_of(state, self.training.now()),
            "record": record_of(session.id, learner, state),
        }

    def group_debrief(self, session: Session, token: str) -> dict[str, Any]:
        """Values of a group's debrief."""
        return {
            "token": token,
            "session": session,
            "scenario": session.scenario,
            "state": session.state,
            "g": of_group(session.scenario, session.state),
        }

    @staticmethod
    def said_to_assistant(form: Any) -> tuple[str, str]:
        """(what is shown as said, what is sent) of the form of the assistant's page."""
        if question := form.get("question"):
            values = [str(v) for v in form.getlist("value", [])] or ["none"]
            return "My choice is sent.", answer_payload(str(question), values)
        if payload := form.get("payload"):
            return "", str(payload)[:2000]
        text = str(form.get("text", ""))[:2000].strip()
        return text, text


def export_files(session: Session, kind: str) -> str:
    """A session as CSV or as xAPI statements."""
    if kind == "xapi.json":
        made = statements(session.id, session.scenario, session.content_version, session.state)
        return json.dumps(made, indent=1, ensure_ascii=False)
    out = io.StringIO()
    writer = csv.DictWriter(out, CSV_FIELDS)
    writer.writeheader()
    writer.writerows(csv_rows(session.id, session.scenario, session.content_version, session.state))
    return out.getvalue()


def download(text: str, name: str, headers: dict[str, str]) -> HTTPResponse:
    """A file to save."""
    kind = "text/csv" if name.endswith("csv") else "application/json"
    given = {**headers, "Content-Disposition": f'attachment; filename="training-{name}"'}
    return response.text(text, content_type=f"{kind}; charset=utf-8", headers=given)
