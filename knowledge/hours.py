"""Whether an office is open: 9 to 5, Monday to Friday, not on bank holidays in England."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import holidays

LONDON = ZoneInfo("Europe/London")
OPENS, CLOSES = dt.time(9, 0), dt.time(17, 0)
_BANK_HOLIDAYS = holidays.country_holidays("GB", subdiv="ENG")


def now_in_london() -> dt.datetime:
    """The present moment on London's clock."""
    return dt.datetime.now(LONDON)


def today_in_london() -> dt.date:
    """The date on London's clock: it decides which entries are in force."""
    return now_in_london().date()


def is_office_time(moment: dt.datetime) -> bool:
    """Whether council offices are open at `moment` (with a time zone)."""
    local = moment.astimezone(LONDON)
    working_day = local.weekday() < 5 and local.date() not in _BANK_HOLIDAYS
    return working_day and OPENS <= local.time() < CLOSES


def is_open(hours: str, moment: dt.datetime) -> bool | None:
    """Whether a contact answers at `moment`; None where its hours are not known."""
    if hours == "always":
        return True
    return is_office_time(moment) if hours == "office" else None
