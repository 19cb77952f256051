"""Names in social media and games: "@lil.mikey", "her snap is shadowfox99"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.finding import Finding, Kind
from bot.privacy.lists import word_list
from bot.privacy.words import is_word

_AT = re.compile(r"(?<![\w@.])@[A-Za-z0-9_][A-Za-z0-9_.-]{1,40}(?<![.-])")
_PLATFORM = re.compile(
    r"\b(?:snap ?chat|snap|insta(?:gram)?|ig|tik ?tok|discord|whats ?app|telegram|twitter|facebook|fb|"
    r"roblox|fortnite|xbox|psn|playstation|twitch|youtube|bereal|threads|onlyfans|kik|yubo|steam|signal|"
    r"user ?name|user ?id|handle|gamer ?tag|screen ?name|log ?in|profile|account)s?\b",
    re.IGNORECASE,
)
_LINKS = word_list("handle_links")
_TOKEN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{1,40}")
_UNDERSCORED = re.compile(
    r"(?<![\w@/.])(?=[\w.]{0,40}[A-Za-z])[A-Za-z0-9.]{0,30}_[A-Za-z0-9_.]{1,40}\b"
)
# Dots or digits within a word, which only a made-up name has.
_ODD = re.compile(
    r"(?<![\w@/.])(?:[A-Za-z][A-Za-z0-9]{1,20}(?:\.[A-Za-z0-9]{1,20}){1,4}|[A-Za-z]{3,20}\d{2,6}[A-Za-z]{0,4})(?![\w@/-])"
)
WORDS_AFTER = 6


def _looks_made_up(token: str) -> bool:
    """Whether it is no word: digits beside letters, dots or underscores inside."""
    letters = sum(c.isalpha() for c in token)
    if letters < 2 or len(token) < 4:
        return False
    if any(c.isdigit() for c in token):
        return not re.fullmatch(r"(?:year|yr|y|ks|class|room|p)\d{1,2}[a-z]?", token.lower())
    if "_" in token.strip("_") or "." in token:
        return True
    return not is_word(token)


class HandleRecogniser:
    """Anything after an @, with an underscore, or made up and soon after a platform's name."""

    def find(self, text: str) -> Iterator[Finding]:
        """See `Recogniser`."""
        for match in _AT.finditer(text):
            yield Finding.of(Kind.handle, *match.span())
        for match in _UNDERSCORED.finditer(text):
            words = [w for w in match.group().split("_") if w]
            if not all(w.islower() and is_word(w) for w in words):  # "safe_now" is one of ours
                yield Finding.of(Kind.handle, match.start(), match.end())
        platforms = [match.span() for match in _PLATFORM.finditer(text)]
        for match in _ODD.finditer(text) if platforms else ():
            if any(
                start - 60 < match.end() and match.start() < end + 60 for start, end in platforms
            ):
                yield Finding.of(Kind.handle, *match.span())
        for match in _PLATFORM.finditer(text):
            found = self._after(text, match.end())
            if found is not None:
                yield found

    def _after(self, text: str, at: int) -> Finding | None:
        for number, token in enumerate(_TOKEN.finditer(text, at, at + 80)):
            gap = text[at : token.start()]
            if number >= WORDS_AFTER or (any(c in gap for c in ".!?\n") and number):
                return None
            word = token.group().rstrip(".-")
            if word.lower() in _LINKS:
                at = token.end()
                continue
            if _looks_made_up(word):
                return Finding.of(Kind.handle, token.start(), token.start() + len(word))
            return None
        return None
