"""Banks of single messages, and texts too near to what was learnt."""

from __future__ import annotations

import pytest

from bot.evaluate.apart import Learnt, is_exempt, plain, too_near
from bot.evaluate.messages import read_bank, tally, totals
from bot.evaluate.vignettes import VignetteError
from bot.nlu.embedder import Embedder
from tests.bot.evaluate.runs import guidance


class Echo:
    """Answers an emergency where the text has "fire"."""

    def new_sender(self):
        return "one"

    def say(self, sender, text):
        return [guidance("emergency" if "fire" in text else "resource")]


def test_tally_keeps_what_was_answered_wrongly():
    rows = tally(Echo(), {"fire": ["fire in the hall", "smoke"]}, emergency=True)
    assert rows["fire"].wrong == ["smoke"]
    assert totals(rows)["wrong"] == 1
    assert tally(Echo(), {"x": ["on fire today"]}, emergency=False)["x"].wrong == ["on fire today"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("- a", "E002"),
        ("kind: a", "E003"),
        ("kind:\n- a: b", "E003"),
        ("kind: []", "E003"),
        ("[", "E002"),
    ],
)
def test_what_is_no_bank_is_refused(text, code, tmp_path):
    path = tmp_path / "bank.yml"
    path.write_text(text)
    with pytest.raises(VignetteError, match=code):
        read_bank(path)


@pytest.mark.parametrize("text", ["yes", "Hello there!", "mash number please", "Stoke Newington"])
def test_short_answers_are_exempt(text):
    assert is_exempt(text)
    assert not is_exempt(text + " for the girl")


def test_near_texts_are_found_by_edits_and_by_meaning(tmp_path):
    embedder = Embedder(adapter=tmp_path / "none.npz")
    learnt = [Learnt("the boy came in with a bruise on his arm", "worry.yml")]
    same = too_near(["The boy came in, with a bruise on his arms."], learnt, embedder)
    assert same[0].edits < 0.15
    turned = too_near(["a boy came in with a bruise on the arm"], learnt, embedder)
    assert turned[0].cosine > 0.95
    assert too_near(["is there a leaflet about online bullying"], learnt, embedder) == []
    terms = [Learnt("what does EDT stand for", "find.yml")]
    assert too_near(["what does LADO stand for"], terms, embedder) == []
    assert plain("It's  LATE!") == "its late"


def test_nothing_learnt_is_no_proof():
    with pytest.raises(ValueError, match="E030"):
        too_near(["some text that is long enough"], [])
