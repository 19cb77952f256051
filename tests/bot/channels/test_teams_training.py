"""A scenario in Teams: over the channel's own door, cards and connector, never to the model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from bot.channels import teams_talk
from bot.evaluate.fake_teams import activity
from bot.scenarios import talk
from bot.scenarios.library import Library as Scenarios
from bot.scenarios.pages import shown_choices
from bot.scenarios.session import Training
from bot.scenarios.store import TrainingStore
from tests.bot.channels.teams_running import Running, teams

KEY = "bruise-ear-hackney"


@pytest.fixture(scope="module")
def scenarios() -> Scenarios:
    return Scenarios()


@pytest.fixture
def training(tmp_path) -> Iterator[Training]:
    made = Training(TrainingStore(f"sqlite:///{tmp_path / 'training.db'}"))
    yield made
    made.store.close()


@pytest.fixture
def chat(library, scenarios, training, monkeypatch) -> Iterator[Running]:
    monkeypatch.setattr(teams_talk, "library", lambda: library)
    monkeypatch.setattr(talk, "shared_training", lambda: training)
    monkeypatch.setattr(talk, "shared_library", lambda: scenarios)
    with teams() as started:
        yield started


def words(card: Any) -> str:
    """All that a card shows."""
    if isinstance(card, list):
        return "\n".join(words(one) for one in card)
    if not isinstance(card, dict):
        return ""
    shown = [str(card[k]) for k in ("text", "title") if isinstance(card.get(k), str)]
    return "\n".join([*shown, *(words(v) for v in card.values())])


def say(chat: Running, text: str, **changes: Any) -> str:
    """What Teams shows after a message, as one text; every message is a card."""
    before = len(chat.server.connector.messages())
    assert chat.post(activity(chat.url, text, **changes)) == 202
    fresh = chat.server.connector.messages()[before:]
    cards = [a["content"] for s in fresh for a in s.activity.get("attachments", [])]
    plain = [str(s.activity.get("text", "")) for s in fresh]
    return "\n".join([*plain, *(words(card) for card in cards)])


def number(scenarios: Scenarios, scene: str, choice: str) -> str:
    scenario = scenarios.scenarios[KEY]
    shown = shown_choices(scenario, scenario.scene(scene))
    return str([c.id for c in shown].index(choice) + 1)


def test_a_scenario_is_played_from_its_warning_to_its_certificate(
    chat, scenarios, training, card_schema
):
    begun = say(chat, f"start training {KEY}")
    assert begun.count("[TRAINING]") == 2
    assert "an adult hurting a child" in begun
    assert "Ring 999" in begun and "stop training" in begun
    assert "Model answer" in say(chat, number(scenarios, "register", "listen"))
    assert "Write the note" in say(chat, "next")
    note = say(chat, "Monday, ear. He said: dad grabbed me. Signed, plumquartz.")
    assert "4 of 4 points" in note
    assert "ask year 4 boy" in say(chat, "next")
    say(chat, number(scenarios, "aid", "acute"))
    assert "9.30am" in say(chat, "next")
    assert "This can do harm" in say(chat, number(scenarios, "tell", "father"))
    assert "A poor ending" in say(chat, "next")
    end = say(chat, "next")
    assert "You decided:" in end and "told the family first" in end
    assert f"content version {scenarios.version}" in end
    assert chat.agent.heard == []
    assert "plumquartz" not in chat.texts()
    for sent in chat.server.connector.messages():
        for card in sent.activity.get("attachments", []):
            jsonschema.validate(card["content"], card_schema)


def test_pause_step_back_and_replay_in_teams(chat):
    say(chat, f"start training {KEY}")
    say(chat, "1")
    assert "a little later" in say(chat, "next")
    assert "8.50am" in say(chat, "back")
    assert "Training is paused" in say(chat, "pause")
    assert say(chat, "a boy told me his dad hit him") == "heard a boy told me his dad hit him"
    assert "8.50am" in say(chat, "resume training")
    assert "Type the number" in say(chat, "again")
    assert "Training has ended" in say(chat, "stop training")
    assert say(chat, "1") == "heard 1"


def test_a_learner_in_teams_is_in_the_trainers_group(chat, scenarios, training):
    code, lead, _ = training.open_group(scenarios.scenarios[KEY], scenarios.version)
    session = training.of_lead(lead)
    phone = training.join(code)
    assert "You are in" in say(chat, f"join training {code}")
    training.step(session)
    say(chat, "next")
    assert "Your answer is in" in say(chat, number(scenarios, "register", "secret"))
    found, learner = training.of_learner(phone)
    training.answer(found, learner, choice="listen")
    assert sorted(a.choice for a in session.state.visit.answers.values()) == ["listen", "secret"]
    training.act(session, "reveal")
    assert "This can do harm" in say(chat, "next")


def test_each_person_has_a_play_of_their_own_and_a_team_chat_none(chat, training):
    say(chat, f"start training {KEY}", user="ann")
    assert say(chat, "next", user="bob") == "heard next"
    group = {"id": "19:x", "conversationType": "groupChat", "tenantId": "t", "isGroup": True}
    before = len(training.store.all_sessions())
    chat.post({**activity(chat.url, f"start training {KEY}"), "conversation": group})
    assert len(training.store.all_sessions()) == before


def test_a_message_that_teams_sends_twice_plays_once(chat, training):
    say(chat, f"start training {KEY}")
    body = activity(chat.url, "1")
    chat.post(body)
    chat.post(body)
    (row,) = training.store.all_sessions()
    answered = [e for e in training.store.events(row["id"]) if e["kind"] == "answered"]
    assert len(answered) == 1
