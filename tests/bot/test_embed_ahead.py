"""Messages that wait are embedded in one go, each gets its own, and an error reaches all."""

from __future__ import annotations

import asyncio
import threading

import numpy as np
import pytest

from bot.nlu.embedder import shared_embedder
from bot.runtime.embed_ahead import MOST_PIECES, EmbedAhead


def test_those_that_wait_share_one_go_and_none_waits_for_too_many():
    goes: list[list[list[str]]] = []
    first = threading.Event()

    def encode(messages: list[list[str]]) -> None:
        goes.append(messages)
        first.wait(5)

    async def play() -> None:
        ahead = EmbedAhead(encode)
        waiting = [asyncio.create_task(ahead.embed(["one"]))]
        while not goes:
            await asyncio.sleep(0.001)
        waiting += [asyncio.create_task(ahead.embed([f"p{i}", "same"])) for i in range(60)]
        await asyncio.sleep(0.01)
        first.set()
        await asyncio.gather(*waiting)

    asyncio.run(play())
    assert goes[0] == [["one"]]
    assert 1 < len(goes) < 10
    assert all(sum(map(len, go)) <= MOST_PIECES for go in goes)
    assert [m for go in goes for m in go] == [["one"], *([f"p{i}", "same"] for i in range(60))]


def test_an_error_reaches_the_message_and_the_next_is_embedded():
    def encode(messages: list[list[str]]) -> None:
        if ["bad"] in messages:
            raise ValueError("bad")

    async def play() -> None:
        ahead = EmbedAhead(encode)
        with pytest.raises(ValueError, match="bad"):
            await ahead.embed(["bad"])
        await ahead.embed(["good"])

    asyncio.run(asyncio.wait_for(play(), 5))


def test_a_text_has_the_same_vector_alone_and_among_others():
    texts = ["a bruise on her ear", "yes", "he told me that his dad grabbed him " * 12, ""]
    together = shared_embedder().encode(texts)
    for row, text in zip(together, texts, strict=True):
        assert np.allclose(row, shared_embedder().encode([text])[0], atol=0.02)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
