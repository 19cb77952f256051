"""Anonymous counts for the partnership: how often by day, never who, what or when exactly.

Only sums are kept (day, measure, value, count): there is no row for a turn or a person.
Counts are gathered in memory and written every few seconds; a killed worker loses the last
few.  `record_turn` and `record_feedback` are the only ways in.
"""

from __future__ import annotations

import atexit
import datetime as dt
import logging
import threading
from collections import Counter
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.settings import settings
from bot.stores.engines import engine_for
from bot.watch.turn import ANSWERED, TurnLog
from knowledge.vocabulary import Borough, Route

logger = logging.getLogger(__name__)
SECONDS = 3.0
MOST_KEYS = 2000
Key = tuple[dt.date, str, str]

metadata = sa.MetaData()
daily_counts = sa.Table(
    "daily_counts",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("measure", sa.String(24), primary_key=True),
    sa.Column("value", sa.String(64), primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
)

MEASURES = ("turns", "topic", "route", "level", "borough", "unanswered", "feedback")
_TOPICS = {
    Route.lado: "adult",
    Route.low_level_concern: "adult",
    Route.governors: "adult",
    Route.resource: "resource",
    Route.support_for_self: "me",
    Route.out_of_scope: "out_of_scope",
}
_KEPT_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_-")


def fit(value: str) -> str:
    """A value as it may be kept: an identifier of ours, never free text."""
    lowered = value.lower()[:64]
    return lowered if lowered and set(lowered) <= _KEPT_LETTERS else "other"


class Counts:
    """Gathers and writes; one a process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._kept: Counter[Key] = Counter()
        self._made = False
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, pairs: list[tuple[str, str]]) -> None:
        """Count each (measure, value) once, for today."""
        today = dt.datetime.now(dt.timezone.utc).date()
        with self._lock:
            for measure, value in pairs:
                key = (today, measure, fit(value))
                if key in self._kept or len(self._kept) < MOST_KEYS:
                    self._kept[key] += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="counts", daemon=True)
                self._thread.start()
                atexit.register(self.write)

    def _run(self) -> None:
        while not self._wake.wait(SECONDS):
            self.write()

    def write(self) -> None:
        """Write what was gathered; kept for the next time where the database is away."""
        with self._lock:
            kept, self._kept = self._kept, Counter()
        if not kept:
            return
        try:
            with self._engine.begin() as db:
                if not self._made:
                    metadata.create_all(db)
                insert = sqlite.insert if db.dialect.name == "sqlite" else postgresql.insert
                for (day, measure, value), count in sorted(kept.items()):
                    row = insert(daily_counts).values(
                        day=day, measure=measure, value=value, count=count
                    )
                    db.execute(
                        row.on_conflict_do_update(
                            index_elements=["day", "measure", "value"],
                            set_={"count": daily_counts.c.count + row.excluded.count},
                        )
                    )
            self._made = True
        except SQLAlchemyError as error:
            logger.warning("B056 counts wait for the database: %s", type(error).__name__)
            with self._lock:
                self._kept.update(kept)


@lru_cache(maxsize=1)
def counts() -> Counts:
    """The counts of this process."""
    return Counts(engine_for(settings().data_url))


def record_turn(turn: TurnLog) -> None:
    """Count a finished turn: how it ended, and the topic, route, level and borough given."""
    pairs = [("turns", turn.outcome)]
    if turn.outcome == ANSWERED:
        if not turn.understood:
            pairs.append(("unanswered", turn.guess or "none"))
        for outcome in turn.outcomes:
            route = str(outcome.get("route"))
            topic = next((t for r, t in _TOPICS.items() if str(r) == route), "child")
            pairs += [("topic", topic), ("route", route)]
            if outcome.get("level"):
                pairs.append(("level", str(outcome["level"])))
            if str(outcome.get("borough")) in {str(b) for b in Borough}:
                pairs.append(("borough", str(outcome["borough"])))
    counts().add(pairs)


def record_feedback(helpful: bool) -> None:
    """Count one judgement of an answer."""
    counts().add([("feedback", "helpful" if helpful else "not_helpful")])
