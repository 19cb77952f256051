"""The audit log: a chain that shows every change, and holds no content."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from bot.audit.log import FIRST, AuditLog, audit
from bot.audit.record import Recorder, rows_of
from bot.paths import ROOT
from bot.stores.engines import make_engine
from bot.watch.turn import ANSWERED, FALLBACK, TurnLog


def turn(**changes) -> TurnLog:
    """A turn that gave guidance."""
    made = TurnLog("rest", outcome=ANSWERED, content_version="2026-11-24-abc", danger="now")
    made.kinds = ["guidance:"]
    made.outcomes = [
        {"route": "child_protection", "level": 4, "borough": "hackney",
         "contact_ids": ["hackney-mash", "hackney-edt"], "deadline": "same_day"}
    ]  # fmt: skip
    for key, value in changes.items():
        setattr(made, key, value)
    return made


@pytest.fixture
def log(database):
    made = AuditLog(make_engine(database))
    for _ in range(4):
        made.append(rows_of(turn()))
    return made


def break_open(log: AuditLog, *statements: str) -> None:
    """What somebody with the owner's rights can do: drop the guards, then change rows."""
    with log.engine.begin() as db:
        if db.dialect.name == "sqlite":
            db.execute(sa.text("DROP TRIGGER audit_no_update"))
            db.execute(sa.text("DROP TRIGGER audit_no_delete"))
        else:
            db.execute(sa.text("DROP TRIGGER audit_append_only ON audit"))
        for statement in statements:
            db.execute(sa.text(statement))


def test_audit_chain_is_whole(log):
    verdict = log.verify()
    assert (verdict.rows, verdict.faults) == (4, ())
    rows = log.rows()
    assert rows[0]["previous"] == FIRST
    assert rows[3]["previous"] == rows[2]["hash"]
    assert rows[0]["contacts"] == "hackney-mash,hackney-edt"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET route = 'universal' WHERE id = 2",
        "UPDATE audit SET at = '2020-01-01T00:00:00Z' WHERE id = 4",
        "UPDATE audit SET level = NULL WHERE id = 1",
        "DELETE FROM audit WHERE id = 2",
        "DELETE FROM audit WHERE id = 1",
    ],
)
def test_audit_shows_a_change(log, statement):
    break_open(log, statement)
    assert log.verify().faults


def test_audit_shows_rows_taken_off_the_end_by_a_head_noted_before(log):
    verdict = log.verify()
    break_open(log, "DELETE FROM audit WHERE id = 4")
    assert log.verify().faults == ()
    assert log.verify((4, verdict.head)).faults


def test_audit_table_refuses_changes(log):
    for statement in ("UPDATE audit SET route = 'x'", "DELETE FROM audit"):
        with pytest.raises(DBAPIError, match="append-only"), log.engine.begin() as db:
            db.execute(sa.text(statement))
    assert log.verify().rows == 4


def test_audit_key_cannot_be_done_without(database):
    keyed = AuditLog(make_engine(database), b"a secret of the council")
    keyed.append(rows_of(turn()))
    assert keyed.verify().faults == ()
    assert AuditLog(make_engine(database), b"another").verify().faults
    assert AuditLog(make_engine(database)).verify().faults


def test_audit_takes_rows_of_many_writers(database):
    def write(_: int) -> None:
        log = AuditLog(make_engine(database))
        for _ in range(5):
            for _try in range(20):
                try:
                    log.append(rows_of(turn()))
                    break
                except DBAPIError:  # SQLite was busy, or the table was made twice
                    continue

    AuditLog(make_engine(database)).append([])
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    verdict = AuditLog(make_engine(database)).verify()
    assert (verdict.rows, verdict.faults) == (20, ())


def test_audit_rows_hold_identifiers_of_ours_only():
    """Even where a bug upstream put words in, they do not get in."""
    bad = turn(channel="Ayaan Hassan said", content_version="his mum's name")
    bad.outcomes = [{"route": "told me Ayaan", "level": "four", "borough": "E8 4AB!", "contact_ids": ["a b"]}]  # fmt: skip
    row = rows_of(bad)[0]
    kept = json.dumps(row)
    assert "Ayaan" not in kept
    assert "mum" not in kept
    assert {row["channel"], row["route"], row["borough"], row["contacts"]} == {"other"}
    assert row["level"] is None


def test_audit_rows_of_a_turn():
    assert [r["event"] for r in rows_of(turn())] == ["guidance"]
    assert [r["event"] for r in rows_of(turn(outcome=FALLBACK))] == ["fallback"]
    assert [r["event"] for r in rows_of(turn(kinds=["notice:talk-deleted"]))] == ["talk_deleted"]
    assert rows_of(turn(outcomes=[])) == []


def test_audit_has_no_column_for_a_sender_or_a_text():
    assert {c.name for c in audit.columns} == {
        "id", "at", "turn", "channel", "event", "route", "level", "borough", "contacts", "deadline", "danger",
        "content_version", "previous", "hash",
    }  # fmt: skip


def test_recorder_keeps_rows_until_the_database_is_back(tmp_path):
    folder = tmp_path / "away"
    log = AuditLog(sa.create_engine(f"sqlite:///{folder}/audit.db", future=True))
    recorder = Recorder(log)
    recorder._waiting.extend(rows_of(turn()))
    assert recorder.write() is False
    folder.mkdir()
    assert recorder.write() is True
    assert log.verify().rows == 1
    recorder.write()
    assert log.verify().rows == 1


def test_audit_command_verifies_and_fails_on_a_change(tmp_path):
    url = f"sqlite:///{tmp_path / 'audit.db'}"
    log = AuditLog(make_engine(url))
    log.append(rows_of(turn()) + rows_of(turn()))

    def bot(*words: str) -> subprocess.CompletedProcess[str]:
        import os

        command = [sys.executable, "-m", "bot.cli", "audit", *words]
        env = {**os.environ, "BOT_AUDIT_URL": url}
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=env)

    good = bot("verify", "--json")
    assert good.returncode == 0
    assert json.loads(good.stdout)["rows"] == 2
    head = bot("head").stdout.strip()
    assert bot("verify", "--head", head).returncode == 0
    break_open(log, "DELETE FROM audit WHERE id = 2")
    assert bot("verify").returncode == 0
    assert bot("verify", "--head", head).returncode == 1
    assert bot("verify", "--head", "nonsense").returncode == 2
