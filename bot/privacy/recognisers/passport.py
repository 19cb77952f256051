"""Passport and other travel or identity document numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.finding import Finding, Kind

_BARE = re.compile(r"(?<!\w)[A-Z]{2}\d{7}(?!\w)|(?<![\w-])\d{9}(?![\w-])")
_CUED = re.compile(
    r"\b(?:passport|travel document|visa|brp|residence permit|biometric residence permit|"
    r"home office (?:ref(?:erence)?|number)|id card|driving licen[cs]e|ni card)"
    r"(?:\s(?:number|num|no\.?|ref|card|doc|is|was|it's|its|reads|says)|\s?[:#=-]){0,3}"
    r"\s{0,2}(?P<id>(?=[A-Z]{0,5}[ -]?\d)[A-Z]{0,5}(?:[ -]?\d){5,10}(?:[ -]?[A-Z0-9]{1,6})?)(?!\w)",
    re.IGNORECASE,
)


class PassportRecogniser:
    """By the word before, or by the form of a British passport."""

    def find(self, text: str) -> Iterator[Finding]:
        """See `Recogniser`."""
        for match in _CUED.finditer(text):
            yield Finding.of(Kind.passport, *match.span("id"))
        for match in _BARE.finditer(text):
            yield Finding.of(Kind.passport, *match.span())
