"""Actions that begin, continue and correct the two journeys of a worry."""

from __future__ import annotations

from actions.opening import (
    ADULT_INTENT,
    CHILD_INTENT,
    begin,
    likely_topic,
    names_an_adult,
    speaks_of_the_same,
    unclear_topic,
)
from actions.replies import go_on, send_emergency, send_notice, send_question
from actions.signposting import asks_for_contact, find, resource_is_near, send_contacts
from actions.support import say_more, send_emergency_to, went_on_as_before
from actions.turn import TalkAction, Turn
from actions.writer import writer_in_danger

# From this chance on an allegation is meant, though danger outweighs it.
CLEARLY_ADULT = 0.4


class ImmediateDanger(TalkAction):
    """999 first; then back to where the talk was."""

    takes_answers = False

    def name(self) -> str:
        """The name in the domain."""
        return "action_immediate_danger"

    def reply(self, turn: Turn) -> None:
        """Emergency guidance, then the open question or the next one."""
        case = turn.case
        if case.done and not speaks_of_the_same(turn.said.text):
            case.new_matter(None)
        if case.topic in {None, "me"} and (
            writer := writer_in_danger(turn.said, case.writer if case.topic else None)
        ):
            send_emergency_to(turn, writer)
            return
        case.done = False
        if case.topic not in {"child", "adult"}:
            case.topic = "adult" if _about_staff(turn) else "child"
        turn.merge()
        sounds_only = turn.said.danger_by_meaning_alone
        send_emergency(turn.dispatcher, case, turn.library, sounds_only=sounds_only)
        send_notice(turn.dispatcher, turn.library, "danger-handback")
        turn.go_on()


def _about_staff(turn: Turn) -> bool:
    """Whether the danger comes from an adult who works with children, as far as it is said."""
    said = turn.said
    adult, child = said.chance(ADULT_INTENT), said.chance(CHILD_INTENT)
    if said.facts.get("roles"):
        return adult > child or adult >= CLEARLY_ADULT
    return not said.facts.get("family") and adult > 2 * child and adult >= CLEARLY_ADULT


class ChildConcern(TalkAction):
    """A worry about a child."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_child_concern"

    def reply(self, turn: Turn) -> None:
        """Begin, or add to, the child journey; within an allegation, add to that."""
        if went_on_as_before(turn):
            return
        if turn.case.topic == "adult" and not turn.case.done and turn.case.asked:
            turn.merge()
            turn.go_on()
        elif names_an_adult(turn.said) and turn.case.topic is None:
            begin(turn, "adult")
        elif unclear_topic(turn.said) and turn.case.topic is None:
            turn.keep_for_later()
            send_question(turn.dispatcher, turn.case, turn.library, "topic")
        else:
            begin(turn, "child")


class Allegation(TalkAction):
    """A worry about an adult who works with children."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_allegation"

    def reply(self, turn: Turn) -> None:
        """Begin, or add to, the allegation journey."""
        if went_on_as_before(turn):
            return
        if (
            turn.case.topic is None
            and turn.said.facts.get("family")
            and not turn.said.facts.get("roles")
        ):
            # What a parent or relative does is a child's worry; an allegation needs a role.
            begin(turn, "child")
            return
        in_child = turn.case.topic == "child" and not turn.case.done and turn.case.asked
        if in_child and (turn.said.confidence < 0.6 or not turn.said.facts.get("roles")):
            turn.merge()
            turn.go_on()
        else:
            begin(turn, "adult")


class Continue(TalkAction):
    """A short answer or a fact: on with the journey, or a correction of it."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_continue"

    def reply(self, turn: Turn) -> None:
        """Merge what was said; where nothing was understood, ask again in other words."""
        case = turn.case
        if say_more(turn):
            return
        before = case.copy()
        loose_place(turn)
        roles = turn.said.facts.get("roles") or []
        if case.topic == "adult" and roles and turn.said.intent == "inform_role":
            case.adult_role = roles[-1]
        turn.merge()
        if turn.said.intent == "inform_safe" and case.topic and case.safe_now is None:
            case.safe_now = "yes"
        if case.topic not in {"child", "adult"}:
            if likely := likely_topic(turn):
                begin(turn, likely)
                return
            if asks_for_contact(turn):
                send_contacts(turn)
                return
            if resource_is_near(turn):
                find(turn)
                return
            send_notice(turn.dispatcher, turn.library, "not-understood")
            send_question(turn.dispatcher, case, turn.library, "topic")
            return
        if case == before and case.done:
            send_notice(turn.dispatcher, turn.library, "what-next")
            return
        if case == before and case.asked:
            # After "ring 999 first", a "yes" or "done" says that the call was made.
            called = case.danger and turn.said.intent in {"affirm", "inform_safe"}
            key = "call-made" if called else "not-understood"
            if not turn.explained:
                send_notice(turn.dispatcher, turn.library, key)
        elif case.done:
            send_notice(turn.dispatcher, turn.library, "changed-answer")
        go_on(turn.dispatcher, case, turn.library)


def loose_place(turn: Turn) -> None:
    """A place named alone corrects the borough that this journey needs."""
    named = turn.said.facts.get("places", [])
    whose = "setting" if turn.case.topic == "adult" else "child"
    plain = {"works"} if whose == "setting" else {"child_lives", "lives"}
    if any(p["relation"] in plain for p in named):
        return
    places = [p for p in named if p["relation"] in {"mention", "is_in"}]
    if not places or places[-1]["borough"] == "unknown":
        return
    setattr(turn.case, f"{whose}_borough", places[-1]["borough"])
    setattr(turn.case, f"{whose}_authority", places[-1]["authority"])


class CorrectAnswer(Continue):
    """ "No, I meant ..."; facts replace what was said, else the last answer is asked again."""

    takes_answers = False

    def name(self) -> str:
        """The name in the domain."""
        return "action_correct_answer"

    def reply(self, turn: Turn) -> None:
        """Replace by facts; without any, go back to the question answered last."""
        case = turn.case
        if case.topic is None and (likely := likely_topic(turn)):
            begin(turn, likely)
            return
        before = case.copy()
        roles = turn.said.facts.get("roles") or []
        if case.topic == "adult" and roles:
            case.adult_role = roles[-1]  # "not a teacher, it is the head"
        loose_place(turn)
        turn.merge()
        if case == before and case.asked and turn.take_answer():
            turn.go_on()
            return
        if case == before:
            go_back(turn)
            return
        send_notice(turn.dispatcher, turn.library, "changed-answer")
        turn.go_on()


def go_back(turn: Turn) -> None:
    """Forget the answer given last, and ask that question again."""
    case = turn.case
    if not case.order:
        turn.go_on()
        return
    question = case.order[-1]
    case.forget(question)
    case.asked_times[question] = 0
    send_question(turn.dispatcher, case, turn.library, question)


class GoBack(TalkAction):
    """Back to the question before."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_go_back"

    def reply(self, turn: Turn) -> None:
        """Ask the last question again."""
        go_back(turn)
