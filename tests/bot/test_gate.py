"""What comes in through the gate."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.channels import gate
from bot.channels.gate import clean, run_turn


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/restart", "restart"),
        ("/immediate_danger", "immediate_danger"),
        ('/answer{"safe_now": "yes"}', '/answer{"safe_now": "yes"}'),
        ('/answer{"indicators": ["a-b", "c"]}', '/answer{"indicators": ["a-b", "c"]}'),
        ('/answer{"unknown": "yes"}', 'answer{"unknown": "yes"}'),
        ('/answer{"safe_now": {"a": 1}}', 'answer{"safe_now": {"a": 1}}'),
        ("/greet", "/greet"),
        ("  //help", "help"),
        ("a\x00b\u202e", "ab"),
        (None, ""),
        ("lives at N16 5XY", "lives at N16"),
    ],
)
def test_gate_cleans(text, expected):
    assert clean(text) == expected


class Output:
    def __init__(self):
        self.sent = []

    async def send_response(self, recipient, message):
        self.sent.append(message)


class Message:
    def __init__(self, text):
        self.text, self.sender_id, self.output_channel = text, "s", Output()


def test_gate_answers_when_the_turn_fails():
    async def fails(message):
        raise RuntimeError("store down")

    message = Message("hi")
    output = message.output_channel
    asyncio.run(run_turn(fails, message))
    assert output.sent[0]["custom"]["id"] == "fallback-when-down"


def test_gate_answers_when_the_turn_says_nothing():
    async def silent(message):
        return None

    message = Message("hi")
    output = message.output_channel
    asyncio.run(run_turn(silent, message))
    assert "999" in output.sent[0]["text"]


def test_a_turn_that_could_not_begin_in_time_is_not_begun(monkeypatch):
    """A store that hangs before it: the proxy has answered, and the message may come again."""

    async def slow(_message):
        time.sleep(0.05)  # as a database does that blocks the loop
        return False

    begun = []

    async def turn(message):
        begun.append(message)

    monkeypatch.setattr(gate, "answered_by_training", slow)
    monkeypatch.setattr(gate, "TURN_SECONDS", 0.02)
    message = Message("hi")
    output = message.output_channel
    asyncio.run(run_turn(turn, message))
    assert not begun
    assert output.sent[0]["custom"]["id"] == "fallback-when-down"
