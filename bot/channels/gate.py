"""The one gate of all channels: what goes in is cleaned, and something always comes out."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage

from bot.paths import FALLBACK
from bot.privacy import redact
from bot.scenarios.talk import answered_by_training
from knowledge.plain_text import contact_lines
from knowledge.vocabulary import QuestionId

logger = logging.getLogger(__name__)

MAX_CHARACTERS = 20_000
TURN_SECONDS = 4.5
_BUTTON = re.compile(r"^/answer(\{.{2,4000}\})$", re.DOTALL)
_COMMANDS = frozenset({"/greet", "/start_again"})
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_VALUE = re.compile(r"^[a-z0-9_-]{1,64}$")
_QUESTIONS = frozenset(str(q) for q in QuestionId)


def button_payload(text: str) -> str | None:
    """The payload in its canonical form if `text` is one of our own buttons', else None."""
    if text in _COMMANDS:
        return text
    found = _BUTTON.match(text)
    if not found:
        return None
    try:
        answers = json.loads(found.group(1))
    except ValueError:
        return None
    if not isinstance(answers, dict) or not answers:
        return None
    for key, value in answers.items():
        values = value if isinstance(value, list) else [value]
        if key not in _QUESTIONS or not values or len(values) > 40:
            return None
        if not all(isinstance(v, str) and _VALUE.match(v) for v in values):
            return None
    return "/answer" + json.dumps(answers)


def clean(text: Any) -> str:
    """What Rasa may see of a text that came in: no identifiers, no commands, no controls."""
    if not isinstance(text, str):
        return ""
    if payload := button_payload(text.strip()):
        return payload
    plain = _CONTROL.sub("", text)[:MAX_CHARACTERS]
    plain = plain.lstrip().lstrip("/").strip()
    return redact(plain)


def fallback_message() -> dict[str, Any]:
    """The fixed answer when a part is down, as made when the content was loaded."""
    try:
        made: dict[str, Any] = json.loads(FALLBACK.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        made = {"text": LAST_WORDS, "contacts": [], "content_version": "unknown"}
    return {
        "type": "notice",
        "id": "fallback-when-down",
        "text": made["text"],
        "contacts": made["contacts"],
        "sources": [],
        "content_version": made["content_version"],
    }


# Only where even the file made from content is gone.
LAST_WORDS = (
    "I cannot answer just now. If a child is in danger, ring 999 now. "
    "Tell your designated safeguarding lead, and ring children's social care where the child lives."
)


def fallback_text(message: dict[str, Any]) -> str:
    """The fixed answer as plain text."""
    lines = [message["text"]]
    for contact in message["contacts"]:
        lines += contact_lines(contact)
    return "\n".join(lines)


class WatchedOutput(OutputChannel):
    """Passes messages on, and knows whether there was any."""

    def __init__(self, inner: OutputChannel) -> None:
        self.inner = inner
        self.sent = 0
        self.closed = False

    @classmethod
    def name(cls) -> str:
        """Channel name in the tracker."""
        return "watched"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """One message: its text and JSON go out together, once."""
        if self.closed:
            return
        self.sent += 1
        await self.inner.send_response(recipient_id, message)

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Rasa's own texts, if it ever sends one."""
        await self.send_response(recipient_id, {"text": text})


async def run_turn(
    on_new_message: Callable[[UserMessage], Awaitable[Any]], message: UserMessage
) -> None:
    """One turn that always ends in an answer within five seconds.

    The turn of a part that hangs goes on in the background; its late words are dropped,
    because the user has been given the fixed answer.
    """
    if await answered_by_training(message):
        return
    message.text = clean(message.text)
    watched = WatchedOutput(message.output_channel)
    message.output_channel = watched
    task = asyncio.ensure_future(on_new_message(message))
    try:
        await asyncio.wait_for(asyncio.shield(task), TURN_SECONDS)
    except asyncio.TimeoutError:
        logger.error("B020 a turn took over %s s", TURN_SECONDS)
        task.add_done_callback(_note_late_end)
    except Exception as error:
        logger.error("B021 a turn failed: %s", type(error).__name__)
    if watched.sent == 0:
        watched.closed = True
        fixed = fallback_message()
        await watched.inner.send_response(
            message.sender_id, {"text": fallback_text(fixed), "custom": fixed}
        )


def _note_late_end(task: asyncio.Future[Any]) -> None:
    if not task.cancelled() and task.exception():
        logger.error("B021 a late turn failed: %s", type(task.exception()).__name__)
