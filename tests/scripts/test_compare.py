"""The arithmetic of the comparison with peers, on guesses made by hand."""

from __future__ import annotations

from collections import Counter

import pytest

from scripts import compare
from scripts.compare import best_with_recall, decided, figures, judged, sweep
from scripts.peer import ROOT, bank, guess, thinned

WANTED = ["greet", "greet", "thank", "out_of_scope", "out_of_scope"]
GUESSES = [
    {"shipped": "greet", "raw": "greet", "confidence": 0.9},
    {"shipped": "nlu_fallback", "raw": "greet", "confidence": 0.3},
    {"shipped": "thank", "raw": "thank", "confidence": 0.6},
    {"shipped": "thank", "raw": "thank", "confidence": 0.5},
    {"shipped": "out_of_scope", "raw": "out_of_scope", "confidence": 0.4},
]


def test_under_the_threshold_is_out_of_scope():
    assert decided("greet", GUESSES[1], 0.35) == "out_of_scope"
    assert decided("greet", GUESSES[1], 0.25) == "greet"
    assert (
        decided("greet", {"shipped": None, "raw": None, "confidence": 0.0}, 0.0) == "out_of_scope"
    )


def test_figures_and_the_best_threshold():
    at = figures(WANTED, [decided(w, g, 0.0) for w, g in zip(WANTED, GUESSES, strict=True)], 0.0)
    assert (at.in_scope, at.out_of_scope) == (1.0, 0.5)
    best = best_with_recall(sweep(WANTED, GUESSES), 0.85)
    assert best.in_scope == pytest.approx(2 / 3)
    assert 0.5 < best.threshold <= 0.6
    assert best_with_recall(sweep(WANTED[:4], GUESSES[:4]), 1.1) is None


def test_guess_looks_under_the_fallback():
    parsed = {
        "intent": {"name": "nlu_fallback", "confidence": 0.7},
        "intent_ranking": [
            {"name": "nlu_fallback", "confidence": 0.7},
            {"name": "greet", "confidence": 0.3},
        ],
    }
    found = guess(parsed)
    assert found == {
        "shipped": "nlu_fallback", "raw": "greet", "confidence": 0.3, "about": "greet",
    }  # fmt: skip
    assert guess({"intent": {"name": None}})["raw"] is None


def test_danger_told_of_a_worry_is_judged_by_what_the_worry_is_about():
    ranking = [{"name": n, "confidence": c} for n, c in (("immediate_danger", 1.0), ("greet", 0.5))]
    found = guess({"intent": ranking[0], "intent_ranking": ranking})
    assert found["about"] == "greet"
    assert judged("worried_about_child", found, found["shipped"]) == "greet"
    assert judged("ask_contact", found, found["shipped"]) == "immediate_danger"
    assert judged("out_of_scope", found, found["shipped"]) == "immediate_danger"


def test_bank_has_both_sides():
    intents = [intent for _, intent in bank()]
    assert intents.count("out_of_scope") >= 200
    assert len(set(intents)) >= 20


def test_page_counts_what_the_red_flags_override(monkeypatch):
    texts = [("a", "greet"), ("b", "worried_about_child"), ("c", "out_of_scope")]
    monkeypatch.setattr(compare, "bank", lambda: texts)
    told = [("greet", 0.9), ("immediate_danger", 1.0), ("out_of_scope", 0.8)]
    made = {
        "guesses": [
            {"shipped": i, "raw": i, "confidence": c, "about": "worried_about_child"}
            for i, c in told
        ],
        "milliseconds": [1.0, 2.0, 3.0],
        "training_seconds": 1.0,
        "model_bytes": 10,
    }
    page = compare.report({name: made for name in compare.PEERS}, 1)
    assert "danger of 1 of these messages, 1 of them worries" in page
    assert "| ours | 1.000 | 0.500 |" in page
    without = compare.report({name: made for name in compare.PEERS if name != compare.DIET}, 10)
    assert "on both: **NOT reached** (it was left out)" in without
    assert "`make compare EVERY=10`" in without
    assert "EVERY" not in page


def test_thinned_data_keep_a_share_of_each_intent(tmp_path):
    from rasa.shared.importers.utils import training_data_from_paths

    whole = training_data_from_paths([str(ROOT / "data" / "nlu")], "en")
    few = training_data_from_paths([str(thinned(tmp_path / "data", 20))], "en")
    every, kept = (Counter(e.get("intent") for e in d.intent_examples) for d in (whole, few))
    assert set(every) == set(kept)
    for intent, count in every.items():
        assert abs(kept[intent] - count / 20) <= 1
    texts = {e.get("text") for e in whole.intent_examples}
    assert {e.get("text") for e in few.intent_examples} <= texts


def test_a_measurement_is_kept_until_what_it_rests_on_changes(monkeypatch):
    config = compare.PEERS["keyword, fallback"]
    name = compare.kept_as("keyword, fallback", config, 1)
    assert name == compare.kept_as("keyword, fallback", config, 1)
    assert name != compare.kept_as("keyword, fallback", config, 10)
    assert name != compare.kept_as("keyword, fallback", compare.PEERS["ours"], 1)
    monkeypatch.setattr(compare, "bank", lambda: [("another text", "greet")])
    assert name != compare.kept_as("keyword, fallback", config, 1)
