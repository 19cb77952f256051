"""The child's age band from staff's words: "yr 4", "7 yo", "4 months", "reception"."""

from __future__ import annotations

import re

_SMALL = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17,
}  # fmt: skip
_N = r"(\d{1,2}|" + "|".join(_SMALL) + ")"
_MONTHS = re.compile(rf"\b{_N}[\s-]*(?:months?|mths?|mo|weeks?|wks?|days?)[\s-]*old\b")
_BABY_MONTHS = re.compile(rf"\bbab(?:y|ies)\b[^.]{{0,20}}?\b{_N}\s*(?:months?|mths?|weeks?|wks?)\b")
_YEARS = (
    re.compile(rf"\b{_N}[\s-]*(?:years?|yrs?|yr|year)[\s-]*olds?\b"),
    re.compile(rf"\b{_N}\s*(?:yo|y/o|y\.o\.?)\b"),
    re.compile(rf"\bage[ds]?\s+(?:of\s+)?{_N}\b"),
    re.compile(
        rf"\b(?:he|she|they|child|boy|girl|i|im|i'm|who)(?:\s+(?:is|am|are)|'s|'re|s)?\s+"
        rf"(?:only\s+|just\s+|about\s+)?{_N}\b(?!\s*(?:min|hour|day|week|month|time|o'?clock|%|pm|am|of))"
    ),
    re.compile(r"\b(\d{1,2})\s?[mf]\b"),
    re.compile(r"\(\s*(\d{1,2})\s*\)"),
)
_SCHOOL_YEAR = re.compile(r"\b(?:year|yr|y)\s?(\d{1,2})s?\b(?!\s*(?:ago|old|later|of))")
_OTHER_CHILD = re.compile(
    r"\b(?:new baby|the baby|baby (?:brother|sister|cousin|sibling)|new born (?:brother|sister)|"
    r"having a baby|had a baby|older (?:one|child|sibling)|sitting|siblings?)\b"
)


def _band(years: int) -> str | None:
    for top, band in (
        (0, "under_1"),
        (4, "under_5"),
        (11, "5_to_11"),
        (15, "12_to_15"),
        (17, "16_to_17"),
    ):
        if years <= top:
            return band
    return None


def age_band(text: str) -> str | None:
    """Age band stated in lower-case `text`, or None; the youngest child stated counts."""
    if re.search(r"\bunborn\b|\bpre-?birth\b", text):
        return "unborn"
    if _MONTHS.search(text) or _BABY_MONTHS.search(text):
        found = _MONTHS.search(text) or _BABY_MONTHS.search(text)
        number = found.group(1) if found else "0"
        months = _SMALL.get(number) or int(number)
        return "under_1" if months < 12 or "week" in text or "day" in text else "under_5"
    ages = [
        _SMALL.get(match) or int(match) for pattern in _YEARS for match in pattern.findall(text)
    ]
    ages += [int(n) + 5 for n in _SCHOOL_YEAR.findall(text) if 1 <= int(n) <= 13]
    ages = [a for a in ages if a <= 18]
    if ages:
        return _band(min(min(ages), 17))
    if re.search(r"\bnewborn\b|\bbab(?:y|ies)\b|\binfant\b", text) and not _OTHER_CHILD.search(
        text
    ):
        return "under_1"
    if re.search(
        r"\btoddler\b|\bnursery\b|\bin reception\b|\breception (?:child|boy|girl|pupil)\b", text
    ):
        return "under_5"
    if re.search(r"\bks[12]\b|\bprimary\b", text):
        return "5_to_11"
    if re.search(r"\bsixth form|\b6th form|\bcollege student\b", text):
        return "16_to_17"
    return None
