"""Training in text channels: begins, plays and ends by messages, and never keeps anybody in."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from bot.scenarios import talk
from bot.scenarios.pages import shown_choices


@pytest.fixture
def say(training, library, monkeypatch):
    monkeypatch.setattr(talk, "shared_training", lambda: training)
    monkeypatch.setattr(talk, "shared_library", lambda: library)
    return talk.replies_to


def number_of(library, key, scene_id, choice_id):
    scenario = library.scenarios[key]
    shown = shown_choices(scenario, scenario.scene(scene_id))
    return str([c.id for c in shown].index(choice_id) + 1)


@pytest.mark.parametrize(
    "text",
    ["hello", "a boy says his dad hit him", "I start training next week", "stop training",
     "training", "can you start training my staff please", "1", ""],
)  # fmt: skip
def test_what_is_no_command_is_left_to_the_assistant(text, say):
    assert say("somebody", text) is None


def test_a_scenario_is_played_to_its_debrief(say, library):
    key = "scraped-knee-city"
    begun = say("u1", f"Start training {key.upper()}.")
    assert "accident" in begun[0]
    assert "1. " in begun[1]
    (right,) = say("u1", number_of(library, key, "morning", "fit"))
    assert "Model answer." in right
    assert "Criterion:" in right
    assert "Tuesday, 10.30am" in say("u1", "next")[0]
    (wrong,) = say("u1", number_of(library, key, "aid", "refer"))
    assert "The model answer: Nothing to refer." in wrong
    say("u1", "next")
    (end,) = say("u1", "next")
    assert "Recognise: 3 of 3 points" in end
    assert "Refer: 1 of 3 points" in end
    assert all(r.startswith("[TRAINING]") for r in [*begun, right, wrong, end])
    assert all("In danger now? Ring 999." in r for r in [begun[1], right, wrong, end])
    assert "ended" in say("u1", "stop training")[0]
    assert say("u1", "1") is None


def test_free_writing_is_looked_through_and_a_stray_text_is_no_answer(say):
    say("u2", "start training bruise-ear-hackney")
    (stray,) = say("u2", "my pupil is hurt")
    assert "I did not take that as an answer" in stray
    assert "stop training" in stray
    say("u2", "1")
    say("u2", "next")
    (found,) = say("u2", "Monday. He said dad grabbed me. Signed.")
    assert "3 of 4 points" in found


def test_two_conversations_do_not_mix(say):
    say("u3", "start training scraped-knee-city")
    assert say("u4", "1") is None
    say("u4", "start training lives-in-islington")
    assert "Wednesday" in say("u4", "hm")[0]
    assert "Tuesday" in say("u3", "hm")[0]


def test_silence_for_an_hour_ends_it(say, clock):
    say("u5", "start training scraped-knee-city")
    clock.now += talk.IDLE_SECONDS + 1
    assert say("u5", "a child is hurt") is None
    clock.now -= talk.IDLE_SECONDS
    assert say("u5", "1") is None


def test_a_group_is_joined_by_its_code(say, training, library):
    code, lead, _ = training.open_group(library.scenarios["scraped-knee-city"], library.version)
    assert "You are in." in say("u6", f"join training {code.lower()}")[1]
    session = training.of_lead(lead)
    training.step(session)
    assert "Tuesday, 8.55am" in say("u6", "next")[0]
    assert "Your answer is in" in say("u6", "1")[0]
    assert len(session.state.visit.answers) == 1
    training.act(session, "reveal")
    assert "Go" not in say("u6", "next")[0].split("\n")[0]


def test_a_wrong_code_says_what_there_is(say):
    assert "start training scraped-knee-city" in say("u7", "start training nonsense-code")[0]
    assert "start training scraped-knee-city" in say("u7", "start training")[0]
    assert "no session" in say("u7", "start training XXXXXX")[0]
    assert say("u7", "1") is None


def turn(text, sender="u8", channel="rest"):
    sent: list[dict] = []

    async def send(_, message):
        sent.append(message)

    output = SimpleNamespace(send_response=send)
    message = SimpleNamespace(
        text=text, sender_id=sender, input_channel=channel, output_channel=output
    )
    return asyncio.run(talk.answered_by_training(message)), sent


def test_the_gate_gets_messages_that_follow_the_schema(say):
    import json

    import jsonschema

    from bot.paths import SCHEMA

    taken, sent = turn("start training scraped-knee-city")
    assert taken
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text()))
    for message in sent:
        validator.validate(message["custom"])
        assert message["text"] == message["custom"]["text"]


def test_anything_wrong_with_training_leaves_the_message_to_the_assistant(monkeypatch):
    def broken():
        raise RuntimeError("no database")

    monkeypatch.setattr(talk, "shared_training", broken)
    assert turn("start training scraped-knee-city") == (False, [])
    assert turn("a child is hurt") == (False, [])


def test_the_aid_itself_is_never_caught(say):
    assert turn("start training scraped-knee-city", channel="training") == (False, [])
    assert turn(None) == (False, [])
