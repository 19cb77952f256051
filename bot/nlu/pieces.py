"""Splits a message into the pieces that are embedded: the whole, and its clauses."""

from __future__ import annotations

import re

# Words are one space apart here: a pattern that took several would run away on many.
_SPLIT = re.compile(r"(?:[.!?;]+|, (?=\w+ \w+)| (?:and also|and|but|also|plus|because|then) )")
MAX_PIECES = 8
MIN_WORDS = 2


def pieces_of(text: str) -> list[str]:
    """The whole text first, then its clauses of two words or more (eight at most)."""
    clean = " ".join(text.split())
    parts = [p.strip(" ,-") for p in _SPLIT.split(clean)]
    long_enough = [p for p in parts if len(p.split()) >= MIN_WORDS]
    if len(long_enough) > 1 or (long_enough and long_enough[0] != clean):
        if len(long_enough) > MAX_PIECES - 1:
            step = len(long_enough) / (MAX_PIECES - 1)
            long_enough = [
                " ".join(long_enough[int(i * step) : int((i + 1) * step)])
                for i in range(MAX_PIECES - 1)
            ]
        return [clean, *long_enough]
    return [clean]
