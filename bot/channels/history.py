"""What was said in a talk, read from Rasa's tracker: nothing is kept twice."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from rasa.shared.core.events import BotUttered, UserUttered

from bot.channels.texts import text
from knowledge.hours import now_in_london
from knowledge.plain_text import as_text

logger = logging.getLogger(__name__)


@dataclass
class TalkTurn:
    """One message of a user, as redacted, and what came back."""

    id: str
    said: str
    messages: list[dict[str, Any]] = field(default_factory=list)


History = Callable[[str], Awaitable[list[TalkTurn]]]


def turns_of(events: Iterable[Any]) -> list[TalkTurn]:
    """The turns of a tracker's events."""
    turns: list[TalkTurn] = []
    for event in events:
        if isinstance(event, UserUttered) and event.text:
            turns.append(TalkTurn(event.message_id or "", event.text))
        elif isinstance(event, BotUttered) and turns:
            custom = (event.data or {}).get("custom")
            sent = {"text": event.text or "", **({"custom": custom} if custom else {})}
            turns[-1].messages.append(sent)
    return turns


def history_of(app: Any) -> History:
    """Reads the talks of a running Rasa; an unreadable store gives an empty talk."""

    async def read(sender: str) -> list[TalkTurn]:
        try:
            tracker = await app.ctx.agent.tracker_store.retrieve(sender)
        except Exception as error:
            logger.error("B045 a talk cannot be read: %s", type(error).__name__)
            return []
        return turns_of(tracker.events) if tracker else []

    return read


def titles(payload: str, options: Iterable[dict[str, Any]]) -> str | None:
    """The words of the buttons whose payload was sent, or None if it was none of them."""
    listed = list(options)
    for option in listed:
        if option["payload"] == payload:
            return str(option["title"])
    if not payload.startswith("/answer"):
        return None
    try:
        answers = json.loads(payload.removeprefix("/answer"))
    except ValueError:
        return None
    wanted = {v for given in answers.values() for v in (given if isinstance(given, list) else [])}
    found = [str(o["title"]) for o in listed if o.get("value") in wanted]
    return "; ".join(found) or None


def spoken(turn: TalkTurn, before: Iterable[dict[str, Any]]) -> str | None:
    """What a turn began with in words; None for the greeting that a page sends by itself.

    `before` are the messages that were on show when it was sent.
    """
    if turn.said == "/greet":
        return None
    if turn.said == "/start_again":
        return text("restart")
    if turn.said.startswith("/"):
        for message in reversed(list(before)):
            options = (message.get("custom") or {}).get("options") or []
            if found := titles(turn.said, options):
                return found
        return text("chosen")
    return turn.said


def transcript(turns: Iterable[TalkTurn]) -> str:
    """A talk as plain text for a file: redacted, since the tracker holds nothing else."""
    lines = [text("transcript_title"), now_in_london().strftime("%d %B %Y, %H:%M"), ""]
    lines += [text("transcript_note"), ""]
    before: list[dict[str, Any]] = []
    for turn in turns:
        said = spoken(turn, before)
        if said:
            lines += [f"{text('you_said')} {said}", ""]
        for message in turn.messages:
            custom = message.get("custom")
            lines += [as_text(custom) if custom else message["text"], ""]
        before += turn.messages
    return "\n".join(lines).rstrip() + "\n"
