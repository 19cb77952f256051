"""Facts that a message states by itself, so that nobody is asked for them again.

Where the child lives, where the adult works and where the adult lives are three
different things; a place whose relation is not said is only a `mention`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from spacy.tokens import Doc, Span

from bot.nlu import lexicon
from bot.nlu.age import age_band
from bot.nlu.language import AMBIGUOUS, CITY_SETTINGS
from knowledge.schema import Place

Facts = dict[str, Any]
_UNSAFE = re.compile(
    r"\b(not|isn'?t|is n't|aren'?t|never|if|whether|unsure|don'?t (?:know|think))\b"
    r"[^.]{0,20}\bsafe"
)
_STILL = re.compile(r"(?:'ve|'s|\b(?:have|has|ve|always)) +(?:always +)?lived in\b")
_PUPIL = re.compile(
    r"(?:\b(?P<age>1[0-9]|[1-9])(?: years? old| ?y/?o)?|\b(?:yr|year|y) ?\d{1,2}) ?,? ?$"
)
_GROWN = 16  # from this age on it may be an apprentice's or a trainee's
_OBJECTS = {"he": "him", "she": "her", "they": "them"}
_BREAKS = frozenset(
    {".", ",", ";", "!", "?", "but", "though", "while", "although", "whereas", "-", "and"}
)
_LEADS = frozenset({"in", "from", "near", "at", "to", "around", "of", "over", "is", "its", "it's"})
_PRONOUNS = frozenset({"he", "she", "they", "him", "her", "them", "class", "year", "yr"})
_POSSESSIVES = frozenset({"his", "her", "their", "the"})
_SOMETIMES = frozenset({"weekend", "weekends", "holidays", "sometimes", "alternate"})
_IS = frozenset({"is", "'s", "are", "'re", "shes", "hes", "theyre", "im", "'m", "am"})
_VERBS = frozenset({"live", "lives", "living", "resides", "residing"})
_COMING = frozenset(
    ["joined", "moved", "transferred", "transfered", "came", "arrived", "relocated", "switched",
     "fled", "rehoused", "placed", "returned"]
)  # fmt: skip
_MOST_BETWEEN = 6  # words from "from" to the place
# Where an agency or a firm has its office is not where the adult works.
_AGENCY = frozenset({"agency", "firm", "company", "office", "offices", "hq", "registered"})
_NOW = frozenset({"now", "actually", "currently", "all", "both", "still"})
_REPORTS = frozenset(
    [
        "told",
        "reported",
        "says",
        "said",
        "saw",
        "noticed",
        "mentioned",
        "thinks",
        "witnessed",
        "spotted",
        "heard",
        "overheard",
    ]
)
_HEARERS = frozenset(
    ["told", "tell", "telling", "to", "informed", "ask", "asked", "inform", "with"]
)
_HEAD_BEFORE = frozenset(
    [
        "our",
        "my",
        "the",
        "new",
        "acting",
        "a",
        "interim",
        "deputy",
        "executive",
        "their",
        "his",
        "her",
    ]
)
_BODY_AFTER = frozenset(
    ["lice", "louse", "injury", "injuries", "wound", "lump", "bump", "bruise", "bruises", "cut",
     "scarf", "ache", "aches", "butt", "butted", "boy", "girl", "student", "first", "down", "start"]
)  # fmt: skip
_BODY_BEFORE = frozenset(["on", "to", "in", "over", "across", "at", "into", "against", "against"])


def _contains(text: str, phrases: tuple[str, ...]) -> bool:
    return any(p in text and re.search(rf"(?<!\w){re.escape(p)}(?!\w)", text) for p in phrases)


def _clause(doc: Doc, span: Span) -> tuple[int, int]:
    start = span.start
    while start > 0 and doc[start - 1].lower_ not in _BREAKS:
        start -= 1
    end = span.end
    while end < len(doc) and doc[end].lower_ not in _BREAKS:
        end += 1
    return start, end


def _is_place(doc: Doc, ent: Span, place: Place) -> bool:
    """Whether the words are a place here, and not an ordinary word or a denial."""
    before = doc[ent.start - 1].lower_ if ent.start else ""
    two_before = doc[ent.start - 2].lower_ if ent.start > 1 else ""
    if {before, two_before if before in _LEADS else ""} & {"not", "never", "n't", "nt"}:
        return False
    name = place.name.lower()
    if before == "inner":
        return False
    if name in AMBIGUOUS:
        return before in _LEADS or (before == "the" and name == "city")
    return True


def _subject(ents: list[Span], before: int, doc: Doc) -> str:
    """Who is spoken of last before token `before`: `adult`, `child`, or `` if nobody."""
    for ent in reversed([e for e in ents if e.end <= before]):
        if ent.label_ == "ROLE" and not _only_tells(doc, ent, ents):
            return "adult"
        if ent.label_ in {"CHILD", "FAMILY"} and ent.text.lower() not in _PRONOUNS:
            return "child"
    return ""


def _pupil_before(doc: Doc, cue: Span, ents: list[Span]) -> bool:
    """Whether an age or a year group stands right before: "15, lives in", "yr 5 lives in"."""
    found = _PUPIL.search(doc[: cue.start].text.lower())
    return found is not None and (
        int(found["age"] or 0) < _GROWN or _subject(ents, cue.start, doc) != "adult"
    )


def _not_the_adult(doc: Doc, cue: Span, ents: list[Span]) -> bool:
    """Whether a pronoun, before any adult is named, is what that adult did something to:
    "he lives in the City. the drama teacher smacked him"."""
    word = doc[cue.start - 1].lower_ if cue.start else ""
    role = next((e for e in ents if e.label_ == "ROLE"), None)
    if role is None or role.start < cue.start or word not in _OBJECTS:
        return False
    return any(t.lower_ == _OBJECTS[word] for t in doc[role.end : role.end + 5])


def _relation(doc: Doc, ent: Span, ents: list[Span], place: Place) -> str:
    """`child_lives`, `adult_lives`, `works`, `lives` or `is_in` (of whom, is open), `mention`."""
    if place.kind == "setting":
        return "works"
    if doc[ent.end - 1].lower_ in CITY_SETTINGS:  # "a City primary"
        return "works"
    start, end = _clause(doc, ent)
    words = [t.lower_ for t in doc[start : ent.start]]
    if _came_from(words):
        return "former"
    if _is_office(doc, ent, ents, start):
        return "elsewhere"
    if _stands_alone(doc, ent, start, end):
        start, _ = _clause(doc, doc[start - 2 : start - 1])
    after = next((e for e in ents if e.start == ent.end), None)
    if after is not None:
        if after.label_ in {"WORKS", "ROLE"}:
            return "works"
        if after.label_ in {"CHILD", "FAMILY"} and after.text.lower() not in _PRONOUNS:
            return "child_lives"
        if after.label_ == "LIVES":
            return _whose_home(_subject(ents, ent.start, doc))
    cues = [e for e in ents if e.label_ in {"LIVES", "WORKS"} and start <= e.start < ent.start]
    if cues:
        live = [e for e in cues if e.text.lower() in _VERBS]  # "live behind our school, E8"
        cue = live[-1] if live else cues[-1]
        if cue.label_ == "WORKS":
            return "works"
        text = doc[max(0, cue.start - 2) : ent.start].text.lower().replace("’", "'")
        left = any(p in text for p in lexicon.NOT_NOW_HOME) and not _went_on(words)
        if left and not _STILL.search(text):
            return "former"
        if _pupil_before(doc, cue, ents) or _not_the_adult(doc, cue, ents):
            return "child_lives"
        return _whose_home(_subject(ents, cue.start, doc))
    if _with_family(doc, ent, ents):
        return "child_lives"
    if _is_in(doc, ent):
        return "is_in"
    lead = doc[ent.start - 1].lower_ if ent.start else ""
    noun = next(
        (e for e in reversed(ents) if e.end <= ent.start - (lead in _LEADS | {"the"})), None
    )
    if noun is not None and ent.start - noun.end <= 2 and lead in {"in", "from", "at", "the"}:
        if noun.label_ == "ROLE":
            return "works"
        if noun.label_ in {"CHILD", "FAMILY"} and noun.text.lower() not in _PRONOUNS:
            return "child_lives"
    return "mention"


def _came_from(words: list[str]) -> bool:
    """Whether somebody came from the place after these words: "joined us from Leeds"."""
    if "from" not in words[-_MOST_BETWEEN:]:
        return False
    before = {*words[: len(words) - 1 - words[::-1].index("from")]}
    if {"home", "back"} & before:  # "came home from her nursery in Hackney"
        return False
    return bool(_COMING & before) and not _VERBS & {*words} and not _went_on(words)


def _went_on(words: list[str]) -> bool:
    """Whether the place after these words is where they went to: "moved from Leeds to"."""
    return "from" in words and bool({"to", "into"} & {*words[words.index("from") :]})


def _is_office(doc: Doc, ent: Span, ents: list[Span], start: int) -> bool:
    """Whether the place is an agency's, and no school's."""
    named = {t for e in ents if e.label_ == "ROLE" and len(e) > 1 for t in range(e.start, e.end)}
    office = [i for i in range(start, ent.start) if doc[i].lower_ in _AGENCY and i not in named]
    works = [e.start for e in ents if e.label_ == "WORKS" and e.start < ent.start]
    return bool(office) and max(works, default=-1) < office[-1]


def _stands_alone(doc: Doc, ent: Span, start: int, end: int) -> bool:
    """Whether nothing but the place is said between two commas: "our nursery, Dalston"."""
    inside = {t.lower_ for t in doc[start : ent.start]} | {t.lower_ for t in doc[ent.end : end]}
    return start > 1 and doc[start - 1].text in {",", "-"} and inside <= _LEADS | {"the", "estate"}


def _with_family(doc: Doc, ent: Span, ents: list[Span]) -> bool:
    """Whether somebody is at a relative's there: "back at his mum's in Stoke Newington"."""
    family = next((e for e in reversed(ents) if e.label_ == "FAMILY" and e.end < ent.start), None)
    if family is None:
        return False
    between = [t.lower_ for t in doc[family.end : ent.start] if t.lower_ != "the"]
    before = [t.lower_ for t in doc[max(0, family.start - 3) : family.start]]
    theirs = before[-1:] and before[-1] in _POSSESSIVES and {"at", "with"} & {*before}
    sometimes = {t.lower_ for t in doc[ent.end : ent.end + 3]} & _SOMETIMES
    return bool(theirs) and not sometimes and between in (["in"], ["'s", "in"], ["’s", "in"])


def _is_in(doc: Doc, ent: Span) -> bool:
    """Whether it is only said that somebody is there: "she's in Hackney"."""
    before = [t.lower_ for t in doc[max(0, ent.start - 3) : ent.start] if t.lower_ != "the"]
    if before[-1:] != ["in"] or len(before) < 2:
        return False
    if before[-2] in _NOW:
        before = before[:-2] + before[-1:]
    return len(before) > 1 and before[-2] in _IS


def _whose_home(subject: str) -> str:
    return {"adult": "adult_lives", "child": "child_lives"}.get(subject, "lives")


def _places(doc: Doc, ents: list[Span], places: Mapping[str, Place]) -> list[dict[str, Any]]:
    found = []
    for ent in ents:
        if ent.label_ != "PLACE" or ent.ent_id_ not in places:
            continue
        place = places[ent.ent_id_]
        if not _is_place(doc, ent, place):
            continue
        found.append(
            {
                "name": place.name,
                "borough": str(place.borough),
                "authority": place.authority,
                "shared_with": list(place.shared_with),
                "relation": _relation(doc, ent, ents, place),
            }
        )
    return found


def _is_head_of_body(doc: Doc, ent: Span) -> bool:
    """Whether a bare "head" is a part of the body, or somebody to be told."""
    if ent.text.lower() not in {"head", "heads", "the head", "principal"}:
        return False
    before = doc[ent.start - 1].lower_ if ent.start else ""
    if ent.text.lower() == "principal":
        return False
    if ent.end < len(doc) and doc[ent.end].lower_ in _BODY_AFTER:
        return True
    if before in _BODY_BEFORE:
        return True
    if ent.text.lower() == "the head":
        return False
    return bool(before) and before not in {"our", "my", "new", "acting", "interim", "executive"}


def _only_tells(doc: Doc, ent: Span, ents: list[Span]) -> bool:
    """Whether this adult reports or is told, and nothing is said of what they did."""
    before = {t.lower_ for t in doc[max(0, ent.start - 2) : ent.start]}
    after = doc[ent.end].lower_ if ent.end < len(doc) else ""
    if after == "told":  # "told us" reports, "told a pupil to shut up" is what they did
        heard = doc[ent.end + 1 : ent.end + 4]
        to_child = any(e.label_ == "CHILD" and heard.start <= e.start < heard.end for e in ents)
        return not to_child
    return bool(_HEARERS & before) or after in _REPORTS


def _roles(doc: Doc, ents: list[Span]) -> list[str]:
    """Roles of adults who are spoken about, not of those who report or are told."""
    roles = []
    for ent in ents:
        if ent.label_ != "ROLE" or _is_head_of_body(doc, ent):
            continue
        before = [t.lower_ for t in doc[max(0, ent.start - 3) : ent.start]]
        if _only_tells(doc, ent, ents):
            continue
        if before[-1:] == ["as"] or before[-2:] in (["i", "am"], ["i", "m"], ["i", "'m"]):
            continue
        roles.append(ent.ent_id_)
    return roles


def pick_role(roles: list[str]) -> str | None:
    """The role an allegation is about: the most particular named, else the first."""
    particular = ("head_and_proprietor", "chair_of_governors", "lettings", "supply", "trainee")
    for role in particular:
        if role in roles:
            return role
    return roles[0] if roles else None


def read_facts(doc: Doc, places: Mapping[str, Place]) -> Facts:
    """All that the message says by itself; keys are there only where it says it."""
    ents = list(doc.ents)
    lowered = doc.text.lower().replace("’", "'")
    facts: Facts = {}
    if found := _places(doc, ents, places):
        facts["places"] = found
    if roles := _roles(doc, ents):
        facts["roles"] = roles
    if any(e.label_ == "FAMILY" and e.text.lower() not in {"foster", "family"} for e in ents):
        facts["family"] = True
    if any(e.label_ == "CHILD" and e.text.lower() not in _PRONOUNS for e in ents):
        facts["child"] = True
    if band := age_band(lowered):
        facts["child_age"] = band
    if _contains(lowered, lexicon.CONSENT_NO):
        facts["consent"] = "no"
    elif _contains(lowered, lexicon.CONSENT_YES):
        facts["consent"] = "yes"
    if _contains(lowered, lexicon.SAFE_NOW) and not _UNSAFE.search(lowered):
        facts["safe_now"] = "yes"
    if _contains(lowered, lexicon.REPEATED):
        facts["repeated"] = True
    if _contains(lowered, lexicon.SOCIAL_WORKER):
        facts["social_worker"] = True
    return facts
