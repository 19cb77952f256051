"""Typing noise: how hurried people's texts come out, the same way every time.

Each kind is a function of a text and a seeded generator.  None takes away, adds or turns
round a denial, a number, a place or a time: what is lost is spelling, not meaning.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable

from bot.evaluate.noise_words import CONFUSED, SLANG, SLANG_ENDS, TEXT_SPEAK
from bot.evaluate.vignettes import Vignette

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
# How many words, or gaps between words, are hit.
SLIPS, GAPS, VOWELLESS, CONFUSIONS = 0.15, 0.12, 0.35, 0.35


def _neighbour(letter: str, chance: random.Random) -> str:
    for row in _ROWS:
        at = row.find(letter.lower())
        if at >= 0:
            near = row[max(0, at - 1) : at] + row[at + 1 : at + 2]
            return chance.choice(near)
    return letter


def _slip(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word))
    kind = chance.randrange(4)
    if kind == 0:
        return word[:at] + _neighbour(word[at], chance) + word[at + 1 :]
    if kind == 1:
        return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
    if kind == 2:
        return word[:at] + word[at + 1 :]
    return word[:at] + word[at] + word[at:]


def keyboard_slips(text: str, chance: random.Random) -> str:
    """A neighbouring key, two letters swapped, one left out or twice, in one word of seven."""
    return _WORD.sub(
        lambda m: (
            _slip(m.group(), chance)
            if len(m.group()) > 3 and m.group().isalpha() and chance.random() < SLIPS
            else m.group()
        ),
        text,
    )


def missing_spaces(text: str, chance: random.Random) -> str:
    """One gap of eight is not typed."""
    parts = text.split(" ")
    out = parts[0]
    for part in parts[1:]:
        joined = out[-1:].isalpha() and part[:1].isalpha() and chance.random() < GAPS
        out += part if joined else " " + part
    return out


def no_vowels(text: str, chance: random.Random) -> str:
    """A third of the words of four letters and more lose the vowels inside them."""

    def thin(found: re.Match[str]) -> str:
        word = found.group()
        if len(word) < 4 or not word.isalpha() or chance.random() >= VOWELLESS:
            return word
        inner = re.sub(r"[aeiou]", "", word[1:-1], flags=re.I)
        return word[0] + inner + word[-1]

    return _WORD.sub(thin, text)


def upper_case(text: str, chance: random.Random) -> str:
    """Caps lock, and no full stop at the end."""
    return text.upper().rstrip(".")


def _swap(text: str, table: dict[str, tuple[str, ...]], chance: random.Random, how: float) -> str:
    # The longest phrase first, so that "at the moment" goes before "moment".
    phrases = "|".join(re.escape(p) for p in sorted(table, key=len, reverse=True))
    return re.sub(
        rf"(?<![\w'’])(?:{phrases})(?![\w'’])",
        lambda m: chance.choice(table[m.group().lower()]) if chance.random() < how else m.group(),
        text,
        flags=re.I,
    )


def text_speak(text: str, chance: random.Random) -> str:
    """Lower case, no apostrophes, and the short forms of text messages."""
    short = _swap(text, TEXT_SPEAK, chance, 0.9)
    return re.sub(r"['’]", "", short).lower()


def london_slang(text: str, chance: random.Random) -> str:
    """Words of young Londoners, as staff quote and pupils type them."""
    swapped = _swap(text, SLANG, chance, 0.9)
    return swapped.rstrip(" .") + " " + chance.choice(SLANG_ENDS)


def autocorrect(text: str, chance: random.Random) -> str:
    """A telephone's guess: another real word where two are easily taken for each other."""
    return _swap(text, CONFUSED, chance, CONFUSIONS)


KINDS: dict[str, Callable[[str, random.Random], str]] = {
    "slips": keyboard_slips,
    "spaces": missing_spaces,
    "vowels": no_vowels,
    "upper": upper_case,
    "textspeak": text_speak,
    "slang": london_slang,
    "autocorrect": autocorrect,
}


def noisy(text: str, kind: str, key: str = "") -> str:
    """The text under a kind of noise; the same text, kind and key give the same noise.

    Raises:
        KeyError: no such kind.
    """
    # The generator's own use of a text as seed does not depend on the process.
    return KINDS[kind](text, random.Random(f"{kind}:{key}:{text}"))  # noqa: S311 - no secret


def under_noise(vignettes: Iterable[Vignette], kind: str) -> list[Vignette]:
    """The same vignettes with every message of staff under one kind of noise.

    What must not be stored is dropped, because the noise changes those words too.
    """
    return [
        v.model_copy(update={"says": [noisy(t, kind, v.id) for t in v.says], "not_stored": []})
        for v in vignettes
    ]
