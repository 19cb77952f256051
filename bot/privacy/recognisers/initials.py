"""Initials that stand for somebody: "JT in 9B", "A.M. yr 4", "K.O.'s mum", "pupil RB"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.finding import Finding, Kind
from bot.privacy.lists import word_list
from bot.privacy.words import ABBREVIATIONS, is_word

_YEAR = (
    r"(?:year|yr|y)\s?\d{1,2}\s?[a-z]?|(?:1[0-3]|[1-9])\s?(?!st|nd|rd|th|am|pm)[a-z](?:\d|[a-z])?|reception|nursery|"
    r"form\s\w{1,3}|class\s\w{1,4}|rec|ks[1-5]|sixth form|6th form"
)
_WITH_YEAR = re.compile(
    rf"(?<![\w.])(?P<id>(?:[A-Z]\.?\s?){{1,2}}[A-Z]\.?)(?:,?\s(?:in|from|of)\s|,?\s|\s?[(/-]\s?)(?:the\s)?(?:{_YEAR})(?!\w)",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(
    rf"(?<!\w)(?:{_YEAR})(?:\s?[:,-]\s?|\s(?:pupil|student|child|boy|girl)\s|\s)\(?(?P<id>[A-Z]\.?\s?[A-Z]\.?(?:[A-Z]\.?)?)\)?(?=\s(?:{{0}})|['’]s|[,:.]?\s*$|[,:]\s)".replace(
        "{0}", r"has|had|is|was|said|says|told|came|disclosed|and|who|keeps|hit|seems|looks|got"
    )
)
_DOTTED = re.compile(r"(?<![\w.])(?P<id>[A-Z]\.\s?[A-Z]\.(?:\s?[A-Z]\.)?)(?!\w)")
_SAID = re.compile(
    r"(?<![\w.&/-])(?P<id>[A-Z]{2,3})(?=['’]s\s(?:mum|dad|mother|father|sister|brother|parents?|family|home|house|arm|"
    r"leg|face|phone|teacher|nan|uncle|stepdad|step)|\s(?:said|says|told|tells|disclosed|came|cried|keeps|reported|"
    r"has|had|is|was|wants|hit|showed|mentioned|confided|arrived|goes|lives|seems|looks|got|refused|ran|left|went)\b)"
)
_CUED = re.compile(
    r"\b(?:initials(?:\s(?:are|is))?|pupil|student|child|boy|girl|re|about|concerning|called|named|yp|mr|mrs|ms|miss|sibling|"
    r"brother|sister|mum|dad|parent|teacher)\s?:?\s(?P<id>[A-Z]\.?\s?[A-Z]{1,2}\.?|[A-Z]\.(?!\d))(?![\w'’]*[a-z])(?!\.\w)"
)
# "they piled up. a y7 is at the bottom", and not "re jt. a y7 boy".
_WORD_THEN_A = re.compile(r"(?:up|in|on|it|at|me|us|so|to|by|go|do|is|he|ok|no)\.\sa$")
_SHORT = word_list("initials_short")


# What stands before a year group and is nobody: "TA in year 4", "PE in 9B".
_IN_YEAR = word_list("initials_in_year")
_DOTTED_WORDS = word_list("initials_dotted_words")


def _is_abbreviation(found: str) -> bool:
    plain = re.sub(r"[.\s]", "", found)
    if "." in found.rstrip("."):
        return plain.lower() in _DOTTED_WORDS
    return plain.lower() in ABBREVIATIONS or plain.lower() in _SHORT


class InitialsRecogniser:
    """Two or three letters with a year group, a cue, full stops, or something they did."""

    def find(self, text: str) -> Iterator[Finding]:
        """See `Recogniser`."""
        letters = [c for c in text if c.isalpha()]
        shouted = sum(c.isupper() for c in letters) > len(letters) * 0.6 and len(letters) > 12
        for match in _WITH_YEAR.finditer(text):
            found = match.group("id")
            plain = re.sub(r"[.\s]", "", found)
            dotted = "." in found.strip().rstrip(".")  # not "he limps now. yr 5"
            nobody = _IN_YEAR if "." in found else _IN_YEAR | _SHORT
            if plain.lower() in nobody or self._time(text, match.start("id")):
                continue
            if _WORD_THEN_A.match(found):
                continue
            spaced = " " in found.strip() and "." not in found
            if spaced and (found != found.upper() or shouted):
                continue
            if not plain.isupper() and is_word(plain) and not dotted:
                continue
            if plain.isupper() and shouted and is_word(plain):
                continue
            yield Finding.of(
                Kind.initials, match.start("id"), match.start("id") + len(found.rstrip())
            )
        patterns = [_DOTTED] if shouted else [_DOTTED, _SAID, _CUED, _YEAR_FIRST]
        for pattern in patterns:
            for match in pattern.finditer(text):
                found = match.group("id")
                if not _is_abbreviation(found) and not self._time(text, match.start("id")):
                    yield Finding.of(Kind.initials, match.start("id"), match.end("id"))

    def _time(self, text: str, at: int) -> bool:
        """Whether "A.M." and "P.M." follow a number and are a time of day."""
        return bool(re.search(r"\d\s?$", text[max(0, at - 3) : at]))
