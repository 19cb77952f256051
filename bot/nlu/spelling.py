"""Mends what hurried hands leave out: a space between two words, or the vowels of one.

Only a word that nobody knows is touched, and only where our own training messages have what
it must have been; everything else stays as it was typed.  The words and how often they come
are in bot/data/spelling.txt, written by `python -m scripts.spelling`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

from bot.privacy.words import is_word

WORDS = Path(__file__).resolve().parent.parent / "data" / "spelling.txt"
_TOKEN = re.compile(r"(?<![\w\[@#/.'’-])[A-Za-z]{3,24}(?![\w\]@'’-])")
_VOWELS = re.compile("[aeiou]")
# How often a part of two or three letters, and any other, must be known for a word to be cut.
OFTEN_SHORT, OFTEN = 200, 5
# How often a word must be known to be what a word without vowels stands for, the latter being
# of three letters, or of more.
OFTEN_THIN_SHORT, OFTEN_THIN = 100, 3


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


def _cut(word: str) -> str | None:
    """Two known words that were typed as one."""
    best: tuple[int, str] | None = None
    for at in range(2, len(word) - 1):
        first, second = word[:at], word[at:]
        counts = [known().get(part, 0) for part in (first, second)]
        enough = [OFTEN_SHORT if len(part) < 4 else OFTEN for part in (first, second)]
        if all(c >= e for c, e in zip(counts, enough, strict=True)):
            score = counts[0] * counts[1]
            best = max(best, (score, f"{first} {second}")) if best else (score, f"{first} {second}")
    return best[1] if best else None


def mended(text: str) -> str:
    """The text with such words mended; a text without them comes back as it is."""

    def mend(found: re.Match[str]) -> str:
        typed = found.group()
        word = typed.lower()
        if typed[:1].isupper() and not typed.isupper():  # a name, if nobody knows it
            return typed
        if word in known() or is_word(word):
            return typed
        full = None if _VOWELS.search(word[1:-1]) else _by_thin().get(word)
        if full and (len(word) > 3 or known()[full] >= OFTEN_THIN_SHORT):
            return full
        return (len(word) > 3 and _cut(word)) or typed

    return _TOKEN.sub(mend, text)
