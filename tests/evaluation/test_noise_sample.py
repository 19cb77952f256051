"""A sample of the bank under every kind of typing noise; all of it is `make evaluation`."""

from __future__ import annotations

import pytest

from bot.evaluate.noise import KINDS, under_noise
from bot.evaluate.noise_report import noise_row
from bot.evaluate.player import play
from bot.evaluate.vignettes import read_vignettes
from bot.paths import ROOT

EVERY = 50  # of the bank, in the order of its files
LOST = 15.0  # points: two runs of fourteen; the whole bank is held to three
# The aim is none, and docs/evaluation/noise.md says which of the whole bank fall short of it:
# about one run in two hundred.  One of these twenty may be such a run; two are a fault.
HIDDEN = 1


@pytest.fixture(scope="module")
def sample():
    return read_vignettes([ROOT / "tests" / "vignettes"])[::EVERY]


@pytest.fixture(scope="module")
def clean(sample, assistant):
    return [play(assistant, v) for v in sample]


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_noise_costs_little_and_hardly_hides_danger(kind, sample, clean, assistant):
    row = noise_row(kind, clean, [play(assistant, v) for v in under_noise(sample, kind)])
    assert row["of"] >= 10
    assert row["points_lost"] <= LOST, row["route_lost"]
    assert len(row["new_hazardous"]) <= HIDDEN, row["new_hazardous"]
