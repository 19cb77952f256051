"""The blank spaCy pipeline with its entity ruler, built from content and the lexicon."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import spacy
from spacy.language import Language
from spacy.util import compile_suffix_regex

from bot.nlu import lexicon
from knowledge.schema import Place

# Place names that are ordinary words too: they count only after "in", "from", ...
AMBIGUOUS = frozenset(
    [
        "bank",
        "angel",
        "bow",
        "barking",
        "reading",
        "brent",
        "temple",
        "poplar",
        "victoria",
        "tower",
        "wick",
        "arden",
        "webb",
        "wyke",
        "trowbridge",
        "nightingale",
        "kent",
        "bath",
        "deal",
        "rugby",
        "sale",
        "hook",
        "ware",
        "mile",
        "cheap",
        "bread",
        "bridge",
        "lime",
        "broad",
        "aldgate",
        "strand",
        "morningside",
        "barnet",
        "kings",
        "queenhithe",
        "southwark",
    ]
)
# What follows "City" where the Square Mile is meant and not any town: "a City primary".
CITY_SETTINGS = frozenset(["primary", "secondary", "school", "nursery", "infants", "setting"])
_SKIP = frozenset({"reading", "city"})


def _rows(label: str, names: Iterable[str], entity_id: str) -> list[dict[str, Any]]:
    return [{"label": label, "pattern": name, "id": entity_id} for name in names]


def entity_rows(places: Iterable[Place]) -> list[dict[str, Any]]:
    """Patterns of the entity ruler: `id` carries the role, or the place's key."""
    rows: list[dict[str, Any]] = []
    for place in places:
        name = place.name.lower()
        if name in _SKIP:
            continue
        key = f"{place.kind}:{name}"
        names = {name, name.replace("'", ""), name.replace("st ", "st. ")}
        if place.kind == "setting":
            names |= {name.removeprefix("the ")}
        rows += _rows("PLACE", sorted(names), key)
    for role, words in lexicon.ROLES.items():
        more = {f"{w}s" for w in words if w not in lexicon.NO_PLURAL and not w.endswith("s")}
        rows += _rows("ROLE", [*words, *sorted(more)], role)
    setting: list[dict[str, Any]] = [{"ORTH": "City"}, {"LOWER": {"IN": sorted(CITY_SETTINGS)}}]
    rows.append({"label": "PLACE", "pattern": setting, "id": "borough:the city"})
    rows += _rows("CHILD", lexicon.CHILD_WORDS, "child")
    rows += _rows("FAMILY", lexicon.FAMILY_WORDS, "family")
    rows += _rows("LIVES", lexicon.LIVES_CUES, "lives")
    rows += _rows("WORKS", lexicon.WORKS_CUES, "works")
    return rows


def build_language(places: Iterable[Place]) -> Language:
    """A pipeline that only tokenises and rules: no trained part, a few milliseconds."""
    nlp = spacy.blank("en")
    # "EC2Y." ends a sentence: by default its full stop is part of an abbreviation.
    ends = [*nlp.Defaults.suffixes, r"(?<=[0-9][A-Za-z])\."]
    nlp.tokenizer.suffix_search = compile_suffix_regex(ends).search
    ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    ruler.add_patterns(entity_rows(places))
    return nlp
