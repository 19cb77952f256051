"""What the servers' shortcut rests on: after an action of ours Rasa can only listen."""

from __future__ import annotations

import yaml

from bot.paths import ROOT


def test_every_rule_is_an_intent_and_one_action():
    rules = [
        rule
        for path in sorted((ROOT / "data" / "rules").glob("*.yml"))
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]
    ]
    assert len(rules) > 25
    for rule in rules:
        assert [next(iter(step)) for step in rule["steps"]] == ["intent", "action"], rule["rule"]
