"""The parts that the opinions rest on: clauses, neighbours, wording and the index of phrases."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.nlu.joint import JointClassifier
from bot.nlu.letters import LetterGroups
from bot.nlu.nearness import Nearness
from bot.nlu.neighbours import FLOOR, NEAREST, SHARP, Neighbours
from bot.nlu.pieces import pieces_of
from bot.nlu.retrieval import PhraseIndex, best_of


def vectors(rows: int, width: int = 384, seed: int = 3, alike: float = 0.0):
    draw = np.random.default_rng(seed)
    made = draw.normal(size=(rows, width)) + alike * np.sqrt(width)
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("he is hungry", ["he is hungry"]),
        ("He is hungry.", ["He is hungry."]),
        ("Is he hungry ?!", ["Is he hungry ?!"]),
        ("- he is hungry", ["- he is hungry", "he is hungry"]),
        ("Help. He is hungry.", ["Help. He is hungry.", "He is hungry"]),
        ("he eats and he sleeps", ["he eats and he sleeps", "he eats", "he sleeps"]),
        ("", [""]),
    ],
)  # fmt: skip
def test_a_clause_that_is_the_whole_is_not_read_twice(text, pieces):
    assert pieces_of(text) == pieces


# Alike, all are near enough to be looked among; unlike, hardly one is.
@pytest.mark.parametrize("alike", [0.0, 1.0])
def test_the_votes_are_those_of_the_nearest_and_of_no_other(alike):
    learnt, asked = vectors(400, alike=alike), vectors(5, seed=9, alike=alike)
    labels = [f"class {n % 7}" for n in range(400)]
    neighbours = Neighbours()
    neighbours.fit(learnt, labels)
    votes = neighbours.votes(asked)
    near = Nearness(neighbours._turned(learnt)).of(neighbours._turned(asked))
    for one, got in zip(near, votes, strict=True):
        shares = dict.fromkeys(neighbours.classes, FLOOR)
        for at in sorted(range(400), key=lambda n: -one[n])[:NEAREST]:
            shares[labels[at]] += np.exp(SHARP * (one[at] - 1))
        wanted = np.array([shares[name] for name in neighbours.classes])
        assert np.allclose(np.exp(got), wanted / wanted.sum(), atol=1e-4)


@pytest.mark.parametrize("alike", [0.0, 1.0])
def test_nearness_in_whole_numbers_is_nearly_the_cosine(alike):
    kept, asked = vectors(500, 96, alike=alike), vectors(4, 96, seed=9, alike=alike)
    off = np.abs(Nearness(kept).of(asked) - asked @ kept.T)
    assert off.max() < 0.012
    assert off.mean() < 0.003
    # Which others are kept, or asked at other times, makes no difference.
    assert np.array_equal(Nearness(kept[:7]).of(asked), Nearness(kept).of(asked)[:, :7])


def test_nearness_of_nothing_to_nothing_is_nothing():
    assert Nearness(np.zeros((0, 96), np.float32)).of(vectors(2, 96)).shape == (2, 0)
    assert Nearness(vectors(3, 96)).of(np.zeros((0, 96), np.float32)).shape == (0, 3)
    assert np.array_equal(Nearness(np.zeros((1, 96), np.float32)).of(vectors(2, 96)), [[0], [0]])


def test_fewer_messages_than_neighbours_all_vote(tmp_path):
    neighbours = Neighbours()
    neighbours.fit(vectors(3), ["a", "b", "b"])
    votes = neighbours.votes(vectors(2, seed=5))
    assert votes.shape == (2, 2)
    neighbours.save(tmp_path, "few")
    again = Neighbours.load(tmp_path, "few", neighbours.classes)
    assert np.allclose(again.votes(vectors(2, seed=5)), votes, atol=0.05)


TEXTS = ["he hit her", "she was hit by him", "book the hall", "the hall is booked", "lunch is late"]


def classifier(texts, labels):
    made = JointClassifier()
    made.fit(texts * 4, vectors(len(texts) * 4), labels * 4)
    return made


def test_what_was_seen_of_the_wording_serves_all_who_see_the_same():
    danger = classifier(TEXTS, ["now", "now", "not", "not", "not"])
    intents = classifier(TEXTS, ["worry", "worry", "hall", "hall", "lunch"])
    seen = intents.words_of("was the hall hit?")
    assert danger.knows(seen)
    assert np.array_equal(danger.by_wording([seen]), danger.by_wording(["was the hall hit?"]))
    other = classifier([*TEXTS[:-1], "the hall was hit"], ["now", "now", "not", "not", "not"])
    assert not other.knows(seen)
    assert not danger.knows(None)


def test_a_text_without_a_known_word_has_the_opinion_of_no_words():
    made = classifier(TEXTS, ["now", "now", "not", "not", "not"])
    for text in ("", "zzz 999 ???"):
        assert np.isfinite(made.by_wording([text])).all()


def test_kinds_in_one_index_are_as_near_as_in_their_own():
    a, b, asked = vectors(6), vectors(4, seed=4), vectors(2, seed=5)
    both = PhraseIndex([*"xxyyzz", *"ppqq"], np.concatenate([a, b]))
    scores = both.scores(asked)
    assert best_of(["x", "y", "z"], scores[:, :3], 2) == PhraseIndex(list("xxyyzz"), a).nearest(
        asked, 2
    )
    assert best_of(["p", "q"], scores[:, 3:], 2) == PhraseIndex(list("ppqq"), b).nearest(asked, 2)


def test_what_is_known_of_the_message_does_not_say_what_a_piece_is_best_for():
    index = PhraseIndex(["one", "other"], np.eye(2, dtype=np.float32))
    pieces = np.array([[0.9, 0.0], [0.5, 0.4]], dtype=np.float32)
    more = np.array([0.0, 1.0], dtype=np.float32)
    plain = index.nearest(pieces, 2)
    leaning = best_of(index.names, index.scores(pieces), 2, more)
    assert [(n.id, n.best_for) for n in plain] == [("one", (0, 1)), ("other", ())]
    assert [(n.id, n.best_for) for n in leaning] == [("other", ()), ("one", (0, 1))]
    assert leaning[0].score == pytest.approx(plain[1].score + 1.0)


def test_an_index_of_nothing_is_near_to_nothing():
    nothing = PhraseIndex([], np.zeros((0, 384), np.float32))
    assert nothing.nearest(vectors(1), 3) == []
    assert PhraseIndex(["x"], vectors(1)).nearest(np.zeros((0, 384), np.float32), 3) == []


def test_letter_groups_are_counted_as_scikit_learn_counts_them():
    texts = ["He  hit her, HIT her!", "a\tb", "", "café café", "hit", "he ran"]
    given = {"ngram_range": (3, 5), "min_df": 2, "max_features": 9, "sublinear_tf": True}
    ours, theirs = LetterGroups(**given), TfidfVectorizer(analyzer="char_wb", **given)
    assert (ours.fit_transform(texts) != theirs.fit_transform(texts)).nnz == 0
    assert ours.vocabulary_ == theirs.vocabulary_
    new = ["he hit a b", "her", "zzz"]
    assert (ours.transform(new) != theirs.transform(new)).nnz == 0
