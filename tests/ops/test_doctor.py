"""`bot doctor`: each thing that can be wrong is found and its mend is named."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot import doctor
from bot.doctor import examine

ROOT = Path(__file__).resolve().parents[2]


def codes(env: dict[str, str] | None = None) -> set[str]:
    return {f.code for f in examine({} if env is None else env) if f.wrong}


def test_doctor_finds_nothing_wrong_here(trained):
    assert codes() == set()


@pytest.mark.parametrize(
    ("env", "code"),
    [
        ({"BOT_REDIS_URL": "nonsense"}, "B060"),
        ({"BOT_TRACKER_URL": "postgresql://a:secret9@127.0.0.1:1/b"}, "D012"),
        ({"BOT_REDIS_URL": "redis://127.0.0.1:1/0"}, "D015"),
        ({"BOT_ACTION_URLS": "http://127.0.0.1:1/webhook"}, "D016"),
    ],
)
def test_doctor_names_what_does_not_answer(trained, env, code):
    found = [f for f in examine(env) if f.wrong]
    assert code in {f.code for f in found}
    assert all(f.mend for f in found)
    assert "secret9" not in " ".join(str(f) for f in found)


def test_doctor_old_database_form(trained, postgres):
    assert "D013" in codes({"BOT_DATA_URL": postgres})


def test_doctor_damaged_model_and_fixed_answer(trained, monkeypatch, tmp_path):
    model = tmp_path / "model.tar.gz"
    monkeypatch.setattr(doctor, "MODEL", model)
    assert "D009" in codes()
    model.write_bytes(b"half")
    assert "D010" in codes()
    monkeypatch.setattr(doctor, "FALLBACK", tmp_path / "none.json")
    assert "D008" in codes()


def test_doctor_full_disk_and_wrong_packages(trained, monkeypatch):
    monkeypatch.setattr(doctor, "LEAST_FREE", 1 << 60)
    monkeypatch.setattr(doctor, "_PACKAGES", {"rasa": "9.", "no-such-package": "1."})
    assert {"D002", "D004"} <= codes()


def test_doctor_command_prints_json_and_fails_when_wrong(trained):
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "doctor", "--json"],
        cwd=ROOT, capture_output=True, text=True,
        env={**os.environ, "BOT_REDIS_URL": "nonsense"},
    )  # fmt: skip
    assert done.returncode == 1
    assert json.loads(done.stdout)[0]["code"] == "B060"
