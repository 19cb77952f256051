"""Every scenario is sound; each fault is named with code and line."""

from __future__ import annotations

import json

import jsonschema
import pytest
import yaml

from bot.scenarios.checks import check_folder, found_in
from bot.scenarios.format import schema_text
from bot.scenarios.library import FOLDER, SCHEMA_FILE
from bot.scenarios.reader import read_file

FILES = sorted(FOLDER.glob("*.yml"))
ONE = FOLDER / "bruise-ear-hackney.yml"


def test_every_scenario_is_sound(library):
    problems = [str(p) for f in check_folder(FOLDER, library.kinds) for p in f.problems]
    assert problems == []


def test_there_are_the_scenarios_that_were_asked_for(library):
    all_of_them = list(library.scenarios.values())
    assert len(all_of_them) >= 24
    assert {1, 2, 3, 4} <= {s.level for s in all_of_them}
    assert {"city", "hackney", "other"} <= {str(s.borough) for s in all_of_them}
    themes = {t for s in all_of_them for t in s.themes}
    assert themes >= {
        "allegation", "low_level_concern", "child_on_child", "sexual_abuse", "fgm",
        "radicalisation", "neglect", "self_harm_and_suicide", "online_harm",
        "criminal_exploitation", "disagreement", "nothing_to_refer", "other_borough",
    }  # fmt: skip
    kinds = {s.decision.kind for c in all_of_them for s in c.scenes if s.decision}
    assert kinds == {"choose", "write", "assistant"}
    assert all(
        any(s.decision and s.decision.kind == "assistant" for s in c.scenes) for c in all_of_them
    )


def test_schema_beside_the_scenarios_is_the_models_own():
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text()


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_scenario_follows_the_json_schema(path):
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    data["review_by"] = str(data["review_by"])
    validator = jsonschema.Draft202012Validator(json.loads(schema_text()))
    assert [e.message for e in validator.iter_errors(data)] == []
    del data["title"]
    assert not validator.is_valid(data)


# (code, what stands in the file, what is put there, whether the fault is named on that line)
BROKEN = [
    ("S001", "title: The bruise", "title: [", False),
    ("S001", "phase: primary", "phase: primary\nphase: primary", True),
    ("S002", "duration: 20", "duration: long", True),
    ("S002", "borough: hackney", "borough: hackny", True),
    ("S002", "themes: [physical_abuse]", "themes: [physical]", True),
    ("S002", "phase: primary", "phase: primary\nphaze: primary", True),
    ("S002", "verdict: best, goes_to: account", "verdict: perfect, goes_to: account", True),
    ("S003", "id: bruise-ear-hackney", "id: bruise-ear", True),
    ("S004", "goes_to: aid\n", "goes_to: nowhere\n", True),
    ("S004", "- id: late\n", "- id: later\n", False),
    ("S005", "goes_to: warned", "goes_to: late", False),
    ("S006", "steps/phone-hackney-mash", "steps/phone-hackney-mosh", True),
    ("S006", "read: [resources/what-to-do", "read: [contacts/city-lado-old", True),
    ("S006", "contact_ids: [hackney-mash]", "contact_ids: [hackney-mosh]", False),
    ("S007", "{id: deputy, verdict: best", "{id: deputy, verdict: fair", False),
    ("S007", "takes: 10m, protects: true,", "takes: 10m,", False),
    ("S007", 'example: "Monday, 8.50am, classroom.', 'example: "At some time.', True),
    ("S008", "talk: bruise", "talk: bruises", True),
    ("S008", "must_tell: [dsl, front_door]", "must_tell: [dsl, frontdoor]", False),
    ("S009", "What made it hard to act", "TO DO what made it hard to act", True),
    ("S010", "M goes back to his table", "The boy, called Mohammed, goes back", True),
    ("S010", "M goes back to his table", "Ring 020 7946 0991 and M goes back", True),
]


@pytest.mark.parametrize(("code", "old", "new", "here"), BROKEN, ids=lambda v: str(v)[:24])
def test_fault_is_named_with_code_file_and_line(code, old, new, here, tmp_path, library):
    text = ONE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "bruise-ear-hackney.yml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    (file,) = check_folder(tmp_path, library.kinds)
    found = [p for p in file.problems if p.code == code]
    assert found, [str(p) for p in file.problems]
    assert found[0].file.endswith("bruise-ear-hackney.yml")
    assert found[0].mend
    at = text[: text.index(old)].count("\n") + new.rstrip("\n").count("\n") + 1
    assert found[0].line == at if here else found[0].line >= 1


def test_a_loop_without_an_ending_is_a_dead_end(tmp_path, library):
    text = ONE.read_text(encoding="utf-8")
    at = text.index("  - id: late\n")
    end = text.index("  - id: warned\n")
    loop = '  - id: late\n    when: Later\n    see: "Nothing."\n    goes_to: late\n'
    path = tmp_path / "bruise-ear-hackney.yml"
    path.write_text(text[:at] + loop + text[end:], encoding="utf-8")
    (file,) = check_folder(tmp_path, library.kinds)
    assert [p.code for p in file.problems] == ["S004"]


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"- a\n- b\n", b"a: &x 1\nb: *x\n", b"a:\n\t- x", b"1: 2\n"]
)
def test_odd_files_are_problems_and_no_crash(content, tmp_path):
    path = tmp_path / "odd.yml"
    path.write_bytes(content)
    file = read_file(path)
    assert file.scenario is None
    assert file.problems


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("Dad GRABBED me.", ("grabbed me",), True),
        ("he grabbed\nme", ("grabbed me",), True),
        ("monday 8.50am", ("8.50",), False),
        ("monday 8.50 am", ("8.50",), True),
        ("she promised", ("promis*",), True),
        ("a forearm", ("arm",), False),
        ("it\u2019s dad", ("it's dad",), True),
        ("", ("a b",), False),
    ],
)
def test_found_in_looks_for_whole_words(text, words, found):
    assert found_in(text, words) is found
