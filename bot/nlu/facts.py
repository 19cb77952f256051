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
from bot.nlu.language import AMBIGUOUS
from knowledge.schema import Place

Facts = dict[str, Any]
_UNSAFE = re.compile(
    r"\b(not|isn'?t|is n't|aren'?t|never|if|whether|unsure|don'?t (?:know|think))\b"
    r"[^.]{0,20}\bsafe"
)
_BREAKS = frozenset(
    {".", ",", ";", "!", "?", "but", "though", "while", "although", "whereas", "-", "and"}
)
_LEADS = frozenset({"in", "from", "near", "at", "to", "around", "of", "over", "is", "its", "it's"})
_PRONOUNS = frozenset({"he", "she", "they", "him", "her", "them", "class", "year", "yr"})
_IS = frozenset({"is", "'s", "are", "'re", "shes", "hes", "theyre", "im", "'m", "am"})
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
    if name in AMBIGUOUS:
        return before in _LEADS or (before == "the" and name == "city")
    return True


def _subject(ents: list[Span], before: int, doc: Doc) -> str:
    """Who is spoken of last before token `before`: `adult`, `child`, or `` if nobody."""
    for ent in reversed([e for e in ents if e.end <= before]):
        if ent.label_ == "ROLE":
            return "adult"
        if ent.label_ in {"CHILD", "FAMILY"} and ent.text.lower() not in _PRONOUNS:
            return "child"
    return ""


def _relation(doc: Doc, ent: Span, ents: list[Span], place: Place) -> str:
    """`child_lives`, `adult_lives`, `works`, `lives` or `is_in` (of whom, is open), `mention`."""
    if place.kind == "setting":
        return "works"
    start, _end = _clause(doc, ent)
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
        cue = cues[-1]
        if cue.label_ == "WORKS":
            return "works"
        text = doc[max(0, cue.start - 2) : ent.start].text.lower()
        if any(p in text for p in lexicon.NOT_NOW_HOME):
            return "former"
        return _whose_home(_subject(ents, cue.start, doc))
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
    if before in _BODY_BEFORE:
        return True
    if ent.text.lower() == "the head":
        return False
    return bool(before) and before not in {"our", "my", "new", "acting", "interim", "executive"}


def _roles(doc: Doc, ents: list[Span]) -> list[str]:
    """Roles of adults who are spoken about, not of those who report or are told."""
    roles = []
    for ent in ents:
        if ent.label_ != "ROLE" or _is_head_of_body(doc, ent):
            continue
        before = [t.lower_ for t in doc[max(0, ent.start - 3) : ent.start]]
        after = [t.lower_ for t in doc[ent.end : ent.end + 2]]
        if _HEARERS & set(before[-2:]) or _REPORTS & set(after[:1]):
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
