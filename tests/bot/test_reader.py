"""The reader says of each text alone what it says of it among others, and survives its file."""

from __future__ import annotations

import numpy as np
import pytest
import yaml
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.components.intent_classifier import IntentClassifier
from bot.nlu.components.sentence_featurizer import READINGS, SentenceFeaturizer
from bot.nlu.embedder import Embedder, shared_embedder
from bot.nlu.pieces import LONG, pieces_of
from bot.nlu.reader import DANGER, Reader, reader_path
from bot.paths import ROOT

WIDTH = 4


def small() -> Reader:
    chance = np.random.default_rng(0)
    weights = {"encoder.layer.3.output.dense.bias": chance.normal(size=WIDTH).astype(np.float32)}
    head = chance.normal(size=(WIDTH, 5)).astype(np.float32)
    return Reader(3, weights, ("a", "b", "c", DANGER), head, np.zeros(5, np.float32))


def test_chances_of_the_intents_make_one_and_danger_is_a_difference():
    reader = small()
    means = np.random.default_rng(1).normal(size=(6, WIDTH)).astype(np.float32)
    found = reader.judge(means)
    assert found.shape == (6, len(reader.names))
    assert np.allclose(np.exp(found[:, :3]).sum(axis=1), 1, atol=1e-5)
    logits = means @ reader.head
    assert np.allclose(found[:, 3], logits[:, 3] - logits[:, 4], atol=1e-5)


def test_it_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "reader.npz"
    reader = small()
    reader.save(path)
    again = Reader.load(path)
    assert (again.first, again.names) == (reader.first, reader.names)
    assert np.allclose(again.head, reader.head)
    for name, values in reader.weights.items():
        assert np.allclose(again.weights[name], values, rtol=1e-3)


def test_the_committed_reader_knows_the_intents_of_the_data():
    reader = Reader.load(reader_path())
    texts = (ROOT / "data" / "nlu").glob("*.yml")
    parts = [p for t in texts for p in yaml.safe_load(t.read_text(encoding="utf-8"))["nlu"]]
    intents = {part["intent"] for part in parts if "intent" in part}
    assert set(reader.names[:-1]) <= intents
    assert reader.names[-1] == DANGER
    assert {name.split(".")[2] for name in reader.weights} == {
        str(n) for n in range(reader.first, 6)
    }


def test_each_text_is_read_as_by_itself_and_its_vector_stays():
    embedder = shared_embedder()
    texts = ["he is not breathing", "yes", "the DSL is away, who do I ring? " * 3, "a bruise"]
    messages = [pieces_of(t) for t in texts]
    together = Embedder().read_messages(messages)
    for text, pieces, seen in zip(texts, messages, together, strict=True):
        (alone,) = embedder.read_messages([pieces])
        assert np.allclose(seen.vectors, embedder.encode(pieces), atol=1e-5), text
        assert seen.readings is not None
        assert seen.readings.shape == (1, len(embedder.reader.names))
        assert np.allclose(seen.readings, alone.readings, atol=1e-4)


def test_a_piece_that_was_a_clause_is_read_when_it_is_a_message():
    embedder = Embedder()
    embedder.read_messages([["mum was late and he is not breathing", "he is not breathing"]])
    (seen,) = embedder.read_messages([["he is not breathing"]])
    assert seen.readings[0, -1] > 0  # danger now


def test_of_a_long_message_every_piece_is_read():
    pieces = pieces_of("We had a quiet morning in the library. " * 30 + "He has a knife.")
    assert len(pieces[0]) > LONG
    (seen,) = shared_embedder().read_messages([pieces])
    assert len(seen.readings) == len(pieces)
    assert seen.readings[:, -1].argmax() == len(pieces) - 1


@pytest.mark.parametrize("read", [True, False])
def test_an_intent_that_the_reader_never_met_is_neither_favoured_nor_shut_out(read):
    message = Message({TEXT: "he has a bruise on his cheek"})
    SentenceFeaturizer().process([message])
    if not read:
        message.set(READINGS, None)
    classifier = IntentClassifier({}, None, None)
    classifier._model.classes = ["worried_about_child", "brand_new"]
    opinion = classifier._reading(message)
    assert opinion[1] == pytest.approx(np.log(0.5))
    assert opinion[0] == pytest.approx(np.log(0.5)) if not read else opinion[0] > np.log(0.5)
