"""Plays vignettes: sends what is said, answers what is asked, keeps what was shown."""

from __future__ import annotations

import logging
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from bot.evaluate.vignettes import Vignette, as_list
from knowledge.payloads import answer_payload

if TYPE_CHECKING:
    from bot.runtime.talk import Assistant

MAX_TURNS = 30
SAME_QUESTION = 3


class ChannelFault(RuntimeError):
    """B090: what the channel did is not what the assistant said."""


class Speaker(Protocol):
    """What can be talked to: an assistant in this process, or a channel."""

    def new_sender(self) -> str:
        """An id for a new talk."""

    def say(self, sender: str, text: str) -> list[dict[str, Any]]:
        """One turn: the JSON messages that come back."""


Opener = Callable[["Assistant"], AbstractContextManager[Speaker]]


@dataclass
class Run:
    """What came of one vignette.

    `needless` are questions that were asked again after they had been answered by a button.
    `fault` is what the channel did wrong, which ended the run.
    `guess` is the intent of the first message with its confidence, and `flagged` whether a red
    flag set it; None where the speaker cannot tell.
    """

    vignette: Vignette
    turns: list[list[dict[str, Any]]] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    unplanned: list[str] = field(default_factory=list)
    needless: list[str] = field(default_factory=list)
    stuck: bool = False
    fault: str = ""
    leaked: list[str] = field(default_factory=list)
    guess: tuple[str, float] | None = None
    flagged: bool = False

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
    try:
        _play(speaker, vignette, run)
    except ChannelFault as error:
        run.fault = str(error)
    return run


def _play(speaker: Speaker, vignette: Vignette, run: Run) -> None:
    sender = speaker.new_sender()
    for text in vignette.says:
        _keep(run, speaker.say(sender, text))
    times: dict[str, int] = {}
    answered: set[str] = set()
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
        if question["id"] in answered:
            run.needless.append(question["id"])
        answered.add(question["id"])
        _keep(run, speaker.say(sender, answer_payload(question["id"], _answer_for(question, run))))


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


def _last_rows(database: Path) -> dict[str, int]:
    """The highest row number of every table."""
    with sqlite3.connect(database) as db:
        names = [r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        rows = {n: db.execute(f'SELECT max(rowid) FROM "{n}"').fetchone()[0] for n in names}  # noqa: S608
    return {name: last or 0 for name, last in rows.items()}


def _stored(database: Path, before: dict[str, int]) -> str:
    """What has come into any table since `before`, as text: so that a run is judged alone,
    whichever runs went before it in the same process."""
    parts: list[str] = []
    with sqlite3.connect(database) as db:
        for table in _last_rows(database):
            rows = db.execute(
                f'SELECT * FROM "{table}" WHERE rowid > ?',  # noqa: S608 - names from the file
                (before.get(table, 0),),
            )
            parts += [str(cell) for row in rows for cell in row]
    return "\n".join(parts)


def _guess(assistant: Assistant, run: Run) -> None:
    """Note what the understanding made of the first message."""
    parsed = assistant.parse(run.vignette.says[0])
    intent = parsed.get("intent") or {}
    run.guess = (str(intent.get("name")), float(intent.get("confidence") or 0.0))
    run.flagged = any(f["state"] == "now" for f in parsed.get("red_flags") or [])


@contextmanager
def open_player(through: Opener = nullcontext) -> Iterator[Callable[[Vignette], Run]]:
    """One assistant with a SQL tracker store of its own; gives what plays a vignette.

    `through` opens the channel by which the assistant is spoken to; by default none.
    """
    from rasa.core.tracker_store import SQLTrackerStore
    from rasa.shared.core.domain import Domain

    from bot.paths import DOMAIN
    from bot.runtime.talk import Assistant

    with ExitStack() as opened:
        database = Path(opened.enter_context(tempfile.TemporaryDirectory())) / "tracker.db"
        store = SQLTrackerStore(Domain.load(str(DOMAIN)), dialect="sqlite", db=str(database))
        opened.callback(store.engine.dispose)
        assistant = Assistant(store)
        keeper = _LogKeeper()
        logging.getLogger().addHandler(keeper)
        opened.callback(logging.getLogger().removeHandler, keeper)
        speaker = opened.enter_context(through(assistant))

        def play_one(vignette: Vignette) -> Run:
            keeper.lines.clear()
            before = _last_rows(database) if vignette.not_stored else {}
            run = play(speaker, vignette)
            _guess(assistant, run)
            if vignette.not_stored:
                kept = _stored(database, before) + "\n".join(keeper.lines) + str(run.turns)
                run.leaked = [s for s in vignette.not_stored if s.lower() in kept.lower()]
            return run

        yield play_one


def play_all(
    vignettes: Iterable[Vignette],
    tell: Callable[[int], None] | None = None,
    through: Opener = nullcontext,
) -> list[Run]:
    """Play vignettes one after the other in this process; `tell` hears how many are done."""
    runs: list[Run] = []
    with open_player(through) as play_one:
        for vignette in vignettes:
            runs.append(play_one(vignette))
            if tell:
                tell(len(runs))
    return runs
