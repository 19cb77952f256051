"""One turn: what every action does before its own part.

Order: an answer to the open question (button, or typed exactly); then facts that the
message states; then the action's own part.  Danger has an intent of its own.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.answers import numbers_named, option_named, place_answer, read_answer
from actions.case import Case
from actions.library import Library, library
from actions.merge import merge_facts, merge_strengths, merge_suggestions, offered
from actions.replies import FRONT_DOORS, go_on, send_notice, send_question
from actions.understood import Understood, understand
from actions.writer import is_staff

logger = logging.getLogger(__name__)

# Intents that turn aside from the journey for a moment and then come back.
ASIDE = frozenset(
    [
        "find_resource",
        "ask_contact",
        "ask_definition",
        "ask_rule",
        "ask_why",
        "go_back",
        "start_again",
        "stop",
        "help",
        "ask_summary",
        "delete_talk",
        "ask_bot",
        "thank",
        "greet",
    ]
)
ASIDE_CONFIDENCE = 0.55
# Under this an intent that takes no answers may be a mistake: "the first one" is an answer.
SURE_INTENT = 0.6
BOROUGH_QUESTIONS = {"child_borough", "setting_borough"}
_RELATIONS = {
    "child_borough": ("mention", "is_in", "lives", "child_lives"),
    "setting_borough": ("mention", "is_in", "works"),
}


class Turn:
    """The case, the message and the means to answer, for one turn."""

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        self.dispatcher = dispatcher
        self.tracker = tracker
        self.library: Library = library()
        self.case = Case.read(tracker)
        self.before = self.case.copy()
        self.said: Understood = understand(tracker)
        self.explained = False  # whether it was said already why the answer cannot be used

    @property
    def events(self) -> list[EventType]:
        """What changed in the case."""
        return self.case.events(self.before)

    def turns_aside(self) -> bool:
        """Whether the message is a digression and no answer."""
        return self.said.intent in ASIDE and self.said.confidence >= ASIDE_CONFIDENCE

    def take_answer(self) -> bool:
        """Take an answer to the open question, if the message is one."""
        if self.said.answers:
            for name, given in self.said.answers.items():
                self._accept(name, given)
            return True
        key = self.case.asked
        if not key:
            return False
        question = self.library.question(key)
        suggestions = offered(self.case) if key == "indicators" else []
        value = read_answer(question, self.said, suggestions)
        if value is None and not self.turns_aside():
            value = self._from_facts(key)
        if value is None and key == "more" and not self.turns_aside():
            merge_suggestions(self.case, self.said, self.library)
            value = "yes"
        if value is None:
            return False
        if not (key == "indicators" and self._brings_new_worry()):
            self._accept(key, value)
            return True
        return False

    def take_named_option(self) -> bool:
        """Take the answer only where the text is a choice by its name or place: "the second"."""
        if not self.case.asked:
            return False
        question = self.library.question(self.case.asked)
        suggestions = offered(self.case) if self.case.asked == "indicators" else []
        values = [*suggestions, *(o.value for o in question.options)]
        places = numbers_named(self.said.text, len(values))
        value: Any = [values[i] for i in places] or option_named(question, self.said.text)
        if not value:
            return False
        if isinstance(value, list) and not question.multiple:
            value = value[0]
        self._accept(self.case.asked, value)
        return True

    def _brings_new_worry(self) -> bool:
        return len(self.said.text.split()) > 12

    def _accept(self, key: str, value: Any) -> None:
        if key in BOROUGH_QUESTIONS:
            value = "unknown" if value == "unsure" else value
            place = place_answer(self.said.facts, _RELATIONS[key])
            setattr(
                self.case,
                key.replace("borough", "authority"),
                place["authority"] if place else None,
            )
        if key == "safe_now" and value == "yes":
            self.case.danger = False
        if key == "topic":
            if value == "unsure":
                value = "child"
            if self.case.topic != value and self.case.done:
                self.case.new_matter(None)
        self.case.answer(key, value)

    def _from_facts(self, key: str) -> str | None:
        facts = self.said.facts
        if key in BOROUGH_QUESTIONS:
            place = place_answer(facts, _RELATIONS[key])
            if place and place["borough"] != "unknown":
                return str(place["borough"])
            if place:
                self.explained = True
                send_notice(self.dispatcher, self.library, "shared-district")
            return None
        if key == "adult_role" and facts.get("roles"):
            return str(facts["roles"][0])
        value = facts.get(key)
        return str(value) if value else None

    def merge(self) -> list[str]:
        """Take over facts and suggestions of a free text."""
        changed = merge_facts(self.case, self.said)
        if self.case.topic == "child":
            merge_suggestions(self.case, self.said, self.library)
            merge_strengths(self.case, self.said)
        return changed

    def keep_for_later(self) -> None:
        """Before it is asked what a worry is about: what was said of it is not lost."""
        merge_facts(self.case, self.said)
        merge_suggestions(self.case, self.said, self.library)
        merge_strengths(self.case, self.said)

    def go_on(self) -> None:
        """On with the journey in hand."""
        go_on(self.dispatcher, self.case, self.library)


class TalkAction(Action, ABC):
    """An action of this assistant; subclasses name themselves and write `reply`."""

    takes_answers = True

    @abstractmethod
    def name(self) -> str:
        """The name in the domain."""

    @abstractmethod
    def reply(self, turn: Turn) -> None:
        """The action's own part, after the common one."""

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """One turn; see the module."""
        turn = Turn(dispatcher, tracker)
        if turn.said.facts.get("foreign") and not turn.said.danger:
            answer_in_english(turn)
            return turn.events
        if turn.case.topic == "me" and turn.case.writer and is_staff(turn.said):
            from actions.support import go_on_as_staff

            go_on_as_staff(turn)
            return turn.events
        takes = self.takes_answers or turn.said.confidence < SURE_INTENT
        exact = not turn.said.danger or turn.said.danger_by_meaning_alone
        if (takes and turn.take_answer()) or (exact and turn.take_named_option()):
            turn.merge()
            after_answer(turn)
        else:
            self.reply(turn)
        return turn.events


def answer_in_english(turn: Turn) -> None:
    """To another language: a plain English answer with the numbers, and the open question."""
    send_notice(turn.dispatcher, turn.library, "other-language", FRONT_DOORS)
    question = turn.case.asked or "topic"
    turn.case.asked_times[question] = 0
    send_question(turn.dispatcher, turn.case, turn.library, question)


def after_answer(turn: Turn) -> None:
    """Go on after an answer; where `topic` was it, into the part it names."""
    from actions.signposting import ask_what_to_find
    from actions.support import support

    if turn.case.topic == "resource":
        ask_what_to_find(turn)
    elif turn.case.topic == "me":
        support(turn, "support-for-self")
    else:
        turn.go_on()
