"""Names of people: by lists, by capitals, by the words around them, and by not being words.

Order of thought for each word: part of a known place stays; a known name that is no word
is a name; a name that is a word too (Hope, Will, May) needs a sign; what is neither word nor
name nor a slip of the keyboard is a name that no list has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.privacy import cues
from bot.privacy.finding import Finding, Kind
from bot.privacy.hurried import is_hurried, is_hurried_although
from bot.privacy.lists import word_list
from bot.privacy.public import public
from bot.privacy.recognisers.word_names import is_person
from bot.privacy.sounds import written_by_ear
from bot.privacy.tokens import Message, Token, message_of
from bot.privacy.typos import meant, slip_for
from bot.privacy.words import (  # fmt: skip
    ABBREVIATIONS,
    everyday,
    famous,
    first_names,
    is_built,
    is_word,
    last_names,
    place_words,
)

_FOREIGN = re.compile(r"[^\W\d_]{2,}(?:\s[^\W\d_]{2,}){0,3}")
_ODD_WORDS = 0.6
_LOANS = word_list("name_loans")


@lru_cache(maxsize=1)
def _phrases() -> dict[str, list[tuple[str, ...]]]:
    """Places by their first word, the longest first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for name in [*public().places, *famous()]:
        words = tuple(re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", name))
        if words:
            found.setdefault(words[0], []).append(words)
            plain = tuple(w.replace("'", "") for w in words)
            if plain != words:
                found.setdefault(plain[0], []).append(plain)
    return {first: sorted(rows, key=len, reverse=True) for first, rows in found.items()}


def _mark_places(message: Message) -> None:
    """Words of known places are no names; one that is a given name too stays open."""
    tokens = message.tokens
    for i, token in enumerate(tokens):
        for words in _phrases().get(token.lower, ()):
            if tuple(t.lower for t in tokens[i : i + len(words)]) != words:
                continue
            for t in tokens[i : i + len(words)]:
                t.place = True
            if len(words) == 1 and token.lower in first_names() and token.lower in public().places:
                token.place = False
                token.place_name = True
            break


class NameRecogniser:
    """See the module."""

    def find(self, text: str) -> Iterator[Finding]:
        """See `Recogniser`."""
        message = message_of(text)
        _mark_places(message)
        self._judge(message)
        self._join(message)
        self._pair(message)
        yield from self._spans(message)
        yield from self._other_scripts(text)

    def _judge(self, message: Message) -> None:
        strange = [
            t for t in message.tokens if not t.place and len(t.plain) > 2 and not is_word(t.plain)
        ]
        counted = [t for t in message.tokens if len(t.plain) > 2]
        # Another language: only what is certainly a name.
        foreign = len(counted) >= 8 and len(strange) > _ODD_WORDS * len(counted)
        for i, token in enumerate(message.tokens):
            token.name = not token.place and self._is_name(message, i, foreign=foreign)

    def _is_name(self, message: Message, i: int, *, foreign: bool) -> bool:
        token = message.tokens[i]
        plain = token.plain
        if message.masked(token) or (not plain.isalpha() and not {"-", "'"} & set(plain)):
            return False
        title = self._titled(message, i)
        if title is not None:
            return title
        if len(plain) < 2 or (
            plain in cues.FUNCTION - cues.MODALS and not (token.capital and message.strong(i))
        ):
            return False
        if "-" in plain:
            return self._hyphenated(message, i)
        known = plain in first_names() or plain in last_names()
        if not known and plain.endswith("s") and plain[:-1] in first_names() and not is_word(plain):
            return True
        if plain in ABBREVIATIONS and (token.upper or not token.capital):
            return False
        if self._nickname(message, i):
            return True
        if self._word(token) or token.place_name:
            if token.place_name or plain in first_names():
                return is_person(message, i)
            return (
                token.capital and message.strong(i) and not token.starts and plain not in everyday()
            )
        if known:
            return self._known(message, i)
        return self._unknown(message, i, foreign=foreign)

    def _word(self, token: Token) -> bool:
        """Whether it is a word here: accents and capitals make a seeming one a name."""
        if not token.text.isascii() and token.lower != token.text.lower().replace("’", "'"):
            return token.plain in _LOANS
        if token.capital and not token.starts:
            return is_word(token.plain) and not is_built(token.plain)
        return is_word(token.plain)

    def _titled(self, message: Message, i: int) -> bool | None:
        """After a title: whether it is a name; None where there is no title."""
        before = message.before(i)
        token = message.tokens[i]
        if before is None or before.lower.rstrip(".") not in cues.TITLES or before.possessive:
            return None
        if token.plain in cues.NOT_AFTER_TITLE:
            return False
        title = before.lower.rstrip(".")
        if title in cues.SOFT_TITLES:
            if is_word(token.plain) and not (token.capital and not message.loud):
                return None
            if title == "miss" and len(token.plain) == 1 and token.plain not in {"a", "i", "u"}:
                return True
            if token.capital or token.plain in first_names() or token.plain in last_names():
                return True
            return (
                None
                if title in {"miss", "dr", "di", "ds", "fr", "sir"}
                else not is_word(token.plain)
            )
        return True

    def _hyphenated(self, message: Message, i: int) -> bool:
        token = message.tokens[i]
        parts = [p for p in token.plain.split("-") if p]
        if not parts or all(is_word(p) or len(p) < 2 for p in parts):
            given = sum(p in first_names() for p in parts)
            both = all(p in first_names() | last_names() for p in parts) and len(parts) > 1
            if both and token.capital and all(p[:1].isupper() for p in token.text.split("-")):
                return True
            return token.capital and given == len(parts) > 1 and not token.starts
        return any(p in first_names() or p in last_names() for p in parts) or (
            token.capital and not any(meant(p, 1) for p in parts if len(p) > 4)
        )

    def _nickname(self, message: Message, i: int) -> bool:
        token = message.tokens[i]
        if token.plain in cues.FUNCTION or not message.nick(i):
            return False
        return token.capital or not is_word(token.plain) or message.tokens[i - 1].lower in cues.NICK

    def _known(self, message: Message, i: int) -> bool:
        token = message.tokens[i]
        plain = token.plain
        if token.capital or (plain in first_names() and len(plain) > 2):
            return True
        if len(plain) <= 3:
            return message.evidence(i)
        return not meant(plain, 1) or message.evidence(i) or len(plain) > 5

    def _unknown(self, message: Message, i: int, *, foreign: bool) -> bool:
        """Neither a word nor in a list: a name that no list has, or a slip of the keyboard."""
        token = message.tokens[i]
        plain = token.plain
        if message.strong(i):
            return True
        if len(plain) < 3:
            return False
        person = message.acts(i)
        if len(plain) == 3 and not token.capital and not person:
            return False
        if (
            not token.capital
            and not person
            and (len(set(plain)) <= 2 or re.search(r"(.)\1\1", plain))
        ):
            return False
        inside = token.capital and not token.starts
        most = 2 if len(plain) >= 8 and not inside else 1
        slip = slip_for(plain, most) if len(plain) > 4 or not token.capital else frozenset()
        if slip and not self._rather_a_name(slip, token, person=person, inside=inside):
            return False
        if (person or inside) and is_hurried_although(plain, capital=inside):
            return False
        if inside:
            return True
        # Nobody who types English in a hurry puts accents on it: "doinița" is not "doin it a".
        typed = not any(c.isalpha() and not c.isascii() for c in token.text)
        if typed and not token.capital and not person and written_by_ear(plain):
            return False
        if foreign or (typed and not person and is_hurried(plain, capital=token.capital)):
            return False
        return bool(re.search(r"[aeiouy]", plain)) or person

    def _rather_a_name(
        self, slip: frozenset[str], token: Token, *, person: bool, inside: bool
    ) -> bool:
        """Whether somebody is meant although a common word lies near."""
        single = {word.removesuffix("s") for word in slip} | slip
        if single & (
            cues.PERSON | cues.FAMILY_THINGS | cues.FUNCTION | cues.TITLES | place_words()
        ):
            return False
        if inside:
            return len(token.plain) < 7 or person
        return person

    def _pair(self, message: Message) -> None:
        """Words that are given names too, beside a certain one: "grace and ayaan", "Sun Wei"."""
        tokens = message.tokens
        for i, token in enumerate(tokens):
            if token.name or token.place or token.plain not in first_names():
                continue
            if token.plain in cues.FUNCTION | cues.NOT_PEOPLE | ABBREVIATIONS | cues.TIMES:
                continue
            after = message.after(i)
            second = message.after(i + 1) if after is not None else None
            given = token.plain in cues.GIVEN_WORDS
            if after is not None and after.lower in {"and", "&"} and given:
                token.name = second is not None and second.name
            elif after is not None and after.name and token.capital and after.capital:
                token.name = not token.possessive

    def _join(self, message: Message) -> None:
        """Family names that are words, particles, and unknown words beside a name."""
        tokens = message.tokens
        for i in range(len(tokens) - 1, 0, -1):
            before, token = tokens[i - 1], tokens[i]
            if (
                token.name
                and message.touch(i)
                and not before.name
                and self._same_name(message, before)
            ):
                before.name = True
        for i, token in enumerate(tokens):
            if token.name or token.place or message.masked(token) or not i:
                continue
            before = tokens[i - 1]
            if not before.name or not message.touch(i) or before.possessive:
                continue
            after = tokens[i + 1] if i + 1 < len(tokens) and message.touch(i + 1) else None
            plain = token.plain
            if self._same_name(message, token) or (
                plain in cues.PARTICLES
                and after is not None
                and after.name
                and (token.capital or plain not in {"do", "den", "la", "le"})
            ):
                token.name = True
            elif (
                token.capital
                and not message.loud
                and plain not in cues.FUNCTION
                and plain not in ABBREVIATIONS
            ):
                token.name = (
                    plain in last_names() or plain in cues.SURNAMES or not self._word(token)
                )
            elif (
                (
                    plain in cues.SURNAMES
                    and (
                        after is None
                        or after.lower in cues.SAYS | cues.BE | {"in", "and", "from", "aged"}
                    )
                )
                or (
                    token.capital
                    and not message.loud
                    and plain in cues.FUNCTION
                    and plain in first_names()
                    and not before.starts
                )
                or (token.capital and len(plain) == 1 and token.upper and plain not in {"i", "a"})
            ):
                token.name = True

    def _same_name(self, message: Message, token: Token) -> bool:
        """Whether a word beside a name is another part of it: no word, and no plain slip."""
        if token.place or token.possessive or message.masked(token) or len(token.plain) < 3:
            return False
        if is_word(token.plain) or token.plain in ABBREVIATIONS:
            return False
        return token.capital or not (
            meant(token.plain, 1) or is_hurried(token.plain, capital=False)
        )

    def _spans(self, message: Message) -> Iterator[Finding]:
        start = end = -1
        for i, token in enumerate(message.tokens):
            if (
                token.name
                and end >= 0
                and message.touch(i)
                and not message.tokens[i - 1].possessive
                and message.tokens[i - 1].name
            ):
                end = token.bare_end
            elif token.name:
                if end >= 0:
                    yield Finding.of(Kind.name, start, end)
                start, end = token.start, token.bare_end
        if end >= 0:
            yield Finding.of(Kind.name, start, end)

    def _other_scripts(self, text: str) -> Iterator[Finding]:
        """A few words of another script within a Latin text."""
        if text.isascii():
            return
        latin = sum(c.isalpha() and c < "\u0250" for c in text)
        for match in _FOREIGN.finditer(text):
            inside = match.group()
            if all(c > "\u036f" or c == " " for c in inside) and latin > 2 * len(inside):
                yield Finding.of(Kind.name, *match.span())
