"""The page as HTML: the same messages as the widget shows, without a line of script."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader

from bot.channels.history import TalkTurn, spoken
from bot.channels.texts import emergency, text
from bot.paths import WIDGET
from bot.widget_build import Built

LOOKS = {
    "immediately": "immediate",
    "same_day": "urgent",
    "one_working_day": "urgent",
    "forty_eight_hours_in_writing": "urgent",
    "none": "routine",
}
_SAFE_LINK = re.compile(r"^(https?://|tel:|mailto:)[^\s\"'<>]+$", re.IGNORECASE)


def safe_link(address: str) -> str:
    """The address if it is one that may be followed, else nothing."""
    return address if _SAFE_LINK.match(address) else ""


def digits(phone: str) -> str:
    """A telephone number as it stands in a `tel:` link."""
    return re.sub(r"[^\d+]", "", phone)


@lru_cache(maxsize=1)
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(WIDGET / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(safe_link=safe_link, digits=digits)
    made.globals.update(t=text, looks=LOOKS)
    return made


def open_question(messages: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The question that stands open after these messages."""
    for sent in reversed(messages):
        custom: dict[str, Any] = sent.get("custom") or {}
        if custom.get("type") == "question":
            return custom
        if custom.get("type") == "guidance":
            return None
    return None


def last_route(turns: Sequence[TalkTurn]) -> str | None:
    """The route of the last guidance of a talk."""
    for turn in reversed(turns):
        for sent in reversed(turn.messages):
            custom = sent.get("custom") or {}
            if custom.get("type") == "guidance":
                return str(custom["outcome"]["route"])
    return None


def render_page(
    built: Built,
    *,
    turns: Sequence[TalkTurn],
    session: str = "",
    host_token: str = "",
    error: str = "",
    closed: bool = False,
) -> str:
    """The whole page: earlier turns, the newest one, and the form to go on with.

    `closed` leaves the form out, for a talk that is refused.
    """
    before: list[dict[str, Any]] = []
    shown: list[tuple[str | None, list[dict[str, Any]]]] = []
    for turn in turns:
        shown.append((spoken(turn, before), turn.messages))
        before += turn.messages
    words, messages = shown[-1] if shown else (None, [])
    route = last_route(turns)
    question = open_question(before)
    return (
        _templates()
        .get_template("page.html")
        .render(
            script=None if closed else built.loader,
            style=built.style,
            earlier=shown[:-1],
            words=words,
            messages=messages,
            question=question,
            session=session,
            host_token=host_token,
            key=secrets.token_hex(16),
            error=error,
            emergency=emergency(),
            route=route or "",
            done=route is not None and question is None,
            closed=closed,
        )
    )
