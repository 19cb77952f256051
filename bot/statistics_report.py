"""The partnership's view of the counts: whole months, small counts hidden, all rounded.

Counts under five are not shown, and every other one is rounded to the nearest five, so
that neither one number nor the difference of two looks can point at a person.  Totals are
sums of what is shown, so that a hidden count cannot be worked out from them.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.statistics import MEASURES, daily_counts

LEAST, STEP = 5, 5


@dataclass(frozen=True)
class Row:
    """A value with its count as shown: rounded, or None where it is under five."""

    value: str
    shown: int | None

    @property
    def text(self) -> str:
        """For a table."""
        return "fewer than 5" if self.shown is None else str(self.shown)


@dataclass(frozen=True)
class Report:
    """One month."""

    month: str
    months: list[str]
    measures: dict[str, list[Row]]
    weeks: list[Row]

    def total(self, measure: str) -> int:
        """The sum of what is shown."""
        return sum(r.shown or 0 for r in self.measures[measure])


def disclosed(count: int) -> int | None:
    """A count as it may be shown."""
    return None if count < LEAST else STEP * round(count / STEP)


def _rows(found: dict[str, int]) -> list[Row]:
    rows = [Row(value, disclosed(count)) for value, count in found.items() if count > 0]
    return sorted(rows, key=lambda r: (-(r.shown or 0), r.value))


def month_bounds(month: str) -> tuple[dt.date, dt.date]:
    """First day of a month such as 2026-11, and of the next one.

    Raises:
        ValueError: it is no month.
    """
    first = dt.datetime.strptime(month, "%Y-%m").date()
    return first, (first + dt.timedelta(days=32)).replace(day=1)


def read_report(engine: Engine, month: str | None, today: dt.date) -> Report:
    """The report of a month, by default of the present one.

    Raises:
        ValueError: `month` is no month.
        SQLAlchemyError: the database does not answer.
    """
    chosen = month or today.strftime("%Y-%m")
    first, after = month_bounds(chosen)
    sums: dict[str, dict[str, int]] = {m: defaultdict(int) for m in MEASURES}
    weeks: dict[str, int] = defaultdict(int)
    months: set[str] = {today.strftime("%Y-%m"), chosen}
    if sa.inspect(engine).has_table(daily_counts.name):
        counts = daily_counts.c
        with engine.connect() as db:
            days: Sequence[dt.date] = db.execute(sa.select(counts.day).distinct()).scalars().all()
            rows = db.execute(
                sa.select(counts.day, counts.measure, counts.value, counts["count"]).where(
                    counts.day >= first, counts.day < after
                )
            ).all()
        months |= {day.strftime("%Y-%m") for day in days}
        for day, measure, value, count in rows:
            if measure in sums:
                sums[measure][value] += count
            if measure == "turns":
                weeks[f"{day.isocalendar()[0]}-W{day.isocalendar()[1]:02d}"] += count
    by_week = [Row(w, disclosed(n)) for w, n in sorted(weeks.items())]
    measures = {m: _rows(found) for m, found in sums.items()}
    return Report(chosen, sorted(months, reverse=True), measures, by_week)
