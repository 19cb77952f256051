"""Typing noise: seeded, of seven kinds, and never turning the meaning round."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from bot.evaluate.noise import KINDS, noisy, under_noise
from bot.evaluate.noise_report import noise_row
from bot.evaluate.noise_words import CONFUSED, SLANG, TEXT_SPEAK
from bot.evaluate.vignettes import Vignette
from tests.bot.evaluate.runs import guidance, run

TEXT = (
    "The boy in year 4 lives in Homerton and he told a teacher that his dad hit him "
    "before school, but he is not hurt. I'm worried about him because he was crying."
)


@pytest.mark.parametrize("kind", KINDS)
def test_noise_changes_the_text_and_stays_the_same_every_time(kind):
    assert noisy(TEXT, kind) != TEXT
    assert noisy(TEXT, kind, "one") == noisy(TEXT, kind, "one")
    code = f"from bot.evaluate.noise import noisy; print(noisy({TEXT!r}, {kind!r}), end='')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == noisy(TEXT, kind)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["", " ", "a", "🙂", "123", "مرحبا", "é"])
def test_noise_takes_any_text(kind, text):
    assert isinstance(noisy(text, kind), str)


@pytest.mark.parametrize("kind", ["upper", "textspeak", "slang", "autocorrect"])
def test_a_denial_and_a_number_stay(kind):
    made = noisy(TEXT, kind).lower()
    assert re.search(r"\bnot\b|ain't", made)
    assert "4" in made


def test_tables_turn_no_denial_round():
    denials = {"not", "no", "never", "none", "nobody", "without"}
    for table in (TEXT_SPEAK, SLANG, CONFUSED):
        for word, made in table.items():
            assert word == word.lower()
            if word not in denials:
                assert not denials & {w for one in made for w in one.lower().split()}, word


def test_what_is_said_alone_is_changed():
    vignette = Vignette(id="a", says=[TEXT], answers={"safe_now": "yes"}, expect={"route": "lado"})
    (made,) = under_noise([vignette], "upper")
    assert made.says == [noisy(TEXT, "upper", "a")]
    assert (made.id, made.answers, made.expect) == ("a", vignette.answers, vignette.expect)


def test_row_counts_what_was_lost_and_what_is_newly_hazardous():
    lado, low = [guidance("lado")], [guidance("low_level_concern")]
    clean = [run("a", {"route": "lado"}, lado), run("b", {"route": "lado"}, low)]
    worse = [run("a", {"route": "lado"}, low), run("b", {"route": "lado"}, low)]
    row = noise_row("slips", clean, worse)
    assert row["points_lost"] == 50.0
    assert row["new_hazardous"] == ["a"]
    assert row["route_lost"] == ["a"]
