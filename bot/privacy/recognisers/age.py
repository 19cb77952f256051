"""Ages told to the month are kept in years; a baby's months stay, for they raise the risk."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.finding import Finding, Kind

_EXACT = re.compile(
    r"(?<![\w.])(?P<years>\d{1,2})\s?(?P<word>years?|yrs?|y)(?:\sold)?(?:,|\sand|\s&)?\s?"
    r"\d{1,2}\s?(?:months?|mths?|m)(?:(?:,|\sand)?\s?\d{1,2}\s?(?:weeks?|wks?|days?))?(?!\w)",
    re.IGNORECASE,
)


class AgeRecogniser:
    """Exact ages alone; a plain age or school year is no identifying detail."""

    def find(self, text: str) -> Iterator[Finding]:
        """See `Recogniser`."""
        for match in _EXACT.finditer(text):
            years = match.group("years")
            if int(years) >= 1:
                put = f"{years} year{'' if years == '1' else 's'}"
                yield Finding(Kind.age, match.start(), match.end(), put)
