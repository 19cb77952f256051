"""What is written: JSON compared with an earlier one, JUnit, the page."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup

from bot.evaluate.compare import ReportError, compare, read_report
from bot.evaluate.junit import write_junit
from bot.evaluate.report import full_report, summary
from bot.evaluate.report_html import render
from tests.bot.evaluate.runs import guidance, run

GOOD = [guidance("lado", None, "city", "city-lado")]
BAD = [guidance("low_level_concern", None, "city")]


def _report(first, second):
    return full_report(
        [run("a-<b>", {"route": "lado"}, first), run("c", {"route": "lado"}, second)]
    )


def test_report_keeps_the_agreed_shape():
    report = json.loads(json.dumps(_report(GOOD, BAD)))
    assert (report["passed"], report["failed"]) == (1, 1)
    assert report["hazardous_under_triage"]["count"] == 1
    agreed = {"id", "passed", "reasons", "outcome", "questions", "turns", "unplanned"}
    assert agreed <= set(report["results"][0])
    assert len(report["worst"]) == 1


def test_a_new_failure_is_a_regression_and_is_named():
    found = compare(_report(GOOD, BAD), _report(GOOD, GOOD))
    assert found.regressed
    assert found.newly_failing == found.newly_hazardous == ("c",)
    assert any("c" in line and "REGRESSION" in line for line in found.lines())


def test_an_old_failure_and_a_mended_one_are_no_regression():
    assert not compare(_report(GOOD, BAD), _report(GOOD, BAD)).regressed
    mended = compare(_report(GOOD, GOOD), _report(BAD, GOOD))
    assert not mended.regressed
    assert mended.newly_passing == ("a-<b>",)


def test_vignettes_of_one_report_alone_are_told():
    alone = full_report([run("new", {"route": "lado"}, GOOD)])
    found = compare(alone, _report(GOOD, GOOD))
    assert found.not_in_that == ("new",)
    assert found.not_in_this == ("a-<b>", "c")
    assert not found.regressed


@pytest.mark.parametrize(("text", "code"), [(None, "E010"), ("{", "E011"), ('{"a": 1}', "E011")])
def test_what_is_no_report_is_refused(text, code, tmp_path):
    path = tmp_path / "earlier.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(ReportError, match=code):
        read_report(path)


def test_junit_tells_failures_and_their_kind(tmp_path):
    path = tmp_path / "made" / "junit.xml"
    report = _report(GOOD, BAD)
    report["results"][1]["reasons"].append("a control\x00character")
    write_junit(report, path)
    suite = ElementTree.parse(path).getroot().find("testsuite")  # noqa: S314 - our own file
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    failure = suite.findall("testcase")[1].find("failure")
    assert failure.get("type") == "hazardous under-triage"
    assert "control" in failure.get("message")


def test_page_needs_nothing_else_and_escapes_what_it_shows():
    report = _report(BAD, BAD)
    report["noise"] = [
        {"kind": "slips", "route_accuracy": 0.5, "points_lost": 1.5, "hazardous": 1,
         "new_hazardous": ["c"]}
    ]  # fmt: skip
    text = render(report, compare(report, _report(GOOD, BAD)))
    page = BeautifulSoup(text, "html.parser")
    assert not page.find_all(["script", "link", "img", "b-", "iframe"])
    assert "http" not in text.replace("http-equiv", "")
    assert "a-<b>" in page.get_text()
    assert len(page.find_all("svg")) == 3
    assert all(svg.get("aria-label") for svg in page.find_all("svg"))
    assert "REGRESSION" in page.get_text()


def test_page_of_no_runs_can_be_made():
    assert "None failed" in render(full_report([]))
    assert summary(full_report([]))


def test_every_error_of_the_bench_is_documented():
    from bot.paths import ROOT

    text = "".join(p.read_text() for p in (ROOT / "bot" / "evaluate").glob("*.py"))
    guide = (ROOT / "docs" / "evaluating.md").read_text()
    codes = set(re.findall(r"\bE0\d\d\b", text))
    assert len(codes) >= 8
    assert codes <= set(re.findall(r"^\| (E0\d\d) ", guide, re.M))


def test_every_option_of_the_command_is_documented():
    import inspect

    from bot.evaluate.command import evaluate
    from bot.paths import ROOT

    guide = (ROOT / "docs" / "evaluating.md").read_text()
    for name in inspect.signature(evaluate).parameters:
        if name != "files":
            assert f"`--{'json' if name == 'as_json' else name}" in guide, name
