"""The written reports say plainly what was not reached."""

from __future__ import annotations

import pytest

from scripts import compare, evaluation

TOTAL = {"of": 100, "wrong": 0, "rate": 0.0, "upper95": 0.036}
REPORT = {
    "passed": 10,
    "failed": 0,
    "hazardous_under_triage": {"count": 0, "of": 400, "upper95": 0.0092},
    "noise": [{"kind": "slips", "of": 10, "route_accuracy": 0.9, "points_lost": 2.0,
               "hazardous": 0, "new_hazardous": []}],
}  # fmt: skip
FLAGS = {"emergencies": {"total": TOTAL}, "near_misses": {"total": TOTAL}}


def _reached(report, flags):
    return [ok for _, _, ok in evaluation.goals(report, flags)]


def test_all_is_reached_where_all_is_well():
    assert all(_reached(REPORT, FLAGS))


@pytest.mark.parametrize(
    ("report", "flags", "at"),
    [
        ({"failed": 1}, {}, 0),
        ({"hazardous_under_triage": {"count": 4, "of": 400, "upper95": 0.0254}}, {}, 1),
        ({}, {"emergencies": {"total": {**TOTAL, "wrong": 1}}}, 2),
        ({}, {"near_misses": {"total": {**TOTAL, "wrong": 3, "rate": 0.03}}}, 3),
        ({"noise": [{**REPORT["noise"][0], "points_lost": 3.1}]}, {}, 4),
        ({"noise": [{**REPORT["noise"][0], "new_hazardous": ["a"]}]}, {}, 5),
    ],
)
def test_what_falls_short_is_told(report, flags, at):
    reached = _reached({**REPORT, **report}, {**FLAGS, **flags})
    assert [n for n, ok in enumerate(reached) if not ok] == [at]


def test_pages_name_what_falls_short(tmp_path, monkeypatch):
    monkeypatch.setattr(evaluation, "ROOT", tmp_path)
    kinds = {"fire": {"of": 4, "wrong": ["help <now>", "smoke", "flames"]}}
    total = {**TOTAL, "wrong": 3}
    for name, verdict in (
        ("emergencies", "| none missed | NO |"),
        ("emergencies_hard", "| none set | - |"),
    ):
        banks = {name: {"kinds": kinds, "total": total}}
        path = tmp_path / "flags.md"
        evaluation.written("red_flags.md.j2", path, banks=banks, most=0.03, most_shown=2)
        page = path.read_text()
        assert verdict in page
        assert "help &lt;now>" in page
        assert "flames" not in page
        assert "and 1 more" in page
    row = {**REPORT["noise"][0], "points_lost": 4.0, "new_hazardous": ["some-id"]}
    evaluation.written("noise.md.j2", tmp_path / "noise.md", rows=[row], most=3.0)
    assert "| NO |" in (tmp_path / "noise.md").read_text()
    assert "`some-id`" in (tmp_path / "noise.md").read_text()


def test_peers_page_says_what_is_not_reached():
    good, bad = compare.At(0.3, 0.96, 0.9, 0.9), compare.At(0.3, 0.5, 0.5, 0.5)
    lines = compare.verdicts({"ours": good, "Rasa default (DIET)": bad}, 9.0)
    assert not any("NOT" in line for line in lines)
    lines = compare.verdicts({"ours": bad, "Rasa default (DIET)": good}, 20.0)
    assert all("NOT reached" in line for line in lines)
