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


LONG = ("She is hungry. " * 80).strip()


@pytest.fixture
def processor(monkeypatch):
    """One that only embeds ahead; `embedded` says which thread had which text's pieces."""
    made = object.__new__(CarefulProcessor)
    made._at_work, made.embedded = 0, []

    async def parse(self, message, tracker, only_output_properties):
        return {"text": message.text}

    for name in ("_AHEAD", "_AHEAD_LONG"):

        async def embed(pieces, name=name):
            made.embedded.append((name, pieces[0]))

        monkeypatch.setattr(agent, name, SimpleNamespace(embed=embed))
    monkeypatch.setattr(MessageProcessor, "parse_message", parse)
    return made


@pytest.mark.parametrize(
    ("at_work", "text", "thread"),
    [
        (0, "a bruise", None),
        (1, "a bruise", None),
        (2, "a bruise", "_AHEAD"),
        (5, "a bruise", "_AHEAD"),
        (1, LONG, "_AHEAD_LONG"),  # it would hold up the loop for all that come
        (2, LONG, "_AHEAD_LONG"),
        (2, "/answer", None),
    ],
    ids=lambda given: str(given)[:12],
)
def test_only_a_long_message_or_a_turn_beside_others_goes_to_a_thread(
    processor, at_work, text, thread
):
    processor._at_work = at_work
    assert asyncio.run(processor.parse_message(UserMessage(text))) == {"text": text}
    assert processor.embedded == ([(thread, text)] if thread else [])


def test_turns_at_work_are_counted_and_a_failed_one_is_over(processor, monkeypatch):
    seen, go_on = [], asyncio.Event()

    async def handle(self, message):
        seen.append(self._at_work)
        if message.text == "bad":
            raise RuntimeError("bad")
        await go_on.wait()
        return []

    async def replayed(self, message):
        return False

    monkeypatch.setattr(MessageProcessor, "handle_message", handle)
    monkeypatch.setattr(CarefulProcessor, "_replayed", replayed)

    async def play():
        first = asyncio.create_task(processor.handle_message(UserMessage("one")))
        await asyncio.sleep(0)
        with pytest.raises(RuntimeError):
            await processor.handle_message(UserMessage("bad"))
        second = asyncio.create_task(processor.handle_message(UserMessage("two")))
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.gather(first, second)

    asyncio.run(play())
    assert seen == [1, 2, 2]
    assert processor._at_work == 0
