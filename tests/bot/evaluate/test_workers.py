"""Several processes give what one gives, in the same order."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from bot.evaluate.player import play
from bot.evaluate.report import full_report
from bot.evaluate.vignettes import read_vignettes
from bot.evaluate.workers import workers_for
from bot.paths import ROOT

JOURNEYS = ROOT / "tests" / "journeys" / "adult.yml"


def test_few_vignettes_are_not_worth_a_process():
    assert workers_for(0) == workers_for(20) == 1
    assert 1 <= workers_for(10_000) <= 4


@pytest.mark.slow
def test_command_with_two_workers_gives_what_one_process_gives(assistant, tmp_path):
    page, junit = tmp_path / "page.html", tmp_path / "junit.xml"
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "evaluate", str(JOURNEYS), "--json", "--workers", "2",
         "--html", str(page), "--junit", str(junit)],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    report = json.loads(done.stdout)
    here = full_report([play(assistant, v) for v in read_vignettes([JOURNEYS])])
    for one, other in zip(report["results"], here["results"], strict=True):
        assert one == json.loads(json.dumps(other))
    assert done.returncode == (1 if report["failed"] else 0)
    assert page.read_text().startswith("<!doctype html>")
    assert "testsuites" in junit.read_text()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nowhere.yml"], "E001"),
        ([str(JOURNEYS), "--noise", "rain"], "E012"),
        ([str(JOURNEYS), "--against", "nowhere.json"], "E010"),
    ],
)
def test_wrong_arguments_are_told_in_a_line(arguments, code):
    from typer.testing import CliRunner

    from bot.cli import app

    result = CliRunner().invoke(app, ["evaluate", *arguments])
    assert result.exit_code == 2
    assert code in result.stderr
    assert "Mend:" in result.stderr
