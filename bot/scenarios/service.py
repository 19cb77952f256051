"""The one training service of a process: pages and text channels share its sessions."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from bot.scenarios.library import Library
from bot.scenarios.session import Training
from bot.scenarios.store import TrainingStore


@lru_cache(maxsize=1)
def shared_training() -> Training:
    """The sessions in the configured store.

    Raises:
        TrainingStoreError: the database cannot be opened.
    """
    return Training(TrainingStore())


@lru_cache(maxsize=1)
def shared_library() -> Library:
    """The scenarios that come with the program.

    Raises:
        ScenarioError: one of them is wrong.
    """
    return Library()


@lru_cache(maxsize=1)
def shared_aid() -> Any:
    """The assistant as an aid (`bot.scenarios.assistant.TrainingAssistant`), loaded when it is
    first needed: training's pages run without Rasa too."""
    from bot.scenarios.assistant import TrainingAssistant

    return TrainingAssistant()


_serving: list[Any] = []


def serves(app: Any) -> None:
    """Name the server whose agent text channels ask in training."""
    _serving[:] = [app]


def serving_agent() -> Any:
    """The agent of the server named last, or None."""
    return getattr(_serving[0].ctx, "agent", None) if _serving else None
