"""The one gate of all channels: what goes in is cleaned, and something always comes out."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage

from bot.nlu.foreign import is_foreign
from bot.nlu.spelling import mended
from bot.plain_fallback import fallback_message as fallback_message
from bot.plain_fallback import fallback_text as fallback_text
from bot.privacy import redact
from bot.privacy.hurried import spaced
from bot.scenarios.talk import answered_by_training
from bot.stores.limits import limits
from bot.watch.turn import ANSWERED, FALLBACK, LIMITED, TurnLog, stage, turn_of
from knowledge.vocabulary import QuestionId

logger = logging.getLogger(__name__)

MAX_CHARACTERS = 20_000
# The user has the fixed answer within three seconds, the proxy's share included.
TURN_SECONDS = 2.5
_BUTTON = re.compile(r"^/answer(\{.{2,4000}\})$", re.DOTALL)
_COMMANDS = frozenset({"/greet", "/start_again"})
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
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
    seen = redact(spaced(plain))
    return seen if is_foreign(seen) else mended(seen)


class WatchedOutput(OutputChannel):
    """Holds the messages of a turn until it is saved, so that none is sent twice."""

    def __init__(self, inner: OutputChannel, turn: TurnLog) -> None:
        self.inner = inner
        self._turn = turn
        self._held: list[tuple[str, dict[str, Any]]] = []

    @classmethod
    def name(cls) -> str:
        """Channel name in the tracker."""
        return "watched"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """One message: its text and JSON go out together, once."""
        self._turn.note_message(message)
        self._held.append((recipient_id, message))

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Rasa's own texts, if it ever sends one."""
        await self.send_response(recipient_id, {"text": text})

    async def let_go(self) -> int:
        """Send what is held; how many messages that were."""
        held, self._held = self._held, []
        for recipient_id, message in held:
            await self.inner.send_response(recipient_id, message)
        return len(held)


async def run_turn(
    on_new_message: Callable[[UserMessage], Awaitable[Any]], message: UserMessage
) -> None:
    """One turn that always ends in an answer within three seconds.

    A turn that fails or takes too long is not saved (`bot.runtime.agent`), and the user is
    given the fixed answer: what was sent can be sent again as if it had never been.
    """
    began = time.monotonic()
    try:
        if await answered_by_training(message):  # never in the figures of real talks
            return
    except Exception as error:
        logger.error("B027 training failed: %s", type(error).__name__, exc_info=error)
        await _send_fixed(message.output_channel, message.sender_id)
        return
    with turn_of(getattr(message, "input_channel", None) or "unknown") as turn:
        outer = message.output_channel
        watched = WatchedOutput(outer, turn)
        if time.monotonic() - began > TURN_SECONDS:  # the proxy has given the fixed answer
            turn.failed, turn.outcome = "B020 late", FALLBACK
            await _send_fixed(outer, message.sender_id)
            return
        try:
            if not await limits().allows(message.sender_id):
                logger.warning("B023 a conversation sends too fast")
                turn.outcome = LIMITED
                await _send_fixed(outer, message.sender_id)
                return
            with stage("redact"):
                message.text = clean(message.text)
            message.output_channel = watched
            task = asyncio.ensure_future(on_new_message(message))
            try:
                await asyncio.wait_for(asyncio.shield(task), TURN_SECONDS)
            except asyncio.TimeoutError:
                turn.failed = "B020 late"
                logger.error("B020 a turn took over %s s", TURN_SECONDS)
                task.add_done_callback(_note_late_end)
        except Exception as error:
            turn.failed = turn.failed or "B021 error"
            logger.error("B021 a turn failed: %s", type(error).__name__, exc_info=error)
        if turn.failed or not await watched.let_go():
            turn.outcome = FALLBACK
            await _send_fixed(outer, message.sender_id)
        elif turn.outcome == FALLBACK:
            turn.outcome = ANSWERED


async def _send_fixed(outer: OutputChannel, sender_id: str) -> None:
    fixed = fallback_message()
    await outer.send_response(sender_id, {"text": fallback_text(fixed), "custom": fixed})


def _note_late_end(task: asyncio.Future[Any]) -> None:
    if not task.cancelled() and (error := task.exception()):
        logger.warning("B024 a late turn was not saved: %s", type(error).__name__)
