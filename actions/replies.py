"""Sends messages, and goes on with the journey that a talk is in."""

from __future__ import annotations

import logging
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions import allegation, child, messages
from actions.case import Case
from actions.library import Library
from knowledge.plain_text import as_text
from knowledge.schema import Entry

logger = logging.getLogger(__name__)
MAX_ASKED = 2
FRONT_DOORS = ("police-emergency", "hackney-mash", "city-children-families", "hackney-edt")


def send(dispatcher: CollectingDispatcher, message: dict[str, Any]) -> None:
    """Send one message as plain text and as JSON; the JSON alone is judged."""
    dispatcher.utter_message(text=as_text(message), json_message=message)


def send_question(
    dispatcher: CollectingDispatcher, case: Case, library: Library, question: str
) -> None:
    """Ask a question, and remember that it stands open."""
    case.asked = question
    case.asked_times[question] = case.asked_times.get(question, 0) + 1
    send(dispatcher, child.ask(case, library, question))


def _give_up_asking(case: Case, question: str) -> None:
    """Asked twice without an answer: doubt is the answer, and doubt goes up."""
    value: Any = ["unsure"] if question == "indicators" else "unsure"
    if question in {"child_borough", "setting_borough"}:
        value = "unknown"
    case.answer(question, value)


def send_emergency(
    dispatcher: CollectingDispatcher, case: Case, library: Library, *, sounds_only: bool = False
) -> None:
    """999, then the front door; the case is at least level 4 from here on.

    Where the message only sounds like danger, and no rule holds, the next question is
    whether everybody is safe: a "yes" there takes the level 4 back.
    """
    case.danger = True
    case.safe_now = None if sounds_only else case.safe_now or "no"
    message = child.emergency(case, library)
    case.outcome = message["outcome"]
    send(dispatcher, message)


def next_question(case: Case, library: Library) -> str | None:
    """The next question of the journey in hand."""
    if case.topic == "adult":
        return allegation.next_question(case)
    return child.next_question(case, library)


def go_on(dispatcher: CollectingDispatcher, case: Case, library: Library) -> None:
    """Ask what is still unknown, or give the answer of the journey."""
    if case.topic not in {"child", "adult"}:
        send_question(dispatcher, case, library, "topic")
        return
    if case.safe_now in {"no", "unsure"} and not case.danger:
        send_emergency(dispatcher, case, library)
    while (question := next_question(case, library)) is not None:
        if case.asked_times.get(question, 0) < MAX_ASKED:
            send_question(dispatcher, case, library, question)
            return
        _give_up_asking(case, question)
    give_answer(dispatcher, case, library)


def give_answer(dispatcher: CollectingDispatcher, case: Case, library: Library) -> None:
    """The guidance of the journey in hand."""
    journey = allegation if case.topic == "adult" else child
    message = journey.guidance(case, library)
    case.asked = None
    case.done = True
    case.outcome = message["outcome"]
    send(dispatcher, message)


def repeat_open_question(dispatcher: CollectingDispatcher, case: Case, library: Library) -> None:
    """After a digression: back to the question that stands open, if one does."""
    if case.asked:
        send(dispatcher, child.ask(case, library, case.asked))


def send_notice(
    dispatcher: CollectingDispatcher,
    library: Library,
    key: str,
    contacts: tuple[str, ...] = (),
    text: str = "",
    told: tuple[Entry, ...] = (),
) -> None:
    """Send a fixed text; `told` are the entries from which `text` comes."""
    send(dispatcher, messages.notice(library, key, contacts, text, told))
