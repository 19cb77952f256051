"""The fixed texts of the page and the widget."""

from __future__ import annotations

import re

from bot.channels.texts import emergency, notice, texts
from bot.paths import ROOT, WIDGET


def test_every_text_is_used_and_none_holds_a_number_to_ring():
    files = [*WIDGET.glob("src/*.ts"), *WIDGET.glob("templates/*"), WIDGET / "build.mjs"]
    files += (ROOT / "bot" / "channels").glob("*.py")
    code = "".join(file.read_text(encoding="utf-8") for file in files)
    unused = [k for k in texts() if f'"{k}"' not in code and not k.startswith("when_")]
    assert unused == []
    ringable = re.compile(r"\b(999|0(20|800|808) ?\d)")
    assert [k for k, words in texts().items() if ringable.search(words)] == []
    shown = [f for f in files if f.suffix != ".py"]
    written = [f.name for f in shown if ringable.search(f.read_text(encoding="utf-8"))]
    assert written == []


def test_notices_bring_the_numbers_of_the_knowledge_base(trained):
    made = notice("too_many")
    assert made["custom"]["id"] == "too-many"
    assert emergency() in made["text"]
    ids = {c["id"] for c in made["custom"]["contacts"]}
    assert {"police-emergency", "hackney-mash", "city-children-families"} <= ids
