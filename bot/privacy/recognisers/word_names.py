"""Names that are words too: "Hope told me" against "I hope she told you"."""

from __future__ import annotations

import re

from bot.privacy import cues
from bot.privacy.lists import word_list
from bot.privacy.tokens import Message, Token
from bot.privacy.words import NAMELIKE, everyday, is_word, last_names

_PLACE_BEFORE = word_list("place_before")
_THING_AFTER = word_list("thing_after")
_YEAR_AFTER = re.compile(
    rf"\W{{0,3}}(?:(?:in|from|who is in|of)\s)?(?:the\s)?(?:(?:year|yr|y)\s?\d|\d{{1,2}}[a-z]\b|{cues.CLASS}\b\s?(?:\d|class|form|group|tutor)|reception\b|nursery\b)|"
    r"\s?\(\s?\d{1,2}\s?\)|,?\s(?:aged?|age)\s\d|,\s?\d{1,2}\s?(?:,|yo|yrs|years|$)",
    re.IGNORECASE,
)


_TALKING = re.compile(
    r"\b(?:spoke|speak|spoken|speaking|talk|talked|talking|listen|listened|said|explained|happened|close|nasty|mean|rude|horrible|lied|"
    r"shouting|next|attached|related|mother|father|mum|dad|parents?|afraid|scared|frightened|care) (?:to|of)\s$",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"\b(?:worr(?:y|ied)|concern(?:ed|s)?|anxious|is|its|it['’]s|call|ring|calling|ringing|asking|talk|speak) about\s$",
    re.IGNORECASE,
)
_ROLE_AFTER = re.compile(
    r",\s(?:(?:a|an|the|our|my|his|her|their|who|aged?)\s|\d{1,2}\b|year\s\d)", re.IGNORECASE
)
_NUMBER_AFTER = re.compile(r"(?:['’]s|\s(?:is|was))\s(?:only\s|just\s|now\s)?\d{1,2}\b")


def is_person(message: Message, i: int) -> bool:
    """Whether word `i`, a name and a word, is somebody here."""
    token = message.tokens[i]
    word = token.plain
    if message.strong(i):
        return word not in cues.NOT_PEOPLE or token.capital
    if word in cues.FUNCTION - cues.MODALS:
        return False
    if _clearly_no_person(message, i):
        return False
    if word in NAMELIKE and word not in cues.NOT_PEOPLE:
        return not _in_place(message, i)
    if word in cues.NOT_PEOPLE:
        return False
    if token.place_name or word in cues.GEOGRAPHY:
        return not _in_place(message, i) and _by_signs(message, i)
    if token.capital and not token.starts and not message.loud:
        return _capital_inside(message, i)
    return _by_signs(message, i)


# "in jan", "since May": nobody is meant, unless one confides in them.
_MONTHS = frozenset(
    ["jan", "feb", "mar", "apr", "may", "april", "june", "jun", "jul", "aug", "august", "sep", "sept",
     "oct", "nov", "dec"]
)  # fmt: skip
_BEFORE_MONTH = frozenset(["in", "since", "until", "till", "early", "mid", "late"])
_IN_SOMEBODY = re.compile(
    r"\b(?:confid|trust|belie[fv]|faith|interest|disappoint|hope)\w*\sin\s$", re.IGNORECASE
)
_BEFORE_DAY = {
    "easter": frozenset(["at", "over", "since", "last", "this", "before", "after", "by"]),
    "sunday": frozenset(["back", "come", "on", "a", "home", "until"]),
}
# In small letters alone: "his lips turned blue said the TA", "in sick bay".
_BEFORE_THING = {
    "blue": frozenset(["turned", "turning", "lips"]),
    "bay": frozenset(["sick", "loading"]),
    "rush": frozenset(["no"]),
    "pal": frozenset(["pen"]),
}
# Family names that mostly are a people, a faith or an age: "a Muslim girl", "the elder sister".
_KINDS = frozenset(["french", "german", "muslim", "elder", "tudor", "saxon"])
_BEFORE_KIND = frozenset(
    ["a", "an", "the", "our", "his", "her", "their", "my", "in", "good", "else's"]
)


def _clearly_no_person(message: Message, i: int) -> bool:
    """Whether a name that is a word is clearly a thing, a time, a people or an age here."""
    token, before, after = message.tokens[i], message.before(i), message.after(i)
    if before is None or token.possessive:
        return False
    if token.plain in _MONTHS and before.lower in _BEFORE_MONTH:
        return not _IN_SOMEBODY.search(message.text[max(0, token.start - 30) : token.start])
    if token.plain in _BEFORE_DAY:
        return before.lower in _BEFORE_DAY[token.plain]
    if token.plain in _BEFORE_THING and not token.capital:
        return before.lower in _BEFORE_THING[token.plain]
    follows = after is not None and after.lower not in cues.SAYS | cues.BE
    return token.plain in _KINDS and before.lower in _BEFORE_KIND and follows


def _in_place(message: Message, i: int) -> bool:
    """ "Victoria line", "St Mary's church", "near Angel": a place called after somebody."""
    token = message.tokens[i]
    before, after = message.before(i), message.after(i)
    if before is not None and before.lower in {"st", "st.", "saint"}:
        return True
    place = token.place_name or token.plain in cues.GEOGRAPHY
    if place and before is not None and before.lower in _PLACE_BEFORE:
        return not (
            before.lower in {"to", "of"}
            and _TALKING.search(message.text[max(0, token.start - 30) : token.start])
        )
    return after is not None and token.capital and after.capital and after.lower in _THING_AFTER


def _time_of_year(message: Message, i: int) -> bool:
    token = message.tokens[i]
    if token.plain not in cues.TIMES:
        return False
    before, after = message.before(i), message.after(i)
    if re.search(
        r"\d(?:st|nd|rd|th)?(?:\sof)?\s?$", message.text[max(0, token.start - 10) : token.start]
    ):
        return True
    if re.match(r"\s?\d{1,4}", message.text[token.end : token.end + 5]):
        return not re.match(r"\s?\d{1,2}[a-z]\b", message.text[token.end : token.end + 5])
    if before is not None and before.lower in cues.TIME_BEFORE - {
        "and",
        "or",
        "to",
        "of",
        "for",
        "by",
    }:
        return True
    if before is not None and before.lower in {"and", "or", "to", "of", "for", "by"}:
        return (
            not (after is not None and after.lower in cues.SAYS | cues.BE) and not token.possessive
        )
    return after is not None and after.lower in cues.TIME_AFTER


def _capital_inside(message: Message, i: int) -> bool:
    token = message.tokens[i]
    before, after = message.before(i), message.after(i)
    if token.possessive and after is not None and after.lower in cues.FAMILY_THINGS:
        return True
    if _time_of_year(message, i) or _in_place(message, i):
        return False
    if (
        after is not None
        and after.lower in _THING_AFTER - {"on", "to", "for", "the", "of", "a", "an", "not", "have"}
        and not token.possessive
    ):
        return False
    titled_after = after is not None and after.capital and is_word(after.plain) and not after.upper
    if (
        titled_after
        and after is not None
        and after.plain not in last_names()
        and after.plain not in cues.SURNAMES
    ):
        return False
    if (
        before is not None
        and before.capital
        and not before.starts
        and not before.upper
        and is_word(before.plain)
    ):
        return before.lower in cues.PERSON or before.lower.rstrip(".") in cues.TITLES
    return True


def _by_signs(message: Message, i: int) -> bool:
    """At the start of a sentence, or in small letters."""
    token = message.tokens[i]
    word = token.plain
    before, after = message.before(i), message.after(i)
    given = word in cues.GIVEN_WORDS or word not in everyday()
    if _YEAR_AFTER.match(message.text[token.end : token.end + 40]) and not _time_of_year(
        message, i
    ):
        return given and word not in {"march"}
    if token.possessive and after is not None and after.lower in cues.FAMILY_THINGS:
        return given
    if (
        given
        and token.capital
        and word not in cues.TIMES | cues.MODALS
        and _ROLE_AFTER.match(message.text, token.end)
    ):
        return True
    if given and word not in cues.TIMES and _NUMBER_AFTER.match(message.text, token.end):
        return True
    if _TALKING.search(message.text[max(0, token.start - 30) : token.start]):
        return given and not _time_of_year(message, i) and word not in cues.MODALS
    if after is not None and after.lower in cues.SAYS:
        return given and _can_say(message, i, before)
    if after is not None and after.lower in cues.BE and given and not _time_of_year(message, i):
        second = message.after(i + 1)
        if word in cues.MODALS:
            return not (before is not None and before.lower in cues.TIME_BEFORE)
        if before is not None and before.lower in {
            "the",
            "a",
            "my",
            "her",
            "his",
            "no",
            "any",
            "there",
            "some",
            "this",
            "that",
            "of",
        }:
            return False
        return second is not None and (
            second.lower in cues.STATES or second.plain.endswith(("ing", "ed"))
        )
    if word in cues.MODALS or not given or _time_of_year(message, i):
        return False
    if before is None:
        return False
    if _listed(message, i):
        return True
    if before.lower == "about" and _ABOUT.search(
        message.text[max(0, token.start - 30) : token.start]
    ):
        return after is None or after.lower in {
            "in",
            "and",
            "who",
            "she",
            "he",
            "they",
            "again",
            "as",
            "because",
        }
    if before.lower in cues.PERSON and word not in {
        "mark",
        "art",
        "star",
        "light",
        "can",
        "su",
        "bo",
        "an",
        "drew",
        "grant",
        "chase",
        "bill",
        "ray",
    }:
        return after is None or after.lower not in _THING_AFTER
    if before.lower in cues.OBJECT_OF - {
        "by",
        "with",
        "and",
        "to",
        "about",
        "for",
        "see",
        "saw",
        "seen",
        "found",
        "left",
        "noticed",
        "between",
        "near",
    }:
        if word in {
            "mark",
            "art",
            "star",
            "light",
            "rich",
            "comfort",
            "page",
            "royal",
            "happy",
            "lovely",
            "lucky",
            "success",
        }:
            return False
        return after is None or after.lower not in _THING_AFTER - {
            "on",
            "to",
            "for",
            "the",
            "a",
            "that",
            "not",
            "down",
            "up",
            "over",
            "this",
            "he",
            "she",
            "it",
            "they",
            "i",
        }
    return False


def _can_say(message: Message, i: int, before: Token | None) -> bool:
    """A word before a verb of saying is its subject, unless it belongs to what stands before."""
    word = message.tokens[i].plain
    if before is None:
        return True
    if word in cues.MODALS:
        return before.lower not in cues.PERSON | {
            "he",
            "she",
            "they",
            "it",
            "i",
            "we",
            "you",
            "who",
            "that",
            "which",
            "this",
        }
    return before.lower not in {
        "the", "a", "an", "his", "her", "their", "my", "our", "some", "any", "no", "this", "that", "of", "i", "we", "they", "you", "in", "last", "every",
    }  # fmt: skip


def _listed(message: Message, i: int) -> bool:
    """Named beside a certain name: "ayaan and grace"."""
    if i < 2 or message.tokens[i - 1].lower not in {"and", "&"}:
        return False
    return message.tokens[i - 2].name
