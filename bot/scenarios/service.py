"""The one training service of a process: pages and text channels share its sessions."""

from __future__ import annotations

from functools import lru_cache

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
