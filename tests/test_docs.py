"""The documentation against the code: what exists is documented, what is named exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from knowledge import errors
from knowledge.vocabulary import Domain

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
TEAMS = (ROOT / "docs" / "teams.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs" / "content.md").read_text(encoding="utf-8")


def test_every_error_code_is_documented():
    codes = set(re.findall(r"K\d{3}", errors.__doc__ or ""))
    assert codes
    assert codes <= set(re.findall(r"K\d{3}", GUIDE))


def test_every_setting_is_documented():
    files = [*ROOT.glob("bot/**/*.py"), *ROOT.glob("knowledge/*.py")]
    used = {
        name
        for file in files
        for name in re.findall(r"\"(BOT_[A-Z_]+)\"", file.read_text(encoding="utf-8"))
    }
    assert used
    named = set(re.findall(r"`(BOT_[A-Z_]+)[`=]", README + OPERATIONS + TEAMS))
    assert used == {name for name in named if not name.endswith("_FILE")}


PRIVACY = [
    f"docs/privacy/{n}.md" for n in ("data-map", "dpia", "hazard-log", "redaction", "retention")
]


PAGES = ["README.md", "docs/content.md", "docs/operations.md", "docs/capacity.md", *PRIVACY]


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        if not target.startswith("http"):
            assert ((ROOT / page).parent / target).exists(), target


def test_every_content_file_is_explained():
    for path in (ROOT / "knowledge" / "content").glob("*.yml"):
        assert path.name in GUIDE, path.name


def test_every_intent_has_a_rule_and_enough_examples():
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    intents = {next(iter(i)) if isinstance(i, dict) else i for i in domain["intents"]}
    ruled = set()
    for file in (ROOT / "data" / "rules").glob("*.yml"):
        for rule in yaml.safe_load(file.read_text(encoding="utf-8"))["rules"]:
            ruled |= {step["intent"] for step in rule["steps"] if "intent" in step}
    assert intents == ruled
    counts: dict[str, int] = {}
    for file in (ROOT / "data" / "nlu").glob("*.yml"):
        for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            found = entry["examples"].strip().count("\n") + 1
            counts[entry["intent"]] = counts.get(entry["intent"], 0) + found
    # Danger is set by the red flags, answers come from buttons, fallback from doubt.
    made = {"immediate_danger", "answer", "nlu_fallback"}
    assert {i for i in intents - made if counts.get(i, 0) < 25} == set()


def test_domains_have_no_gap_in_the_vocabulary():
    assert len(Domain) >= 38
