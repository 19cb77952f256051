"""The state of a session: what happened to it, event after event.

A session is its list of events; the state is made from them, always the same.  So a killed
server loses nothing that was answered, and stepping back or looking at a session later needs
no second truth.  Nothing here reads a clock or a store: time comes with each event.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from bot.scenarios.checks import found_in
from bot.scenarios.format import Choice, Scenario, Scene, Write, best_of

Event = dict[str, Any]
Status = Literal["waiting", "running", "paused", "finished"]
MAX_WRITTEN = 4000


class Refused(ValueError):
    """What was asked cannot be done now; the text says why, for the person who asked."""


@dataclass(frozen=True)
class Answer:
    """What a learner answered: the choice, or the points found in what was written."""

    choice: str | None
    found: tuple[str, ...]
    at: float
    seconds: float


@dataclass
class Visit:
    """One showing of a scene. `answers` are scored; `tries` came after the feedback."""

    scene: str
    entered: float
    answers: dict[int, Answer] = field(default_factory=dict)
    tries: dict[int, Answer] = field(default_factory=dict)
    revealed: bool = False

    def latest(self, learner: int) -> Answer | None:
        """What the learner answered last."""
        return self.tries.get(learner) or self.answers.get(learner)


@dataclass
class State:
    """A session as it stands after its events."""

    group: bool = False
    status: Status = "waiting"
    run: int = 1
    path: list[Visit] = field(default_factory=list)
    at: int = 0
    left: list[Visit] = field(default_factory=list)
    earlier: list[list[Visit]] = field(default_factory=list)
    learners: dict[int, float] = field(default_factory=dict)
    closes: float | None = None
    paused_at: float | None = None
    finished_at: float | None = None
    last: float = 0.0

    @property
    def visit(self) -> Visit | None:
        """The scene shown now."""
        return self.path[self.at] if self.path else None

    def visits(self) -> list[Visit]:
        """All that was shown in this run, in the order entered."""
        return sorted([*self.path, *self.left], key=lambda v: v.entered)

    def shows_feedback(self, learner: int | None) -> bool:
        """Whether feedback on the present scene may be seen."""
        visit = self.visit
        if visit is None:
            return False
        return visit.revealed or (not self.group and learner in visit.answers)

    def time_left(self, now: float) -> float | None:
        """Seconds until answers close, at least 0; None without a limit."""
        if self.closes is None:
            return None
        until = self.paused_at if self.paused_at is not None else now
        return max(0.0, self.closes - until)


def apply(state: State, event: Event) -> None:
    """Change the state by one event."""
    at, kind = float(event["at"]), event["kind"]
    visit = state.visit
    state.last = at
    if kind == "opened":
        state.group = bool(event["group"])
    elif kind == "joined":
        state.learners.setdefault(int(event["learner"]), at)
    elif kind == "moved":
        _move(state, str(event["scene"]), at)
    elif kind == "answered" and visit is not None:
        learner = int(event["learner"])
        answer = Answer(event.get("choice"), tuple(event.get("found", ())), at, event["seconds"])
        late = visit.revealed or (not state.group and learner in visit.answers)
        (visit.tries if late else visit.answers)[learner] = answer
    elif kind == "revealed" and visit is not None:
        visit.revealed = True
        state.closes = None
    elif kind == "back":
        state.at = max(0, state.at - 1)
        state.status, state.closes, state.paused_at = "running", None, None
    elif kind == "limited":
        state.closes = at + float(event["seconds"]) if event.get("seconds") else None
    elif kind == "paused":
        state.status, state.paused_at = "paused", at
    elif kind == "resumed":
        if state.closes is not None and state.paused_at is not None:
            state.closes += at - state.paused_at
        state.status, state.paused_at = "running", None
    elif kind == "finished":
        state.status, state.finished_at = "finished", at
        state.closes, state.paused_at = None, None
    elif kind == "again":
        state.earlier.append(state.visits())
        state.path, state.left, state.at, state.run = [], [], 0, state.run + 1
        state.status, state.closes, state.finished_at = "waiting", None, None
        state.paused_at = None


def _move(state: State, scene: str, at: float) -> None:
    following = state.path[state.at + 1 :]
    if following and following[0].scene == scene:
        state.at += 1
    else:
        if state.path:
            state.left += following
            del state.path[state.at + 1 :]
        state.path.append(Visit(scene, at))
        state.at = len(state.path) - 1
    state.status, state.closes, state.paused_at = "running", None, None


def state_of(events: list[Event]) -> State:
    """The state after all events of a session."""
    state = State()
    for event in events:
        apply(state, event)
    return state


def scene_now(scenario: Scenario, state: State) -> Scene | None:
    """The scene shown now."""
    return scenario.scene(state.visit.scene) if state.visit else None


def may_answer(state: State, now: float) -> None:
    """Whether answers are taken.

    Raises:
        Refused: they are not; the text says why.
    """
    if state.status == "paused":
        raise Refused("The session is paused.")
    if state.status != "running":
        raise Refused("The session is not running.")
    if state.time_left(now) == 0:
        raise Refused("The time for this question is over.")


def answer_event(
    scenario: Scenario, state: State, learner: int, now: float, *, choice: str | None, text: str
) -> Event:
    """The event of an answer. What was written is looked through here, and dropped.

    Raises:
        Refused: no answer is taken now, or it is none of the choices.
    """
    may_answer(state, now)
    scene = scene_now(scenario, state)
    if scene is None or scene.decision is None or state.visit is None:
        raise Refused("There is nothing to decide in this scene.")
    if learner not in state.learners:
        raise Refused("You are not in this session.")
    event: Event = {"kind": "answered", "learner": learner, "scene": scene.id}
    event["seconds"] = round(max(0.0, now - state.visit.entered), 1)
    if isinstance(scene.decision, Write):
        if not text.strip():
            raise Refused("Write something first.")
        looked = scene.decision.look_for
        event["found"] = [k.id for k in looked if found_in(text[:MAX_WRITTEN], k.words)]
    else:
        if choice not in {c.id for c in scene.decision.choices}:
            raise Refused("Choose one of the answers.")
        event["choice"] = choice
    return event


def choice_of(scene: Scene, answer: Answer | None) -> Choice | None:
    """The choice that an answer means, or None."""
    if answer is None or scene.decision is None or isinstance(scene.decision, Write):
        return None
    return next((c for c in scene.decision.choices if c.id == answer.choice), None)


def next_scene(scenario: Scenario, state: State, learner: int | None) -> str | None:
    """Where a learner's own answer leads (without a learner: the model answer); None at an
    ending, or where the decision is still to be made."""
    scene = scene_now(scenario, state)
    if scene is None:
        return scenario.first.id
    if scene.goes_to:
        return scene.goes_to
    if scene.decision is None:
        return None
    if learner is not None and state.visit is not None:
        answer = state.visit.latest(learner)
        if answer is None:
            return None
        chosen = choice_of(scene, answer)
        return chosen.goes_to if chosen else scene.targets()[0]
    if isinstance(scene.decision, Write):
        return scene.decision.goes_to
    return best_of(scene.decision).goes_to


def spread(scene: Scene, visit: Visit) -> list[tuple[str, int]]:
    """How often each choice was taken, or each point found, in the order written."""
    if scene.decision is None:
        return []
    if isinstance(scene.decision, Write):
        keys = [k.id for k in scene.decision.look_for]
        given = [f for a in visit.answers.values() for f in a.found]
    else:
        keys = [c.id for c in scene.decision.choices]
        given = [a.choice for a in visit.answers.values() if a.choice]
    return [(key, given.count(key)) for key in keys]
