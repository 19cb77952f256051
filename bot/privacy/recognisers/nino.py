"""National Insurance numbers: two letters, six digits, and a letter that may be left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.finding import Finding, Kind

_NINO = re.compile(
    r"(?<![\w-])(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][ .-]{0,2}"
    r"\d{2}[ .-]?\d{2}[ .-]?\d{2}(?:[ .-]?[A-D])?(?!\w)",
    re.IGNORECASE,
)


class NinoRecogniser:
    """By form alone: nothing else that staff write looks so."""

    def find(self, text: str) -> Iterator[Finding]:
        """See `Recogniser`."""
        for match in _NINO.finditer(text):
            yield Finding.of(Kind.nino, *match.span())
