"""The nodes run one after the other give what Rasa's own runner gives."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner

from bot.runtime import agent
from bot.runtime.agent import CarefulProcessor
from bot.runtime.in_order import InOrder

RUNS: list[str] = []


class Word(GraphComponent):
    @classmethod
    def create(cls, config, model_storage, resource, execution_context):
        made = cls()
        made.word = config["word"]
        return made

    def add(self, first="", second=""):
        RUNS.append(self.word)
        return f"{first}{second}{self.word}"


def node(word, **needs):
    return SchemaNode(needs, Word, "create", "add", {"word": word}, eager=True)


# In no order, and one is needed by two.
SCHEMA = GraphSchema(
    {
        "last": node("d", first="left", second="right"),
        "left": node("b", first="start"),
        "right": node("c", first="start"),
        "start": node("a", first="given"),
        "unasked": node("z", first="start"),
    }
)


@pytest.fixture
def rasas():
    RUNS.clear()
    return DaskGraphRunner.create(SCHEMA, None, ExecutionContext(SCHEMA))


@pytest.mark.parametrize("targets", [["last"], ["left", "right"], ["given"], ["unasked", "last"]])
def test_the_same_comes_out_as_of_rasas_runner(rasas, targets):
    wanted = rasas.run({"given": "x"}, targets)
    assert InOrder(rasas).run({"given": "x"}, targets) == wanted


def test_each_node_runs_once_after_what_it_needs_and_none_that_is_not_asked(rasas):
    runner = InOrder(rasas)
    for _ in range(2):
        RUNS.clear()
        assert runner.run({"given": "x"}, ["last"]) == {"last": "xabxacd"}
        assert RUNS == ["a", "b", "c", "d"]


def test_what_is_missing_is_an_error_of_the_run(rasas):
    with pytest.raises(GraphRunError, match="given"):
        InOrder(rasas).run({}, ["last"])


@pytest.mark.parametrize(("at_work", "ahead"), [(0, False), (1, False), (2, True), (5, True)])
def test_only_a_turn_beside_others_is_embedded_by_a_thread(monkeypatch, at_work, ahead):
    embedded = []

    async def embed(pieces):
        embedded.append(pieces)

    async def parse(self, message, tracker, only_output_properties):
        return {"text": message.text}

    monkeypatch.setattr(agent, "_AHEAD", SimpleNamespace(embed=embed))
    monkeypatch.setattr(MessageProcessor, "parse_message", parse)
    processor = object.__new__(CarefulProcessor)
    processor._at_work = at_work
    parsed = asyncio.run(processor.parse_message(UserMessage("a bruise")))
    assert parsed == {"text": "a bruise"}
    assert embedded == ([["a bruise"]] if ahead else [])
