"""National Insurance numbers: two letters, six digits, and a letter that may be left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.finding import Finding, Kind

_NINO = re.compile(
    r"(?<![\w-])(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][ .-]{0,2}"
    r"\d{2}[ .-]?\d{2}[ .-]?\d{2}[ .-]?[A-D](?!\w)",
    re.IGNORECASE,
)
_CUED = re.compile(
    r"\b(?:ni|nino|national insurance|n\.i\.)(?:\s(?:number|num|no\.?|is|was)|\s?[:#=-]){0,3}\s{0,2}"
    r"(?P<id>[A-Z]{2}[ .-]?\d{2}[ .-]?\d{2}[ .-]?\d{2})(?!\w)",
    re.IGNORECASE,
)


class NinoRecogniser:
    """By form, and without the last letter where it is said to be one."""

    def find(self, text: str) -> Iterator[Finding]:
        """See `Recogniser`."""
        for match in _NINO.finditer(text):
            yield Finding.of(Kind.nino, *match.span())
        for match in _CUED.finditer(text):
            yield Finding.of(Kind.nino, *match.span("id"))
