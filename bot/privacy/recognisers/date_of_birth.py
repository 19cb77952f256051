"""Dates of birth: after a word of birth in any form, or a whole date that lies years back.

A date of the last two years without such a word is when something happened, and stays.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from bot.privacy.finding import Finding, Kind

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:r?uary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"\d{1,2}(?:\s?(?:st|nd|rd|th))?"
_YEAR = r"(?:19|20)\d{2}"
_WHOLE = re.compile(
    rf"(?<![\w/.-])(?:{_DAY}[ /.-]{{0,2}}(?:of\s)?{_MONTH}\.?,?[ /.'’-]{{0,2}}(?P<y1>{_YEAR}|\d{{2}})|"
    rf"{_MONTH}\.?\s{_DAY},?\s(?P<y2>{_YEAR})|"
    rf"\d{{1,2}}\s?(?P<s>[/.-])\s?\d{{1,2}}\s?(?P=s)\s?(?P<y3>{_YEAR}|\d{{2}})|"
    rf"(?P<y4>{_YEAR})[/.-]\d{{1,2}}[/.-]\d{{1,2}})(?![\w/-])",
    re.IGNORECASE,
)
_BORN = (
    r"\b(?:d\.?\s?o\.?\s?b\.?|date\sof\sbirth|birth\s?da(?:y|te)|b(?:ir)?thday|born|birth)"
    r"(?:\s(?:is|was|on|in|the|of|to|falls|it's|its|recorded|as|given|listed|down))*\s?[:=-]?\s{0,2}(?:the\s)?"
)
_CUED = re.compile(
    rf"{_BORN}(?P<id>{_DAY}[ /.-]{{0,2}}(?:of\s)?{_MONTH}(?:\.?,?[ /.'’-]{{0,2}}(?:{_YEAR}|\d{{2}}))?|"
    rf"{_MONTH}\.?\s{_DAY}(?:,?\s(?:{_YEAR}|\d{{2}}))?|{_MONTH}\.?,?\s{_YEAR}|"
    rf"\d{{1,2}}\s?[/. -]\s?\d{{1,2}}\s?[/. -]\s?(?:{_YEAR}|\d{{2}})|{_YEAR}[/. -]\d{{1,2}}[/. -]\d{{1,2}}|"
    rf"\d{{8}}|\d{{6}}|\d{{1,2}}[/.]\d{{1,2}})(?![\w/])",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"^\W{0,3}(?:\(?d\.?o\.?b|date of birth|birthday|is (?:his|her|their) birthday)", re.I
)
RECENT_YEARS = 2


def _full_year(written: str) -> int:
    year = int(written)
    if year > 99:
        return year
    now = dt.date.today().year % 100
    return 2000 + year if year <= now else 1900 + year


class DateOfBirthRecogniser:
    """See the module."""

    def find(self, text: str) -> Iterator[Finding]:
        """See `Recogniser`."""
        if not any(c.isdigit() for c in text):
            return
        for match in _CUED.finditer(text):
            yield Finding.of(Kind.date_of_birth, *match.span("id"))
        latest = dt.date.today().year - RECENT_YEARS
        for match in _WHOLE.finditer(text):
            year = next(y for y in match.group("y1", "y2", "y3", "y4") if y)
            if _full_year(year) <= latest or _AFTER.match(text[match.end() : match.end() + 30]):
                yield Finding.of(Kind.date_of_birth, *match.span())
