"""Turns become audit rows, written by a thread of their own in the order they came."""

from __future__ import annotations

import atexit
import logging
import os
import threading
from collections import deque
from functools import lru_cache
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot.audit.log import AuditLog, fit, now
from bot.retention import asks_to_delete
from bot.settings import secret, settings
from bot.stores.engines import engine_for
from bot.watch.turn import ANSWERED, TurnLog

logger = logging.getLogger(__name__)
MOST_WAITING = 10_000
PAUSE = 2.0


def rows_of(turn: TurnLog) -> list[dict[str, Any]]:
    """The rows of a finished turn: one for each guidance, the fixed answer, a deletion."""
    common = {
        "at": now(),
        "turn": fit(turn.correlation, 32),
        "channel": fit(turn.channel, 32),
        "danger": fit(turn.danger, 16),
        "content_version": fit(turn.content_version, 64),
    }
    empty = {"route": "", "level": None, "borough": "", "contacts": "", "deadline": ""}
    if turn.outcome != ANSWERED:
        return [common | empty | {"event": fit(turn.outcome, 32)}]
    if asks_to_delete(turn.kinds):
        return [common | empty | {"event": "talk_deleted"}]
    rows: list[dict[str, Any]] = []
    for outcome in turn.outcomes:
        level = outcome.get("level")
        rows.append(
            common
            | {
                "event": "guidance",
                "route": fit(outcome.get("route"), 64),
                "level": level if isinstance(level, int) else None,
                "borough": fit(outcome.get("borough"), 16),
                "contacts": fit(",".join(map(str, outcome.get("contact_ids") or [])), 512),
                "deadline": fit(outcome.get("deadline"), 48),
            }
        )
    return rows


class Recorder:
    """Keeps rows until the database has taken them."""

    def __init__(self, log: AuditLog) -> None:
        self._log = log
        self._waiting: deque[dict[str, Any]] = deque()
        self._writing = threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, rows: list[dict[str, Any]]) -> None:
        """Hand over rows; returns at once."""
        if not rows:
            return
        if len(self._waiting) >= MOST_WAITING:
            logger.error("B105 audit rows lost: the database is away for too long")
            return
        self._waiting.extend(rows)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="audit", daemon=True)
            self._thread.start()
            atexit.register(self.write)
        self._wake.set()

    def _run(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            while self._waiting and not self.write():
                threading.Event().wait(PAUSE)

    def write(self) -> bool:
        """Write what waits; whether the database took it."""
        with self._writing:
            rows = list(self._waiting)
            if not rows:
                return True
            try:
                self._log.append(rows)
            except SQLAlchemyError as error:
                logger.warning("B104 audit rows wait: %s", type(error).__name__)
                return False
            for _ in rows:
                self._waiting.popleft()
            return True


def audit_url() -> str:
    """Where the audit log is: BOT_AUDIT_URL, else with our other tables."""
    return secret(os.environ, "BOT_AUDIT_URL") or settings().data_url


def audit_log() -> AuditLog:
    """The log by the settings of this process."""
    return AuditLog(engine_for(audit_url()), secret(os.environ, "BOT_AUDIT_KEY").encode())


@lru_cache(maxsize=1)
def recorder() -> Recorder:
    """The recorder of this process."""
    return Recorder(audit_log())


def record_audit(turn: TurnLog) -> None:
    """Note a finished turn; for `bot.watch.turn.AT_END`."""
    recorder().add(rows_of(turn))
