"""Number plates of cars."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.finding import Finding, Kind

_NOW = re.compile(r"(?<![\w-])[A-HJ-PR-Y]{2}\d{2}[ -]?[A-HJ-PR-Z]{3}(?![\w-])", re.IGNORECASE)
_OLD = re.compile(
    r"(?<![\w-])(?:[A-HJ-NPR-TV-Y]\d{1,3}[ -]?[A-HJ-PR-Z]{3}|[A-HJ-PR-Z]{3}[ -]?\d{1,3}[ -]?[A-HJ-NPR-TV-Y]|"
    r"[A-Z]{2,3}[ -]?\d{3,4})(?![\w-])",
    re.IGNORECASE,
)
_CAR = re.compile(
    r"\b(?:car|van|reg|registration|plate|plates|vehicle|motorbike|moped|scooter|bmw|audi|merc|mercedes|"
    r"ford|vauxhall|toyota|prius|vw|golf|corsa|fiesta|focus|nissan|honda|taxi|minicab|cab|uber|driving|drives|"
    r"drove|parked|picked (?:him|her|them) up in)\b",
    re.IGNORECASE,
)
_NOT = frozenset({"the", "and", "for", "was", "had", "has", "boy", "who", "not", "but", "set"})
# Short words that, in small letters, a number follows or leads: "smash in 2021", "is 500".
_NOT_SMALL = frozenset(
    ["in", "is", "at", "on", "to", "by", "of", "my", "it", "or", "as", "so", "up", "no", "do", "be",
     "he", "me", "we", "her", "his", "him", "our", "off", "out", "are", "all", "now", "she", "did",
     "say", "get", "got", "ran", "saw", "sat", "can"]
)  # fmt: skip


class PlateRecogniser:
    """The present form anywhere; older and Irish forms where a car is spoken of nearby."""

    def find(self, text: str) -> Iterator[Finding]:
        """See `Recogniser`."""
        car = _CAR.search(text) is not None
        for match in _NOW.finditer(text):
            tail = match.group()[-3:]
            if tail.lower() in _NOT or not (car or match.group().isupper()):
                continue
            yield Finding.of(Kind.plate, *match.span())
        if not car:
            return
        for match in _OLD.finditer(text):
            near = text[max(0, match.start() - 40) : match.end() + 30]
            letters = re.findall(r"[A-Za-z]{2,3}", match.group())
            word = any(part.lower() in _NOT or part in _NOT_SMALL for part in letters)
            if word or not _CAR.search(near):
                continue
            yield Finding.of(Kind.plate, *match.span())
