"""Scenarios' model answers as Rasa test stories, so that `rasa test core --e2e` runs them.

A story holds what is said, the intent and entities understood, and the action taken.  They
are written from a run that met every expectation, and kept under version control: from then
on a change of understanding or dialogue shows as a failed story.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from bot.evaluate.judge import judge
from bot.evaluate.player import play
from bot.paths import ROOT
from bot.scenarios.format import Scenario
from bot.scenarios.replay import vignettes_of

STORIES = ROOT / "tests" / "stories" / "test_scenarios.yml"
HEAD = "# Written by `bot scenario stories` from data/scenarios; do not edit by hand.\n"


class _Recorder:
    """An assistant that remembers the talk it is in."""

    def __init__(self, assistant: Any) -> None:
        self.assistant, self.sender = assistant, ""

    def new_sender(self) -> str:
        """An id for a new talk."""
        self.sender = str(self.assistant.new_sender())
        return self.sender

    def say(self, sender: str, text: str) -> list[dict[str, Any]]:
        """One turn."""
        return list(self.assistant.say(sender, text))


def stories_text(assistant: Any, scenarios: Iterable[Scenario]) -> tuple[str, list[str]]:
    """The file of stories, and the talks that failed and are therefore not in it."""
    recorder = _Recorder(assistant)
    stories: list[dict[str, Any]] = []
    failed: list[str] = []
    for vignette in vignettes_of(scenarios):
        reasons = judge(play(recorder, vignette))
        if reasons:
            failed.append(f"{vignette.id}: {'; '.join(reasons)}")
            continue
        story = yaml.safe_load(assistant.story(recorder.sender))["stories"][0]
        steps = [
            {k: v.strip() if k == "user" else v for k, v in step.items()}
            for step in story["steps"]
            if "slot_was_set" not in step
        ]
        stories.append({"story": vignette.id, "steps": steps})
    body = yaml.safe_dump(
        {"version": "3.1", "stories": stories}, sort_keys=False, allow_unicode=True, width=1000
    )
    return HEAD + body, failed


def write_stories(text: str, path: Path = STORIES) -> None:
    """Write the file of stories."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
