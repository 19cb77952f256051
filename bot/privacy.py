"""Takes identifying details out of a text before anybody else sees it.

Each kind becomes a typed placeholder such as `[NAME]`; a postcode is cut to its
district, which is needed for the borough.  Ages, school years and places stay.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

_DATA = Path(__file__).resolve().parent / "data"
_MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    "sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_STREET = (
    "street|st|road|rd|avenue|ave|lane|ln|close|court|ct|drive|dr|gardens|gdns|grove|house|"
    "terrace|place|square|crescent|way|mews|walk|row|hill|park|estate|tower|point|buildings|rise|passage|yard|path"
)
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("[EMAIL]", re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")),
    ("[LINK]", re.compile(r"\bhttps?://\S{1,500}|\bwww\.\S{1,500}", re.I)),
    ("[HANDLE]", re.compile(r"(?<![\w@])@[A-Za-z0-9_.]{2,30}\b")),
    (
        "[HANDLE]",
        re.compile(
            r"(?<=\b)(?:(?:snap(?:chat)?|insta(?:gram)?|tik ?tok|discord|whatsapp|username|user name|handle|gamertag)"
            r"\s*(?:is|:|=|name|name is|account is|account)\s*)(?P<id>[\w.]{3,30})", re.I,
        ),
    ),
    ("[NINO]", re.compile(r"\b[A-CEGHJ-PR-TW-Z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]\b", re.I)),
    ("[UPN]", re.compile(r"\b[A-HJ-NP-RT-Z]\d{11}[0-9A-HJ-NP-RT-Z]\b", re.I)),
    (
        "[PHONE]",
        re.compile(r"(?<![\w-])(?:\+44\s?\(?0?\)?|0)(?:[\s().-]?\d){9,10}(?![\w-])"),
    ),
    ("[NHS]", re.compile(r"(?<![\w-])\d{3}[\s-]\d{3}[\s-]\d{4}(?![\w-])|(?<!\w)\d{10}(?!\w)")),
    ("[PASSPORT]", re.compile(r"\bpassport\s*(?:no\.?|number|num|:)?\s*(?:is\s*)?(?P<id>[A-Z]?\d{7,9})\b", re.I)),
    (
        "[DATE]",
        re.compile(
            rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?:\s+of)?\s+(?:{_MONTH})\.?,?\s+(?:19|20)?\d{{2}}\b|"
            rf"\b(?:{_MONTH})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+(?:19|20)\d{{2}}\b|"
            r"(?<![\d.])\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?(?:19|20)?\d{2}(?![\d])|"
            r"(?<!\d)(?:19|20)\d{2}-\d{1,2}-\d{1,2}(?!\d)", re.I,
        ),
    ),
    (
        "[DATE]",
        re.compile(rf"\b(?:dob|d\.o\.b\.?|born(?: on)?|birthday(?: is)?|date of birth)\s*:?\s*(?:is\s+)?(?P<id>\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{_MONTH})|\d{{6,8}})\b", re.I),
    ),
    ("[PLATE]", re.compile(r"\b[A-Z]{2}\d{2}\s?[A-Z]{3}\b|\b[A-Z]\d{1,3}\s?[A-Z]{3}\b(?=.{0,20}\b(?:car|van|reg|plate)\b)")),
    (
        "[ADDRESS]",
        re.compile(
            rf"\b(?:(?:flat|apartment|apt|unit|room)\s+\w{{1,5}},?\s+)?\d{{1,4}}[a-z]?,?\s+"
            rf"(?:[A-Za-z'’-]{{2,20}}\s+){{1,3}}(?:{_STREET})\b(?!\s+(?:old|ago))", re.I,
        ),
    ),
    ("[ADDRESS]", re.compile(r"\b(?:flat|apartment|apt)\s+(?:no\.?\s*)?\d{1,4}[a-z]?\b", re.I)),
)  # fmt: skip
_POSTCODE = re.compile(r"\b([A-Z]{1,2}\d{1,2}[A-Z]?)\s?\d[A-Z]{2}\b", re.I)
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’](?=[^\W\d_])|-(?=[^\W\d_]))*")
_CUES = frozenset(
    [
        "called",
        "named",
        "name's",
        "nicknamed",
        "aka",
        "surname",
        "forename",
        "pupil",
        "student",
        "child",
        "boy",
        "girl",
        "teacher",
        "son",
        "daughter",
        "brother",
        "sister",
        "friend",
        "cousin",
        "mum",
        "dad",
        "mother",
        "father",
        "parent",
        "uncle",
        "aunt",
        "auntie",
        "nan",
        "stepdad",
        "boyfriend",
        "girlfriend",
        "partner",
        "coach",
        "head",
        "headteacher",
    ]
)
_STRONG_CUES = frozenset(["called", "named", "nicknamed", "aka", "surname", "forename"])
_AFTER_NAME = frozenset(
    [
        "says",
        "said",
        "told",
        "tells",
        "is",
        "was",
        "has",
        "had",
        "born",
        "aged",
        "in",
        "from",
        "who",
        "keeps",
        "came",
        "comes",
        "lives",
        "lived",
        "wants",
        "asked",
        "got",
        "gets",
        "seems",
        "looks",
        "hit",
        "hits",
        "and",
        "did",
        "does",
        "will",
        "wont",
        "cant",
        "went",
        "goes",
        "disclosed",
    ]
)
_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "dr",
        "prof",
        "professor",
        "sir",
        "rev",
        "reverend",
        "father",
        "sister",
        "imam",
        "rabbi",
        "pastor",
        "coach",
    ]
)
_NOT_AFTER_TITLE = frozenset(
    [
        "said",
        "says",
        "told",
        "asked",
        "is",
        "was",
        "has",
        "had",
        "and",
        "or",
        "the",
        "a",
        "in",
        "at",
        "on",
        "who",
        "when",
        "that",
        "it",
        "just",
        "always",
        "never",
        "has",
        "does",
        "did",
        "shouted",
        "grabbed",
        "hit",
        "pushed",
        "keeps",
        "kept",
        "gets",
        "got",
        "made",
        "makes",
        "teacher",
        "teachers",
        "head",
        "leader",
        "hall",
        "if",
        "again",
        "about",
        "of",
        "for",
        "to",
        "with",
    ]
)


@lru_cache(maxsize=1)
def _names() -> tuple[frozenset[str], frozenset[str]]:
    first: set[str] = set()
    last: set[str] = set()
    for line in (_DATA / "names.txt").read_text(encoding="utf-8").splitlines():
        kind, name = line.split(" ", 1)
        (first if kind == "f" else last).add(name)
    more = _DATA / "more_names.txt"
    if more.exists():
        first |= {n.strip() for n in more.read_text(encoding="utf-8").split() if n.strip()}
    return frozenset(first), frozenset(last)


@lru_cache(maxsize=1)
def _ordinary() -> frozenset[str]:
    """Words of everyday and of the field, and places, that are no names by themselves."""
    path = _DATA / "ordinary.txt"
    return frozenset(path.read_text(encoding="utf-8").split()) if path.exists() else frozenset()


def _fold(word: str) -> str:
    folded = unicodedata.normalize(
        "NFKD", word.lower().replace("ı", "i").replace("ł", "l").replace("ø", "o")
    )
    plain = "".join(c for c in folded if not unicodedata.combining(c)).replace("’", "'")
    return plain[:-2] if plain.endswith("'s") else plain.rstrip("'")


def _told_of(words: list[tuple[int, int, str]], i: int) -> bool:
    """Whether the next word shows that word `i`, at a sentence's start, is somebody."""
    if i + 1 >= len(words):
        return False
    after = words[i + 1][2]
    return _fold(after) in _AFTER_NAME or (after[0].isupper() and _fold(after) not in _ordinary())


def _name_spans(text: str) -> list[tuple[int, int]]:
    first, last = _names()
    ordinary = _ordinary()
    words = [(m.start(), m.end(), m.group()) for m in _WORD.finditer(text)]
    shouting = sum(w.isupper() for _, _, w in words) > max(3, len(words) // 2)
    spans: list[tuple[int, int]] = []
    open_name = -1
    for i, (start, end, word) in enumerate(words):
        plain = _fold(word)
        capital = word[0].isupper() and not shouting and not (word.isupper() and len(word) > 1)
        before = _fold(words[i - 1][2]) if i else ""
        near = (
            bool(i)
            and start - words[i - 1][1] <= 2
            and "." not in text[words[i - 1][1] : start].replace("r.", "")
        )
        common = plain in ordinary
        known = plain in first or plain in last
        starts_sentence = i == 0 or bool(re.search(r"[.!?\n]\s*$", text[:start]))
        titled = near and before in _TITLES and before not in {"father", "sister", "coach", "head"}
        named = near and before == "is" and i > 1 and _fold(words[i - 2][2]) in {"name", "names"}
        is_name = (
            (named and not (common and not capital))
            or (
                near
                and before in _STRONG_CUES
                and (capital or known)
                and not (common and not capital)
            )
            or (
                titled
                and plain not in _NOT_AFTER_TITLE
                and (capital or known or not common)
                and not (common and not capital)
                and len(plain) > 1
            )
            or (known and not common)
            or (
                plain in first
                and common
                and capital
                and not starts_sentence
                and len(plain) > 2
                and before not in {"in", "the", "at", "last", "next", "this", "since"}
            )
            or (capital and not starts_sentence and not common and len(plain) > 2)
            or (capital and not common and len(plain) > 2 and _told_of(words, i))
        )
        if not is_name and near and open_name == i - 1 and i:
            is_name = (capital and not common) or (known and not common)
        if is_name:
            open_name = i
            if (
                spans
                and near
                and spans[-1][1] >= words[i - 1][0]
                and spans[-1][1] <= start
                and open_name
                and spans[-1][1] == words[i - 1][1]
            ):
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
    return spans


def _placeholder(label: str, found: re.Match[str]) -> str:
    if "id" in found.re.groupindex and found.group("id"):
        whole = found.group(0)
        at = found.start("id") - found.start(0)
        return whole[:at] + label + whole[at + len(found.group("id")) :]
    return label


def redact(text: str) -> str:
    """The text with every identifying detail that is recognised put by its kind."""
    for label, pattern in _PATTERNS:
        text = pattern.sub(lambda found, label=label: _placeholder(label, found), text)  # type: ignore[misc]
    text = _POSTCODE.sub(lambda found: found.group(1).upper(), text)
    parts: list[str] = []
    at = 0
    for start, end in _name_spans(text):
        if text[max(0, start - 1) : start] == "[":
            continue
        parts += [text[at:start], "[NAME]"]
        at = end
    return "".join([*parts, text[at:]])
