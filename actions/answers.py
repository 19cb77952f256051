"""Typed answers: "yeah hackney", "the second one", "dunno" mean what a button means."""

from __future__ import annotations

import re
from typing import Any

from rapidfuzz import fuzz, process

from actions.understood import Understood
from knowledge.schema import Question

YES_NO = frozenset({"safe_now", "consent", "about_head", "harm_test"})
_ORDINALS = {
    "first": 1, "1st": 1, "one": 1, "second": 2, "2nd": 2, "two": 2, "third": 3, "3rd": 3,
    "three": 3, "fourth": 4, "4th": 4, "four": 4, "fifth": 5, "5th": 5, "five": 5, "sixth": 6,
    "six": 6, "seven": 7, "eight": 8, "last": -1,
}  # fmt: skip
_WORD = re.compile(r"[a-z0-9']+")
_YES = re.compile(
    r"^(?:y|ye|yes|yeah|yep|yup|ya|yh|yea|correct|affirmative|sure|right|definitely|true|ok|okay|i think so|probably)\b"
)
_NO = re.compile(
    r"^(?:n|no|nope|nah|na|negative|not really|definitely not|dont think so|don't think so)\b"
)
_UNSURE = re.compile(
    r"(?:not (?:really |completely |100 )?sure|unsure|dunno|don'?t know|do not know|no idea|idk|dk|"
    r"can'?t say|cannot say|maybe|possibly|hard to (?:say|tell)|no clue|not certain|unclear|skip)"
)


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.lower().replace("’", "'")))


def option_named(question: Question, text: str) -> str | None:
    """The option whose title or words the text is, exactly or nearly (one slip)."""
    plain = _plain(text)
    if not plain:
        return None
    names = {
        _plain(name): option.value
        for option in question.options
        for name in (option.value.replace("_", " "), option.title, *option.says)
    }
    if plain in names:
        return names[plain]
    bare = re.sub(r"^(?:yeah|yes|ok|its|it's|um|er|well|she's|he's|in|the|a|an)\s+", "", plain)
    if bare in names:
        return names[bare]
    if len(plain) >= 5 and len(plain.split()) <= 4:
        match = process.extractOne(plain, list(names), scorer=fuzz.ratio, score_cutoff=86)
        if match:
            return names[match[0]]
    return None


def numbers_named(text: str, count: int) -> list[int]:
    """Places in a list that a short text names: "1 and 3", "the second one", "last", "both"."""
    plain = _plain(text)
    words = plain.split()
    if not words or len(words) > 10 or count == 0:
        return []
    if plain in {
        "all",
        "all of them",
        "all of those",
        "all fit",
        "everything",
        "all of these",
        "the lot",
    }:
        return list(range(count))
    if plain in {"both", "both of them", "both of those", "first two", "the first two"}:
        return list(range(min(2, count)))
    if plain in {"first three", "the first three", "top three"}:
        return list(range(min(3, count)))
    found: list[int] = []
    filler = {
        "the",
        "and",
        "one",
        "ones",
        "option",
        "number",
        "no",
        "it's",
        "its",
        "is",
        "just",
        "i",
        "think",
        "also",
        "yes",
        "yeah",
        "plus",
        "maybe",
        "probably",
        "only",
        "a",
    }
    for position, word in enumerate(words):
        if word.isdigit() and len(word) <= 2:
            number = int(word)
        elif word in _ORDINALS and not (word == "one" and position > 0):
            number = _ORDINALS[word]
        elif word in filler:
            continue
        else:
            return []
        index = count - 1 if number == -1 else number - 1
        if not 0 <= index < count:
            return []
        found.append(index)
    return list(dict.fromkeys(found))


def yes_no_unsure(understood: Understood) -> str | None:
    """`yes`, `no` or `unsure` where the text is plainly that, else None."""
    plain = _plain(understood.text)
    short = len(plain.split()) <= 7
    if _UNSURE.search(plain) and short:
        return "unsure"
    if _NO.search(plain) and short:
        return "no"
    if _YES.search(plain) and short:
        return "yes"
    by_intent = {"affirm": "yes", "deny": "no", "not_sure": "unsure"}
    if short and understood.confidence >= 0.7:
        return by_intent.get(understood.intent)
    return None


def place_answer(facts: dict[str, Any], wanted: tuple[str, ...]) -> dict[str, Any] | None:
    """The last place in the message whose relation is one of `wanted`.

    None where two boroughs are named for the same thing: then staff are asked.
    """
    places = [p for p in facts.get("places", []) if p["relation"] in wanted]
    known = {(p["borough"], p["authority"]) for p in places if p["borough"] != "unknown"}
    return places[-1] if places and len(known) < 2 else None


def read_answer(question: Question, understood: Understood, offered: list[str]) -> Any | None:
    """The value that a typed text gives to a question, or None if it gives none.

    `offered` are the values of the suggestions shown, in order (for `indicators`).
    """
    key = str(question.question)
    values = [*offered, *(o.value for o in question.options)]
    if numbers := numbers_named(understood.text, len(values)):
        chosen = [values[i] for i in numbers]
        return chosen if question.multiple else chosen[0]
    named = option_named(question, understood.text)
    if named is not None:
        return [named] if question.multiple else named
    answer = yes_no_unsure(understood)
    if key in YES_NO and answer:
        return answer
    if key == "indicators" and answer:
        return {"yes": offered or ["unsure"], "no": ["none"], "unsure": ["unsure"]}[answer]
    if answer == "unsure" and any(o.value == "unsure" for o in question.options):
        return "unsure"
    return None
