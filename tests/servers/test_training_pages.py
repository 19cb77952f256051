"""Training's pages as forms and files: replay, steps, the own clock, exports, live preview."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator

import pytest

from bot.scenarios.library import FOLDER
from bot.scenarios.xapi import faults
from tests.servers.running import ROOT, free_port
from tests.servers.test_training import training_server

pytestmark = pytest.mark.server
KEY = "scraped-knee-city"


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    port = free_port()
    with training_server(tmp_path_factory.mktemp("pages"), port):
        yield f"http://127.0.0.1:{port}"


def send(url: str, form: str = "") -> tuple[str, str]:
    """(where a form leads to, the page there)."""
    with urllib.request.urlopen(url, form.encode(), timeout=20) as answer:
        return answer.url, answer.read().decode()


def get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=20) as answer:
        return answer.read().decode()


def test_alone_with_steps_back_a_pause_a_clock_and_a_replay(address):
    me, page = send(f"{address}/training/play/{KEY}")
    assert "Tuesday, 8.55am" in page and "Play against the clock" in page
    assert "Time left" in send(f"{me}/limit")[1]
    assert "Stop the clock" in send(f"{me}/pause")[1] or "Go on from here" in get(me)
    assert "Go on from here" in get(me)
    send(f"{me}/resume")
    assert "Time left" not in send(f"{me}/limit")[1]
    assert "Model answer" in send(f"{me}/answer", "choice=fit")[1]
    assert "Tuesday, 10.30am" in send(f"{me}/next")[1]
    assert "Tuesday, 8.55am" in send(f"{me}/back")[1]
    send(f"{me}/next")
    send(f"{me}/answer", "choice=universal")
    send(f"{me}/next")
    assert "Play it again" in send(f"{me}/next")[1]
    assert "Certificate of completion" in get(f"{me}/certificate")
    again = send(f"{me}/again")[1]
    assert "Tuesday, 8.55am" in again and "Model answer" not in again


def test_a_groups_answers_are_exported_without_names(address):
    lead, page = send(f"{address}/training/open/{KEY}")
    found = re.search(r"code ([A-Z0-9]{6})", page)
    assert found
    code = found.group(1)
    me, _ = send(f"{address}/training/join", f"code={code}")
    send(f"{lead}/step")
    send(f"{me}/answer", "choice=fit")
    send(f"{lead}/reveal")
    send(f"{lead}/finish")  # halfway: no completion
    assert "Certificate" not in get(f"{me}")
    (row,) = csv.DictReader(io.StringIO(get(f"{lead}/export.csv")))
    assert (row["learner"], row["verdict"], row["scenario"]) == ("1", "best", KEY)
    statements = json.loads(get(f"{lead}/xapi.json"))
    assert [s["verb"]["display"]["en-GB"] for s in statements] == ["initialized", "answered"]
    assert [f for s in statements for f in faults(s)] == []
    assert "1 took part" in get(f"{lead}/debrief")
    assert "Play it again" in get(lead)


def test_preview_is_drawn_anew_when_its_file_is_saved(tmp_path):
    file = tmp_path / f"{KEY}.yml"
    text = (FOLDER / f"{KEY}.yml").read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    port = free_port()
    url = f"http://127.0.0.1:{port}/preview"
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "scenario", "preview", str(file), "--port", str(port)],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        until = time.monotonic() + 90
        while True:
            try:
                assert "Nothing is wrong" in get(url)
                break
            except OSError:
                assert process.poll() is None and time.monotonic() < until
                time.sleep(0.2)
        wrong = text.replace("steps/", "steps/no-such-")
        save = threading.Timer(2.0, file.write_text, [wrong])
        save.start()
        with urllib.request.urlopen(f"{url}/events", timeout=20) as events:
            assert events.readline() == b"event: reload\n"
        page = get(url)
        assert "S006" in page and f"{KEY}.yml:" in page
    finally:
        process.terminate()
        process.wait(20)
