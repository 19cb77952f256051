"""Support for the writer: staff in distress or accused, a child, a parent."""

from __future__ import annotations

from actions import messages
from actions.opening import begin, own_act
from actions.replies import send
from actions.turn import TalkAction, Turn

_ACCUSED = (
    "accus", "allegation", "made against me", "about me", "i've done", "i did something", "i lost my temper", "i made a mistake", "i grabbed", "i shouted", "i pushed",
    "self report", "self-report", "complaint", "suspended", "refer myself", "i messaged", "i hit",
    "i restrained", "i crossed",
)  # fmt: skip


def support(turn: Turn, plan_id: str) -> None:
    """Send the plan that supports this writer."""
    plan = turn.library.store.snapshot()["plans"][plan_id]
    message = messages.guidance(
        turn.library,
        plan,  # type: ignore[arg-type]
        level=None,
        borough=None,
        route="support_for_self",
    )
    turn.case.topic = "me"
    turn.case.asked = None
    turn.case.outcome = message["outcome"]
    send(turn.dispatcher, message)


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


class SupportChild(TalkAction):
    """The writer seems to be a child: kind, short, no form."""

    takes_answers = False

    def name(self) -> str:
        """The name in the domain."""
        return "action_support_child"

    def reply(self, turn: Turn) -> None:
        """999, Childline, a trusted adult."""
        support(turn, "support-for-self-child")


class SupportParent(TalkAction):
    """The writer seems to be a parent."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_support_parent"

    def reply(self, turn: Turn) -> None:
        """The front doors and the helpline for adults."""
        staff = bool(turn.said.facts.get("roles"))
        support(turn, "support-for-self-parent-staff" if staff else "support-for-self-parent")
