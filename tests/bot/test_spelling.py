"""Words typed as one, or without their vowels, are mended; everything else stays as typed."""

from __future__ import annotations

import pytest

from bot.channels.gate import clean
from bot.evaluate.noise import noisy
from bot.nlu.spelling import mended
from bot.privacy.hurried import WORDS
from scripts.peer import bank
from scripts.spelling import counted


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("stepdad hit hertoday", "stepdad hit her today"),
        ("mumhits him", "mum hits him"),
        ("brss on his arms", "bruises on his arms"),
        ("a bruse on her neck", "a bruise on her neck"),
        ("theteacher hithim", "the teacher hit him"),
        ("he is hngry agn", "he is hungry again"),
        # A slip in a long word is likelier than two words typed as one.
        ("it was diffrent with the teaher", "it was different with the teacher"),
        ("came in hungryr to the playgound", "came in hungry to the playground"),
    ],
)
def test_what_hurried_hands_leave_out(typed, meant):
    assert mended(typed) == meant


@pytest.mark.parametrize(
    "text",
    ["lives in leytonstone", "Kasiahit", "[NAME] told me", "cpoms", "e8 3rt", "ofsted", "lol",
     "innit", "EC2Y", "reported to HSE", "is it Ofsted notifiable", "in the sickbay",
     "https://www.chscp.org.uk/worriedabout", "a@bcdfgh.org"],
)  # fmt: skip
def test_what_is_no_slip_stays(text):
    assert mended(text) == text


def test_few_messages_are_touched():
    texts = [text for text, _ in bank()]
    touched = [t for t in texts if mended(t) != t]  # people do write "bruse" and "boyfreind"
    assert len(touched) <= 0.015 * len(texts), touched


def test_most_words_without_vowels_come_back():
    pairs = [
        (was, typed)
        for text, _ in bank()
        for was, typed in zip(
            text.lower().split(), noisy(text.lower(), "vowels").split(), strict=True
        )
        if was != typed
    ]
    back = sum(mended(typed) == was for was, typed in pairs)
    assert back >= 0.6 * len(pairs), f"{back} of {len(pairs)}"


def test_the_gate_mends_after_redaction():
    assert clean("brss on his arms") == "bruises on his arms"


def test_the_list_is_that_of_the_data():
    rows = (line.split() for line in WORDS.read_text(encoding="utf-8").splitlines())
    kept = {word: int(count) for word, count in rows}
    now = counted()
    strange = [w for w in now if now[w] >= 10 and w not in kept]
    assert not strange, f"run `python -m scripts.spelling`: {strange[:5]}"
