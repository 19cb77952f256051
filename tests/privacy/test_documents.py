"""The privacy documents against the code."""

from __future__ import annotations

import re

import pytest

from bot.paths import ROOT
from bot.privacy.finding import PLACEHOLDERS

FOLDER = ROOT / "docs" / "privacy"
PAGES = sorted(FOLDER.glob("*.md"))


def test_every_test_that_is_named_exists():
    code = "".join(f.read_text(encoding="utf-8") for f in (ROOT / "tests").rglob("test_*.py"))
    for page in PAGES:
        for name in re.findall(r"`(test_\w+)`", page.read_text(encoding="utf-8")):
            assert f"def {name}(" in code, f"{name} in {page.name}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_file_that_is_named_exists(page):
    text = page.read_text(encoding="utf-8")
    for name in re.findall(r"`((?:bot|tests|data|docs|deploy)/[\w./-]+)`", text):
        assert (ROOT / name).exists(), f"{name} in {page.name}"


def test_every_placeholder_is_in_the_data_map():
    text = (FOLDER / "data-map.md").read_text(encoding="utf-8")
    assert [p for p in PLACEHOLDERS.values() if p not in text] == []


def test_every_hazard_has_a_control_and_both_levels():
    text = (FOLDER / "hazard-log.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (H\d+) \|(.*)\|$", text, re.MULTILINE)
    assert [key for key, _ in rows] == [f"H{n}" for n in range(1, len(rows) + 1)]
    for key, row in rows:
        cells = [c.strip() for c in row.split("|")]
        assert len(cells) == 5, key
        assert all(re.fullmatch(r"S[1-4] L[1-5] (low|medium|high)", c) for c in cells[3:]), key
        assert not cells[4].endswith("high"), key


def test_every_code_of_deletion_and_audit_is_explained():
    text = (FOLDER / "retention.md").read_text(encoding="utf-8")
    files = [ROOT / "bot/retention.py", *(ROOT / "bot/audit").glob("*.py"), ROOT / "bot/audit_commands.py",
             ROOT / "bot/privacy/measure.py", ROOT / "bot/privacy_commands.py"]  # fmt: skip
    codes = {c for f in files for c in re.findall(r"B\d{3}", f.read_text(encoding="utf-8"))}
    assert codes <= set(re.findall(r"B\d{3}", text))
