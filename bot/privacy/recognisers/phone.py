"""Telephone numbers, British and foreign; those that content publishes stay."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.finding import Finding, Kind
from bot.privacy.public import public

_BRITISH = re.compile(
    r"(?<![\w-])(?:\+\s?44|0044|\(\+44\))?[ .-]?\(?0?\)?(?=[ .()-]?[1-9])(?:[ .()-]{0,2}\d){9,10}(?![\w-])"
)
_FOREIGN = re.compile(r"(?<![\w-])(?:\+|00)[1-9]\d{0,2}(?:[ .()-]{0,2}\d){6,12}(?![\w-])")
_CUED = re.compile(
    r"\b(?:phone|mobile|mob|cell|tel|telephone|ring|call|text|whatsapp|contact|number|num|no)"
    r"(?:\s(?:number|num|no|no\.|is|on|her|him|me|them|mum|dad|at|it's|its))*\.?\s?[:=-]?\s{0,2}"
    r"(?P<id>7\d{3}[ .-]?\d{3}[ .-]?\d{3}|\d{4}[ .-]\d{4})(?![\w-])",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")


class PhoneRecogniser:
    """By form, with any spacing, and shorter ones by the word before them."""

    def find(self, text: str) -> Iterator[Finding]:
        """See `Recogniser`."""
        if len(_DIGIT.findall(text)) < 8:
            return
        for match in _FOREIGN.finditer(text):
            yield Finding.of(Kind.phone, *match.span())
        for match in _BRITISH.finditer(text):
            digits = re.sub(r"\D", "", match.group())
            if not match.group().lstrip(" (.-").startswith(("0", "+")):
                continue
            if digits in public().phones:
                # Kept as it stands: the recognisers after this one must not take it either.
                yield Finding(Kind.phone, match.start(), match.end(), match.group())
                continue
            start = match.start() + len(match.group()) - len(match.group().lstrip(" .-"))
            yield Finding.of(Kind.phone, start, match.end())
        for match in _CUED.finditer(text):
            yield Finding.of(Kind.phone, *match.span("id"))
