"""Each scenario's model answer against the real assistant, here and through Rasa's own test."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
import yaml

from bot.evaluate.judge import judge
from bot.evaluate.player import play
from bot.paths import MODEL, ROOT
from bot.scenarios.library import FOLDER, Library
from bot.scenarios.replay import vignettes_of
from bot.scenarios.stories import STORIES, stories_text

VIGNETTES = {v.id: v for v in vignettes_of(Library(FOLDER).scenarios.values())}


@pytest.mark.parametrize("name", VIGNETTES)
def test_the_assistant_answers_as_the_model_answer_says(name, assistant):
    assert judge(play(assistant, VIGNETTES[name])) == []


def test_the_stories_hold_every_model_answer():
    stories = yaml.safe_load(STORIES.read_text(encoding="utf-8"))["stories"]
    said = {s["story"]: [step["user"] for step in s["steps"] if "user" in step] for s in stories}
    assert set(said) == set(VIGNETTES)
    for name, vignette in VIGNETTES.items():
        plain = [t.replace("[", "").split("]")[0] for t in said[name][: len(vignette.says)]]
        starts = [v.split()[0] for v in vignette.says]
        assert [p.split()[0] for p in plain] == starts, name


def test_a_scenario_that_the_assistant_contradicts_is_left_out_and_named(assistant):
    library = Library(FOLDER)
    scenario = library.scenarios["scraped-knee-city"]
    talk = scenario.assistant[0].model_copy(deep=True)
    talk.expect.route = "child_protection"
    wrong = scenario.model_copy(update={"assistant": (talk,)})
    text, failed = stories_text(assistant, [wrong])
    assert failed
    assert "scraped-knee-city.scooter: route is" in failed[0]
    assert "scooter" not in text


@pytest.mark.slow
def test_rasa_runs_the_stories(trained, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "rasa", "test", "core", "--e2e", "--no-plot",
         "--model", str(MODEL), "--stories", str(STORIES.parent), "--out", str(tmp_path),
         "--fail-on-prediction-errors"],
        cwd=ROOT, capture_output=True, text=True, timeout=280,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    report = json.loads((tmp_path / "story_report.json").read_text(encoding="utf-8"))
    assert report["conversation_accuracy"]["total"] == len(VIGNETTES)
    assert report["conversation_accuracy"]["correct"] == len(VIGNETTES)
