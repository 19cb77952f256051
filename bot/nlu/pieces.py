"""Splits a message into the pieces that are embedded: the whole, and its clauses."""

from __future__ import annotations

import re

# Words are one space apart here: a pattern that took several would run away on many.
_SPLIT = re.compile(r"(?:[.!?;]+|, (?=\w+ \w+)| (?:and also|and|but|also|plus|because|then) )")
STOPS = ".!?; "
MAX_PIECES = 8
MIN_WORDS = 2
# From so many characters on a message is long: its clauses are looked at in finer pieces,
# or one clause of danger would drown in the rest.
LONG, MAX_PIECES_OF_LONG = 800, 300


def pieces_of(text: str) -> list[str]:
    """The whole text first, then its clauses of two words or more (at most eight, more if long)."""
    clean = " ".join(text.split())
    parts = [p.strip(" ,-") for p in _SPLIT.split(clean)]
    long_enough = [p for p in parts if len(p.split()) >= MIN_WORDS]
    # What is the whole but for its full stop says nothing more, and would be read twice.
    if len(long_enough) > 1 or (long_enough and long_enough[0] != clean.rstrip(STOPS)):
        most = MAX_PIECES - 1 if len(clean) <= LONG else MAX_PIECES_OF_LONG
        if len(long_enough) > most:
            step = len(long_enough) / most
            long_enough = [
                " ".join(long_enough[int(i * step) : int((i + 1) * step)]) for i in range(most)
            ]
        return [clean, *long_enough]
    return [clean]
