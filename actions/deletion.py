"""The user wants the conversation gone: said here, done when the turn has been saved.

The message's id is what asks for it: whoever keeps conversations deletes this one on seeing
`TALK_DELETED` among the turn's messages, and sends nothing if that fails (`bot.retention`).
"""

from __future__ import annotations

from actions.replies import send_notice
from actions.turn import TalkAction, Turn

TALK_DELETED = "talk-deleted"


class DeleteTalk(TalkAction):
    """Delete my conversation."""

    takes_answers = False

    def name(self) -> str:
        """The name in the domain."""
        return "action_delete_talk"

    def reply(self, turn: Turn) -> None:
        """A fresh case, and the word that all is deleted."""
        turn.case.new_matter(None)
        send_notice(turn.dispatcher, turn.library, TALK_DELETED)
