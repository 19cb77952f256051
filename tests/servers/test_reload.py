"""Content that is loaded while the assistant runs answers at once, and no talk is lost."""

from __future__ import annotations

import shutil
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from knowledge.content import CONTENT_DIR
from tests.servers.running import ROOT, say

OLD, NEW = "020 8356 5500", "020 8356 5001"
ANSWERS = {"child_borough": "hackney", "indicators": "1", "more": "no", "consent": "yes",
           "child_age": "not sure"}  # fmt: skip


def _load(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot.cli", "knowledge", "load", "--content", str(folder)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)


@pytest.fixture
def changed(tmp_path):
    """A copy of the content with another number of the MASH; what was served comes back."""
    shutil.copytree(CONTENT_DIR, tmp_path / "content")
    contacts = tmp_path / "content" / "contacts.yml"
    contacts.write_text(contacts.read_text().replace(OLD, NEW))
    yield tmp_path / "content"
    assert _load(CONTENT_DIR).returncode == 0


def _question(messages):
    asked = [m["custom"]["id"] for m in messages if m["custom"]["type"] == "question"]
    return asked[-1] if asked else None


def _guidance(messages):
    return next((m["custom"] for m in messages if m["custom"]["type"] == "guidance"), None)


def test_reload_answers_with_the_new_content_and_keeps_the_talk(server, changed):
    address, sender = server[0], uuid.uuid4().hex
    say(address, "a boy in my class is always hungry and dirty", sender)
    messages = say(address, "yes he is safe for now", sender)
    version = messages[-1]["custom"]["content_version"]
    assert _question(messages) == "child_borough"

    bad = changed / "zz.yml"
    bad.write_text("contacts: [")
    assert _load(changed).returncode == 1
    assert say(address, "mash number", uuid.uuid4().hex)[0]["custom"]["content_version"] == version

    bad.unlink()
    assert _load(changed).returncode == 0
    asked = []
    for _ in range(8):
        question = _question(messages)
        asked.append(question)
        messages = say(address, ANSWERS[question], sender)
        if (guidance := _guidance(messages)) is not None:
            break
    assert guidance is not None
    assert "safe_now" not in asked
    assert guidance["content_version"] != version
    phones = {c["id"]: c["phone"] for c in guidance["contacts"]}
    assert phones["hackney-mash"] == NEW
    assert guidance["outcome"]["borough"] == "hackney"
    assert [t["table"] for t in guidance["trace"]][-1] == "plan_choices"
