"""A model is trained anew when, and only when, something that it is made of changed."""

from __future__ import annotations

import shutil

import pytest

from bot import training

MADE_OF = (
    "config.yml", "domain.yml", "data/nlu/talk.yml", "data/rules/danger.yml",
    "knowledge/content/decisions.yml", "bot/nlu/joint.py", "bot/data/adapter.npz",
)  # fmt: skip


@pytest.mark.parametrize("changed", MADE_OF)
def test_a_change_of_any_part_changes_the_fingerprint(changed, tmp_path, monkeypatch):
    before = training.fingerprint()
    for name in MADE_OF:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(training.ROOT / name, tmp_path / name)
    monkeypatch.setattr(training, "ROOT", tmp_path)
    monkeypatch.setattr(training, "CONFIG", tmp_path / "config.yml")
    monkeypatch.setattr(training, "DOMAIN", tmp_path / "domain.yml")
    monkeypatch.setattr(training, "CONTENT", tmp_path / "knowledge" / "content")
    monkeypatch.setattr(training, "DATA", (tmp_path / "data" / "nlu", tmp_path / "data" / "rules"))
    copied = training.fingerprint()
    assert copied == training.fingerprint() != before
    with (tmp_path / changed).open("ab") as file:
        file.write(b" ")
    assert training.fingerprint() != copied
