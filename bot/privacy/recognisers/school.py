"""Schools by name.  Those that `places.yml` knows tell the borough and stay.

`BOT_SCHOOL_NAMES` chooses: `known` (the default) takes out what content does not know,
`general` writes "a school in Hackney" for those it does know as well, `keep` takes out none.
`BOT_SCHOOL_LIST` names a file with further schools to take out, one a line.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from bot.privacy.finding import PLACEHOLDERS, Finding, Kind
from bot.privacy.lists import word_list
from bot.privacy.public import public

KNOWN, GENERAL, KEEP = "known", "general", "keep"
_KINDS = (
    r"(?:(?:C\.?\s?of\s?E|CE|RC|Catholic|Church\sof\sEngland|Jewish|Muslim|Islamic|Community|Free|Girls['’]?|Boys['’]?|"
    r"Junior|Infant|Infants|Nursery|Primary|Secondary|High|Grammar|Prep|Preparatory|Comprehensive|Sixth\sForm|Special|"
    r"Independent)\s){0,3}(?:School|Academy|College|Nursery|Primary|Infants|Juniors|Prep)"
)
_NAMED = re.compile(
    rf"(?<![\w'’])(?P<name>(?:(?:St\.?|Saint|Our|Sir|Lady|King|Queen|Holy|The)\s)?"
    rf"(?:[A-Z][a-z'’-]{{1,24}}\s(?:of\s|and\s|&\s|the\s)?){{1,4}}){_KINDS}\b(?!['’]s\b)"
)
_SAINT = re.compile(
    r"(?<![\w'’])(?:st|saint|our lady)\.?\s(?P<name>[a-z]{3,14}(?:['’]?s)?)\s(?:(?:and st|&)\s[a-z]{3,14}\s)?"
    r"(?:(?:c of e|ce|rc|catholic|primary|secondary|junior|infant|high|girls|boys|nursery)\s){0,3}"
    r"(?:school|academy|college|nursery|primary|infants|juniors)\b",
    re.IGNORECASE,
)
_NOT_NAMES = word_list("school_not_names")


@lru_cache(maxsize=1)
def _own_list() -> re.Pattern[str] | None:
    path = os.environ.get("BOT_SCHOOL_LIST", "")
    if not path:
        return None
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    names = sorted((re.escape(n.strip()) for n in lines if n.strip()), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(names)})(?!\w)", re.IGNORECASE) if names else None


@lru_cache(maxsize=1)
def _settings() -> re.Pattern[str] | None:
    names = [n for n, kind in public().places.items() if kind == "setting"]
    listed = "|".join(re.escape(n) for n in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{listed})(?!\w)", re.IGNORECASE) if names else None


def check_school_settings(env: Mapping[str, str]) -> None:
    """Look at both settings before the start.

    Raises:
        SettingsError: BOT_SCHOOL_NAMES is no such choice, or the list cannot be read.
    """
    from bot.settings import SettingsError

    mode, path = env.get("BOT_SCHOOL_NAMES", KNOWN), env.get("BOT_SCHOOL_LIST", "")
    if mode not in {KNOWN, GENERAL, KEEP}:
        raise SettingsError(
            f"B060 BOT_SCHOOL_NAMES: `{mode}` is not known, general or keep. Mend: unset it"
        )
    if path and not Path(path).is_file():
        raise SettingsError(f"B060 BOT_SCHOOL_LIST: {path} is no file. Mend: unset it, or mount it")


class SchoolRecogniser:
    """See the module."""

    def __init__(self, mode: str | None = None) -> None:
        """`mode` is one of the settings of the module; None reads the environment."""
        self._mode = mode or os.environ.get("BOT_SCHOOL_NAMES", KNOWN)

    def find(self, text: str) -> Iterator[Finding]:
        """See `Recogniser`."""
        own = _own_list()
        for match in own.finditer(text) if own else ():
            yield Finding.of(Kind.school, *match.span())
        if self._mode == KEEP:
            return
        known = [m.span() for m in settings.finditer(text)] if (settings := _settings()) else []
        if self._mode == GENERAL:
            yield from self._general(text, known)
        for pattern in (_NAMED, _SAINT):
            for match in pattern.finditer(text):
                if any(match.start() < end and start < match.end() for start, end in known):
                    continue
                start = self._begin(match)
                if start is not None:
                    yield Finding.of(Kind.school, start, match.end())

    def _begin(self, match: re.Match[str]) -> int | None:
        """Where the school's own name begins; None where only ordinary words stand there."""
        if match.re is _SAINT:
            return match.start()
        at = match.start("name")
        for word in re.finditer(r"\S+", match.group("name")):
            plain = word.group().strip("'’.,")
            lady = plain == "Our" and "Lady" in match.group("name")
            if plain not in _NOT_NAMES or lady:
                named = match.group("name")[word.start() :]
                whole = re.sub(r"\s+", " ", named.strip().lower())
                return None if whole in public().places else at + word.start()
        return None

    def _general(self, text: str, known: list[tuple[int, int]]) -> Iterator[Finding]:
        from bot.privacy.boroughs import borough_of

        for start, end in known:
            where = borough_of(text[start:end])
            put = f"a school in {where}" if where else PLACEHOLDERS[Kind.school]
            yield Finding(Kind.school, start, end, put)
