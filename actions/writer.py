"""Who writes: staff, or, as the words sound, a child or a parent in danger themselves."""

from __future__ import annotations

import re

from actions.understood import Understood

# From this chance on a child or a parent may write, where nothing speaks more for staff.
LEAST, OUTWEIGHS = 0.03, 1.5
_STAFF_INTENTS = ("worried_about_child", "allegation_against_adult", "support_for_self")
_FIRST_PERSON = re.compile(r"\b(?:i|i'm|im|ive|i've|me|my|mine|we|us|our)\b")
_OWN_CHILD = re.compile(
    r"\b(?:my|our) (?:\w+ )?(?:son|daughter|child|children|kid|kids|baby|boy|girl|twins|grand\w+|"
    r"nephew|niece|stepson|stepdaughter|little one|\d+ ?(?:years? old|y/?o))\b"
    r"|\b(?:his|her|their|the|an?) (?:\w+ )?(?:mum|mother|dad|father|aunt|uncle|gran\w*|nan) "
    r"(?:here|of|writing)\b"
    r"|\bi(?:'m| am|m) (?:his|her|their|an?|the) (?:\w+ )?"
    r"(?:mum|mother|dad|father|parent|aunt|uncle|gran\w*|nan|neighbour)\b"
)
# Words of somebody who writes of a child in their charge.
_IN_CHARGE = re.compile(
    r"\b(?:my|our|a|the|one of (?:my|our)) (?:\w+ )?"
    r"(?:student|pupil|tutee|learner|form|class|tutor group)s?\b"
    r"|\b(?:student|pupil|child|girl|boy|lad)s? (?:\w+ ){0,2}"
    r"(?:says?|said|told|tells|slipped|showed|texted|messaged)\b"
    r"|\b(?:slipped|handed) me\b|\b(?:s?he|they) (?:just )?(?:told|tells|showed) me\b"
)
_STAFF = re.compile(
    r"^(?:i'?m |i am |im |we are )?(?:a |the |in )?(?:staff|school staff|a member of staff|"
    r"member of staff|teacher|ta|dsl|school|college)\W*$"
)


def sounds_like_staff(said: Understood) -> bool:
    """Whether the words are of somebody who writes of a child in their charge."""
    text = said.text.lower().replace("’", "'")
    return bool(said.facts.get("roles")) or bool(_IN_CHARGE.search(text))


def writer_in_danger(said: Understood, before: str | None = None) -> str | None:
    """`child` or `parent` where the message sounds like theirs, else None: staff.

    `before` is who wrote earlier in the same talk, as far as it was told.
    """
    text = said.text.lower().replace("’", "'")
    if sounds_like_staff(said):
        return None
    if before or not _FIRST_PERSON.search(text):
        return before
    child, parent = said.chance("child_writer"), said.chance("parent_writer")
    staff = sum(said.chance(name) for name in _STAFF_INTENTS)
    if child >= LEAST and child >= OUTWEIGHS * (parent + staff):
        return "child"
    if parent >= LEAST and parent >= OUTWEIGHS * (child + staff) and _OWN_CHILD.search(text):
        return "parent"
    return None


def is_staff(said: Understood) -> bool:
    """Whether the message only says that staff write."""
    return bool(_STAFF.match(said.text.lower().replace("’", "'").strip()))
