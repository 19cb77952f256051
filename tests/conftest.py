"""Slow things, made once a run: the trained model, the loaded assistant, the servers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def trained() -> None:
    """The knowledge base is loaded and the model trained (at once if nothing changed)."""
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "train"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def assistant(trained: None):
    """The whole assistant in this process."""
    from bot.runtime.talk import Assistant

    return Assistant()


@pytest.fixture(scope="session")
def school_port() -> int:
    """The port of a school's site in the tests, whose pages may embed the widget."""
    from tests.servers.running import free_port

    return free_port()


@pytest.fixture(scope="session")
def server(trained: None, school_port: int) -> Iterator[tuple[str, subprocess.Popen[str], Path]]:
    """Both servers under their supervisor on a free port: address, process, log."""
    from tests.servers.running import running

    origins = {"BOT_ORIGINS": f"http://127.0.0.1:{school_port}"}
    with running(ROOT / "build" / "test-server.log", origins) as started:
        yield started
