"""Any other long number: an account, a case, a card, a pupil in some system."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.finding import Finding, Kind

_LONG = re.compile(r"(?<![\w£$€.,-])\d(?:[ -]?\d){6,24}(?![\w-])")
_PAIRS = re.compile(r"^\d{1,4}(?:[ -]\d{1,4})+$")


class NumberRecogniser:
    """Seven digits or more in one go, or groups of at least three digits."""

    def find(self, text: str) -> Iterator[Finding]:
        """See `Recogniser`."""
        for match in _LONG.finditer(text):
            whole = match.group()
            if _PAIRS.match(whole) and max(map(len, re.split(r"[ -]", whole))) < 3:
                continue  # ages or marks in a row: "7 8 9 10 11"
            yield Finding.of(Kind.number, *match.span())
