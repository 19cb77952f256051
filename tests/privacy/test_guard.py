"""Nothing that identifies reaches what is kept: conversations, logs, audit, counts.

Real messages go through the running servers, also where parts fail; then every file that
was written is searched for what they held.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import uuid

import psutil
import pytest

from bot.audit.record import audit_log
from bot.paths import BUILD, ROOT, TRACKERS
from tests.servers.running import say

MESSAGES = [
    ("Gniewko Szczepański born 02/05/2013 says his mum locks him out", ["gniewko", "szczepa", "02/05/2013"]),
    ("yesterday kosisochukwu told miss olowookere that she wants to die", ["kosisochukwu", "olowookere"]),
    ("Mrs Thistlewood hit zmarak with a ruler", ["thistlewood", "zmarak"]),
    ("lives at Flat 9, 212 Osbaldeston Road, N16 7QX", ["osbaldeston", " 7qx"]),
    ("mum's mobile is 07700 900461, mail qzx.parent@example.org", ["900461", "qzx.parent"]),
    ("her snap is shadowfox9931 and insta @lil.zikora77", ["shadowfox9931", "lil.zikora77"]),
    ("UPN A987654321012, NHS 943 476 5919, NI AB 45 67 89 C", ["a987654321012", "943 476 5919", "45 67 89"]),
    ("passport number is XK7654321, car reg LD63 XKQ", ["xk7654321", "ld63 xkq"]),
    ("https://www.tiktok.com/@mia.zorblax/video/7301777", ["mia.zorblax", "7301777"]),
    ("moved here from Elmgrovewood Primary School", ["elmgrovewood"]),
    ("/Gittelzorb told me", ["gittelzorb"]),
    ('/answer{"safe_now": "Breindelzorb"}', ["breindelzorb"]),
    ("NDULUMKOZORB CAME IN WITH A BLACK EYE", ["ndulumkozorb"]),
    ("they call him Yazhinizorb. " * 60, ["yazhinizorb"]),
    ("does consent matter for Wareeshazorb", ["wareeshazorb"]),
    ("delete my conversation, I typed Shprintzazorb by mistake", ["shprintzazorb"]),
]  # fmt: skip


def _part(process, word: str) -> psutil.Process:
    children = psutil.Process(process.pid).children(recursive=True)
    return next(c for c in children if word in c.cmdline())


def _written() -> dict[str, str]:
    files = [f for f in BUILD.rglob("*") if f.is_file() and f.stat().st_size < 50_000_000]
    # The model and Microsoft's test client are full of bytes by chance like any short word.
    kept = [f for f in files if "model" not in f.name and "playground" not in f.parts]
    return {str(f): f.read_bytes().decode("utf-8", errors="ignore").lower() for f in kept}


@pytest.fixture(scope="module")
def spoken(server):
    """Everything said, once in the usual way and once with the actions hanging."""
    address, process, _ = server
    sender = uuid.uuid4().hex
    answers = [say(address, text, sender) for text, _ in MESSAGES]
    actions = _part(process, "actions")
    os.kill(actions.pid, signal.SIGSTOP)
    try:
        failed = say(address, "Aseda Frimpongzorb was hit by Havinzorb", uuid.uuid4().hex)
    finally:
        os.kill(actions.pid, signal.SIGCONT)
    assert failed[0]["custom"]["id"] == "fallback-when-down"
    time.sleep(3.5)  # counts and audit are written
    return answers


def test_no_identifier_is_kept_anywhere(spoken):
    seeds = [s for _, seeds in MESSAGES for s in seeds] + ["frimpongzorb", "havinzorb"]
    found = [(s, name) for name, text in _written().items() for s in seeds if s in text]
    assert found == []


def test_no_identifier_is_said_back(spoken):
    said = json.dumps(spoken).lower()
    assert [s for _, seeds in MESSAGES for s in seeds if s in said] == []


def test_guard_would_see_a_leak(spoken):
    """What may be kept is found by the same search, so that silence means something."""
    assert any("audit" in text and "child_protection" in text for text in _written().values())


def test_audit_follows_the_servers(spoken):
    verdict = audit_log().verify()
    assert verdict.faults == ()
    rows = audit_log().rows()
    assert {"guidance", "talk_deleted", "fallback"} <= {r["event"] for r in rows}
    assert all(r["content_version"] for r in rows if r["event"] == "guidance")
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "audit", "verify"], cwd=ROOT, capture_output=True
    )
    assert done.returncode == 0


def _events_of(sender: str) -> int:
    with sqlite3.connect(f"file:{TRACKERS}?mode=ro", uri=True) as db:
        return int(
            db.execute("SELECT count(*) FROM events WHERE sender_id = ?", (sender,)).fetchone()[0]
        )


@pytest.mark.parametrize(
    "words", ["delete my conversation", "please delete everything i typed", "erase this chat"]
)
def test_user_deletes_the_conversation_and_nothing_is_left(server, words):
    address, _, _ = server
    sender, other = uuid.uuid4().hex, uuid.uuid4().hex
    say(address, "boy in year 4 with a bruise on his ear, lives in Hackney", sender)
    say(address, "boy in year 4 with a bruise on his ear", other)
    assert _events_of(sender) > 0
    answer = say(address, words, sender)
    assert [m["custom"]["id"] for m in answer] == ["talk-deleted"]
    assert _events_of(sender) == 0
    assert _events_of(other) > 0
    again = say(address, "summary please", sender)
    assert "summary-intro" not in [m["custom"].get("id") for m in again]


def test_question_about_deleting_tells_how(assistant):
    answer = assistant.say(assistant.new_sender(), "is what i type saved")
    assert any("delete my conversation" in m.get("text", "") for m in answer)


def test_deletion_in_the_terminal(assistant):
    sender = assistant.new_sender()
    assistant.say(sender, "a teacher shoved a child")
    assert assistant.slots(sender)
    assert assistant.say(sender, "delete my conversation")[0]["id"] == "talk-deleted"
    assert assistant.slots(sender) == {}


@pytest.mark.parametrize(
    "words", ["start again", "he deleted the messages from her phone", "can dad be made to delete the photo",
              "how long are our child protection files kept"],
)  # fmt: skip
def test_what_only_sounds_like_deleting_deletes_nothing(assistant, words):
    sender = assistant.new_sender()
    assistant.say(sender, "a teacher shoved a child in the corridor, our school is in Hackney")
    answer = assistant.say(sender, words)
    assert "talk-deleted" not in [m.get("id") for m in answer]
