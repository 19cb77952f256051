"""How a matter begins: which of the two worries a first message speaks of."""

from __future__ import annotations

import re

from actions.replies import send_notice
from actions.turn import Turn
from actions.understood import Understood

ADULT_INTENT, CHILD_INTENT = "allegation_against_adult", "worried_about_child"
# A second topic within this of the first is a doubt worth a question.
CLOSE = 0.2
# From this chance on it is an allegation where an adult who works with children is named:
# its journey shows the child's route as well, so that nothing is lost.
NAMED = 0.2
_SAME = re.compile(
    r"^(?:oh |ok |um |sorry |just |i )?(?:also|and|plus|btw|by the way|forgot|actually|"
    r"another thing|one more thing|he|she|they|his|her|hers|their|the same|same)\b"
)
_ANOTHER = re.compile(
    r"\b(?:another|different|other|second|new) (?:child|kid|pupil|student|boy|girl|family|"
    r"teacher|colleague|adult|worry|concern)\b"
)


# "I pushed a pupil", "I took a boy by the collar", "I accepted a police caution".
_OWN_ACT = re.compile(
    r"\b(?:i|i've|ive|i have|had to)(?: just| accidentally| really| then)? "
    r"(?:pushed|shoved|hit|slapped|smacked|grabbed|dragged|pulled|kicked|held|hold|restrained|restrain|hurt|touched|kissed|pinned|"
    r"squeezed|pinched|shook|hugged|swore at|shouted at|messaged|texted|took|locked|threw)"
    r"(?:\W+\w+){0,3}?\W+(?:pupil|child|kid|student|boy|girl|lad|baby|toddler|yr|year|y\d\d?|him|her|"
    r"them|his|their)s?\b"
    r"|\b(?:i|i've|ive|i have|i was|i got|i've been|ive been)(?: \w+)? "
    r"(?:a (?:police )?caution|cautioned|arrested|charged with|convicted|bailed)\b"
)
_NOT_I = re.compile(
    r"\bi (?:never|didn't|didnt|did not|don't|dont)\b|\b(?:said|says|saying|claims?|claiming|think|"
    r"thinks|accus\w+|alleg\w+|rumou?rs?|lies?|telling)(?: \w+){0,4} (?:that )?i\b"
)


def own_act(text: str) -> bool:
    """Whether the writer tells what they did themself to a child, or a matter with the police.

    Not where they say that it is said of them, or deny it: then they ask for support.
    """
    plain = text.lower().replace("’", "'")
    return bool(_OWN_ACT.search(plain)) and not _NOT_I.search(plain)


def begin(turn: Turn, topic: str) -> None:
    """Start a matter, or add to the one in hand."""
    if turn.case.done and turn.case.topic == topic and speaks_of_the_same(turn.said.text):
        turn.case.reopen()
    elif turn.case.done:
        turn.case.new_matter(topic)
    elif turn.case.topic != topic:
        switched = turn.case.topic in {"child", "adult"}
        turn.case.topic = topic
        turn.case.asked = None
        if switched:
            turn.case.order = []
    turn.merge()
    if turn.said.doubtful_danger and turn.case.safe_now is None:
        send_notice(turn.dispatcher, turn.library, "maybe-danger")
    turn.go_on()


def speaks_of_the_same(text: str) -> bool:
    """Whether a message after the answer adds to the same matter, by its first words."""
    return bool(_SAME.match(text.lower())) and not _ANOTHER.search(text.lower())


def names_an_adult(said: Understood) -> bool:
    """Whether an adult who works with children is named, and may well be whom it is about."""
    return bool(said.facts.get("roles")) and said.chance(ADULT_INTENT) >= NAMED


def unclear_topic(said: Understood) -> bool:
    """Whether a message may as well be about a child as about an adult."""
    child, adult = said.chance(CHILD_INTENT), said.chance(ADULT_INTENT)
    return min(child, adult) > 0.2 and abs(child - adult) < CLOSE and not said.facts.get("roles")


def likely_topic(turn: Turn) -> str | None:
    """A worry that is spread over several intents of worry is a worry all the same."""
    child, adult = turn.said.chance(CHILD_INTENT), turn.said.chance(ADULT_INTENT)
    near = turn.said.near.get("indicators", [])
    close = bool(near) and near[0]["score"] >= 0.55
    if names_an_adult(turn.said):
        return "adult"
    if child + adult >= 0.5 or (close and child + adult >= 0.2):
        return "child"
    return None
