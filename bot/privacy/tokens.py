"""A message as the words that may be names, with what stands around them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.privacy import cues
from bot.privacy.words import fold

_WORD = re.compile(
    r"[^\W\d_](?:[^\W\d_\u0300-\u036f]|[\u0300-\u036f]|['’ʼ](?=[^\W\d_])|-(?=[^\W\d_]))*"
)
_MASK = re.compile(r"\[[A-Z]{3,10}\]|\[[a-z_ -]{1,30}\]")
_END = re.compile(r"[.!?\n;:]|\s-\s|^\s*[-*•]")
LONGEST = 40
_POSSESSIVE = re.compile(r"['’ʼ]s?$")
_NICK_CUE = re.compile(
    r"(?:nick ?named?|aka|a\.k\.a\.?|goes by|go by|street name|tag name|gang name|known (?:as|to (?:us|his mates|her mates|everyone|friends) as)|"
    r"(?:they|we|everyone|mates|friends|people|kids|she|he|mum|dad) (?:all )?calls? (?:him|her|them|himself|herself|me)|calls (?:himself|herself)|"
    r"answers to|nick ?name(?:'s| is| of)?)(?: the| as| is)?\s*[\"'“‘:]?\s*$",
    re.IGNORECASE,
)
_NAME_IS = re.compile(
    r"(?:\bnames?(?:['’]?s)?(?: is| was| are|:| =)?|\bnames? (?:of|given as)|\bcalled|\bnamed|\bsurname(?: is|:)?|\bforename(?: is|:)?|\bchristened|"
    r"\bcall (?:him|her|them)|\bcalling (?:him|her)(?:self)?)\s*[\"'“‘:]?\s*$",
    re.IGNORECASE,
)
_SCHOOL_YEAR = re.compile(r"\s(?:in|from)\s(?:year|yr|y|ks)?\s?\d", re.IGNORECASE)


@dataclass
class Token:
    """One word; `plain` is folded and without a possessive ending."""

    start: int
    end: int
    text: str
    lower: str
    plain: str
    capital: bool
    upper: bool
    possessive: bool
    starts: bool
    place: bool = False
    place_name: bool = False
    name: bool = False

    @property
    def bare_end(self) -> int:
        """Its end without the possessive."""
        found = _POSSESSIVE.search(self.text)
        return self.start + found.start() if found and self.possessive else self.end


@dataclass
class Message:
    """The words of a text."""

    text: str
    tokens: list[Token]
    loud: bool
    masks: bytearray = field(default_factory=bytearray)

    def masked(self, token: Token) -> bool:
        """Whether it lies in a placeholder, or is too long to be anybody's name."""
        return self.masks[token.start] == 1 or len(token.plain) > LONGEST

    def touch(self, i: int) -> bool:
        """Whether word `i` follows its neighbour with no more than a space between."""
        if i < 1:
            return False
        gap = self.text[self.tokens[i - 1].end : self.tokens[i].start]
        if gap == ". ":  # "Mr. Khan", "J. Smith"
            return _may_be_dotted(self.tokens[i - 1].plain)
        return len(gap) <= 2 and not gap.strip(" '\"“‘(")

    def before(self, i: int) -> Token | None:
        """The word right before."""
        return self.tokens[i - 1] if i and self.touch(i) else None

    def after(self, i: int) -> Token | None:
        """The word right after."""
        return self.tokens[i + 1] if i + 1 < len(self.tokens) and self.touch(i + 1) else None

    def _lead(self, i: int) -> str:
        return self.text[max(0, self.tokens[i].start - 45) : self.tokens[i].start]

    def strong(self, i: int) -> bool:
        """Whether the words before say that a name follows."""
        lead = self._lead(i)
        if not _NAME_IS.search(lead):
            return False
        if lead.rstrip().lower().endswith(("name", "names")):
            return False
        return not re.search(
            r"(?:call(?:ed|s|ing)?)\s(?:me|us|him|her|them)?\s*$", lead, re.IGNORECASE
        ) or bool(
            re.search(r"called\s*[\"'“‘]?\s*$|call (?:him|her|them)\s*$", lead, re.IGNORECASE)
        )

    def nick(self, i: int) -> bool:
        """Whether the words before say that a nickname follows."""
        return bool(_NICK_CUE.search(self._lead(i)))

    def acts(self, i: int) -> bool:
        """Whether the word does or undergoes what only people do."""
        before, after = self.before(i), self.after(i)
        if self.strong(i) or self.tokens[i].possessive:
            return True
        if after is not None and after.lower in cues.PEOPLE_DO:
            return True
        glued = self.tokens[i].plain.endswith("s")  # "ayaans mum"
        if glued and after is not None and after.lower in cues.RELATIVES:
            return True
        if _SCHOOL_YEAR.match(self.text[self.tokens[i].end : self.tokens[i].end + 14]):
            return True
        return before is not None and before.lower in cues.DONE_TO

    def evidence(self, i: int) -> bool:
        """Whether the words around make it somebody."""
        before, after = self.before(i), self.after(i)
        if self.strong(i) or self.tokens[i].possessive:
            return True
        if after is not None and after.lower in cues.SAYS | cues.BE | cues.FAMILY_THINGS:
            return True
        return before is not None and before.lower in cues.PERSON | (
            cues.OBJECT_OF - {"to", "for", "about"}
        )


def message_of(text: str) -> Message:
    """Cut a text into its words."""
    tokens: list[Token] = []
    last_end = 0
    for match in _WORD.finditer(text):
        word = match.group()
        gap = text[last_end : match.start()]
        starts = not tokens or (bool(_END.search(gap)) and not _dotted_title(gap, tokens))
        lower = fold(word)
        plain = _POSSESSIVE.sub("", lower) if len(lower) > 2 else lower
        upper = len(word) > 1 and word.isupper()
        tokens.append(
            Token(match.start(), match.end(), word, lower, plain, word[0].isupper() and not upper,
                  upper, plain != lower, starts)
        )  # fmt: skip
        last_end = match.end()
    long = [t for t in tokens if len(t.plain) > 3]
    shouted = sum(t.upper for t in long)
    titled = sum(t.capital and not t.starts for t in long)
    loud = len(tokens) > 4 and (
        shouted > len(long) * 0.6 or (titled > len(long) * 0.7 and len(long) > 5)
    )
    if loud:
        for token in tokens:
            token.capital = False
    elif shouted <= len(long) * 0.6:
        # One name shouted within ordinary writing: "told AYAAN to stop".
        for token in tokens:
            if token.upper and len(token.plain) > 3:
                token.capital = True
    masks = bytearray(len(text))
    for match in _MASK.finditer(text):
        masks[match.start() : match.end()] = b"\1" * len(match.group())
    return Message(text, tokens, loud, masks)


def _dotted_title(gap: str, tokens: list[Token]) -> bool:
    return gap.strip() == "." and _may_be_dotted(tokens[-1].plain)


def _may_be_dotted(plain: str) -> bool:
    """An initial, or a title cut short: after "my brother." another sentence begins."""
    return len(plain) == 1 or plain in cues.SHORT_TITLES
