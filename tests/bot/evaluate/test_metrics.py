"""The figures, from runs made by hand whose figures can be reckoned on paper."""

from __future__ import annotations

import pytest
from sklearn.metrics import cohen_kappa_score

from bot.evaluate.expected import Pair, level_pair, route_pair, triage_step
from bot.evaluate.metrics import (
    figures_of,
    needless_questions,
    per_route,
    quadratic_kappa,
    turns_to_answer,
    worst,
)
from tests.bot.evaluate.runs import guidance, run

ASK = {"type": "question", "id": "safe_now", "options": [], "multiple": False}


@pytest.mark.parametrize(
    ("wanted", "got", "pair", "step"),
    [
        ("child_protection", "child_protection", ("child_protection", "child_protection"), 0),
        ("child_protection", "early_help", ("child_protection", "early_help"), -2),
        ("early_help", "emergency", ("early_help", "emergency"), 3),
        (["universal", "early_help"], "early_help", ("early_help", "early_help"), 0),
        (["universal", "early_help"], "child_in_need", ("early_help", "child_in_need"), 1),
        ("lado", "low_level_concern", ("lado", "low_level_concern"), -1),
        ("lado", "resource", ("lado", "resource"), None),
        (["support_for_self", "emergency"], "resource", ("support_for_self", "resource"), None),
    ],
)
def test_pair_and_step_of_a_route(wanted, got, pair, step):
    one = run("a", {"route": wanted}, [guidance(got)])
    found = route_pair(one)
    assert (found.wanted, found.got) == pair
    assert triage_step(one) == step


def test_no_answer_is_its_own_outcome():
    assert route_pair(run("a", {"route": "lado"}, [ASK])).got == "none"


def test_level_comes_from_the_route_where_none_is_named():
    one = run("a", {"route": "child_in_need"}, [guidance("early_help", 2, "city")])
    assert (level_pair(one).wanted, level_pair(one).got) == (3, 2)
    assert level_pair(run("b", {"route": "lado"}, [guidance("lado")])) is None


def test_kappa_is_that_of_scikit_learn():
    wanted = [1, 2, 3, 4, 4, 3, 2, 1, 2]
    got = [1, 2, 4, 4, 3, 3, 1, 1, 4]
    pairs = [Pair(str(n), a, b) for n, (a, b) in enumerate(zip(wanted, got, strict=True))]
    by_sklearn = cohen_kappa_score(wanted, got, weights="quadratic")
    assert quadratic_kappa(pairs) == pytest.approx(by_sklearn, abs=1e-4)
    assert quadratic_kappa([]) is None


def test_precision_and_recall():
    pairs = [
        Pair("1", "lado", "lado"),
        Pair("2", "lado", "resource"),
        Pair("3", "resource", "lado"),
    ]
    rows = per_route(pairs)
    assert rows["lado"] == {"wanted": 2, "given": 2, "precision": 0.5, "recall": 0.5}
    assert rows["resource"]["recall"] == 0.0


def test_figures_by_hand():
    runs = [
        run("right", {"route": "lado", "borough": "city", "contact_ids": "city-lado"},
            [ASK], [guidance("lado", None, "city", "city-lado")]),
        run("wrong-door", {"route": "lado", "borough": "city", "contact_ids": "city-lado"},
            [guidance("lado", None, "hackney", "hackney-lado")]),
        run("under", {"route": "child_protection", "level": 4},
            [guidance("early_help", 2, "city")]),
        run("over", {"route": "early_help"}, [guidance("child_protection", 4, "city")]),
    ]  # fmt: skip
    figures = figures_of(runs)
    assert figures["route_accuracy"] == 0.5
    assert figures["triage"] == {
        "of": 4, "under": 1, "under_rate": 0.25, "over": 1, "over_rate": 0.25,
    }  # fmt: skip
    assert figures["boroughs"]["city"] == {
        "of": 2, "borough_right": 1, "contacts_right": 1, "accuracy": 0.5,
    }  # fmt: skip
    assert figures["turns"]["most"] == 2
    assert figures["levels"]["counts"] == [[0, 1], [1, 0]]


def test_needless_is_what_the_text_answers_or_was_answered():
    one = run("a", {}, [ASK], [guidance("lado")], not_asks=["safe_now"])
    assert needless_questions(one) == ["safe_now"]
    one = run("a", {}, [ASK], [guidance("lado")])
    assert needless_questions(one) == []
    one.needless = ["safe_now"]
    assert needless_questions(one) == ["safe_now"]


def test_turns_count_to_the_answer_that_counts():
    late = run("a", {"route": "lado"}, [guidance("resource")], [ASK], [guidance("lado")])
    assert turns_to_answer(late) == 3
    assert turns_to_answer(run("b", {"route": "lado"}, [ASK])) is None


def test_worst_begins_with_the_hazardous():
    mild = run("mild", {"route": "early_help", "level": 2, "borough": "city"},
               [guidance("child_protection", 4, "hackney")])  # fmt: skip
    grave = run("grave", {"route": "emergency"}, [guidance("universal", 1, "city")])
    good = run("good", {"route": "lado"}, [guidance("lado")])
    rows = worst([mild, good, grave])
    assert [r["id"] for r in rows] == ["grave", "mild"]
    assert rows[0]["reasons"]
