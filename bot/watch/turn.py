"""What is known about the turn in hand: an id for the logs, times by stage, the outcome.

One object a turn, found by a context variable from wherever the turn passes through.  It
never holds text.
"""

from __future__ import annotations

import contextlib
import logging
import secrets
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from bot.watch.metrics import RED_FLAGS, ROUTES, STAGES, TURNS, UNANSWERED

logger = logging.getLogger(__name__)
NOT_UNDERSTOOD = frozenset({"action_not_understood", "action_default_fallback"})
ANSWERED, FALLBACK, LIMITED, REPLAYED = "answered", "fallback", "limited", "replayed"


@dataclass
class TurnLog:
    """One turn; times are seconds, `began` and `stages` by the steady clock."""

    channel: str
    correlation: str = field(default_factory=lambda: secrets.token_hex(8))
    began: float = field(default_factory=time.perf_counter)
    began_at: float = field(default_factory=time.time)
    stages: list[tuple[str, float, float]] = field(default_factory=list)
    outcome: str = FALLBACK
    intent: str = ""
    guess: str = ""
    danger: str = ""
    understood: bool = True
    failed: str = ""
    outcomes: list[dict[str, Any]] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    content_version: str = ""

    def note_message(self, message: dict[str, Any]) -> None:
        """Keep what one outgoing message decided."""
        made = message.get("custom")
        if not isinstance(made, dict):
            return
        self.kinds.append(f"{made.get('type', '')}:{made.get('id', '')}")
        self.content_version = str(made.get("content_version") or self.content_version)
        if isinstance(made.get("outcome"), dict):
            self.outcomes.append(made["outcome"])

    def note_understanding(self, parsed: dict[str, Any]) -> None:
        """Keep the intent and whether danger was seen, of what the pipeline made."""
        self.intent = str((parsed.get("intent") or {}).get("name") or "")
        ranking = [str(r.get("name")) for r in parsed.get("intent_ranking") or []]
        named = [name for name in ranking if name not in {"nlu_fallback", "out_of_scope"}]
        self.guess = named[0] if named else ""
        states = {str(f.get("state")) for f in parsed.get("red_flags") or []}
        self.danger = "now" if "now" in states else "lowered" if states else ""

    def note_action(self, name: str) -> None:
        """Keep whether the action was the one for what is not understood."""
        if name in NOT_UNDERSTOOD:
            self.understood = False


# Called with each finished turn; the servers add statistics, audit and traces.
AT_END: list[Callable[[TurnLog], None]] = []
_turn: ContextVar[TurnLog | None] = ContextVar("turn", default=None)


def current_turn() -> TurnLog | None:
    """The turn in hand, if any."""
    return _turn.get()


def correlation() -> str:
    """Its id for the logs, or nothing."""
    turn = _turn.get()
    return turn.correlation if turn else ""


@contextlib.contextmanager
def stage(name: str) -> Iterator[None]:
    """Times a part of the turn."""
    began = time.perf_counter()
    try:
        yield
    finally:
        took = time.perf_counter() - began
        STAGES.labels(name).observe(took)
        if turn := _turn.get():
            turn.stages.append((name, began, took))


@contextlib.contextmanager
def turn_of(channel: str) -> Iterator[TurnLog]:
    """The turn from the channel in to the channel out; counts it at its end."""
    turn = TurnLog(channel)
    token = _turn.set(turn)
    try:
        yield turn
    finally:
        _turn.reset(token)
        _count(turn)


def _count(turn: TurnLog) -> None:
    STAGES.labels("total").observe(time.perf_counter() - turn.began)
    TURNS.labels(turn.channel, turn.outcome).inc()
    if turn.outcome == ANSWERED:
        for outcome in turn.outcomes:
            ROUTES.labels(str(outcome.get("route"))).inc()
        if turn.danger:
            RED_FLAGS.labels(turn.danger).inc()
        if not turn.understood:
            UNANSWERED.inc()
    for told in AT_END:
        try:
            told(turn)
        except Exception as error:
            logger.error("B057 a finished turn was not counted: %s", type(error).__name__)
