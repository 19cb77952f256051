"""Whether an unknown word is several words typed as one, or one without its vowels.

The words that staff write, and how often, are in bot/data/spelling.txt, written by
`python -m scripts.spelling` from our own training messages.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

from bot.privacy import cues
from bot.privacy.words import english, everyday

WORDS = Path(__file__).resolve().parent.parent / "data" / "spelling.txt"
_VOWELS = re.compile("[aeiou]")
_JOINED = re.compile(r"(?<![\w\[@#/.-])[A-Za-z]+(?:['’][A-Za-z]+)*(?![\w\]@-])")
_SHORT_FORM = re.compile(r"['’](?:s|t|re|ll|ve|d|m)", re.IGNORECASE)
_DENIED = "do|does|did|wo|would|ca|could|is|are|was|were|has|have|had|should|must|need"
_SHORT_WORD = re.compile(
    rf"(?:(?:{_DENIED})n['’]t|(?:i|he|she|it|we|they|you|that|there|who|what|nobody|mum|dad|mummy|daddy)"
    r"['’](?:s|re|ll|ve|d|m))$",
    re.IGNORECASE,
)
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
# How often a part of two or three letters, any other, and one of a word that begins with a
# capital must be known for it to be cut; what "a" and "i" count as; how many parts at most.
OFTEN_SHORT, OFTEN, OFTEN_CAPITAL, MANY, MOST_PARTS = 40, 3, 8, 5000, 4
# How often a word must be known to be what a word without vowels stands for, the latter being
# of three letters, or of more.
OFTEN_THIN_SHORT, OFTEN_THIN = 30, 3
# What a sentence begins with, of two or three letters: "Heis", "Shewas".
_BEGIN = frozenset(
    ["he", "she", "it", "we", "my", "his", "her", "the", "you", "our", "their", "they", "this"]
)
_OBJECTS = frozenset(["him", "her", "them"])
# What family names end in that are made of two words.
_TAILS = frozenset(
    ["man", "men", "son", "well", "good", "child", "hill", "over", "water", "fellow", "bed", "fill",
     "house", "wood", "field", "land", "stone", "love", "joy", "head", "town", "best", "more",
     "day", "way", "ford", "brook", "side", "ham", "in", "by", "all", "ever", "low", "gate"]
)  # fmt: skip
# A part of so many letters is hardly there by chance.
LONG_PART = 4
# From so many letters on any everyday word may be a part, whether our messages have it or not.
LONG_WORD = 5


def thin(word: str) -> str:
    """The word without the vowels between its first and its last letter."""
    return word[0] + _VOWELS.sub("", word[1:-1]) + word[-1]


@lru_cache(maxsize=1)
def known() -> dict[str, int]:
    """Each word of our messages, and how often it comes."""
    rows = (line.split() for line in WORDS.read_text(encoding="utf-8").splitlines())
    return {word: int(count) for word, count in rows}


@lru_cache(maxsize=1)
def _by_thin() -> dict[str, str]:
    """The commonest word for each form without vowels, within the word or at its ends too."""
    found: dict[str, list[str]] = defaultdict(list)
    for word, count in known().items():
        if count >= OFTEN_THIN and len(word) >= 4 and thin(word) != word:
            for form in {thin(word), _VOWELS.sub("", word)}:
                found[form].append(word)
    return {form: max(words, key=known().__getitem__) for form, words in found.items()}


def without_vowels(word: str, *, capital: bool) -> str | None:
    """The word of ours that `word`, in small letters, is without its vowels; None: it is none."""
    full = None if _VOWELS.search(word[1:-1]) else _by_thin().get(word)
    if full and (known()[full] >= OFTEN_THIN_SHORT or (len(word) > 3 and not capital)):
        return full
    return None


def _enough(part: str, capital: bool) -> bool:
    """Whether a part is common enough for a word to be cut there."""
    if len(part) == 1:
        return part in "ai"
    often = OFTEN_SHORT if len(part) < 4 else OFTEN_CAPITAL if capital else OFTEN
    return known().get(part, 0) >= often or (len(part) >= LONG_WORD and part in everyday())


def typed_as_one(word: str, *, capital: bool) -> list[str] | None:
    """The words of ours that `word`, in small letters, is made of: the fewest, of these the
    commonest; None: it is not made of any."""
    ways: list[tuple[int, float, list[str]] | None] = [(0, 0.0, [])]
    for end in range(1, len(word) + 1):
        best: tuple[int, float, list[str]] | None = None
        for start in range(end):
            before, part = ways[start], word[start:end]
            if before is None or before[0] == MOST_PARTS or not _enough(part, capital):
                continue
            often = MANY if len(part) == 1 else known().get(part, 1)
            rare = before[1] - math.log(often)
            way = (before[0] + 1, rare, [*before[2], part])
            best = way if best is None else min(best, way)
        ways.append(best)
    found = ways[-1]
    return found[2] if found and found[0] > 1 else None


def _common(word: str) -> bool:
    return known().get(word.lower(), 0) >= (OFTEN_SHORT if len(word) < 4 else OFTEN)


def _apart(found: re.Match[str]) -> str:
    word = found.group()
    if word.lower() in known() or word.lower() in english():  # "YouTube", "don't"
        return word
    if hump := _HUMP.search(word):
        left = word[: hump.start()]
        return f"{left} {word[hump.start() :]}" if _common(left) else word
    short = _SHORT_FORM.search(word)
    if not short:
        return word
    left, right = word[: short.end()], word[short.end() :]
    if right and (_common(right) or typed_as_one(right.lower(), capital=False)):
        return f"{spaced(left)} {right}"
    base = word[: short.start()].lower()
    if base in known() or base in english():  # "grandad's"
        return word
    ending = _SHORT_WORD.search(word)
    if ending and ending.start() and _common(word[: ending.start()]):
        return f"{word[: ending.start()]} {ending.group()}"
    return word


def spaced(text: str) -> str:
    """The text with the gaps that capitals and apostrophes show were left out: "inHackney",
    "mumdoesn't", "it'sher".  Nothing but spaces is added, so no name is hidden by it."""
    return _JOINED.sub(_apart, text)


def _begins(parts: list[str]) -> bool:
    """Whether the first of the words is one that a noun or a verb follows, as no name does."""
    return bool(parts) and parts[0] in _BEGIN


def _sentence(parts: list[str]) -> bool:
    """Whether the words are part of a sentence, and not of a family name ("Goodchild")."""
    if not parts or parts[-1] in _TAILS:
        return False
    told = cues.PERSON | cues.SAYS | cues.FUNCTION
    return any(len(p) >= LONG_PART for p in parts) and any(len(p) > 1 and p in told for p in parts)


@lru_cache(maxsize=20_000)
def is_hurried(word: str, *, capital: bool) -> bool:
    """Whether an unknown word, in small letters, is what a hurried hand makes of known ones.

    In doubt not: a name is made of short words more often than of long ones ("Anhad"), and
    many a family name of two common ones ("Goodfellow", "Atwell").
    """
    if without_vowels(word, capital=capital):
        return True
    parts = typed_as_one(word, capital=capital) or []
    done_to = not capital and bool(parts) and parts[-1] in _OBJECTS
    return ((_begins(parts) or done_to) and all(len(p) > 1 for p in parts)) or _sentence(parts)


@lru_cache(maxsize=20_000)
def is_hurried_although(word: str, *, capital: bool) -> bool:
    """As `is_hurried`, where capital or context speak for a name: "Hckny", "hismum said"."""
    full = without_vowels(word, capital=False)
    if full and (len(word) > LONG_PART or full in cues.PERSON | cues.SAYS | cues.FUNCTION):
        return True
    parts = typed_as_one(word, capital=True) or []
    return not capital and _begins(parts) and any(len(p) >= LONG_PART for p in parts[1:])
