"""Red flags: does a message speak of immediate danger?  Rules here; meaning is added.

A hit is lowered to a question, never to silence, where its own clause says that it is
denied, past, supposed, taught, or a figure of speech.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from knowledge.patterns import compile_pattern, normalise, telling_words
from knowledge.schema import RedFlag

NOW, LOWERED = "now", "lowered"

_NEGATION = re.compile(
    r"(?<!\w)(?:(?:no|without)(?!\s+(?:pr|custody|contact|permission|adult|coat|shoes|one|inhaler|insulin|access))|not|never|isnt|wasnt|hasnt|havent|didnt|doesnt|dont think|nobody|none|"
    r"no ?ones?|nobodys|noones|no sign of|denies|denied|ruled out|wouldnt|couldnt)(?:\s+(?!\.|but\b|and\b)\w+){0,3}\s*$|"
    r"(?<!\w)no (?:suggestion|indication|evidence|reason to (?:think|believe|fear)|question)(?:\s+(?!\.|but\b|and\b)\w+){0,5}\s*$"
)
_PAST = re.compile(
    r"(?<!\w)(?:years? ago|months? ago|weeks? ago|last (?:year|month|term|summer|week|weekend|winter|"
    r"easter|christmas)|used to|back in (?:the|\d{4}|year|primary)|in the past|historic\w*|"
    r"previous(?:ly)?|when (?:he|she|they|i|we) (?:was|were) (?:little|younger|small|a (?:child|kid|baby|"
    r"toddler)|in (?:primary|year|nursery|reception)|\w{1,8} years? old|\d+)|as a (?:child|kid|baby)|"
    r"in (?:19|20)\d\d|old scars?|healed|recovered|a long time ago|long ago|ages ago|"
    r"the year before|before (?:he|she|they) (?:came|joined|moved)|history of|days ago|now resolved|"
    r"since resolved|all resolved|years back|has since|had once)(?!\w)"
)
_SUPPOSED = re.compile(
    r"(?<!\w)(?:what if|what would|what should (?:we|i|you|staff) do if|what do (?:we|i|you|staff) do if|"
    r"if a (?:child|pupil|student|kid|parent|teacher|stranger|girl|boy)|if (?:one|any) of|"
    r"in case (?:a|of)|hypothetical\w*|suppose|scenario|for example if|theoretical\w*|"
    r"how (?:do|should|would) (?:we|i|you|staff|schools) (?:respond|handle|deal|manage|spot|recogni\w+))(?!\w)"
)
_TAUGHT = re.compile(
    r"(?<!\w)(?:training|inset|lessons?|assembly|assemblies|policy|policies|guidance|course|e ?learning|"
    r"webinar|workshops?|resources?|leaflets?|posters?|template|risk assessment|toolkit|pack|powerpoint|"
    r"slides|case review|serious case|case study|briefing|curriculum|pshe|drill|practice drill|"
    r"procedures?|fact ?sheet|play about|novel|film|movie|documentary|video game|drama|rehears\w+|"
    r"set text|macbeth|romeo|poem|essay|exam question|gcse|a level|theatre|book report|"
    r"awareness|anything on|information on|info on|stats|statistics|research|"
    r"fancy dress|costume|toy|plastic|water pistol|nerf|cardboard|pretend\w*|minecraft|fortnite|roblox|call of duty)(?!\w)"
)
_FIGURE = re.compile(
    r"(?<!\w)(?:(?:is|are|was|were|r) killing me|killing me|killed it|kill for|dying (?:to|for|of (?:laughter|boredom|"
    r"embarrassment|curiosity|shame))|to die for|could murder|murder a|drop dead gorgeous|dead (?:tired|on|good|funny|line)|"
    r"bleeding (?:obvious|heart)|(?:under )?fire ?(?:drill|alarm test)|(?:the )?world on fire|on fire (?:today|at|in (?:maths|english|class|(?:the |his |her )?(?:\w+ )?(?:game|match|quiz|lesson|test|race)))|(?:nearly|almost) died (?:of|when|laughing)|died of (?:shame|embarrassment)|bleeding (?:annoying|awful|brilliant|cheek)|(?:hamster|goldfish|cat|dog|rabbit|guinea pig|pet|fish) (?:has |had )?died|dead batter(?:y|ies)|very excited|looking forward|when (?:he|she|they) grows? up|because (?:he|she|they) loves?|(?:scared|afraid|frightened|terrified) of (?:spiders|dogs|cats|heights|thunder|the dark|wasps|bees|clowns|injections|needles)|water bombs?|as usual|missing (?:his|her|their|my) (?:nan|nana|gran|granny|grandma|grandad|mum|mummy|dad|daddy|friends?|mates?|cat|dog|old school|brother|sister|homework|books?|work)|cupboard key|"
    r"shoot (?:me|you|him|her|them|over|off|a|some) (?:an|a|over|for|the)?|shooting (?:hoops|stars|practice)|stab at|stab in the back|"
    r"stabbed in the back|back ?stab\w*|over my dead body|bomb(?:ed)? (?:the|his|her|my|their) (?:test|exam|interview)|photo ?bomb\w*|"
    r"bath bomb\w*|ofsted|explo\w+ with (?:laughter|joy)|hang(?:ing)? (?:out(?! (?:of )?(?:a|an|the) (?:\w+ )?window)|around)|jumped? (?:for joy|at the chance)|"
    r"die of (?:laughter|boredom|embarrassment)|died laughing|bored to death|scared to death of (?:spiders|exams|tests)|"
    r"photocopier|marking|deadline|workload|printer|coffee|lunch queue|kill time|killing time|choke in the exam|choked up|attack(?:ing)? the ball|"
    r"heart attack when|nearly had a heart attack|gave me a heart attack|like a bomb|bomb ?site|hit (?:the|by) (?:target|deadline))(?!\w)"
)
_DENIED_WITHIN = re.compile(r"(?<!\w)(?:not|isnt|wasnt|never|no longer|arent)(?!\w)")
_INSTEAD = re.compile(
    r"(?<!\w)(?:right now|just now|now|at the moment|currently|as we speak|today|tonight|this morning|"
    r"this afternoon|help|999|emergency|ambulance)(?!\w)"
)


@dataclass(frozen=True)
class FlagHit:
    """A red flag in a message: `state` is `now` or `lowered`, `because` says why."""

    id: str
    state: str
    because: str
    score: float

    def as_dict(self) -> dict[str, Any]:
        """For the parsed message."""
        return asdict(self)


def lowering(text: str, start: int, end: int) -> str | None:
    """Why a hit at `start`-`end` of normalised `text` is no danger now, or None."""
    sentence_start = text.rfind(" . ", 0, start) + 1
    sentence_end = text.find(" . ", end)
    clause = text[sentence_start : sentence_end if sentence_end >= 0 else len(text)]
    if _NEGATION.search(text[sentence_start:start]):
        return "denied"
    if _FIGURE.search(clause):
        return "figure of speech"
    urgent = _INSTEAD.search(text)
    if _PAST.search(clause) and not re.search(
        r"(?<!\w)(?:right now|just now|as we speak)(?!\w)", text
    ):
        return "past"
    if _PAST.search(text) and not urgent:
        return "past"
    if _SUPPOSED.search(text) and not urgent:
        return "supposed"
    if _TAUGHT.search(clause) and not re.search(
        r"(?<!\w)(?:right now|just now|help|999|ambulance|real one|not a drill|at lunch|this morning|last night)(?!\w)",
        text,
    ):
        return "taught"
    return None


def context_of(text: str) -> str | None:
    """Why the message as a whole is no danger now, for flags found by meaning."""
    plain = normalise(text)
    if _FIGURE.search(plain):
        return "figure of speech"
    urgent = _INSTEAD.search(plain)
    if _PAST.search(plain) and not urgent:
        return "past"
    if _SUPPOSED.search(plain) and not urgent:
        return "supposed"
    if _TAUGHT.search(plain) and not urgent:
        return "taught"
    return None


class RuleBook:
    """The compiled patterns of all red flags."""

    def __init__(self, flags: Iterable[RedFlag]) -> None:
        self._rules = [
            (flag.id, pattern, compile_pattern(pattern))
            for flag in flags
            for pattern in flag.patterns
        ]
        # Hardly a message has the words of more than a few of some 250 rules.
        self._whole: dict[str, list[int]] = {}
        self._begun: dict[str, list[int]] = {}
        for at, (_, pattern, _) in enumerate(self._rules):
            for word in telling_words(pattern):
                places = self._begun if word.endswith("*") else self._whole
                places.setdefault(word.rstrip("*"), []).append(at)
        self._lengths = sorted({len(word) for word in self._begun})

    def _worth_trying(self, plain: str) -> list[int]:
        """The rules that may match, in their order."""
        found: set[int] = set()
        for word in set(plain.split()):
            found.update(self._whole.get(word, ()))
            for length in self._lengths:
                found.update(self._begun.get(word[:length], ()))
        return sorted(found)

    def find(self, text: str) -> list[FlagHit]:
        """Every flag hit, the present ones first, one hit a flag."""
        plain = normalise(text)[:20000]
        best: dict[str, FlagHit] = {}
        for flag, pattern, rule in (self._rules[at] for at in self._worth_trying(plain)):
            if flag in best and best[flag].state == NOW:
                continue
            for match in rule.finditer(plain):
                reason = lowering(plain, match.start(), match.end())
                if not reason and not _DENIED_WITHIN.search(re.sub(r"[|_]", " ", pattern)):
                    reason = "denied" if _DENIED_WITHIN.search(match.group()) else None
                because = f"pattern `{pattern}`" + (f", but {reason}" if reason else "")
                hit = FlagHit(flag, LOWERED if reason else NOW, because, 1.0)
                if flag not in best or hit.state == NOW:
                    best[flag] = hit
                if hit.state == NOW:
                    break
        return sorted(best.values(), key=lambda h: (h.state != NOW, h.id))
