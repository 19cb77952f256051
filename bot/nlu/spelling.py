"""Mends what hurried hands do: words typed as one, without vowels or by ear, and slips of a key.

Only a word that nobody knows is touched, and only where our own training messages have what
it must have been; everything else stays as it was typed.
"""

from __future__ import annotations

import re

from bot.privacy.hurried import known, typed_as_one, without_vowels
from bot.privacy.sounds import clipped, written_by_ear
from bot.privacy.typos import meant
from bot.privacy.words import is_built, is_word

_TOKEN = re.compile(r"(?<![\w\[@#/.'’-])[A-Za-z]{3,24}(?![\w\]@'’-])")
# From how many letters on, and how common, a word may be meant by one with a slip.
LEAST_SLIP, OFTEN_SLIP = 5, 20
# From here on a slip is likelier than two words typed as one: "diffrent", "adress".
LONG = 6


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
        if full := without_vowels(word, capital=capital):
            return full.capitalize() if capital else full
        if len(word) == 3:
            return typed
        if not capital and (full := clipped(word)):
            return full
        slipped = None if capital else _slipped(word)
        if slipped and len(word) >= LONG:
            return slipped
        if parts := typed_as_one(word, capital=capital):
            return " ".join(parts)
        return slipped or (not capital and written_by_ear(word)) or typed

    return _TOKEN.sub(mend, text)
