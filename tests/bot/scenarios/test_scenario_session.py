"""Sessions over their store: nothing is lost, nothing is mixed, nobody is named."""

from __future__ import annotations

import sqlite3

import pytest

from bot.scenarios.player import Refused
from bot.scenarios.session import LETTERS, Training, clean_code, screen_token
from bot.scenarios.store import TrainingStore

KEY = "bruise-ear-hackney"


def led(training, library, learners=3):
    code, lead, screen = training.open_group(library.scenarios[KEY], library.version)
    tokens = [training.join(code) for _ in range(learners)]
    return training.of_lead(lead), tokens, (code, lead, screen)


def test_a_new_process_finds_every_answer(training, library, url, clock):
    session, tokens, (_, lead, screen) = led(training, library)
    training.step(session)
    for token, choice in zip(tokens, ("listen", "secret", "listen"), strict=True):
        _, learner = training.of_learner(token)
        training.answer(session, learner, choice=choice)
    training.act(session, "pause")
    again = Training(TrainingStore(url), clock)
    found = again.of_lead(lead)
    assert found.state == session.state
    assert found.state.status == "paused"
    assert [a.choice for a in found.state.visit.answers.values()] == ["listen", "secret", "listen"]
    assert again.of_screen(screen).id == session.id
    assert again.of_learner(tokens[0])[0].id == session.id


def test_two_processes_write_into_one_session(training, library, url, clock):
    session, tokens, (_, lead, _) = led(training, library, 4)
    training.step(session)
    other = Training(TrainingStore(url), clock)
    theirs = other.of_lead(lead)
    for number, token in enumerate(tokens):
        using, at = ((training, session), (other, theirs))[number % 2]
        learner = using.store.learner(token)[1]
        using.answer(at, learner, choice="listen")
    training.refresh(session)
    other.refresh(theirs)
    assert len(session.state.visit.answers) == 4
    assert theirs.state == session.state


def test_a_scenario_that_changes_later_leaves_the_session_as_it_was(training, library):
    session, _, _ = led(training, library)
    row = training.store.session(id=session.id)
    assert KEY in row["scenario"]
    assert session.content_version == library.version


def test_tokens_are_stored_as_hashes_and_written_answers_not_at_all(
    training, library, url
):  # fmt: skip
    token = training.play_alone(library.scenarios[KEY], library.version)
    session, learner = training.of_learner(token)
    training.answer(session, learner, choice="listen")
    training.go_on(session, learner)
    training.answer(session, learner, text="Zebedee said dad grabbed me on Monday")
    with sqlite3.connect(url.removeprefix("sqlite:///")) as db:
        dump = "\n".join(db.iterdump())
    assert token not in dump
    assert "Zebedee" not in dump
    assert '"found": ["words", "time"]' in dump


def test_codes_have_no_letters_that_are_mistaken_and_are_read_kindly(training, library):
    session, _, (code, _, _) = led(training, library, 0)
    assert len(code) == 6
    assert set(code) <= set(LETTERS)
    assert not set("AEIOULZS0125") & set(LETTERS)
    assert clean_code(f" {code[:3].lower()}-{code[3:].lower()} ") == code
    training.join(code.lower())
    assert len(session.state.learners) == 1
    with pytest.raises(Refused, match="no session"):
        training.join("XXXXXX")


def test_only_the_trainer_steps_and_only_where_the_story_goes(training, library):
    session, tokens, _ = led(training, library)
    _, learner = training.of_learner(tokens[0])
    with pytest.raises(Refused):
        training.answer(session, learner, choice="listen")
    training.step(session)
    with pytest.raises(Refused):
        training.go_on(session, learner)
    with pytest.raises(Refused):
        training.step(session, "warned")
    training.step(session, "account")
    assert session.state.visit.scene == "account"


def test_a_group_goes_the_whole_way(training, library, clock):
    session, tokens, (code, _, _) = led(training, library)
    training.step(session)
    while session.state.status != "finished":
        training.step(session)
        clock.now += 5
    assert [v.scene for v in session.state.path] == library.scenarios[KEY].model_path()
    with pytest.raises(Refused, match="over"):
        training.join(code)
    training.act(session, "again")
    assert session.state.run == 2
    assert len(session.state.learners) == len(tokens)


@pytest.mark.parametrize("act", ["resume", "back", "nonsense"])
def test_acts_that_make_no_sense_are_refused(act, training, library):
    session, _, _ = led(training, library)
    training.step(session)
    with pytest.raises(Refused):
        training.act(session, act)


def test_alone_the_clock_is_started_and_stopped(training, library, clock):
    token = training.play_alone(library.scenarios["bruise-ear-hackney"], library.version)
    session, learner = training.of_learner(token)
    training.limit_alone(session)
    assert session.state.time_left(clock.now) == 90
    clock.now += 91
    with pytest.raises(Refused, match="time"):
        training.answer(session, learner, choice="listen")
    training.limit_alone(session)
    training.answer(session, learner, choice="listen")
    assert session.state.visit.answers[learner].choice == "listen"


def test_the_screen_is_found_from_the_trainers_token_by_any_server(training, library):
    _, lead, screen = training.open_group(library.scenarios["scraped-knee-city"], library.version)
    assert screen_token(lead) == screen
    assert training.of_screen(screen) is training.of_lead(lead)
    assert training.of_lead(screen) is None


def test_forgetting_a_learner_keeps_the_figures(training, library):
    session, tokens, _ = led(training, library)
    training.step(session)
    training.answer(session, training.of_learner(tokens[0])[1], choice="listen")
    training.store.forget_learner(tokens[0])
    assert training.of_learner(tokens[0]) is None
    assert len(session.state.visit.answers) == 1


def test_old_sessions_go(training, library):
    session, _, (_, lead, _) = led(training, library)
    assert training.store.forget_before(0) == 0
    assert training.store.forget_before(9e9) == 1
    assert training.store.session(lead=lead) is None
    assert training.store.events(session.id) == []
