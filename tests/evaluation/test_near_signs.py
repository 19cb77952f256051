"""What a message is near to: clauses weigh less, and a sign is never out of scope."""

from __future__ import annotations

import numpy as np
import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.components.sentence_featurizer import READINGS
from bot.nlu.embedder import shared_embedder
from bot.nlu.retrieval import FEW_WORDS, OF_A_CLAUSE, OF_FEW_WORDS, PhraseIndex, best_of, less_of


def test_a_clause_weighs_less_and_one_of_few_words_much_less():
    pieces = ["the whole of it", "parents are lovely", "she told me nobody has time for her"]
    assert len(pieces[1].split()) < FEW_WORDS <= len(pieces[2].split())
    wanted = [0.0, OF_A_CLAUSE + OF_FEW_WORDS, OF_A_CLAUSE]
    assert less_of(pieces) == pytest.approx(wanted)


def test_what_is_taken_from_a_piece_can_change_what_is_nearest():
    index = PhraseIndex(["one", "other"], np.eye(2, dtype=np.float32))
    pieces = np.array([[0.9, 0.0], [0.0, 1.0]], dtype=np.float32)
    assert index.nearest(pieces, 2)[0].id == "other"
    less = np.array([0.0, 0.3], dtype=np.float32)
    scores = index.scores(pieces) - less[:, None]
    assert best_of(index.names, scores, 2)[0].id == "one"


@pytest.mark.parametrize(
    "text",
    [
        "caught year 8 vaping in the loos for the first time",
        "smelled of weed this morning, first time",
    ],
)
def test_what_is_like_a_sign_of_the_criteria_is_a_worry(assistant, text):
    parsed = assistant.parse(text)
    assert parsed["intent"]["name"] == "worried_about_child"
    total = sum(one["confidence"] for one in parsed["intent_ranking"])
    assert 0 < total <= 1.001


@pytest.mark.parametrize("text", ["the photocopier is jammed", "who won the cup final"])
def test_what_is_not_stays_out_of_scope(assistant, text):
    assert assistant.parse(text)["intent"]["name"] == "out_of_scope"


def ranked(*pairs):
    return [{"name": name, "confidence": chance} for name, chance in pairs]


@pytest.mark.parametrize(
    ("ranking", "nearest", "concern"),
    [
        (
            ranked(("ask_rule", 0.5), ("allegation_against_adult", 0.3)),
            0.4,
            "allegation_against_adult",
        ),
        (ranked(("find_resource", 0.6), ("worried_about_child", 0.37)), 0.4, "worried_about_child"),
        (ranked(("find_resource", 0.9), ("worried_about_child", 0.05)), 0.9, None),
        (ranked(("ask_contact", 0.5), ("worried_about_child", 0.4)), 0.9, None),
        (ranked(("out_of_scope", 0.9), ("greet", 0.05)), 0.7, "worried_about_child"),
        (ranked(("out_of_scope", 0.6), ("worried_about_child", 0.4)), 0.6, "worried_about_child"),
        (ranked(("out_of_scope", 0.9), ("worried_about_child", 0.05)), 0.6, None),
    ],
)
def test_in_doubt_a_question_is_taken_for_a_concern(ranking, nearest, concern, assistant):
    assert component(assistant, "KnowledgeRetriever")._concern(ranking, nearest) == concern


def component(assistant, name):
    nodes = assistant.agent.processor.graph_runner.nodes.values()
    return next(one._component for one in nodes if type(one._component).__name__ == name)


def test_what_the_reader_makes_of_a_message_brings_a_sign_nearer_and_makes_it_no_concern(
    assistant, monkeypatch
):
    message = Message({"text": "who won the cup final"})
    component(assistant, "SentenceFeaturizer").process([message])
    retriever, reader = component(assistant, "KnowledgeRetriever"), shared_embedder().reader
    heard = message.get(READINGS)

    def told(readings):
        message.set(READINGS, readings)
        message.set("intent", {"name": "out_of_scope", "confidence": 0.9})
        message.set("intent_ranking", ranked(("out_of_scope", 0.9)))
        retriever.process([message])
        return message.get("near")["indicators"][0], message.get("intent")["name"]

    plain, _ = told(None)
    certain = np.full_like(heard, -20.0)
    names = [f"indicators:{plain['id']}", f"level:{plain['level']}"]
    certain[:, [reader.names.index(name) for name in names]] = 0.0
    monkeypatch.setitem(retriever.config, "worry", plain["score"] + 0.05)
    leaning, intent = told(certain)
    assert leaning["id"] == plain["id"]
    assert leaning["score"] > plain["score"] + 0.05
    assert intent == "out_of_scope"
    monkeypatch.setitem(retriever.config, "worry", plain["score"] - 0.05)
    assert told(certain)[1] == "worried_about_child"


LONG_AND_ORDINARY = (
    "Assembly ran over again and the hall was cold. Year 5 sang two songs and the recorders were "
    "nearly in tune. The coach for the museum is booked for nine and I have the packed lunch list. "
) * 7


@pytest.mark.parametrize(
    "grave",
    [
        "She told me her uncle comes into her bed at night and it hurts.",
        "Dad whips him with the cable and there are loop marks on his back.",
    ],
)
def test_of_a_long_message_the_gravest_piece_says_how_grave_it_is(assistant, grave):
    assert len(LONG_AND_ORDINARY) > 800
    without = assistant.parse(LONG_AND_ORDINARY)["level"]
    with_it = assistant.parse(LONG_AND_ORDINARY + grave)["level"]
    assert with_it["level"] == 4
    assert without["level"] < 4
    assert with_it["at_least"][2] > without["at_least"][2] + 0.3


@pytest.mark.parametrize(
    "text",
    [
        "he fell over at break and grazed his knee, plaster on, off he went",
        "she has no coat and it is november, mum says payday is friday",
        "cuts on her arm again, third time this month, parents know",
        "mum held his hand on the hob",
    ],
)
def test_a_sign_of_the_level_that_it_sounds_like_is_among_what_is_near(assistant, text):
    parsed = assistant.parse(text)
    level = parsed["level"]["level"]
    assert level in {one["level"] for one in parsed["near"]["indicators"]}
    assert parsed["level"]["at_least"] == sorted(parsed["level"]["at_least"], reverse=True)


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_where_no_near_sign_is_of_the_level_the_nearest_of_it_is_added(assistant, level):
    message = Message({"text": "mum held his hand on the hob"})
    component(assistant, "SentenceFeaturizer").process([message])
    retriever = component(assistant, "KnowledgeRetriever")
    scores, more = retriever._scores(message), retriever._read(message)
    signs = best_of(retriever._sign_names, scores, len(retriever._sign_names), more)
    of_level = [one for one in signs if retriever._levels[one.id] == level]
    others = [one for one in signs if retriever._levels[one.id] != level][:5]
    (added,) = retriever._of_level(level, others, scores, more)
    assert (added.id, added.score) == (of_level[0].id, of_level[0].score)
    assert retriever._of_level(level, [*others, of_level[-1]], scores, more) == []


def test_what_was_not_read_has_no_level(assistant):
    message = Message({"text": "he fell over at break"})
    component(assistant, "SentenceFeaturizer").process([message])
    message.set(READINGS, None)
    component(assistant, "KnowledgeRetriever").process([message])
    assert message.get("level") is None
    assert message.get("near")["indicators"]
