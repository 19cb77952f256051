"""Whether an unknown word is a slip of the keyboard for one that staff often write."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from bot.privacy.words import everyday, place_words


def _deletes(word: str) -> set[str]:
    return {word[:i] + word[i + 1 :] for i in range(len(word))}


@lru_cache(maxsize=1)
def _index() -> dict[str, list[str]]:
    index: dict[str, list[str]] = {}
    for word in everyday() | place_words():
        if len(word) >= 4 and word.isalpha():
            for key in _deletes(word) | {word}:
                index.setdefault(key, []).append(word)
    return index


def distance(one: str, two: str, most: int) -> int:
    """Edits between two words, a swap of neighbours being one; `most` + 1 if there are more."""
    if abs(len(one) - len(two)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(two, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == two[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return last[-1]


_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_VOWELS = frozenset("aeiouy")
_SOUNDS = frozenset(
    map(frozenset, ("cs", "ck", "sz", "fv", "gj", "mn", "dt", "bp", "vw", "kq", "xs"))
)


@lru_cache(maxsize=1)
def _neighbours() -> frozenset[frozenset[str]]:
    pairs: set[frozenset[str]] = set()
    for number, row in enumerate(_ROWS):
        pairs.update(frozenset(pair) for pair in pairwise(row))
        below = _ROWS[number + 1] if number + 1 < len(_ROWS) else ""
        for at, key in enumerate(row):
            pairs.update(frozenset((key, b)) for b in below[max(0, at - 1) : at + 1])
    return frozenset(pairs)


def _near(one: str, two: str) -> bool:
    """Whether two letters are taken for each other: vowels, like sounds, neighbouring keys."""
    pair = frozenset((one, two))
    return one == two or pair <= _VOWELS or pair in _SOUNDS or pair in _neighbours()


def plausible(typed: str, word: str) -> bool:
    """Whether `typed`, one edit from `word`, is what a hurried hand makes of it."""
    if len(typed) < len(word):
        return typed[0] == word[0]  # a letter left out
    at = next((i for i, (a, b) in enumerate(zip(typed, word, strict=False)) if a != b), len(word))
    if len(typed) > len(word):  # a letter too many
        beside = typed[max(0, at - 1) : at] + typed[at + 1 : at + 2]
        return at > 0 and any(_near(typed[at], other) for other in beside)
    if typed[at + 1 :] == word[at + 1 :]:  # another letter
        return _near(typed[at], word[at])
    return True  # two letters swapped


@lru_cache(maxsize=20_000)
def meant(word: str, most: int) -> frozenset[str]:
    """The everyday words that are nearest to `word`, within `most` edits (1 or 2)."""
    index = _index()
    candidates: set[str] = set()
    for key in _deletes(word) | {word}:
        candidates.update(index.get(key, ()))
    best, found = most, set[str]()
    for candidate in candidates:
        if candidate[0] != word[0] and candidate[-1] != word[-1]:
            continue
        edits = distance(word, candidate, best)
        if edits == 1 and not plausible(word, candidate):
            continue
        if edits < best:
            best, found = edits, {candidate}
        elif edits == best:
            found.add(candidate)
    return frozenset(found)


_ENDINGS = ("ing", "ed", "es", "er", "ly", "s", "d")


@lru_cache(maxsize=20_000)
def slip_for(word: str, most: int) -> frozenset[str]:
    """What an unknown word may have been meant as, endings aside; empty: no slip."""
    if found := meant(word, most):
        return found
    for ending in _ENDINGS:
        stem = word[: -len(ending)]
        if (
            len(stem) >= 5
            and word.endswith(ending)
            and (found := meant(stem, 1) | meant(stem + "e", 1))
        ):
            return found
    return frozenset()
