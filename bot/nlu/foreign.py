"""Whether a message is written in another language than English, as far as that shows."""

from __future__ import annotations

import re
import unicodedata

from bot.privacy.words import is_word

_WORD = re.compile(r"[^\W\d_]{2,}")
# Fewer words than these say nothing about the language, above all when misspelt.
LEAST_WORDS = 4
MOST_ENGLISH = 0.34
MANY_NAMES = 3


def is_foreign(text: str) -> bool:
    """True where letters of another script prevail, or hardly a word is English."""
    letters = [c for c in text if c.isalpha()]
    if not letters:
        return False
    other = sum("LATIN" not in unicodedata.name(c, "") for c in letters)
    if other * 2 > len(letters):
        return True
    words = [w for w in _WORD.findall(text) if not w.isupper()]
    # Redaction takes words that it does not know for names: many of them are no names.
    names = text.count("[NAME]")
    count = len(words) + (names if names >= MANY_NAMES else 0)
    if count < LEAST_WORDS:
        return False
    return sum(is_word(w) for w in words) / count < MOST_ENGLISH
