"""The reader says of each text alone what it says of it among others, and survives its file."""

from __future__ import annotations

import numpy as np
import pytest
import yaml

from bot.nlu.embedder import Embedder, shared_embedder
from bot.nlu.pieces import LONG, pieces_of
from bot.nlu.reader import Reader, reader_path
from bot.paths import ROOT
from knowledge.content import load_content

WIDTH = 4
# A number at the edge of a step of eight bits may fall to either side of it: of 400 messages
# among others 4 came out otherwise than alone, by 0.005 of a vector and 0.025 of a chance.
VECTOR, CHANCE = 0.02, 0.06


def small() -> Reader:
    chance = np.random.default_rng(0)
    weights = {"encoder.layer.3.output.dense.bias": chance.normal(size=WIDTH).astype(np.float32)}
    head = chance.normal(size=(WIDTH, 5)).astype(np.float32)
    names = ("intent:a", "intent:b", "intent:c", "danger:now", "danger:not")
    return Reader(weights, names, head, np.zeros(5, np.float32))


def test_the_chances_of_each_group_make_one():
    reader = small()
    means = np.random.default_rng(1).normal(size=(6, WIDTH)).astype(np.float32)
    found = reader.judge(means)
    assert found.shape == (6, len(reader.names))
    logits = means @ reader.head
    for group in (slice(0, 3), slice(3, 5)):
        assert np.allclose(np.exp(found[:, group]).sum(axis=1), 1, atol=1e-5)
        apart = found[:, group] - logits[:, group]
        assert np.allclose(apart, apart[:, :1], atol=1e-5)


def test_what_it_never_met_is_as_likely_as_any():
    reader = small()
    told = reader.told(np.array([-1, -2, -3, -4, -5], np.float32), "intent", ("c", "new"))
    assert told[0] == pytest.approx(-3)
    assert told[1] == pytest.approx(np.log(0.5))


def test_it_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "reader.npz"
    reader = small()
    reader.save(path)
    again = Reader.load(path)
    assert again.names == reader.names
    assert np.allclose(again.head, reader.head)
    for name, values in reader.weights.items():
        assert np.allclose(again.weights[name], values, rtol=1e-3)


def test_the_committed_reader_knows_what_it_is_asked():
    reader = Reader.load(reader_path())
    texts = (ROOT / "data" / "nlu").glob("*.yml")
    parts = [p for t in texts for p in yaml.safe_load(t.read_text(encoding="utf-8"))["nlu"]]
    intents = {f"intent:{part['intent']}" for part in parts if "intent" in part}
    signs = {f"indicators:{key}" for key in load_content().kinds["indicators"]}
    levels = {f"level:{n}" for n in (1, 2, 3, 4)}
    assert {"danger:now", "danger:not"} | levels <= set(reader.names)
    # Of the many, a few may be newer than it is.
    assert len(intents - set(reader.names)) <= 2
    assert len(signs - set(reader.names)) < len(signs) / 10
    assert {n.split(".")[2] for n in reader.weights} == {str(n) for n in range(6)}


def test_each_text_is_read_as_by_itself_and_its_vector_stays():
    embedder = shared_embedder()
    texts = ["he is not breathing", "yes", "the DSL is away, who do I ring? " * 3, "a bruise"]
    messages = [pieces_of(t) for t in texts]
    together = Embedder().read_messages(messages)
    for text, pieces, seen in zip(texts, messages, together, strict=True):
        (alone,) = embedder.read_messages([pieces])
        assert np.allclose(seen.vectors, embedder.encode(pieces), atol=VECTOR), text
        assert seen.readings is not None
        assert seen.readings.shape == (1, len(embedder.reader.names))
        assert np.allclose(np.exp(seen.readings), np.exp(alone.readings), atol=CHANCE)


def test_a_piece_that_was_a_clause_is_read_when_it_is_a_message():
    embedder = Embedder()
    embedder.read_messages([["mum was late and he is not breathing", "he is not breathing"]])
    (seen,) = embedder.read_messages([["he is not breathing"]])
    assert danger(seen.readings)[0] > 0


def test_of_a_long_message_every_piece_is_read():
    pieces = pieces_of("We had a quiet morning in the library. " * 30 + "He has a knife.")
    assert len(pieces[0]) > LONG
    (seen,) = shared_embedder().read_messages([pieces])
    assert len(seen.readings) == len(pieces)
    assert danger(seen.readings).argmax() == len(pieces) - 1


def danger(readings):
    names = shared_embedder().reader.names
    return readings[:, names.index("danger:now")] - readings[:, names.index("danger:not")]


def test_both_branches_side_by_side_see_the_same(monkeypatch):
    monkeypatch.setenv("BOT_EMBEDDING_THREADS", "2")
    aside = Embedder()
    assert aside._aside is not None
    monkeypatch.setenv("BOT_EMBEDDING_THREADS", "1")
    alone = Embedder()
    assert alone._aside is None
    messages = [pieces_of("he is not breathing, the nurse is here"), ["yes"]]
    for one, other in zip(
        aside.read_messages(messages), alone.read_messages(messages), strict=True
    ):
        assert np.allclose(one.vectors, other.vectors, atol=VECTOR)
        assert np.allclose(np.exp(one.readings), np.exp(other.readings), atol=CHANCE)
