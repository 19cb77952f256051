"""xAPI statements: right by the specification's rules, the same each time, sent only if asked."""

from __future__ import annotations

import copy
import http.server
import json
import threading

import pytest

from bot.scenarios.debrief import csv_rows
from bot.scenarios.session import Training
from bot.scenarios.store import TrainingStore
from bot.scenarios.xapi import LrsError, faults, send, statements


@pytest.fixture(scope="module")
def played(library, tmp_path_factory):
    """Every scenario played alone by its model answers, one of them twice."""
    clock = Clock()
    url = f"sqlite:///{tmp_path_factory.mktemp('xapi') / 'training.db'}"
    training = Training(TrainingStore(url), clock)
    sessions = []
    for scenario in library.scenarios.values():
        token = training.play_alone(scenario, library.version)
        session, learner = training.of_learner(token)
        _to_the_end(training, session, learner, clock)
        sessions.append(session)
    training.act(sessions[0], "again")
    _to_the_end(training, sessions[0], 1, clock)
    yield sessions
    training.store.close()


class Clock:
    """Seconds that pass only when a scene is played."""

    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


def _to_the_end(training, session, learner, clock):
    while session.state.status != "finished":
        clock.now += 12.5
        scene = session.scenario.scene(session.state.visit.scene)
        if scene.decision is not None:
            if scene.decision.kind == "write":
                training.answer(session, learner, text=scene.decision.example)
            else:
                best = next(c for c in scene.decision.choices if c.verdict == "best")
                training.answer(session, learner, choice=best.id)
        training.go_on(session, learner)


def _all(sessions):
    return [
        s for one in sessions
        for s in statements(one.id, one.scenario, one.content_version, one.state)
    ]  # fmt: skip


def test_the_model_answer_of_every_scenario_ends_well_with_full_points(played, library):
    from bot.scenarios.debrief import of_learner

    for session in played:
        learner = next(iter(session.state.learners))
        made = of_learner(session.scenario, session.state, learner)
        name = session.scenario.id
        assert session.scenario.scene(session.state.visit.scene).ending.outcome == "good", name
        assert made.score.scaled == pytest.approx(1.0), name
        assert made.score.timely == 1.0, (name, made.score.timely_text)
        assert made.score.broken == (), name
        assert made.complete


def test_statements_follow_the_rules(played):
    made = _all(played)
    assert len(made) > 100
    assert {f for one in made for f in faults(one)} == set()
    assert len({one["id"] for one in made}) == len(made)
    assert made == _all(played)
    verbs = {one["verb"]["id"].rsplit("/", 1)[1] for one in made}
    assert verbs == {"initialized", "answered", "completed"}
    first = [s for s in _all(played[:1]) if s["verb"]["display"]["en-GB"] == "completed"]
    assert len(first) == 1  # the second run; the first was not finished in this state


BREAK = [
    lambda s: s.pop("actor"),
    lambda s: s.__setitem__("id", "1"),
    lambda s: s["actor"].__setitem__("name", "Somebody"),
    lambda s: s["actor"].__setitem__("mbox", "mailto:a@example.org"),
    lambda s: s["verb"].__setitem__("id", "answered"),
    lambda s: s["verb"].__setitem__("display", {"en_GB": "answered"}),
    lambda s: s["object"].__setitem__("id", "scenario one"),
    lambda s: s.__setitem__("timestamp", "2026-11-24 10:00"),
    lambda s: s.__setitem__("timestamp", "2026-11-24T10:00:00-00:00"),
    lambda s: s.__setitem__("result", {"score": {"scaled": 1.5}}),
    lambda s: s.__setitem__("result", {"duration": "12 seconds"}),
    lambda s: s.__setitem__("result", {"duration": "PT"}),
    lambda s: s["context"].__setitem__("extensions", {"version": 1}),
    lambda s: s["context"].__setitem__("contextActivities", {"group": []}),
    lambda s: s.__setitem__("more", 1),
]


@pytest.mark.parametrize("number", range(len(BREAK)))
def test_a_broken_statement_is_refused(number, played):
    one = copy.deepcopy(_all(played[:1])[1])
    assert faults(one) == []
    BREAK[number](one)
    assert faults(one)


def test_nothing_is_sent_unless_a_store_is_set(played, monkeypatch):
    monkeypatch.delenv("BOT_LRS_URL", raising=False)
    with pytest.raises(LrsError, match="S030"):
        send(_all(played[:1]))
    monkeypatch.setenv("BOT_LRS_URL", "http://store.example.org/xapi")
    with pytest.raises(LrsError, match="https"):
        send(_all(played[:1]))


class Store(http.server.BaseHTTPRequestHandler):
    """A record store that keeps what it gets."""

    got: list = []  # noqa: RUF012
    status = 200

    def do_POST(self):
        size = int(self.headers["Content-Length"])
        headers = {k.lower(): v for k, v in self.headers.items()}
        Store.got.append((self.path, headers, json.loads(self.rfile.read(size))))
        self.send_response(Store.status)
        self.end_headers()

    def log_message(self, *_):
        """Say nothing."""


def test_statements_reach_the_configured_store(played, monkeypatch):
    Store.got.clear()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Store)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("BOT_LRS_URL", f"http://127.0.0.1:{server.server_port}/xapi/")
    monkeypatch.setenv("BOT_LRS_USER", "u")
    monkeypatch.setenv("BOT_LRS_SECRET", "s")
    made = _all(played)
    try:
        assert send(made) == len(made)
        Store.status = 400
        with pytest.raises(LrsError, match="S030"):
            send(made[:1])
    finally:
        Store.status = 200
        server.shutdown()
        server.server_close()
    assert {path for path, _, _ in Store.got} == {"/xapi/statements"}
    assert {h["x-experience-api-version"] for _, h, _ in Store.got} == {"1.0.3"}
    assert sum(len(body) for _, _, body in Store.got[:-1]) == len(made)


def test_csv_names_nobody_and_has_a_row_a_decision(played):
    session = played[0]
    rows = csv_rows(session.id, session.scenario, session.content_version, session.state)
    decided = sum(1 for v in session.state.path if session.scenario.scene(v.scene).decision)
    assert len(rows) == 2 * decided
    assert {r["learner"] for r in rows} == {1}
    assert {r["run"] for r in rows} == {1, 2}
    assert {r["content_version"] for r in rows} == {session.content_version}
