"""Plays vignettes: sends what is said, answers what is asked, keeps what was shown."""

from __future__ import annotations

import logging
import sqlite3
import tempfile
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from bot.evaluate.vignettes import Vignette, as_list
from knowledge.payloads import answer_payload

if TYPE_CHECKING:
    from bot.runtime.talk import Assistant

MAX_TURNS = 30
SAME_QUESTION = 3


class Speaker(Protocol):
    """What can be talked to: an assistant in this process, or a channel."""

    def new_sender(self) -> str:
        """An id for a new talk."""

    def say(self, sender: str, text: str) -> list[dict[str, Any]]:
        """One turn: the JSON messages that come back."""


@dataclass
class Run:
    """What came of one vignette."""

    vignette: Vignette
    turns: list[list[dict[str, Any]]] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    unplanned: list[str] = field(default_factory=list)
    stuck: bool = False
    leaked: list[str] = field(default_factory=list)

    @property
    def messages(self) -> list[dict[str, Any]]:
        """All messages of the run, in order."""
        return [m for turn in self.turns for m in turn]


def _open_question(turn: list[dict[str, Any]]) -> dict[str, Any] | None:
    questions = [m for m in turn if m["type"] == "question"]
    return questions[-1] if questions else None


def _answer_for(question: dict[str, Any], run: Run) -> Any:
    key = question["id"]
    planned = run.vignette.answers
    if key not in planned:
        run.unplanned.append(key)
        return ["unsure"] if question["multiple"] else "unsure"
    answer = planned[key]
    if question["multiple"]:
        if answer == "suggested":
            shown = [o["value"] for o in question["options"] if o.get("suggested")]
            return shown or ["unsure"]
        return [str(a) for a in as_list(answer)]
    return str(answer)


def play(speaker: Speaker, vignette: Vignette) -> Run:
    """Play one vignette to its end."""
    run = Run(vignette)
    sender = speaker.new_sender()
    for text in vignette.says:
        _keep(run, speaker.say(sender, text))
    times: dict[str, int] = {}
    while len(run.turns) < MAX_TURNS:
        question = _open_question(run.turns[-1])
        if question is None:
            break
        times[question["id"]] = times.get(question["id"], 0) + 1
        if times[question["id"]] >= SAME_QUESTION:
            run.stuck = True
            break
        menu = question["id"] == "resource_topic" and "resource_topic" not in vignette.answers
        if menu and _has_outcome(run):
            break
        _keep(run, speaker.say(sender, answer_payload(question["id"], _answer_for(question, run))))
    return run


def _has_outcome(run: Run) -> bool:
    return any("outcome" in m for m in run.messages)


def _keep(run: Run, messages: list[dict[str, Any]]) -> None:
    run.turns.append(messages)
    run.questions += [m["id"] for m in messages if m["type"] == "question"]


class _LogKeeper(logging.Handler):
    """Keeps every log line at every level, for the search after identifiers."""

    def __init__(self) -> None:
        super().__init__(level=logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        try:
            self.lines.append(record.getMessage())
        except (TypeError, ValueError):
            self.lines.append(str(record.msg))


def _stored(database: Path) -> str:
    """Everything in every table of a SQLite database, as text."""
    parts: list[str] = []
    with sqlite3.connect(database) as db:
        tables = [r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        for table in tables:
            for row in db.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - names from the file
                parts += [str(cell) for cell in row]
    return "\n".join(parts)


def play_all(
    vignettes: Iterable[Vignette],
    tell: Callable[[int], None] | None = None,
    through: Callable[[Assistant], AbstractContextManager[Speaker]] = nullcontext,
) -> list[Run]:
    """Play vignettes through one assistant with a SQL tracker store of its own.

    `through` opens the channel by which the assistant is spoken to; by default none.
    """
    from rasa.core.tracker_store import SQLTrackerStore
    from rasa.shared.core.domain import Domain

    from bot.paths import DOMAIN
    from bot.runtime.talk import Assistant

    runs: list[Run] = []
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "tracker.db"
        store = SQLTrackerStore(Domain.load(str(DOMAIN)), dialect="sqlite", db=str(database))
        assistant = Assistant(store)
        keeper = _LogKeeper()
        logging.getLogger().addHandler(keeper)
        opened = ExitStack()
        try:
            speaker = opened.enter_context(through(assistant))
            for vignette in vignettes:
                keeper.lines.clear()
                run = play(speaker, vignette)
                if vignette.not_stored:
                    kept = _stored(database) + "\n".join(keeper.lines) + str(run.turns)
                    run.leaked = [s for s in vignette.not_stored if s.lower() in kept.lower()]
                runs.append(run)
                if tell:
                    tell(len(runs))
        finally:
            opened.close()
            logging.getLogger().removeHandler(keeper)
            store.engine.dispose()
    return runs
