"""Sessions: alone or led by a trainer.  Every act is an event, committed, then applied."""

from __future__ import annotations

import asyncio
import logging
import math
import secrets
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot.scenarios.format import Scenario
from bot.scenarios.player import (
    Event,
    Refused,
    State,
    answer_event,
    apply,
    next_scene,
    scene_now,
)
from bot.scenarios.store import Taken, TrainingStore, hashed

logger = logging.getLogger(__name__)

# No vowels and no look-alikes: easily read from a screen, and no words come about.
LETTERS = "BCDFGHJKMNPQRTVWXY346789"
CODE_LENGTH = 6
MAX_LEARNERS = 300
NEW_A_MINUTE = 120
KEPT_IN_MEMORY = 300
SECONDS = 120  # a clock's, where the scenario offers none


@dataclass
class Session:
    """A session in memory: its scenario, its state, and who waits for news of it."""

    id: int
    code: str | None
    scenario: Scenario
    content_version: str
    state: State = field(default_factory=State)
    number: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    looked: float = 0.0

    def tell(self) -> None:
        """Wake everybody who waits; each later wait is for the next change."""
        self.changed.set()
        self.changed = asyncio.Event()


class Training:
    """All sessions of one store."""

    def __init__(self, store: TrainingStore, clock: Callable[[], float] = time.time) -> None:
        """`clock` gives seconds since 1970; tests bring their own."""
        self.store = store
        self._clock = clock
        self._sessions: dict[int, Session] = {}
        self._begun: deque[float] = deque()

    # -- beginning -------------------------------------------------------------------

    def play_alone(self, scenario: Scenario, version: str, token: str | None = None) -> str:
        """Begin alone at the first scene; returns the learner's secret token."""
        token = token or secrets.token_urlsafe(24)
        made = self.store.add_session(
            scenario.model_dump_json(), version, code=None, lead=None, screen=None
        )
        session = self._session(made)
        self._do(session, {"kind": "opened", "group": False})
        learner = self.store.add_learner(made, token)
        self._do(session, {"kind": "joined", "learner": learner})
        self._do(session, {"kind": "moved", "scene": scenario.first.id})
        return token

    def open_group(self, scenario: Scenario, version: str) -> tuple[str, str, str]:
        """Open a group's session; returns its code, the trainer's and the screen's token."""
        lead = secrets.token_urlsafe(24)
        screen = screen_token(lead)
        dump = scenario.model_dump_json()
        while True:
            code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
            try:
                made = self.store.add_session(dump, version, code=code, lead=lead, screen=screen)
                break
            except Taken:
                continue
        self._do(self._session(made), {"kind": "opened", "group": True})
        return code, lead, screen

    def join(self, code: str, token: str | None = None) -> str:
        """Take part in a group's session; returns the learner's secret token.

        Raises:
            Refused: no such code, over, or full.
        """
        found = self.store.session(code=clean_code(code))
        if found is None:
            raise Refused("There is no session with this code. Look at the screen again.")
        session = self._session(found["id"])
        if session.state.status == "finished":
            raise Refused("This session is over.")
        if len(session.state.learners) >= MAX_LEARNERS:
            raise Refused(f"This session is full: {MAX_LEARNERS} have joined.")
        token = token or secrets.token_urlsafe(24)
        learner = self.store.add_learner(session.id, token)
        self._do(session, {"kind": "joined", "learner": learner})
        return token

    def may_begin(self) -> bool:
        """Whether another session may begin now: there is a limit a minute for all."""
        now = time.monotonic()
        while self._begun and self._begun[0] < now - 60:
            self._begun.popleft()
        if len(self._begun) >= NEW_A_MINUTE:
            return False
        self._begun.append(now)
        return True

    # -- finding ---------------------------------------------------------------------

    def of_learner(self, token: str) -> tuple[Session, int] | None:
        """A learner's session and number, or None."""
        found = self.store.learner(token)
        return (self._session(found[0]), found[1]) if found else None

    def of_lead(self, token: str) -> Session | None:
        """The session that a trainer's token leads, or None."""
        found = self.store.session(lead=token)
        return self._session(found["id"], found) if found else None

    def of_screen(self, token: str) -> Session | None:
        """The session that a screen's token shows, or None."""
        found = self.store.session(screen=token)
        return self._session(found["id"], found) if found else None

    def by_id(self, key: int) -> Session:
        """A session by id; KeyError where there is none."""
        return self._session(key)

    def open_sessions(self) -> list[Session]:
        """The sessions held in memory."""
        return list(self._sessions.values())

    def now(self) -> float:
        """The time by the clock in use."""
        return self._clock()

    def _session(self, key: int, row: dict[str, Any] | None = None) -> Session:
        session = self._sessions.pop(key, None)
        if session is None:
            row = row or self.store.session(id=key)
            if row is None:
                raise KeyError(key)
            scenario = Scenario.model_validate_json(row["scenario"])
            session = Session(key, row["code"], scenario, row["content_version"])
            while len(self._sessions) >= KEPT_IN_MEMORY:  # the one used longest ago
                self._sessions.pop(next(iter(self._sessions)))
        self._sessions[key] = session
        self.refresh(session)
        return session

    def refresh(self, session: Session) -> None:
        """Take in what other processes have written."""
        self._take(session, session.number, self.store.events(session.id, session.number))

    async def look(self, session: Session, every: float) -> None:
        """As `refresh`, beside the loop that serves, and at most once in `every` seconds.

        A database that does not answer is asked again later.
        """
        if time.monotonic() - session.looked < every:
            return
        session.looked = math.inf  # until this look is over
        after = session.number
        try:
            self._take(
                session, after, await asyncio.to_thread(self.store.events, session.id, after)
            )
        except SQLAlchemyError as error:
            logger.warning("S020 no news of a session: %s", type(error).__name__)
        finally:
            session.looked = time.monotonic()

    @staticmethod
    def _take(session: Session, after: int, events: list[Event]) -> None:
        news = events[session.number - after :]  # some may have come while they were read
        for event in news:
            apply(session.state, event)
            session.number += 1
        if news:
            session.tell()

    def _do(self, session: Session, event: Event) -> None:
        event["at"] = self._clock()
        while True:
            try:
                self.store.append(session.id, session.number + 1, event)
                break
            except Taken:
                self.refresh(session)
        session.number += 1
        apply(session.state, event)
        session.tell()

    # -- acts of learners ------------------------------------------------------------

    def answer(
        self, session: Session, learner: int, *, choice: str | None = None, text: str = ""
    ) -> None:
        """Take a learner's answer to the scene shown. `text` is not stored.

        Raises:
            Refused: no answer is taken now.
        """
        event = answer_event(
            session.scenario, session.state, learner, self._clock(), choice=choice, text=text
        )
        self._do(session, event)

    def go_on(self, session: Session, learner: int) -> None:
        """Alone: to where the own answer leads; at an ending: finish.

        Raises:
            Refused: the decision is still to be made, or a trainer steps the scenes.
        """
        if session.state.group:
            raise Refused("The trainer steps the scenes.")
        scene = scene_now(session.scenario, session.state)
        target = next_scene(session.scenario, session.state, learner)
        if target is not None:
            self._do(session, {"kind": "moved", "scene": target})
        elif scene is not None and scene.ending is not None:
            if session.state.status != "finished":
                self._do(session, {"kind": "finished"})
        else:
            raise Refused("Decide first.")

    # -- acts of the trainer, and of a learner alone ---------------------------------

    def step(self, session: Session, target: str | None = None) -> None:
        """The trainer goes on: to `target`, or where the model answer leads.

        Raises:
            Refused: `target` does not follow from the present scene.
        """
        scene = scene_now(session.scenario, session.state)
        chosen = target or next_scene(session.scenario, session.state, None)
        if chosen is None:
            self._do(session, {"kind": "finished"})
            return
        allowed = scene.targets() if scene else (session.scenario.first.id,)
        if chosen not in allowed:
            raise Refused("This scene does not follow from the present one.")
        self._do(session, {"kind": "moved", "scene": chosen})

    def limit_alone(self, session: Session) -> None:
        """Alone: start the clock that the scenario offers here, or stop it.

        Raises:
            Refused: there is nothing to decide.
        """
        scene = scene_now(session.scenario, session.state)
        if scene is None or scene.decision is None:
            raise Refused("There is nothing to decide in this scene.")
        running = session.state.closes is not None
        self.act(session, "limit", None if running else scene.decision.seconds or SECONDS)

    def act(self, session: Session, kind: str, seconds: int | None = None) -> None:
        """`reveal`, `back`, `pause`, `resume`, `finish`, `again`, or `limit` with seconds.

        Raises:
            Refused: it makes no sense now.
        """
        state = session.state
        if kind == "limit":
            if state.status != "running" or (seconds is not None and not 5 <= seconds <= 3600):
                raise Refused("A time limit is from 5 seconds to 1 hour, while a scene is shown.")
            self._do(session, {"kind": "limited", "seconds": seconds})
            return
        wanted = {
            "reveal": ("revealed", state.status in {"running", "paused"}),
            "back": ("back", state.at > 0),
            "pause": ("paused", state.status == "running"),
            "resume": ("resumed", state.status == "paused"),
            "finish": ("finished", state.status in {"running", "paused"}),
            "again": ("again", bool(state.path)),
        }
        if kind not in wanted:
            raise Refused("There is no such act.")
        event, possible = wanted[kind]
        if not possible:
            raise Refused("That cannot be done now.")
        self._do(session, {"kind": event})
        if kind == "again" and not state.group:
            self._do(session, {"kind": "moved", "scene": session.scenario.first.id})


def screen_token(lead: str) -> str:
    """The screen's token of a trainer's: any server can name it, and nobody can turn it back."""
    return hashed(f"screen:{lead}")[:40]


def clean_code(code: str) -> str:
    """A code as typed: capitals, without spaces and dashes."""
    return "".join(c for c in code.upper() if c.isalnum())[:CODE_LENGTH]
