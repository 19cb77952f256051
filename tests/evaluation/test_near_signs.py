"""What a message is near to: clauses weigh less, and a sign is never out of scope."""

from __future__ import annotations

import numpy as np
import pytest

from bot.nlu.retrieval import FEW_WORDS, OF_A_CLAUSE, OF_FEW_WORDS, PhraseIndex, less_of


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
    assert index.nearest(pieces, 2, less)[0].id == "one"


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
    from bot.nlu.components.knowledge_retriever import KnowledgeRetriever

    runner = assistant.agent.processor.graph_runner
    found = [node._component for node in runner._instantiated_nodes.values()]
    retriever = next(one for one in found if isinstance(one, KnowledgeRetriever))
    assert retriever._concern(ranking, nearest) == concern
