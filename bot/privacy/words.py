"""What the recognisers know of words: English, the field's, names, and which are both."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from bot.privacy import cues
from bot.privacy.lists import data_lines, word_list
from bot.privacy.public import public

_SPECIAL = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ə": "a", "’": "'", "‘": "'", "ʼ": "'"}
)  # fmt: skip

# In the list of names and of English words: written small, these are people far more often.
NAMELIKE = word_list("namelike")
ABBREVIATIONS = word_list("abbreviations")
_CONTRACTION = re.compile(r"(?:n't|'re|'ve|'ll|'d|'m|'s|s'|')$")
_SUFFIXES = ("ings", "ing", "edly", "ed", "ers", "er", "ies", "es", "s", "ly", "ness", "ish", "able", "y", "ful", "less", "ation", "isation", "ism", "ist", "ists", "ment", "like", "ers'")  # fmt: skip
_PREFIXES = ("un", "re", "non", "over", "under", "mis", "pre", "post", "anti", "cyber", "out", "self", "ex", "semi", "multi", "co", "step", "half", "mid", "sub", "inter", "super", "hyper")  # fmt: skip


def fold(word: str) -> str:
    """Lower case without accents, as the lists are kept."""
    lowered = word.lower().translate(_SPECIAL)
    if lowered.isascii():
        return lowered
    split = unicodedata.normalize("NFKD", lowered)
    return "".join(c for c in split if not unicodedata.combining(c))


@lru_cache(maxsize=1)
def first_names() -> frozenset[str]:
    """Given names, and every name of the list written by hand."""
    more = {fold(n) for n in " ".join(data_lines("more_names.txt")).split()}
    faker = {line[2:] for line in data_lines("names.txt") if line[0] == "f"}
    return frozenset(faker | more | cues.GIVEN_WORDS)


@lru_cache(maxsize=1)
def last_names() -> frozenset[str]:
    """Family names."""
    return frozenset(line[2:] for line in data_lines("names.txt") if line[0] == "l")


@lru_cache(maxsize=1)
def field_words() -> frozenset[str]:
    """What staff and pupils write that no dictionary has."""
    return frozenset(" ".join(data_lines("field_words.txt")).split()) | ABBREVIATIONS


@lru_cache(maxsize=1)
def famous() -> list[str]:
    """Names of public cases, laws, tests and works: no private person is meant."""
    return data_lines("public_names.txt")


@lru_cache(maxsize=1)
def place_words() -> frozenset[str]:
    """The single words of all known places."""
    words: set[str] = set()
    for name in public().places:
        words.update(re.findall(r"[a-z']{3,}", fold(name)))
    return frozenset(
        words | {w.removesuffix("'s") for w in words} | {w.replace("'", "") for w in words}
    )


@lru_cache(maxsize=1)
def everyday() -> frozenset[str]:
    """Words that staff write often: what a slip of the keyboard may have meant."""
    return frozenset(w for w in data_lines("everyday.txt")) | field_words()


@lru_cache(maxsize=1)
def english() -> frozenset[str]:
    """The language."""
    return frozenset(data_lines("english.txt")) | everyday()


@lru_cache(maxsize=20_000)
def is_word(word: str) -> bool:
    """Whether it is a word of the language or the field, also inflected or compound."""
    plain = fold(word).strip("'")
    known = english()
    if plain in known or plain.replace("'", "") in known:
        return True
    bare = _CONTRACTION.sub("", plain)
    return bare in known or _derived(bare, known) or _compound(bare, known)


@lru_cache(maxsize=20_000)
def is_built(word: str) -> bool:
    """Whether it counts as a word only by its parts, as "Lockwood" does."""
    plain = fold(word).strip("'")
    return plain not in english() and (
        _compound(plain, english()) or not _derived(plain, english())
    )


def _derived(word: str, known: frozenset[str]) -> bool:
    for suffix in _SUFFIXES:
        stem = word[: -len(suffix)]
        if len(stem) < 3 or not word.endswith(suffix):
            continue
        if suffix == "ies" and stem + "y" in known:
            return True
        if suffix in {"y", "s", "es"} and len(stem) < 4:
            continue
        if stem in known or stem + "e" in known or (stem[-1] == stem[-2] and stem[:-1] in known):
            return True
    return any(
        word.startswith(p) and len(word) > len(p) + 3 and word[len(p) :] in known for p in _PREFIXES
    )


def _compound(word: str, known: frozenset[str]) -> bool:
    """Two everyday words typed as one: "breakfastclub", "classteacher"."""
    if not 8 <= len(word) <= 40:
        return False
    common = everyday()
    return any(word[:i] in common and word[i:] in common for i in range(4, len(word) - 3))
