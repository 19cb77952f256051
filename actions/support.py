"""Support for the writer: staff in distress or accused, a child, a parent."""

from __future__ import annotations

from collections.abc import Sequence

from actions import messages
from actions.opening import begin, own_act
from actions.replies import FRONT_DOORS, send, send_emergency, send_notice, send_question
from actions.turn import TalkAction, Turn
from actions.writer import sounds_like_staff
from knowledge.schema import Plan

_ACCUSED = (
    "accus", "allegation", "made against me", "about me", "i've done", "i did something", "i lost my temper", "i made a mistake", "i grabbed", "i shouted", "i pushed",
    "self report", "self-report", "complaint", "suspended", "refer myself", "i messaged", "i hit",
    "i restrained", "i crossed",
)  # fmt: skip


def support(turn: Turn, plan_id: str, notes: Sequence[str] = ()) -> None:
    """Send the plan that supports this writer."""
    message = messages.guidance(
        turn.library,
        turn.library.get("plans", plan_id, Plan),
        level=None,
        borough=None,
        route="support_for_self",
        notes=notes,
    )
    turn.case.topic = "me"
    turn.case.asked = None
    turn.case.outcome = message["outcome"]
    send(turn.dispatcher, message)


def _if_staff(turn: Turn) -> str:
    """How staff who were taken for a child or a parent say so; what they said is kept."""
    turn.keep_for_later()
    return turn.library.notice("not-the-staff-card").text


def send_emergency_to(turn: Turn, writer: str) -> None:
    """999 and who listens, in words for a child or a parent, with no question after it."""
    plan = turn.library.get("plans", f"emergency-{writer}-writer", Plan)
    notes = [_if_staff(turn)]
    message = messages.guidance(turn.library, plan, level=4, borough="unknown", notes=notes)
    case = turn.case
    case.topic, case.asked, case.done = "me", None, False
    case.writer, case.outcome = writer, message["outcome"]
    send(turn.dispatcher, message)


def _goes_on_as_before(turn: Turn) -> bool:
    """Whether a child or a parent who was told 999 just now says more of the same."""
    case = turn.case
    return (
        case.topic == "me"
        and bool(case.writer)
        and (case.outcome or {}).get("route") == "emergency"
        and not sounds_like_staff(turn.said)
    )


def went_on_as_before(turn: Turn) -> bool:
    """More from a child or a parent who was told 999: support and no form; False for staff."""
    if not _goes_on_as_before(turn):
        return False
    told = turn.case.outcome  # the danger stands, whatever is said after it
    support(turn, f"support-for-self-{turn.case.writer}", [_if_staff(turn)])
    turn.case.outcome = told
    return True


def say_more(turn: Turn) -> bool:
    """To a short answer of a child or a parent: who listens, and no form; False for staff."""
    case = turn.case
    if case.topic != "me" or not case.writer or sounds_like_staff(turn.said):
        return False
    listens = ("childline",) if case.writer == "child" else FRONT_DOORS[1:]
    contacts = (FRONT_DOORS[0], *listens)
    key, hint = f"more-for-{case.writer}-writer", _if_staff(turn)
    send_notice(turn.dispatcher, turn.library, key, contacts, hint)
    return True


def go_on_as_staff(turn: Turn) -> None:
    """It was staff after all: a danger stands, and their card and questions follow."""
    danger = (turn.case.outcome or {}).get("route") == "emergency"
    turn.case.writer, turn.case.topic = None, "child" if danger else None
    if danger:
        send_emergency(turn.dispatcher, turn.case, turn.library)
    turn.go_on()


class SupportForSelf(TalkAction):
    """A member of staff who asks for themselves."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_support_for_self"

    def reply(self, turn: Turn) -> None:
        """Support in distress or when accused; what one did to a child oneself is a matter for
        the LADO like anybody else's."""
        if own_act(turn.said.text):
            begin(turn, "adult")
            return
        text = turn.said.text.lower().replace("’", "'")
        accused = any(cue in text for cue in _ACCUSED)
        support(turn, "support-for-self-accused" if accused else "support-for-self")
        if turn.said.worry_in_clause:
            send_notice(turn.dispatcher, turn.library, "also-a-worry")
            if turn.said.facts.get("roles"):
                begin(turn, "adult")
            else:
                turn.keep_for_later()
                send_question(turn.dispatcher, turn.case, turn.library, "topic")


class SupportChild(TalkAction):
    """The writer seems to be a child: kind, short, no form."""

    takes_answers = False

    def name(self) -> str:
        """The name in the domain."""
        return "action_support_child"

    def reply(self, turn: Turn) -> None:
        """999, Childline, a trusted adult."""
        turn.case.writer = "child"
        support(turn, "support-for-self-child", [_if_staff(turn)])


class SupportParent(TalkAction):
    """The writer seems to be a parent."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_support_parent"

    def reply(self, turn: Turn) -> None:
        """The front doors and the helpline for adults."""
        turn.case.writer = "parent"
        staff = bool(turn.said.facts.get("roles"))
        plan = "support-for-self-parent-staff" if staff else "support-for-self-parent"
        support(turn, plan, [_if_staff(turn)])
