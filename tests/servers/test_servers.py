"""The running product: never silent, nothing that identifies is kept, clean start and stop."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from pathlib import Path

import psutil
import pytest

from bot.paths import LOGS, TRACKERS
from tests.servers.running import ROOT, say

SEEDS = [
    "Oluwaseun",
    "Katarzyna",
    "Featherstonehaugh",
    "07700900461",
    "qzx@example.org",
    "14/02/2015",
]


def _part(process: subprocess.Popen[str], word: str) -> psutil.Process:
    children = psutil.Process(process.pid).children(recursive=True)
    return next(c for c in children if word in c.cmdline())


def _ids(messages):
    return [c["id"] for m in messages for c in m["custom"].get("contacts", [])]


def test_server_gives_fixed_answer_in_five_seconds_when_actions_hang_and_recovers(server):
    address, process, _ = server
    actions = _part(process, "actions")
    os.kill(actions.pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        messages = say(address, "mash number please", uuid.uuid4().hex)
        took = time.monotonic() - began
    finally:
        os.kill(actions.pid, signal.SIGCONT)
    assert took < 5
    assert messages[0]["custom"]["id"] == "fallback-when-down"
    assert {"police-emergency", "hackney-mash", "city-children-families"} <= set(_ids(messages))
    assert "999" in messages[0]["text"]
    time.sleep(1)
    assert "hackney-mash" in _ids(say(address, "mash number please", uuid.uuid4().hex))


def test_server_restarts_actions_that_died(server):
    address, process, _ = server
    os.kill(_part(process, "actions").pid, signal.SIGKILL)
    first = say(address, "mash number please", uuid.uuid4().hex)
    assert "999" in first[0]["text"]
    until = time.monotonic() + 20
    while time.monotonic() < until:
        messages = say(address, "mash number please", uuid.uuid4().hex)
        if messages[0]["custom"]["id"] == "contact-intro":
            return
        time.sleep(0.5)
    pytest.fail("the action server did not come back")


def test_server_keeps_no_identifier(server):
    address, _, log = server
    sender = uuid.uuid4().hex
    say(address, f"{SEEDS[0]} {SEEDS[2]} born {SEEDS[5]} says mum hits her", sender)
    say(address, f"my friend {SEEDS[1]} knows, ring {SEEDS[3]} or write to {SEEDS[4]}", sender)
    say(address, f"{SEEDS[1].lower()} told me again", sender)
    kept = [log, *LOGS.rglob("*"), *TRACKERS.parent.glob(TRACKERS.name + "*")]
    for file in (f for f in kept if f.is_file()):
        text = file.read_bytes().decode("utf-8", errors="ignore").lower()
        for seed in SEEDS:
            assert seed.lower() not in text, f"{seed} in {file}"


def test_server_escapes_commands_of_users(server):
    address, _, _ = server
    messages = say(address, '/answer{"safe_now": "<script>"}', uuid.uuid4().hex)
    assert all("<script>" not in m["text"] for m in messages)
    assert say(address, "/session_start", uuid.uuid4().hex)


def test_serve_names_a_busy_port_in_one_line():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "bot.cli", "serve", "--port", str(port)],
            cwd=ROOT, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
    assert done.returncode != 0
    assert str(port) in done.stderr
    assert "Mend" in done.stderr


def test_serve_stops_every_process_on_interrupt(trained, tmp_path):
    from tests.servers.running import running

    with running(Path(tmp_path) / "log") as (_, process, _log):
        children = psutil.Process(process.pid).children(recursive=True)
        assert children
        os.kill(process.pid, signal.SIGINT)
        process.wait(20)
    _gone, alive = psutil.wait_procs(children, timeout=5)
    assert not alive
