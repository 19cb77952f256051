"""Scenarios, knowledge and a store of its own for each test."""

from __future__ import annotations

import pytest

from bot.scenarios.library import FOLDER, Library
from bot.scenarios.session import Training
from bot.scenarios.store import TrainingStore


@pytest.fixture(scope="session")
def library() -> Library:
    return Library(FOLDER)


class Clock:
    """Seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def url(tmp_path) -> str:
    return f"sqlite:///{tmp_path / 'training.db'}"


@pytest.fixture
def training(url, clock):
    made = Training(TrainingStore(url), clock)
    yield made
    made.store.close()
