"""An answer of the action server that is not of the agreed form fails the turn."""

from __future__ import annotations

import pytest
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.runtime.action_endpoint import AnswerError


@pytest.fixture
def action() -> RemoteAction:
    return RemoteAction("action_greet", None)


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        "text",
        {"events": {}},
        {"events": ["slot"]},
        {"events": [{"name": "topic"}]},
        {"events": [], "responses": "text"},
        {"events": [], "responses": [1]},
    ],
)
def test_a_wrong_answer_is_refused(action, answer):
    with pytest.raises(AnswerError, match="B029"):
        action._validate_action_result(answer)


def test_a_right_answer_passes(action):
    slot = {"event": "slot", "name": "topic", "value": "child"}
    assert action._validate_action_result({"events": [slot], "responses": [{"text": "Yes"}]})
    assert action._validate_action_result({})


def test_the_call_carries_the_message_but_not_the_talk_or_the_domain(action):
    domain = Domain.from_dict({"intents": ["greet"], "actions": ["action_greet"]})
    said = UserUttered("hello", intent={"name": "greet"})
    tracker = DialogueStateTracker.from_events("talk", [said], domain.slots)
    call = action._action_call_format(tracker, domain)
    assert call["next_action"] == "action_greet"
    assert call["sender_id"] == "talk"
    assert call["tracker"]["latest_message"]["text"] == "hello"
    assert call["tracker"]["events"] == []
    assert call["domain"] == {}
