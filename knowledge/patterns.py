"""The small pattern language of the red flags, compiled to bounded expressions.

A pattern is a line of items between blanks:

- `knife|blade|machete`: one of these words;
- `stab*`: a word that begins so;
- `passed_out`: words that follow each other, as one alternative;
- `~4`: up to four words of any kind between its neighbours (at most 14);
- `?now|today`: an item that may be missing;
- `.`: a boundary of a clause.

Words never match across a boundary (full stop, comma, semicolon, line end), except
where the pattern has `.` itself.  Compiled patterns hold no nested repetition, so
their running time is linear in the length of the text for a fixed pattern.
"""

from __future__ import annotations

import re
import unicodedata

_APOSTROPHES = re.compile(r"[’‘`´']")
_BOUNDARY = re.compile(r"[.,;:!?\n\r()\"“”…]+")
_OTHER = re.compile(r"[^\w.\s]+")
_ITEM = re.compile(r"^\??[\w*|&]+$")
MAX_GAP = 14


class PatternError(ValueError):
    """A pattern is not of the language; the message says which item."""


def normalise(text: str) -> str:
    """Lower case, no accents or apostrophes, one blank between words, ` . ` between clauses."""
    plain = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = _APOSTROPHES.sub("", plain)
    plain = plain.replace("&", " and ")
    plain = _BOUNDARY.sub(" . ", plain)
    plain = _OTHER.sub(" ", plain)
    return " ".join(plain.split())


def _must_be_there(item: str) -> bool:
    return item[0] not in "~?."


def telling_words(pattern: str) -> list[str]:
    """Words of which a normalised text has one if the pattern matches: those of the item that
    few texts have, one whose shortest word is the longest.  "stab*" is a beginning.

    Raises:
        PatternError: as `compile_pattern`.
    """
    compile_pattern(pattern)
    items = [item.split("|") for item in pattern.split() if _must_be_there(item)]
    firsts = [[w.split("_")[0] for w in words] for words in items]
    return max(firsts, key=lambda words: (min(map(len, words)), -len(words)))


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Compile one line of the language.

    Raises:
        PatternError: an item is empty, a gap is over `MAX_GAP`, a sign is unknown, or no word
            must be there.
    """
    parts: list[str] = []
    pending_gap = 0
    for item in pattern.split():
        if item.startswith("~"):
            if not item[1:].isdigit() or int(item[1:]) > MAX_GAP:
                raise PatternError(f"gap {item!r} in {pattern!r}: write ~1 to ~{MAX_GAP}")
            pending_gap = int(item[1:])
            continue
        if item == ".":
            parts.append(r"(?:\s*\.)")
            continue
        if not _ITEM.match(item):
            raise PatternError(f"item {item!r} in {pattern!r}: use words, | * ? ~N and .")
        optional = item.startswith("?")
        words = "|".join(
            re.escape(w.rstrip("*")).replace("_", r"\s+") + (r"\w*" if w.endswith("*") else "")
            for w in item.lstrip("?").split("|")
        )
        gap = rf"(?:\s+(?!\.)\w+){{0,{pending_gap}}}?" if pending_gap else ""
        lead = r"\s+" if parts else ""
        body = rf"{gap}{lead}(?:{words})(?!\w)"
        parts.append(f"(?:{body})?" if optional else body)
        pending_gap = 0
    if not parts:
        raise PatternError("an empty pattern")
    if not any(map(_must_be_there, pattern.split())):
        raise PatternError(f"{pattern!r} has only items that may be missing")
    return re.compile(r"(?<!\w)" + "".join(parts))
