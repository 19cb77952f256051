"""Plays a scenario in the terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from bot.scenarios.debrief import day_of, of_learner, record_of
from bot.scenarios.format import Write
from bot.scenarios.library import Library
from bot.scenarios.pages import RULES, shown_choices, word
from bot.scenarios.player import Refused, scene_now
from bot.scenarios.scoring import decided
from bot.scenarios.session import Session, Training
from knowledge.plain_text import as_text

COLOURS = {"best": "green", "fair": "blue", "weak": "yellow", "harmful": "red",
           "good": "green", "mixed": "yellow", "poor": "red"}  # fmt: skip
HELP = "b: step back   again: replay   p: pause and leave"


class TerminalPlay:
    """One learner at one terminal."""

    def __init__(
        self, library: Library, training: Training, console: Console, ask: Callable[[str], str],
        assistant: Callable[[], Any],
    ) -> None:  # fmt: skip
        """`ask` reads a line; `assistant` loads the assistant when it is first needed."""
        self._library, self._training = library, training
        self._console, self._ask, self._load = console, ask, assistant
        self._assistant: Any = None

    def play(self, token: str) -> None:
        """Play on from where the session of a token stands, to its end or a pause."""
        found = self._training.of_learner(token)
        if found is None:
            raise KeyError(token)
        session, learner = found
        self._line(f"Content warning: {session.scenario.warning}", "yellow")
        if session.state.status == "paused":
            self._training.act(session, "resume")
        while session.state.status != "finished":
            if not self._turn(session, learner, token):
                return
        self._debrief(session, learner)

    def _line(self, text: str, style: str | None = None) -> None:
        self._console.print(text, style=style, markup=False, highlight=False)

    def _turn(self, session: Session, learner: int, token: str) -> bool:
        scene, visit = scene_now(session.scenario, session.state), session.state.visit
        if scene is None or visit is None:
            return False
        title = f"TRAINING, not a real case: {session.scenario.title}"
        body = f"{scene.when}\n\n{scene.see}"
        self._console.print(Panel(body, title=title, border_style="magenta", highlight=False))
        if scene.ending:
            text = f"{word(scene.ending.outcome)}. {scene.ending.text}"
            self._line(text, COLOURS[scene.ending.outcome])
        elif scene.decision is not None:
            self._line(scene.decision.question, "bold")
            if not isinstance(scene.decision, Write):
                for number, choice in enumerate(shown_choices(session.scenario, scene), start=1):
                    self._line(f"  {number}. {choice.text}")
        answered = visit.latest(learner)
        if answered is not None:
            self._feedback(session, learner)
        if scene.decision is None or answered is not None:
            begins = "Enter: go on"
        elif isinstance(scene.decision, Write):
            begins = "write your answer, without real names   ask: the assistant"
        else:
            begins = "number: choose   ask: the assistant"
        self._line(f"{begins}   {HELP}", "dim")
        return self._act(session, learner, token, scene, answered)

    def _act(self, session: Session, learner: int, token: str, scene: Any, answered: Any) -> bool:
        line = self._ask("> ").strip()
        try:
            if line in {"p", "q", "quit", "exit"}:
                self._training.act(session, "pause")
                self._line(f"Paused. Go on with: bot scenario play --resume {token}")
                return False
            if line in {"b", "back"}:
                self._training.act(session, "back")
            elif line == "again":
                self._training.act(session, "again")
            elif line == "ask":
                self._aid()
            elif scene.decision is None or answered is not None:
                self._training.go_on(session, learner)
            elif isinstance(scene.decision, Write):
                self._training.answer(session, learner, text=line)
            else:
                shown = shown_choices(session.scenario, scene)
                number = int(line) if line.isdecimal() else 0
                choice = shown[number - 1].id if 1 <= number <= len(shown) else None
                self._training.answer(session, learner, choice=choice)
        except Refused as refused:
            self._line(str(refused), "red")
        return True

    def _aid(self) -> None:
        if self._assistant is None:
            self._line("loading the assistant ...", "dim")
            self._assistant = self._load()
        sender = self._assistant.new_sender()
        self._line("The assistant, in training. An empty line goes back to the scene.", "magenta")
        while text := self._ask("ask> ").strip():
            for message in self._assistant.say(sender, text):
                self._line(as_text(message) + "\n")

    def _feedback(self, session: Session, learner: int) -> None:
        visit = session.state.visit
        answer = visit.latest(learner) if visit else None
        row = decided(session.scenario, visit, answer) if visit and answer else None
        if row is None:
            return
        self._line(f"{word(row.verdict)}. {row.feedback}", COLOURS[row.verdict])
        for ref in row.because:
            one = self._library.show(ref)
            self._line(f"  {one.label}: {one.text} [{one.ref}; {one.source or 'listed'}]", "dim")
        if row.missed:
            self._line(f"Model answer: {row.model}", "green")

    def _debrief(self, session: Session, learner: int) -> None:
        made = of_learner(session.scenario, session.state, learner)
        table = Table(title=f"Debrief: {session.scenario.title}", title_justify="left")
        for heading in ("when", "you decided", "verdict", "model answer"):
            table.add_column(heading)
        for row in made.rows:
            shown = row.model if row.missed else "as you did"
            table.add_row(row.when, row.given, word(row.verdict), shown)
        self._console.print(table)
        for strand, (got, of) in made.score.strands.items():
            self._line(f"{word(strand)}: {got:g} of {of}")
        self._line(made.score.timely_text)
        for rule in made.score.broken:
            self._line(f"What should not be done: you {RULES[rule]}.", "red")
        if made.complete:
            record = record_of(session.id, learner, session.state)
            self._line(f"Certificate of completion: {session.scenario.title}, "
                       f"{day_of(session.state, session.state.last)}, content version "
                       f"{session.content_version}, record {record}.", "green")  # fmt: skip
        self._line("To talk about:", "bold")
        for question in session.scenario.debrief:
            self._line(f"- {question}")
        self._line("Read next:", "bold")
        for ref in session.scenario.read:
            self._line(f"- {self._library.show(ref).text}")
