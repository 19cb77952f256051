"""What a change of content means for staff, in plain words; and vignettes under both."""

from __future__ import annotations

import datetime as dt
import json
import shutil

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.editing.play import compare
from bot.editing.versions import VersionError, find_version
from knowledge.changes import HEADINGS, changes, learns_alike
from knowledge.content import CONTENT_DIR, dump_of, load_content, read_dump, write_dump

TODAY = dt.date(2026, 11, 24)
RUN = CliRunner()


@pytest.fixture(scope="module")
def dump():
    return dump_of(load_content().kinds)


def _changed(dump, kind, key, **fields):
    return {**dump, kind: {**dump[kind], key: {**dump[kind][key], **fields}}}


def _texts(old, new):
    return {HEADINGS[c.heading]: c.text for c in changes(old, new, TODAY)}


def test_no_change_is_none(dump):
    assert changes(dump, dump, TODAY) == []
    assert learns_alike(dump, dump)


def test_a_number_is_said_under_contacts(dump):
    new = _changed(dump, "contacts", "hackney-mash", phone="020 8356 5000")
    text = _texts(dump, new)["Contacts"]
    assert "Hackney Multi-Agency Safeguarding Hub" in text
    assert "telephone number: 020 8356 5500 → 020 8356 5000" in text
    assert learns_alike(dump, new)


def test_a_level_is_said_and_the_model_learns_anew(dump):
    key = next(k for k, v in dump["indicators"].items() if v["level"] == 2)
    new = _changed(dump, "indicators", key, level=3)
    text = _texts(dump, new)["Levels of need and red flags"]
    assert dump["indicators"][key]["text"] in text
    assert "level: 2 → 3" in text
    assert not learns_alike(dump, new)


def test_a_decision_is_said_for_the_cases_it_changes(dump):
    new = _changed(dump, "child_routes", "child-elsewhere", deadline="immediately")
    found = changes(dump, new, TODAY)
    assert [c.text for c in found] == [
        "A child at level 2 who lives elsewhere; A child at level 3 who lives elsewhere: "
        "deadline: same day → immediately."
    ]
    steps = [*dump["allegations"]["harm-head"]["steps"], "chase-outcome"]
    new = _changed(dump, "allegations", "harm-head", steps=steps)
    assert [c.text for c in changes(dump, new, TODAY)] == [
        "An allegation about a head teacher, harm test met; An allegation about a head teacher, "
        f"harm test in doubt: steps: adds “{dump['steps']['chase-outcome']['text']}”."
    ]


def test_a_step_is_said_with_who_reads_it_out(dump):
    new = _changed(dump, "steps", "tell-dsl-now", text="Tell the lead now.")
    text = _texts(dump, new)["What staff are told and asked"]
    assert "now reads “Tell the lead now.”" in text
    assert "child-protection-hackney" in text


def test_steps_added_and_dropped_are_said_in_words(dump):
    steps = dump["plans"]["early-help-city"]["steps"]
    new = _changed(dump, "plans", "early-help-city", steps=[*steps[1:], "chase-outcome"])
    text = _texts(dump, new)["What staff are told and asked"]
    assert f"adds “{dump['steps']['chase-outcome']['text']}”" in text
    assert f"drops “{dump['steps'][steps[0]]['text']}”" in text


def test_entries_that_come_and_go_are_said(dump):
    less = {**dump, "resources": {k: v for k, v in dump["resources"].items() if k != "brook"}}
    assert any(c.text.startswith("Gone: resource “Brook") for c in changes(dump, less, TODAY))
    assert any(c.text.startswith("New resource “Brook") for c in changes(less, dump, TODAY))


def test_sign_off_is_apart_from_what_is_told(dump):
    new = _changed(dump, "steps", "tell-dsl-now", status="unverified", review_by="2027-01-01")
    assert list(_texts(dump, new)) == ["Sources, review and sign-off"]


def test_version_of_an_older_schema_is_compared_as_written(dump):
    old = {k: v for k, v in dump.items() if k != "child_routes"}
    old = {**old, "gone_kind": {"x": {"id": "x", "text": "old"}}}
    found = changes(old, dump, TODAY)
    assert any("Gone: gone_kind" in c.text for c in found)
    assert any(c.text.startswith("The table of child routes is new (16 cases)") for c in found)


def test_a_dump_written_as_files_reads_back_the_same(dump, tmp_path):
    write_dump(dump, tmp_path / "content")
    assert load_content(tmp_path / "content").version == load_content().version
    assert read_dump(tmp_path / "content") == ({k: v for k, v in dump.items() if v}, [])


def test_find_version_takes_a_folder_and_a_revision_and_says_what_is_neither(tmp_path, dump):
    assert find_version(str(CONTENT_DIR)).dump == {k: v for k, v in dump.items() if v}
    for wrong in ("no-such-thing", "--output=/tmp/x", str(tmp_path)):
        with pytest.raises(VersionError, match="K015"):
            find_version(wrong)


def test_find_version_reads_a_git_revision():
    import subprocess

    from bot.paths import ROOT

    asked = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True)
    if asked.returncode != 0:
        pytest.skip("not a git checkout")
    found = find_version("HEAD")
    assert found.found_in.startswith("git ")
    assert "hackney-mash" in found.dump["contacts"]


def _result(key, route, passed=True, level=4, hazardous=False):
    outcome = {"route": route, "level": level, "deadline": "immediately", "contact_ids": ["a"]}
    return {
        "id": key,
        "outcome": outcome,
        "passed": passed,
        "reasons": ["route"],
        "hazardous": hazardous,
    }


def test_compare_says_which_vignettes_end_otherwise():
    old = {"results": [_result("one", "child_protection"), _result("two", "lado")]}
    new = {"results": [_result("one", "early_help", False, 2, True), _result("two", "lado")]}
    assert compare(old, new) == [
        "one: was child_protection, level 4, immediately (a), now early_help, level 2, "
        "immediately (a); FAILS now: route; HAZARDOUS under-triage"
    ]
    assert compare(old, old) == []


def test_diff_command_in_words_and_json(tmp_path):
    shutil.copytree(CONTENT_DIR, tmp_path / "content")
    file = tmp_path / "content" / "contacts.yml"
    file.write_text(file.read_text().replace("020 7332 1215", "020 7332 1216"))
    arguments = ["knowledge", "diff", str(CONTENT_DIR), str(tmp_path / "content"), "--no-play"]
    plain = RUN.invoke(app, arguments)
    assert plain.exit_code == 0, plain.output
    assert "020 7332 1215 → 020 7332 1216" in plain.output
    report = json.loads(RUN.invoke(app, [*arguments, "--json"]).output)
    assert {c["id"] for c in report["changes"]} == {"city-lado"}
    assert report["played"] is None
    wrong = RUN.invoke(app, ["knowledge", "diff", "no-such-thing", "--no-play"])
    assert wrong.exit_code == 1
    assert "K015" in wrong.output


def test_diff_plays_vignettes_under_both(trained, tmp_path):
    """A number and a deadline change, the understanding does not: no training is needed."""
    shutil.copytree(CONTENT_DIR, tmp_path / "content")
    file = tmp_path / "content" / "decisions.yml"
    text = file.read_text()
    assert "levels: [2, 3], boroughs: [other], route: other_borough, deadline: same_day" in text
    file.write_text(
        text.replace("[other], route: other_borough, deadline: same_day",
                     "[other], route: other_borough, deadline: immediately")
    )  # fmt: skip
    (tmp_path / "v.yml").write_text(
        "- id: elsewhere\n  says: a girl of 9 is often hungry and dirty, she lives in Islington\n"
        "  answers: {safe_now: 'yes', child_borough: other, indicators: [neglect-early-signs]}\n"
        "  expect: {route: other_borough, deadline: same_day}\n"
    )
    done = RUN.invoke(
        app,
        ["knowledge", "diff", str(CONTENT_DIR), str(tmp_path / "content"), "--json",
         "--vignettes", str(tmp_path / "v.yml")],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    played = json.loads(done.stdout.splitlines()[-1])["played"]
    assert played["passed"] == {"from": 1, "to": 0}, played
    assert "same_day" in played["changed"][0]
    assert "FAILS now: deadline is immediately" in played["changed"][0]
