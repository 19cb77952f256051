"""Unique pupil numbers: a check letter and twelve characters, or what follows "UPN"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.finding import Finding, Kind

_UPN = re.compile(
    r"(?<!\w)[A-HJ-NP-RT-Z](?:[ -]?\d){11}[ -]?[0-9A-HJ-NP-RT-Z](?!\w)", re.IGNORECASE
)
_CUED = re.compile(
    r"\b(?:upn|unique pupil (?:number|no\.?|ref)|pupil (?:number|no\.?)|admission (?:number|no\.?)|"
    r"candidate (?:number|no\.?)|uln|unique learner number)"
    r"(?:\s(?:is|was|are)|\s?[:#=-])?\s{0,2}(?P<id>[A-Z]?\d[\d -]{2,16}[0-9A-Z]?)(?!\w)",
    re.IGNORECASE,
)


class UpnRecogniser:
    """By form, and shorter or mistyped ones by the word before them."""

    def find(self, text: str) -> Iterator[Finding]:
        """See `Recogniser`."""
        for match in _UPN.finditer(text):
            yield Finding.of(Kind.upn, *match.span())
        for match in _CUED.finditer(text):
            given = match.group("id").rstrip(" -")
            yield Finding.of(Kind.upn, match.start("id"), match.start("id") + len(given))
