"""E-mail addresses, also spoken ones: "jo.smith at school dot org"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.cues import FUNCTION
from bot.privacy.finding import Finding, Kind
from bot.privacy.public import public

_WRITTEN = re.compile(
    r"(?<![\w.+-])[\w.+'-]{1,64}\s?@\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}", re.UNICODE
)
_SPOKEN = re.compile(
    r"(?<![\w.])[\w.+-]{1,64}\s\(?at\)?\s(?!www\b|https?\b)[\w-]{1,63}(?:\s\(?dot\)?\s|\.)"
    r"(?:[\w-]{1,20}(?:\sdot\s|\.)){0,3}(?:com|org|net|uk|co|sch|edu|me|io)\b",
    re.IGNORECASE,
)


class EmailRecogniser:
    """All but those that content publishes."""

    def find(self, text: str) -> Iterator[Finding]:
        """See `Recogniser`."""
        if "@" in text:
            for match in _WRITTEN.finditer(text):
                if match.group().lower() not in public().emails:
                    yield Finding.of(Kind.email, *match.span())
        if " at" in text or "(at" in text:
            for match in _SPOKEN.finditer(text):
                if match.group().split()[0].lower() in FUNCTION:
                    continue
                yield Finding.of(Kind.email, *match.span())
