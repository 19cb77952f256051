"""Whether an unknown word is one of ours written by ear: "unconshus", "machetty", "nuthin"."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from itertools import chain

from bot.privacy.hurried import known
from bot.privacy.typos import distance
from bot.privacy.words import everyday

# A word of fewer letters is a name as often as a slip ("Karim", "Parwin").
LEAST, LEAST_CLIPPED = 6, 5
# How often a word must come in our messages.
OFTEN = 3
# What spellings stand for in English, in this order; what is in capitals is not looked at again.
_SOUNDS = tuple(
    (re.compile(pattern), stands)
    for pattern, stands in (
        (r"^(?:kn|gn|pn)", "N"),
        (r"^wr", "R"),
        (r"^ps", "S"),
        (r"^wh", "W"),
        (r"ough?t|aught|ort$", "T"),
        (r"igh|eigh", "i"),
        (r"[ao]ugh", "F"),
        (r"sc(?=i(?:ou|u|a))|[cst]i(?=o|u|a)|sh|ch(?=s)|ssi(?=o)", "X"),
        (r"t?ch", "J"),
        (r"dge?|g(?=[eiy])|j", "J"),
        (r"ph|gh(?=$)", "F"),
        (r"th", "T"),
        (r"ck|q|c(?![eiyh])|kh", "K"),
        (r"c|z", "S"),
        (r"x(?!$)", "X"),
        (r"gu(?=[aei])", "G"),
        (r"v", "F"),
    )
)
# First letters that are taken for each other.
_FIRST = {"c": "k", "k": "c", "s": "c", "g": "j", "j": "g", "f": "p", "p": "f"}
_VOWELS = re.compile(r"[aeiouywh]+")
_BEAT = re.compile(r"[aeiouy]+")
_TWICE = re.compile(r"(.)\1+")


@lru_cache(maxsize=50_000)
def sound(word: str) -> str:
    """The consonants that are heard, after the first letter; "*" for a vowel at the start."""
    heard = word
    for pattern, stands in _SOUNDS:
        heard = pattern.sub(stands, heard)
    first = "*" if heard[0] in "aeiou" else ""
    return first + _TWICE.sub(r"\1", _VOWELS.sub("", heard).lower())


@lru_cache(maxsize=1)
def _by_sound() -> dict[tuple[str, int], list[str]]:
    found: dict[tuple[str, int], list[str]] = defaultdict(list)
    for word, count in known().items():
        if count >= OFTEN and len(word) >= LEAST - 1:
            for beats in _beats(word):
                found[sound(word), beats].append(word)
    return found


def _beats(word: str) -> set[int]:
    """How many vowels are heard one after another; an "e" at the end is heard or not."""
    return {len(_BEAT.findall(word)), len(_BEAT.findall(word.removesuffix("e")))}


def clipped(word: str) -> str | None:
    """The word of ours whose end was clipped as in speech or in haste: "swingin", "collapsd"."""
    if len(word) < LEAST_CLIPPED:
        return None
    if word.endswith("in") and _ours(word + "g"):
        return word + "g"
    if word[-1] == "d" and word[-2:] != "ed" and _ours(word[:-1] + "ed"):
        return word[:-1] + "ed"
    if word[-1] == "t" and _ours(word[:-1] + word[-2] + "ed"):  # stopt
        return word[:-1] + word[-2] + "ed"
    return None


def _ours(word: str) -> bool:
    return known().get(word, 0) >= OFTEN or word in everyday()


@lru_cache(maxsize=20_000)
def written_by_ear(word: str) -> str | None:
    """The word of ours that `word`, in small letters and no word itself, sounds like.

    None where there is none, or where it is too short to say.
    """
    if full := clipped(word):
        return full
    if len(word) < LEAST or not word.isascii() or not word.isalpha():
        return None
    most = 2 if len(word) < 8 else 3
    near = []
    for typed in (word, word + "g") if word.endswith("in") else (word,):
        heard = sound(typed)
        for other in chain.from_iterable(_by_sound().get((heard, n), ()) for n in _beats(typed)):
            apart = distance(typed, other, most)
            if apart <= most and typed[0] in (other[0], _FIRST.get(other[0])):
                near.append((apart, -known().get(other, 0), other))
    return min(near)[2] if near else None
