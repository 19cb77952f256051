"""Reminders that a user asked for: kept over restarts, sent once, cancelled by a word.

A job holds a talk's hashed key and the kind of reminder, and nothing of the case.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy.engine import Engine

from bot.channels.teams_store import Claims, References
from knowledge.hours import LONDON, is_office_time, now_in_london

logger = logging.getLogger(__name__)

TABLE = "teams_reminders"
# Half of the 48 hours in which a call is confirmed in writing, so that a day is left.
WRITTEN_AFTER = dt.timedelta(hours=24)
# A decision is due within 1 working day: by the afternoon of the next.
CHASE_AT = dt.time(15, 0)


class Kind(str, Enum):
    """What to be reminded of; the value is the id of the step in the knowledge base."""

    written = "confirm-in-writing"
    chase = "chase-outcome"


_ASKED = re.compile(r"^(please\s+)?remind me\b(?P<what>.{0,80})$", re.IGNORECASE | re.DOTALL)
_CANCEL = re.compile(r"^(please\s+)?(cancel|stop|delete) (my |all |the )*reminders?\W*$", re.I)
# Titles of the buttons under the offer; each is also what its press says.
OFFERS = (
    "Remind me to confirm in writing",
    "Remind me to chase the outcome",
    "Remind me to confirm in writing, and to chase the outcome",
)
_LIST = re.compile(r"^(show |what are )?(my reminders|reminders)\W*$", re.IGNORECASE)
_WHAT = {
    Kind.written: re.compile(r"writ|48", re.IGNORECASE),
    Kind.chase: re.compile(r"chase|outcome|decision|follow|hear", re.IGNORECASE),
}


@dataclass(frozen=True)
class Wish:
    """What a text asks of the reminders: `add` of some kinds, `offer`, `cancel` or `list`."""

    do: str
    kinds: tuple[Kind, ...] = ()


def asked(text: str) -> Wish | None:
    """The wish that a text is, if it is one and nothing else."""
    text = text.strip()
    if _CANCEL.match(text):
        return Wish("cancel")
    if _LIST.match(text):
        return Wish("list")
    found = _ASKED.match(text)
    if not found:
        return None
    kinds = tuple(kind for kind, pattern in _WHAT.items() if pattern.search(found["what"]))
    return Wish("add", kinds) if kinds else Wish("offer")


def due(kind: Kind, now: dt.datetime) -> dt.datetime:
    """When a reminder that is asked for at `now` is sent."""
    if kind is Kind.written:
        return now + WRITTEN_AFTER
    day = now.astimezone(LONDON)
    while True:
        day += dt.timedelta(days=1)
        moment = dt.datetime.combine(day.date(), CHASE_AT, LONDON)
        if is_office_time(moment):
            return moment


_deliver: Callable[[str, str], Awaitable[None]] | None = None
_loop: asyncio.AbstractEventLoop | None = None


def run_job(job_id: str, key: str, kind: str) -> None:
    """What the scheduler calls, in a thread of its own: hands the reminder to the channel."""
    if _deliver is None or _loop is None:
        raise RuntimeError("B136 no channel to send a reminder by")
    asyncio.run_coroutine_threadsafe(_send_once(job_id, key, kind), _loop)


_claims: Claims | None = None


async def _send_once(job_id: str, key: str, kind: str) -> None:
    try:
        # Each worker's scheduler sees the job; one of them sends it.
        if _deliver and _claims and await _claims.claim(f"reminder:{job_id}"):
            await _deliver(key, kind)
    except Exception as error:
        logger.error("B136 a reminder was not sent: %s", type(error).__name__)


class Reminders:
    """The scheduler over its table, and the addresses that it needs."""

    def __init__(self, engine: Engine, claims: Claims) -> None:
        self._references = References(engine)
        self._claims = claims
        self._scheduler = BackgroundScheduler(
            # An engine of its own: APScheduler 3 does not know SQLAlchemy's future kind.
            jobstores={
                "default": SQLAlchemyJobStore(
                    url=engine.url.render_as_string(hide_password=False),
                    tablename=TABLE,
                    engine_options={"pool_pre_ping": True},
                )
            },
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
            timezone=LONDON,
        )
        self.now: Callable[[], dt.datetime] = now_in_london

    def start(self, deliver: Callable[[str, str], Awaitable[None]]) -> None:
        """Send by `deliver(key, kind)` from now on, also what fell due while we were down."""
        global _deliver, _loop, _claims
        _deliver, _loop, _claims = deliver, asyncio.get_running_loop(), self._claims
        self._scheduler.start()

    def stop(self) -> None:
        """Stop the scheduler; the jobs stay in their table."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def add(self, key: str, kind: Kind, reference: dict[str, Any]) -> dt.datetime:
        """Remind once; asked again, the later one counts.  Returns the moment.

        Raises:
            RuntimeError: B136, the scheduler could not be started: nothing would be sent.
        """
        if not self._scheduler.running:
            raise RuntimeError("B136 no reminders: the scheduler does not run")
        moment = due(kind, self.now())
        self._references.keep(key, reference)
        name = f"{key}:{kind.value}"
        self._scheduler.add_job(
            run_job,
            "date",
            run_date=moment,
            args=[f"{name}:{int(moment.timestamp())}", key, kind.value],
            id=name,
            replace_existing=True,
        )
        return moment

    def listed(self, key: str) -> list[tuple[Kind, dt.datetime]]:
        """What is still to be sent to a talk, the next first."""
        found = []
        for kind in Kind:
            job = self._scheduler.get_job(f"{key}:{kind.value}")
            if job is not None:
                found.append((kind, job.next_run_time))
        return sorted(found, key=lambda pair: pair[1])

    def cancel(self, key: str) -> int:
        """Forget all reminders of a talk, and its address; how many there were."""
        waiting = self.listed(key)
        for kind, _ in waiting:
            self._scheduler.remove_job(f"{key}:{kind.value}")
        self._references.forget(key)
        return len(waiting)

    def take_reference(self, key: str) -> dict[str, Any] | None:
        """Where to send a reminder; forgotten after the last one."""
        found = self._references.get(key)
        if not self.listed(key):
            self._references.forget(key)
        return found
