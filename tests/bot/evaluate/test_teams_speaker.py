"""Cards are pressed as users press them, and a channel's fault fails one vignette alone."""

from __future__ import annotations

import pytest

from bot.channels.cards import cards_for
from bot.evaluate.fake_teams import Sent
from bot.evaluate.judge import result_of
from bot.evaluate.player import ChannelFault, play
from bot.evaluate.teams_speaker import pressed
from bot.evaluate.vignettes import Vignette

YES = '/answer{"safe_now": "yes"}'
QUESTION = {
    "type": "question",
    "id": "safe_now",
    "text": "Is everybody safe at this moment?",
    "multiple": False,
    "options": [{"title": "Yes, safe for now", "value": "yes", "payload": YES}],
}


def sent(key: str, message: dict) -> Sent:
    cards = [{"content": card} for card in cards_for(message, channel="teams")]
    return Sent("POST", "a:user-1", key, {"type": "message", "attachments": cards}, "")


def test_the_latest_card_with_the_choice_is_pressed():
    press = pressed([sent("one", QUESTION), sent("two", QUESTION)], YES)
    assert press["text"] == YES and press["replyToId"] == "two"
    assert press["value"]["msteams"]["displayText"] == "Yes, safe for now"


def test_a_choice_that_the_card_lacks_is_sent_as_on_other_channels():
    planned = '/answer{"safe_now": "perhaps"}'
    press = pressed([sent("one", QUESTION)], planned)
    assert press == {"text": planned, "value": {"payload": planned}, "replyToId": "one"}


def test_a_question_that_no_card_asks_cannot_be_answered():
    with pytest.raises(ChannelFault, match="no card asks `adult_role`"):
        pressed([sent("one", QUESTION)], '/answer{"adult_role": "teacher"}')


def test_a_fault_of_the_channel_fails_its_vignette_with_the_reason():
    class Broken:
        def new_sender(self) -> str:
            return "user"

        def say(self, sender: str, text: str) -> list:
            raise ChannelFault("B090 not acknowledged: 500")

    run = play(Broken(), Vignette(id="a", says=["text"], expect={}))
    row = result_of(run)
    assert not row["passed"] and "B090 not acknowledged: 500" in row["reasons"]
