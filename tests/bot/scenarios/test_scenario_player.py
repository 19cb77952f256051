"""The state of a session: steps, limits, answers, and that it always comes out the same."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.scenarios.player import (
    Refused,
    State,
    answer_event,
    apply,
    next_scene,
    spread,
    state_of,
)
from bot.scenarios.scoring import score, span, written_points

KEY = "bruise-ear-hackney"


def events(*more, group=True):
    base = [
        {"kind": "opened", "group": group, "at": 0.0},
        {"kind": "joined", "learner": 1, "at": 1.0},
        {"kind": "joined", "learner": 2, "at": 2.0},
        {"kind": "moved", "scene": "register", "at": 10.0},
    ]
    return [*base, *more]


def answered(learner, choice, at=20.0, scene="register"):
    return {"kind": "answered", "learner": learner, "scene": scene, "choice": choice,
            "seconds": at - 10, "at": at}  # fmt: skip


def test_group_answers_may_change_until_the_results_are_shown():
    state = state_of(events(answered(1, "secret"), answered(1, "listen", 25.0)))
    assert state.visit.answers[1].choice == "listen"
    assert not state.shows_feedback(1)
    apply(state, {"kind": "revealed", "at": 30.0})
    apply(state, answered(1, "probe", 31.0))
    assert state.visit.answers[1].choice == "listen"
    assert state.visit.tries[1].choice == "probe"
    assert state.shows_feedback(1)


def test_alone_the_first_answer_counts_and_the_last_leads_on(library):
    scenario = library.scenarios[KEY]
    state = state_of(events(group=False))
    assert next_scene(scenario, state, 1) is None
    apply(state, answered(1, "listen"))
    apply(state, {"kind": "moved", "scene": "account", "at": 30.0})
    apply(state, {"kind": "back", "at": 31.0})
    apply(state, answered(1, "probe", 32.0))
    assert state.visit.answers[1].choice == "listen"
    assert state.visit.latest(1).choice == "probe"


def test_stepping_back_keeps_answers_and_another_branch_keeps_the_one_left():
    state = state_of(
        events(
            answered(1, "listen"),
            {"kind": "moved", "scene": "account", "at": 30.0},
            {"kind": "moved", "scene": "aid", "at": 40.0},
            {"kind": "back", "at": 50.0},
            {"kind": "back", "at": 51.0},
        )
    )
    assert state.visit.scene == "register"
    assert state.visit.answers[1].choice == "listen"
    apply(state, {"kind": "moved", "scene": "account", "at": 60.0})
    assert [v.scene for v in state.path] == ["register", "account", "aid"]
    apply(state, {"kind": "back", "at": 61.0})
    apply(state, {"kind": "moved", "scene": "tell", "at": 62.0})
    assert [v.scene for v in state.path] == ["register", "tell"]
    assert {v.scene for v in state.visits()} == {"register", "account", "aid", "tell"}


def test_a_pause_stops_the_clock_and_answers(library):
    scenario = library.scenarios[KEY]
    state = state_of(events({"kind": "limited", "seconds": 60, "at": 10.0}))
    assert state.time_left(40.0) == 30
    apply(state, {"kind": "paused", "at": 40.0})
    assert state.time_left(400.0) == 30
    with pytest.raises(Refused):
        answer_event(scenario, state, 1, 400.0, choice="listen", text="")
    apply(state, {"kind": "resumed", "at": 400.0})
    assert state.time_left(410.0) == 20
    answer_event(scenario, state, 1, 410.0, choice="listen", text="")
    with pytest.raises(Refused, match="over"):
        answer_event(scenario, state, 1, 430.0, choice="listen", text="")


@pytest.mark.parametrize("leaves", ["back", "moved", "again"])
def test_a_clock_runs_after_a_pause_was_left_by_another_way(leaves):
    state = State()
    events = [
        {"kind": "opened", "group": True}, {"kind": "moved", "scene": "a"},
        {"kind": "moved", "scene": "b"}, {"kind": "paused"}, {"kind": leaves, "scene": "c"},
        {"kind": "moved", "scene": "d"}, {"kind": "limited", "seconds": 10},
    ]  # fmt: skip
    for at, event in enumerate(events):
        apply(state, {**event, "at": float(at)})
    assert state.time_left(6.0) == 10
    assert state.time_left(20.0) == 0


def test_nobody_answers_for_others_or_beside_the_choices(library):
    scenario = library.scenarios[KEY]
    state = state_of(events())
    for learner, choice in ((3, "listen"), (1, "nonsense"), (1, None)):
        with pytest.raises(Refused):
            answer_event(scenario, state, learner, 20.0, choice=choice, text="")


def test_what_was_written_is_not_in_the_event(library):
    scenario = library.scenarios[KEY]
    state = state_of(events({"kind": "moved", "scene": "account", "at": 30.0}))
    secret = "Monday, Ayesha said dad grabbed me"
    event = answer_event(scenario, state, 1, 40.0, choice=None, text=secret)
    assert event["found"] == ["words", "time"]
    assert "Ayesha" not in str(event)


def test_spread_counts_each_learner_once(library):
    scenario = library.scenarios[KEY]
    state = state_of(
        events(answered(1, "listen"), answered(2, "secret"), answered(2, "listen", 22.0))
    )
    counts = dict(spread(scenario.scene("register"), state.visit))
    assert counts == {"listen": 2, "secret": 0, "probe": 0, "later": 0}


def test_replay_again_begins_anew_and_keeps_the_run_before():
    state = state_of(events(answered(1, "listen"), {"kind": "again", "at": 50.0}))
    assert state.run == 2
    assert state.path == []
    assert state.earlier[0][0].answers[1].choice == "listen"


SCENES = ["register", "account", "aid", "tell", "rang", "late", "warned"]
ACTS = st.one_of(
    st.builds(lambda s: {"kind": "moved", "scene": s}, st.sampled_from(SCENES)),
    st.builds(
        lambda n, c: {"kind": "answered", "learner": n, "choice": c, "seconds": 1.0},
        st.integers(1, 4), st.sampled_from(["listen", "secret", "deputy"]),
    ),
    st.builds(lambda n: {"kind": "joined", "learner": n}, st.integers(1, 4)),
    st.builds(lambda s: {"kind": "limited", "seconds": s}, st.integers(5, 100)),
    st.sampled_from(
        [{"kind": k} for k in ("revealed", "back", "paused", "resumed", "finished", "again")]
    ),
)  # fmt: skip


@given(st.booleans(), st.lists(ACTS, max_size=40))
def test_state_is_the_same_however_it_is_made_and_always_sound(group, acts):
    log = [{"kind": "opened", "group": group, "at": 0.0}]
    log += [{**act, "at": float(n + 1)} for n, act in enumerate(acts)]
    state = state_of(log)
    stepwise = state_of(log[:1])
    for event in copy.deepcopy(log[1:]):
        apply(stepwise, event)
    assert stepwise == state
    assert 0 <= state.at < max(1, len(state.path))
    given_answers = {(e["learner"], e["at"]) for e in log if e["kind"] == "answered"}
    kept = [
        (n, a.at)
        for v in [*state.visits(), *[v for run in state.earlier for v in run]]
        for n, a in [*v.answers.items(), *v.tries.items()]
    ]
    assert set(kept) <= given_answers
    left = state.time_left(1000.0)
    assert left is None or left >= 0


def test_score_by_strand_time_and_rules(library):
    scenario = library.scenarios[KEY]
    log = events(
        answered(1, "later"),
        {"kind": "moved", "scene": "tell", "at": 30.0},
        answered(1, "deputy", 40.0, "tell"),
        group=False,
    )
    made = score(scenario, state_of(log).visits(), 1)
    assert made.strands == {"respond": (1, 3), "refer": (3, 3)}
    assert made.broken == ("delay",)
    assert made.timely == 0.5
    assert "130 minutes" in made.timely_text
    assert made.scaled == pytest.approx(4 / 6)
    nobody = score(scenario, state_of(events()).visits(), 2)
    assert nobody.timely == 0.0
    assert nobody.decided == 0


def test_written_points_go_down_for_what_should_be_left_out(library):
    decision = library.scenarios[KEY].scene("account").decision
    assert written_points(decision, ("words", "time", "injury", "sign")) == 3
    assert written_points(decision, ("words", "time", "injury", "sign", "verdict")) == 2
    assert written_points(decision, ("verdict",)) == 0


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(5, "5 minutes"), (60, "1 hour"), (90, "90 minutes"), (1440, "1 day"), (145, "145 minutes"),
     (20160, "2 weeks"), (0, "0 minutes"), (1, "1 minute")],
)  # fmt: skip
def test_span_in_words(minutes, text):
    assert span(minutes) == text
