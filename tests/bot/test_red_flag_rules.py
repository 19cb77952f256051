"""Only the rules whose words a message has are tried; that hides none of them."""

from __future__ import annotations

import pytest

from bot.evaluate.messages import read_bank
from bot.nlu.red_flags import NOW, RuleBook
from bot.paths import ROOT
from knowledge.content import load_content
from knowledge.schema import RedFlag

BANKS = sorted((ROOT / "tests" / "messages" / "red_flags").glob("*.yml"))


@pytest.fixture(scope="module")
def flags():
    return load_content().all("red_flags", RedFlag)


@pytest.fixture(scope="module")
def book(flags):
    return RuleBook(flags)


class EveryRule(RuleBook):
    def _worth_trying(self, plain):
        return list(range(len(self._rules)))


@pytest.mark.parametrize("bank", BANKS, ids=lambda path: path.stem)
def test_no_rule_is_left_out_that_would_hold(bank, book, flags):
    every = EveryRule(flags)
    texts = [text for texts in read_bank(bank).values() for text in texts]
    assert [book.find(t) for t in texts] == [every.find(t) for t in texts]


def test_hardly_a_rule_is_tried_on_an_ordinary_message(book, flags):
    rules = sum(len(flag.patterns) for flag in flags)
    tried = book._worth_trying("the wifi is down in the science block and the bell did not ring")
    assert len(tried) < rules / 20


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("threaten* ~2 him", "She was THREATENING to hurt him"),
        ("passed_out|fainted", "he has passed out"),
        ("isnt|not breathing", "she isn’t breathing"),
        ("hes ?still bleeding ?badly", "hes bleeding"),
        ("out . knife", "get out, knife"),
    ],
)
def test_a_rule_is_tried_however_its_words_are_written(pattern, text, flags):
    flag = RedFlag.model_validate({**flags[0].model_dump(), "id": "one", "patterns": [pattern]})
    (hit,) = RuleBook([flag]).find(text)
    assert (hit.id, hit.state) == ("one", NOW)


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("we can hear someone smashing the windows downstairs", True),
        ("two men are kicking the front door in", True),
        ("a toddler was kicking the door because he wanted to go out", False),
        ("the window man is coming on friday", False),
    ],
)
def test_people_who_break_in_are_violence_now(book, text, hit):
    assert [h.id for h in book.find(text) if h.state == NOW] == (["violence-now"] if hit else [])
