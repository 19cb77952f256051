"""docs/training.md against the models: every field, choice and code is documented."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from bot.evaluate.vignettes import Vignette
from bot.scenarios import format as fmt
from bot.scenarios import reader
from knowledge.vocabulary import DoNot

ROOT = Path(__file__).resolve().parents[3]
GUIDE = (ROOT / "docs" / "training.md").read_text(encoding="utf-8")
PARTS = {
    "Scenario": [fmt.Scenario],
    "Scene": [fmt.Scene],
    "Decision": [fmt.Choose, fmt.UseAssistant, fmt.Write],
    "Choice": [fmt.Choice],
    "Point to look for": [fmt.LookFor],
    "Ending": [fmt.Ending],
    "Rubric": [fmt.Rubric],
    "Model answer (`assistant`)": [Vignette],
}


def section(heading: str) -> str:
    return GUIDE.split(f"### {heading}\n", 1)[1].split("\n## ", 1)[0].split("\n### ", 1)[0]


@pytest.mark.parametrize("heading", PARTS)
def test_every_field_is_documented_and_no_other(heading):
    fields = {name for model in PARTS[heading] for name in model.model_fields}
    text = section(heading)
    if heading.startswith("Model answer"):
        named = set(re.findall(r"`([a-z_]+)`", text))
    else:
        rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
        named = {name for row in rows for name in re.findall(r"`([a-z_]+)`", row)}
    assert named == fields


def test_every_word_that_may_be_chosen_is_documented():
    words = {*get_args(fmt.Verdict), *get_args(fmt.Strand), *fmt.THEMES, *map(str, DoNot)}
    assert {w for w in words if w not in GUIDE} == set()


def test_every_code_is_documented_and_named_somewhere():
    files = [*ROOT.glob("bot/scenarios/*.py"), ROOT / "bot" / "scenario_commands.py"]
    used = {c for f in files for c in re.findall(r"\bS0\d\d\b", f.read_text(encoding="utf-8"))}
    assert used == set(re.findall(r"^\| (S0\d\d) \|", GUIDE, re.MULTILINE))
    assert set(re.findall(r"S0\d\d", reader.__doc__ or "")) <= used


def test_links_and_pictures_are_there():
    for target in re.findall(r"\]\(([^)#]+)\)", GUIDE):
        assert (ROOT / "docs" / target).exists(), target


def test_no_number_stands_in_templates_and_code():
    for path in [*ROOT.glob("bot/scenarios/templates/*.html"), *ROOT.glob("bot/scenarios/*.py")]:
        assert not re.search(r"\b0\d{2,4} \d{3,4} \d{3,4}\b", path.read_text(encoding="utf-8"))
