"""Replays each scenario's model answer against the real assistant, and judges it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.evaluate.judge import report_of
from bot.evaluate.player import Run, play_all
from bot.evaluate.vignettes import Vignette
from bot.scenarios.format import Scenario


def talk_id(scenario: str, talk: str) -> str:
    """The id of a talk among all scenarios' talks."""
    return f"{scenario}.{talk}"


def vignettes_of(scenarios: Iterable[Scenario]) -> list[Vignette]:
    """Every model answer as a vignette of the evaluation bench."""
    return [
        talk.model_copy(update={"id": talk_id(scenario.id, talk.id)})
        for scenario in scenarios
        for talk in scenario.assistant
    ]


def replay(scenarios: Iterable[Scenario]) -> tuple[list[Run], dict[str, Any]]:
    """Play every model answer through the whole pipeline; the runs and the bench's report."""
    runs = play_all(vignettes_of(scenarios))
    return runs, report_of(runs)
