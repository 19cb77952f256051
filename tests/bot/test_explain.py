"""`bot ask --explain`: everything that led to the reply, and no identifier."""

from __future__ import annotations

import json

import pytest

from bot.explain import as_lines, explain, rule_for


@pytest.fixture(scope="module")
def worry(assistant):
    return explain(
        assistant, "Tobias Grunwald in Homerton, yr 4, comes in hungry and dirty every day"
    )


def test_it_shows_the_redacted_text_alone(worry):
    assert "Grunwald" not in json.dumps(worry)
    assert "Homerton" in worry["text"]


def test_it_shows_all_that_was_understood(worry):
    assert worry["intent"]["name"] == "worried_about_child"
    assert 0 < worry["intent"]["confidence"] <= 1
    assert "place" in [e["entity"] for e in worry["entities"]]
    assert worry["level"]["level"] in {1, 2, 3, 4}
    assert worry["level"]["at_least"] == sorted(worry["level"]["at_least"], reverse=True)
    assert all({"id", "text", "level", "score", "grade"} <= set(i) for i in worry["indicators"])
    assert [i["score"] for i in worry["indicators"]] == sorted(
        (i["score"] for i in worry["indicators"]), reverse=True
    )


def test_it_names_rule_action_and_trace(worry):
    assert worry["actions"] == ["action_child_concern"]
    assert worry["rule"] == {"name": "worried about child", "file": "child.yml"}
    assert any(line.startswith("level ") for line in worry["trace"])
    assert "asks safe_now" in worry["trace"]


def test_it_names_the_rule_of_a_red_flag(assistant):
    found = explain(assistant, "a boy has a knife in my classroom now")
    (flag,) = [f for f in found["red_flags"] if f["id"] == "weapon"]
    assert flag["state"] == "now"
    assert "pattern" in flag["because"]
    assert found["intent"]["name"] == "immediate_danger"
    assert any("answered: emergency" in line for line in found["trace"])


def test_an_adult_shows_the_row_of_the_matrix(assistant):
    found = explain(assistant, "a teaching assistant at our school slapped a pupil")
    assert any(line.startswith("row ") for line in found["trace"])


def test_it_reads_well(worry):
    text = "\n".join(as_lines(worry))
    for heading in ("Text, redacted:", "Intent:", "Entities:", "Red flags:", "Indicators:",
                    "Action:", "Decision:"):  # fmt: skip
        assert heading in text


def test_no_rule_is_no_rule():
    assert rule_for("greet", "action_child_concern") is None
