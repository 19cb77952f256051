"""Starts `bot serve` for tests, and ends it again."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(
    log: Path, env: dict[str, str] | None = None
) -> Iterator[tuple[str, subprocess.Popen[str], Path]]:
    """The servers, ready; the log holds all that they print."""
    port = free_port()
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "serve", "--port", str(port)],
            cwd=ROOT,
            stdout=out,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            env={**os.environ, **(env or {})},
        )
        try:
            until = time.monotonic() + 270  # with nine others on two cores it took 190
            while "Open http" not in log.read_text():
                if process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError("the servers did not start:\n" + log.read_text())
                time.sleep(0.2)
            yield f"http://127.0.0.1:{port}", process, log
        finally:
            if process.poll() is None:
                os.kill(process.pid, signal.SIGINT)
                try:
                    process.wait(60)
                except subprocess.TimeoutExpired:  # or it would hide why a start failed
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()


def say(address: str, text: str, sender: str) -> list[dict[str, Any]]:
    """One turn over REST."""
    request = urllib.request.Request(
        f"{address}/webhooks/rest/webhook",
        json.dumps({"sender": sender, "message": text}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return list(json.load(answer))
