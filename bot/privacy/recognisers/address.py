"""Addresses: a house number with its street, a flat, a street somebody lives in.

Where content knows the street, it tells the borough: then only the number goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.finding import Finding, Kind
from bot.privacy.lists import word_list
from bot.privacy.public import public

_SURE = (
    "street|st|str|road|rd|avenue|ave|av|lane|crescent|cres|gardens|gdns|terrace|mews|estate|"
    "high street|high road|boulevard|parade|villas|wharf"
)
_OPEN = (
    "close|cl|court|ct|drive|dr|grove|house|place|pl|square|sq|way|walk|row|hill|park|tower|towers|point|"
    "buildings|rise|passage|yard|path|green|heights|lodge|mansions|cottages|view|common|road north|ln"
)
_NOT = (
    r"(?:mins?|minutes?|years?|yrs?|months?|mths?|weeks?|wks?|days?|hours?|hrs?|times?|kids?|child(?:ren)?|boys?|"
    r"girls?|pupils?|students?|staff|siblings?|brothers?|sisters?|people|adults?|of|in|on|to|his|her|is|was|are|"
    r"were|from|and|or|at|pm|am|by|for|with|our|my|their|who|that|it|its|lads?|men|women|cars?|old|yo|x|"
    r"lessons?|marks?|bruises?|miles?|metres?|lots|form|class|set|cans?|bottles?|drinks?)"
)
_WORD = rf"(?!{_NOT}\b)[A-Za-z][A-Za-z'’.-]{{0,24}}"
_NUMBER = r"(?:no\.?\s?|number\s)?\d{1,4}\s?[a-dA-D]?(?:\s?[-/]\s?\d{1,4})?"
_FLAT = r"(?:flat|apartment|apt|unit|maisonette|studio)\s(?:no\.?\s?|number\s)?[A-Za-z]?\d{0,4}[A-Za-z]?(?=[\s,.]|$)"
_HOUSE = re.compile(
    rf"(?<![\w£/.])(?:(?P<flat>{_FLAT}),?\s)?(?P<no>{_NUMBER}),?\s"
    rf"(?P<street>(?:{_WORD}\s){{1,3}}?(?:(?P<sure>{_SURE})|(?P<open>{_OPEN})))\b(?!['’\w])",
    re.IGNORECASE,
)
_THE = re.compile(
    rf"(?<![\w£/.])(?P<no>{_NUMBER}),?\s(?P<street>the\s(?:avenue|grove|drive|green|close|crescent|lane|mews|oval|"
    r"ridgeway|broadway|chase|glade|hollies|paddocks))\b",
    re.IGNORECASE,
)
_ONLY_FLAT = re.compile(
    r"\b(?:flat|apartment|apt|maisonette)\s(?:no\.?\s?|number\s)?(?:\d{1,4}\s?[a-z]?|[a-z]\d{0,3})(?=[\s,.]|$)(?!\s+(?:is|was|in|for)\b)",
    re.IGNORECASE,
)
_LIVES_CUE = (
    r"\b(?:liv(?:es?|ing|ed)|stay(?:s|ing)?|address|home\s(?:is|address)|resid(?:es?|ing)|moved|based|house|flat)"
    r"(?:\s(?:is|was|now|currently|still|at|on|in|to|just|off|over|near|with|(?:his|her|their)\s\w{3,12}))*\s?[:=-]?\s"
)
_LIVES = re.compile(
    rf"{_LIVES_CUE}(?P<street>(?:{_WORD}\s){{1,3}}?(?:{_SURE}|close|court|drive|grove|house|square|way|mews|towers?))\b(?!['’\w])",
    re.IGNORECASE,
)
_CUE = re.compile(
    r"\b(?:liv(?:e|es|ing|ed)|address|stay(?:s|ing)?|home|house is|moved|resid\w+|at|flat)\b[^.]{0,30}$",
    re.I,
)
_COMMON = word_list("address_common")


def _known(street: str) -> str | None:
    plain = re.sub(r"\s+", " ", street.lower())
    return plain if plain in public().places else None


def _begins_known(text: str) -> bool:
    """Whether a place that content knows begins here, however many words it has."""
    words = re.findall(r"[\w'’.-]+", text[:80].lower())[:6]
    return any(" ".join(words[:n]) in public().places for n in range(1, len(words) + 1))


class AddressRecogniser:
    """See the module."""

    def find(self, text: str) -> Iterator[Finding]:
        """See `Recogniser`."""
        if any(c.isdigit() for c in text):
            for match in _HOUSE.finditer(text):
                if match.group("open") and not self._sure(text, match):
                    continue
                yield self._finding(match)
            for match in _THE.finditer(text):
                yield self._finding(match)
            for match in _ONLY_FLAT.finditer(text):
                yield Finding.of(Kind.address, *match.span())
        for match in _LIVES.finditer(text):
            street = match.group("street")
            first = street.split()[0].lower()
            if (
                _begins_known(text[match.start("street") :])
                or first in _COMMON
                or _known(" ".join(street.split()[1:]))
            ):
                continue
            yield Finding.of(Kind.address, *match.span("street"))

    def _sure(self, text: str, match: re.Match[str]) -> bool:
        """An open word (way, house, close) is a street with capitals or after "lives at"."""
        street = match.group("street").split()
        if street[0].lower() in _COMMON:
            return False
        named = all(word[0].isupper() for word in street)
        before = text[max(0, match.start() - 40) : match.start()]
        return named or bool(_CUE.search(before)) or bool(match.group("flat"))

    def _finding(self, match: re.Match[str]) -> Finding:
        known = _known(match.group("street"))
        if known:
            start = match.start("street")
            put = f"[ADDRESS] {match.string[start : match.end()]}"
            return Finding(Kind.address, match.start(), match.end(), put)
        return Finding.of(Kind.address, *match.span())
