"""The figures of the held-out half of the corpus; every one must hold."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from bot.paths import ROOT
from bot.privacy.measure import CORPUS, CorpusError, measure, read_rows, speed
from tests.privacy.build_corpus import harmless, labelled


@pytest.fixture(scope="module")
def report():
    return measure("held_out")


def test_corpus_is_large_and_of_many_origins():
    rows = read_rows(CORPUS / "labelled.jsonl")
    assert len(rows) >= 1000
    assert len({r["language"] for r in rows} - {"", "Words"}) >= 20
    assert len(read_rows(CORPUS / "harmless.jsonl")) >= 400


def test_corpus_is_what_its_sources_make():
    assert read_rows(CORPUS / "labelled.jsonl") == labelled()
    assert read_rows(CORPUS / "harmless.jsonl") == harmless()


def test_corpus_parts_share_no_sentence_and_no_name():
    rows = read_rows(CORPUS / "labelled.jsonl")
    names = {
        part: {
            r["text"][s["start"] : s["end"]].lower()
            for r in rows if r["part"] == part and r["language"] not in {"", "Words"}
            for s in r["spans"] if s["kind"] == "name"
        }
        for part in ("dev", "held_out")
    }  # fmt: skip
    shared = names["dev"] & names["held_out"]
    assert len(shared) <= 0.02 * len(names["held_out"]), shared


def test_recall_of_identifiers_with_a_form(report):
    assert report["with_form"]["of"] >= 200
    assert report["with_form"]["recall"] >= 0.98


def test_recall_of_names(report):
    assert report["names"]["of"] >= 500
    assert report["names"]["recall"] >= 0.95


def test_recall_of_names_that_no_list_holds(report):
    assert report["names_in_no_list"]["of"] >= 300
    assert report["names_in_no_list"]["recall"] >= 0.95


def test_harmless_messages_are_left_alone(report):
    assert report["harmless_changed"]["share"] < 0.02
    beside = report["taken_beside_labels"]
    assert beside["messages"] / beside["of"] < 0.02


def test_redaction_is_fast():
    assert min(speed()["p50_ms"] for _ in range(2)) < 2


def test_measure_counts_a_miss_and_a_change(tmp_path):
    """A recogniser that finds nothing, or all, must show."""
    row = {"text": "the table stands", "part": "dev", "language": "X"}
    row["spans"] = [{"kind": "name", "start": 4, "end": 9}]
    (tmp_path / "labelled.jsonl").write_text(json.dumps(row) + "\n")
    (tmp_path / "harmless.jsonl").write_text(
        json.dumps({"text": "Oluwaseun came", "part": "dev"}) + "\n"
    )
    report = measure("dev", tmp_path)
    assert report["names"] == {"found": 0, "of": 1, "recall": 0.0}
    assert report["harmless_changed"]["share"] == 1.0


@pytest.mark.parametrize("line", ["{", '{"text": "a", "part": "x"}', '{"text": "a", "part": "dev", "spans": [{"start": 0, "end": 9}]}'])  # fmt: skip
def test_measure_names_a_wrong_row(tmp_path, line):
    (tmp_path / "labelled.jsonl").write_text(line + "\n")
    with pytest.raises(CorpusError, match=r"B108 .*labelled.jsonl:1"):
        read_rows(tmp_path / "labelled.jsonl")


def test_privacy_command_prints_the_figures_and_no_held_out_sentence():
    command = [sys.executable, "-m", "bot.cli", "privacy", "measure", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    report = json.loads(done.stdout)
    assert {"by_kind", "by_language", "harmless_changed", "speed"} <= set(report)
    assert isinstance(report["missed"], int)
