"""Mends what hurried hands do: words typed as one or without vowels, and slips of a key.

Only a word that nobody knows is touched, and only where our own training messages have what
it must have been; everything else stays as it was typed.  The words and how often they come
are in bot/data/spelling.txt, written by `python -m scripts.spelling`.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

from bot.privacy.typos import meant
from bot.privacy.words import is_built, is_word

WORDS = Path(__file__).resolve().parent.parent / "data" / "spelling.txt"
_TOKEN = re.compile(r"(?<![\w\[@#/.'’-])[A-Za-z]{3,24}(?![\w\]@'’-])")
_VOWELS = re.compile("[aeiou]")
# How often a part of two or three letters, any other, and one of a word that begins with a
# capital must be known for it to be cut; what "a" and "i" count as; how many parts at most.
OFTEN_SHORT, OFTEN, OFTEN_CAPITAL, MANY, MOST_PARTS = 40, 3, 8, 5000, 4
# From how many letters on, and how common, a word may be meant by one with a slip.
LEAST_SLIP, OFTEN_SLIP = 5, 20
# How often a word must be known to be what a word without vowels stands for, the latter being
# of three letters, or of more.
OFTEN_THIN_SHORT, OFTEN_THIN = 30, 3


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


def _enough(part: str, capital: bool) -> bool:
    """Whether a part is common enough for a word to be cut there."""
    if len(part) == 1:
        return part in "ai"
    often = OFTEN_SHORT if len(part) < 4 else OFTEN_CAPITAL if capital else OFTEN
    return known().get(part, 0) >= often


def _cut(word: str, capital: bool) -> str | None:
    """The known words that were typed as one: the fewest, of these the commonest."""
    ways: list[tuple[int, float, list[str]] | None] = [(0, 0.0, [])]
    for end in range(1, len(word) + 1):
        best: tuple[int, float, list[str]] | None = None
        for start in range(end):
            before, part = ways[start], word[start:end]
            if before is None or before[0] == MOST_PARTS or not _enough(part, capital):
                continue
            rare = before[1] - math.log(known().get(part, MANY))
            way = (before[0] + 1, rare, [*before[2], part])
            best = way if best is None else min(best, way)
        ways.append(best)
    found = ways[-1]
    return " ".join(found[2]) if found and found[0] > 1 else None


def _slipped(word: str) -> str | None:
    """The commonest word of ours that it may be with one slip of the hand."""
    if len(word) < LEAST_SLIP:
        return None
    near = [w for w in meant(word, 1) if known().get(w, 0) >= OFTEN_SLIP]
    return max(near, key=lambda w: (known()[w], w), default=None)


def mended(text: str) -> str:
    """The text with such words mended; a text without them comes back as it is."""

    def mend(found: re.Match[str]) -> str:
        typed = found.group()
        word = typed.lower()
        capital = typed[:1].isupper() and not typed.isupper()  # a name, if nobody knows it
        if word in known() or (is_word(word) and not is_built(word)):
            return typed
        full = None if _VOWELS.search(word[1:-1]) else _by_thin().get(word)
        if full and (known()[full] >= OFTEN_THIN_SHORT or (len(word) > 3 and not capital)):
            return full.capitalize() if capital else full
        if len(word) == 3:
            return typed
        return _cut(word, capital) or (not capital and _slipped(word)) or typed

    return _TOKEN.sub(mend, text)
