"""Writing scenarios by the command line, and playing them in the terminal."""

from __future__ import annotations

import json

import pytest
import yaml
from rich.console import Console
from typer.testing import CliRunner

from bot.scenario_commands import scenario_app
from bot.scenarios.authoring import ImportFailed, said_in
from bot.scenarios.checks import check_folder
from bot.scenarios.pages import shown_choices
from bot.scenarios.terminal import TerminalPlay

runner = CliRunner()


def test_new_writes_a_valid_scenario_from_the_answers(tmp_path, library):
    answers = ["The lost glove", "city", "", "", "", "2", "neglect", *[""] * 9, "steps/none",
               "steps/tell-dsl-soon", "", ""]  # fmt: skip
    done = runner.invoke(
        scenario_app, ["new", "--folder", str(tmp_path)], input="\n".join(answers) + "\n"
    )
    assert done.exit_code == 0, done.output
    (file,) = check_folder(tmp_path, library.kinds)
    assert file.problems == []
    assert file.path.name == "the-lost-glove-city.yml"
    assert str(file.scenario.borough) == "city"
    assert file.scenario.assistant[0].expect.route == "early_help"
    again = runner.invoke(scenario_app, ["new", "--folder", str(tmp_path)],
                          input="The lost glove\ncity\n\n")  # fmt: skip
    assert again.exit_code == 1


TRANSCRIPT = """Assistant: Say what you saw or heard.
> Tobias Grunwald says his mum locks him out
Are they safe now?
> yes
"""


def test_import_makes_a_draft_without_names_that_check_calls_unfinished(tmp_path, library):
    source = tmp_path / "talk.txt"
    source.write_text(TRANSCRIPT, encoding="utf-8")
    out = tmp_path / "out" / "locked-out.yml"
    out.parent.mkdir()
    args = ["import", str(source), "--title", "Locked out", "--output", str(out)]
    done = runner.invoke(scenario_app, args)
    assert done.exit_code == 0, done.output
    text = out.read_text(encoding="utf-8")
    assert "Grunwald" not in text
    assert yaml.safe_load(text)["assistant"][0]["says"][1] == "yes"
    (file,) = check_folder(out.parent, library.kinds)
    assert {p.code for p in file.problems} == {"S009"}
    assert all(p.line > 1 for p in file.problems)


@pytest.mark.parametrize(
    "text",
    [json.dumps({"events": [{"event": "user", "text": "a boy is hurt"}, {"event": "bot",
                 "text": "safe?"}, {"event": "user", "text": "/answer{}"}]}),
     json.dumps([{"role": "user", "content": "a boy is hurt"}]),
     "You: a boy is hurt\nBot: safe?"],
)  # fmt: skip
def test_import_reads_json_and_text(text):
    assert said_in(text) == ["a boy is hurt"]


@pytest.mark.parametrize("text", ["", "nothing said", "[1, 2]", "{}", "> "])
def test_import_of_nothing_is_refused(text):
    with pytest.raises(ImportFailed, match="S022"):
        said_in(text)


def test_notes_and_handout_are_whole_pages(tmp_path):
    for kind in ("notes", "handout"):
        out = tmp_path / f"{kind}.html"
        done = runner.invoke(scenario_app, [kind, "scraped-knee-city", "--output", str(out)])
        assert done.exit_code == 0, done.output
        text = out.read_text(encoding="utf-8")
        assert "<style>" in text
        assert "TRAINING" in text
        assert "/training/" not in text  # nothing of the server's is missing beside the file
    assert "Model answer" not in text  # the handout gives nothing away
    assert "best" not in text.split("</style>")[1]


def test_check_of_a_broken_folder_fails_with_the_line(tmp_path):
    (tmp_path / "x.yml").write_text("id: x\n", encoding="utf-8")
    done = runner.invoke(scenario_app, ["check", "--folder", str(tmp_path), "--json"])
    assert done.exit_code == 1
    assert "S002 " in json.loads(done.stdout)["errors"][0]
    assert runner.invoke(scenario_app, ["check", "--json"]).exit_code == 0
    assert runner.invoke(scenario_app, ["check", "--folder", str(tmp_path / "no")]).exit_code == 1


def terminal(library, training, lines, width=100):
    console = Console(width=width, record=True, force_terminal=False)
    given = iter(lines)
    return console, TerminalPlay(library, training, console, lambda _: next(given), lambda: None)


def pick(library, key, scene, choice):
    scenario = library.scenarios[key]
    ids = [c.id for c in shown_choices(scenario, scenario.scene(scene))]
    return str(ids.index(choice) + 1)


def test_terminal_plays_pauses_resumes_and_steps_back(library, training):
    key = "scraped-knee-city"
    token = training.play_alone(library.scenarios[key], library.version)
    console, play = terminal(library, training, ["9", pick(library, key, "morning", "fit"), "p"])
    play.play(token)
    text = console.export_text()
    assert "Choose one of the answers." in text
    assert f"--resume {token}" in text
    lines = ["", "b", "", pick(library, key, "aid", "universal"), "", ""]
    console, play = terminal(library, training, lines)
    play.play(token)
    text = console.export_text()
    assert "TRAINING, not a real case" in text
    assert "Model answer. Level 1" in text
    assert "Debrief: The scraped knee" in text
    assert "Refer: 3 of 3" in text
