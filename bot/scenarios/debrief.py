"""Debriefs: of one learner and of a group; what both pages and exports are made from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from bot.scenarios.format import STRANDS, Scenario, Write, best_of
from bot.scenarios.player import State, Visit, spread
from bot.scenarios.scoring import Decided, Score, decisions, score


@dataclass(frozen=True)
class Debrief:
    """What one learner did, against the model answer."""

    rows: list[Decided]
    score: Score
    missed: list[Decided]
    complete: bool


def visits_of(state: State, run: int | None = None) -> list[Visit]:
    """The scenes shown in a run; without a number: in the present one."""
    if run is not None and run <= len(state.earlier):
        return state.earlier[run - 1]
    return state.visits()


def of_learner(scenario: Scenario, state: State, learner: int) -> Debrief:
    """A learner's debrief of the present run."""
    visits = visits_of(state)
    rows = decisions(scenario, visits, learner)
    made = score(scenario, visits, learner)
    complete = is_complete(scenario, state, visits, made)
    return Debrief(rows, made, [r for r in rows if r.missed], complete)


def is_complete(scenario: Scenario, state: State, visits: list[Visit], made: Score) -> bool:
    """Whether an ending was reached with every decision made: a session that its trainer ended
    halfway is none."""
    ended = any(scenario.scene(v.scene).ending for v in visits)
    return state.status == "finished" and ended and made.of > 0 and made.decided == made.of


@dataclass(frozen=True)
class Bar:
    """One choice, or one point looked for, and how many took or found it."""

    key: str
    text: str
    count: int
    share: float
    verdict: str
    model: bool


@dataclass(frozen=True)
class Results:
    """The spread of answers to one scene."""

    scene: str
    when: str
    question: str
    answered: int
    bars: list[Bar]


def results(scenario: Scenario, visit: Visit) -> Results | None:
    """The spread of scored answers; None where nothing was to decide."""
    scene = scenario.scene(visit.scene)
    decision = scene.decision
    if decision is None:
        return None
    answered = len(visit.answers)
    bars: list[Bar] = []
    for key, count in spread(scene, visit):
        share = count / answered if answered else 0.0
        if isinstance(decision, Write):
            look = next(k for k in decision.look_for if k.id == key)
            verdict = "harmful" if look.avoid else "best"
            bars.append(Bar(key, look.text, count, share, verdict, not look.avoid))
        else:
            choice = next(c for c in decision.choices if c.id == key)
            model = choice is best_of(decision)
            bars.append(Bar(key, choice.text, count, share, choice.verdict, model))
    return Results(scene.id, scene.when, decision.question, answered, bars)


@dataclass(frozen=True)
class GroupDebrief:
    """What a group did: the spread at each decision, mean scores, rules broken by how many."""

    learners: int
    results: list[Results]
    strands: dict[str, float]
    timely: float
    broken: dict[str, int]


def of_group(scenario: Scenario, state: State) -> GroupDebrief:
    """A group's debrief of the present run, of those who answered at least once."""
    visits = visits_of(state)
    active = [n for n in state.learners if any(n in v.answers for v in visits)]
    scores = [score(scenario, visits, n) for n in active]
    strands: dict[str, float] = {}
    for strand in STRANDS:
        parts = [s.strands[strand] for s in scores if strand in s.strands]
        possible = sum(n for _, n in parts)
        if possible:
            strands[strand] = sum(p for p, _ in parts) / possible
    broken: dict[str, int] = {}
    for one in scores:
        for rule in one.broken:
            broken[rule] = broken.get(rule, 0) + 1
    timely = sum(s.timely for s in scores) / len(scores) if scores else 0.0
    shown = [r for v in visits if (r := results(scenario, v)) is not None]
    return GroupDebrief(len(active), shown, strands, timely, broken)


def day_of(state: State, now: float) -> str:
    """The day a session ended, such as `3 May 2026`; before its end, today."""
    moment = dt.datetime.fromtimestamp(state.finished_at or now)
    return f"{moment.day} {moment:%B %Y}"


def record_of(session: int, learner: int, state: State) -> str:
    """What a certificate is known by: session, learner and run."""
    return f"{session}-{learner}-{state.run}"


def iso(moment: float) -> str:
    """Seconds since 1970 as a UTC time stamp."""
    stamp = dt.datetime.fromtimestamp(moment, dt.timezone.utc)
    return stamp.isoformat(timespec="milliseconds").replace("+00:00", "Z")


CSV_FIELDS = (
    "session", "learner", "run", "scenario", "content_version", "scene", "strand",
    "question", "answer", "verdict", "points", "of", "seconds", "answered_at", "rules_broken",
)  # fmt: skip


def csv_rows(
    session: int, scenario: Scenario, version: str, state: State
) -> list[dict[str, Any]]:  # fmt: skip
    """Every scored decision of every run as a row; learners are numbers within the session."""
    rows: list[dict[str, Any]] = []
    for run in range(1, state.run + 1):
        visits = visits_of(state, run)
        for number, learner in enumerate(sorted(state.learners), start=1):
            for made in decisions(scenario, visits, learner):
                values = (session, number, run, scenario.id, version, made.scene, made.strand,
                          made.question, made.given, made.verdict, made.points, 3, made.seconds,
                          iso(made.at), " ".join(made.breaks))  # fmt: skip
                rows.append(dict(zip(CSV_FIELDS, values, strict=True)))
    return rows
