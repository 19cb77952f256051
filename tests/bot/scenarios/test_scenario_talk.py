"""Training in text channels: begins, plays and ends by messages, and never keeps anybody in."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from bot.scenarios import session as session_module
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


@pytest.mark.parametrize("button", ["/start_again", '/answer{"safe_now": "no"}', "/greet"])
def test_a_button_of_a_real_talk_leaves_the_game(button, say):
    say("u13", "start training scraped-knee-city")
    assert say("u13", button) is None
    assert say("u13", "1") is None
    assert "8.55am" in say("u13", "resume training")[0]


def test_too_many_beginnings_are_refused(say, training, monkeypatch):
    monkeypatch.setattr(session_module, "NEW_A_MINUTE", 2)
    for name in ("a", "b"):
        assert "8.55am" in say(name, "start training scraped-knee-city")[1]
    assert "Try in a minute" in say("c", "start training scraped-knee-city")[0]
    assert len(training.store.all_sessions()) == 2
    assert say("c", "1") is None


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


def test_a_pause_hands_real_worries_to_the_assistant_and_is_resumed(say, clock, training):
    say("u9", "start training scraped-knee-city")
    say("u9", "1")
    say("u9", "next")
    assert "resume training" in say("u9", "Pause.")[0]
    assert say("u9", "a boy says his dad hit him") is None
    assert say("u9", "next") is None
    clock.now += 3 * talk.IDLE_SECONDS
    assert "Tuesday, 10.30am" in say("u9", "resume training")[0]
    assert "Tuesday, 8.55am" in say("u9", "back")[0]
    clock.now += talk.IDLE_SECONDS + 1
    assert say("u9", "1") is None
    assert "Tuesday, 8.55am" in say("u9", "continue training")[0]
    session, _ = training.of_learner(f"talk-{talk.hashed('u9')}")
    assert len(session.state.path[0].answers) == 1
    assert say("u9", "pause") and "ended" in say("u9", "stop training")[0]
    assert say("u9", "resume training") is None


def test_the_debrief_has_the_timeline_and_a_certificate_and_it_is_played_again(say, library):
    say("u10", "start training scraped-knee-city")
    say("u10", number_of(library, "scraped-knee-city", "morning", "fit"))
    say("u10", "next")
    say("u10", number_of(library, "scraped-knee-city", "aid", "refer"))
    say("u10", "next")
    (end,) = say("u10", "next")
    assert "Tuesday, 8.55am. You decided:" in end
    assert "Better not" in end and "The model answer: Nothing to refer." in end
    assert f"content version {library.version}, record 1-1-1" in end
    assert "8.55am" in say("u10", "again")[0]
    say("u10", "1")
    say("u10", "next")
    say("u10", "1")
    say("u10", "next")
    assert "record 1-1-2" in say("u10", "next")[0]


class Aid:
    """Stands for the assistant: what it was asked, by whom."""

    def __init__(self):
        self.asked = []

    async def say(self, agent, sender, text):
        self.asked.append((agent, sender, text))
        return [{"text": "Where does he live?", "options": [{"title": "Hackney"}]}]


@pytest.fixture
def aid(monkeypatch):
    made = Aid()
    monkeypatch.setattr(talk, "shared_aid", lambda: made)
    monkeypatch.setattr(talk, "serving_agent", lambda: "agent")
    return made


def test_the_assistant_is_asked_within_training_and_nowhere_else(say, aid):
    assert turn("ask how serious is it", "u11") == (False, [])
    turn("start training bruise-ear-hackney", "u11")
    taken, sent = turn("ask: how serious is it", "u11")
    assert taken and "The assistant: Where does he live?\n- Hackney" in sent[0]["text"]
    assert all(m["text"].startswith("[TRAINING]") for m in sent)
    ((agent, sender, text),) = aid.asked
    assert (agent, text) == ("agent", "how serious is it")
    assert "u11" not in sender
    turn("1", "u11")
    turn("next", "u11")
    _, written = turn("Ask nobody: Monday. He said dad grabbed me. Signed.", "u11")
    assert "3 of 4 points" in written[0]["text"]
    _, aided = turn("next", "u11")
    assert "ask year 4 boy has a dark bruise" in aided[0]["text"]
    assert len(aid.asked) == 1


def test_a_message_that_is_sent_again_does_not_play_on(say, training):
    turn("start training scraped-knee-city", "u12")
    turn("1", "u12")
    first = turn("next", "u12", message_id="abcdefgh")
    again = turn("next", "u12", message_id="abcdefgh")
    assert first == again
    session, _ = training.of_learner(f"talk-{talk.hashed('u12')}")
    assert session.state.at == 1


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


def turn(text, sender="u8", channel="rest", message_id=None):
    sent: list[dict] = []

    async def send(_, message):
        sent.append(message)

    output = SimpleNamespace(send_response=send)
    message = SimpleNamespace(
        text=text, sender_id=sender, input_channel=channel, output_channel=output,
        message_id=message_id, metadata={"own_id": bool(message_id)},
    )  # fmt: skip
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
