"""Everything around the journeys: welcome, help, why, summary, start again, goodbye."""

from __future__ import annotations

from actions import messages
from actions.opening import begin, likely_topic
from actions.replies import FRONT_DOORS, repeat_open_question, send, send_notice, send_question
from actions.signposting import (
    ask_of_worry,
    asks_for_contact,
    find,
    resource_is_near,
    send_contacts,
)
from actions.support import say_more
from actions.turn import TalkAction, Turn


class Greet(TalkAction):
    """The first words."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_greet"

    def reply(self, turn: Turn) -> None:
        """Welcome, and the menu where no question stands open."""
        if turn.case.asked and turn.case.asked != "topic":
            repeat_open_question(turn.dispatcher, turn.case, turn.library)
            return
        send_notice(turn.dispatcher, turn.library, "welcome")
        turn.case.asked_times["topic"] = 0
        send_question(turn.dispatcher, turn.case, turn.library, "topic")


class _Fixed(TalkAction):
    """Says one fixed text and goes back to the open question."""

    key = ""
    contacts: tuple[str, ...] = ()

    def reply(self, turn: Turn) -> None:
        """The text."""
        send_notice(turn.dispatcher, turn.library, self.key, self.contacts)
        repeat_open_question(turn.dispatcher, turn.case, turn.library)


class Help(_Fixed):
    """What the assistant can do."""

    key = "help"

    def name(self) -> str:
        """The name in the domain."""
        return "action_help"


class Thanks(_Fixed):
    """A thank-you."""

    key = "thanks"

    def name(self) -> str:
        """The name in the domain."""
        return "action_thanks"


class Privacy(_Fixed):
    """Who is asking, and what is kept."""

    key = "privacy"

    def name(self) -> str:
        """The name in the domain."""
        return "action_privacy"


class Goodbye(_Fixed):
    """The end of a talk; the numbers stay in sight."""

    key, contacts = "goodbye", FRONT_DOORS

    def name(self) -> str:
        """The name in the domain."""
        return "action_goodbye"

    def reply(self, turn: Turn) -> None:
        """Say goodbye; nothing stays open."""
        turn.case.asked = None
        send_notice(turn.dispatcher, turn.library, self.key, self.contacts)


class OutOfScope(TalkAction):
    """What the assistant is not there for."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_out_of_scope"

    def reply(self, turn: Turn) -> None:
        """Say so with the way to help; a doubt about safety is asked about first."""
        if turn.said.doubtful_danger:
            send_notice(turn.dispatcher, turn.library, "maybe-danger", ("police-emergency",))
        if turn.case.asked and turn.case.asked != "topic":
            send_notice(turn.dispatcher, turn.library, "not-understood")
            turn.go_on()
            return
        if asks_for_contact(turn):
            send_contacts(turn)
            return
        if resource_is_near(turn):
            find(turn)
            return
        plan = turn.library.plan("out_of_scope", None)
        message = messages.guidance(turn.library, plan, level=None, borough=None)
        if turn.case.outcome is None:
            turn.case.outcome = message["outcome"]
        send(turn.dispatcher, message)
        ask_of_worry(turn)


class NotUnderstood(TalkAction):
    """The pipeline is not sure: ask, never guess."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_not_understood"

    def reply(self, turn: Turn) -> None:
        """Use the facts there are; else say so and offer the menu."""
        if turn.said.doubtful_danger:
            send_notice(turn.dispatcher, turn.library, "maybe-danger", ("police-emergency",))
        case = turn.case
        if say_more(turn):
            return
        before = case.copy()
        turn.merge()
        if case.topic in {"child", "adult"} and not case.done:
            if case == before and case.asked:
                send_notice(turn.dispatcher, turn.library, "not-understood")
            turn.go_on()
            return
        if likely := likely_topic(turn):
            case.new_matter(None)
            begin(turn, likely)
            return
        if asks_for_contact(turn):
            send_contacts(turn)
            return
        if resource_is_near(turn):
            find(turn)
            return
        turn.keep_for_later()
        send_notice(turn.dispatcher, turn.library, "not-understood", FRONT_DOORS[:3])
        case.asked_times["topic"] = 0
        send_question(turn.dispatcher, case, turn.library, "topic")


class Restart(TalkAction):
    """Start again: nothing of the old matter stays."""

    takes_answers = False

    def name(self) -> str:
        """The name in the domain."""
        return "action_restart_talk"

    def reply(self, turn: Turn) -> None:
        """A fresh case and the menu."""
        turn.case.new_matter(None)
        send_notice(turn.dispatcher, turn.library, "started-again")
        send_question(turn.dispatcher, turn.case, turn.library, "topic")


class AskWhy(TalkAction):
    """Why a question is asked."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_why"

    def reply(self, turn: Turn) -> None:
        """The reason of the open question, then the question again."""
        if not turn.case.asked:
            send_notice(turn.dispatcher, turn.library, "help")
            return
        why = turn.library.question(turn.case.asked).why
        send_notice(turn.dispatcher, turn.library, "why-asked-intro", text=why)
        repeat_open_question(turn.dispatcher, turn.case, turn.library)


class Summary(TalkAction):
    """A written summary for the record or the referral form, without identifying details."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_summary"

    def reply(self, turn: Turn) -> None:
        """What was answered and what the outcome is, in the content's own words."""
        if turn.case.outcome is None or not turn.case.done:
            send_notice(turn.dispatcher, turn.library, "summary-too-early")
            repeat_open_question(turn.dispatcher, turn.case, turn.library)
            return
        from actions.summary import summary_text

        text = summary_text(turn.case, turn.library)
        contacts = tuple(turn.case.outcome["contact_ids"])
        send_notice(turn.dispatcher, turn.library, "summary-intro", contacts, text)
