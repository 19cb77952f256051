"""The level a message sounds like, from what the reader hears and what is near."""

from __future__ import annotations

import numpy as np
import pytest

from bot.nlu import levels
from bot.nlu.levels import SURE, WEIGHTS, chances, level_by, opinions

LEVEL_OF = np.array([0, 0, 1, 1, 2, 2, 3, 3])


def heard(level, surely=6.0):
    """Logarithms of chances that speak for a level, 1 to 4."""
    logs = np.zeros(4)
    logs[level - 1] = surely
    return (logs - np.logaddexp.reduce(logs)).astype(np.float32)


def seen(read, sign, nearest, surely=6.0):
    signs = np.zeros(8)
    signs[sign - 1 == LEVEL_OF] = surely
    near = np.full(8, 0.3)
    near[np.flatnonzero(nearest - 1 == LEVEL_OF)[0]] = 0.7
    logs = (signs - np.logaddexp.reduce(signs)).astype(np.float32)
    return opinions(heard(read, surely), logs, near.astype(np.float32), LEVEL_OF)


@pytest.mark.parametrize("level", levels.LEVELS)
def test_where_all_agree_that_is_the_level(level):
    assert level_by(seen(level, level, level)) == level


def test_each_opinion_moves_the_level_up_and_never_down():
    for read in levels.LEVELS:
        for sign in levels.LEVELS:
            for nearest in levels.LEVELS:
                here = chances(seen(read, sign, nearest, 2.0))
                for graver in (
                    seen(min(4, read + 1), sign, nearest, 2.0),
                    seen(read, min(4, sign + 1), nearest, 2.0),
                ):
                    assert (chances(graver) >= here - 1e-6).all()


def test_a_higher_level_is_never_surer_than_a_lower():
    draw = np.random.default_rng(5)
    for _ in range(200):
        each = chances(draw.normal(0, 3, WEIGHTS.shape[1]).astype(np.float32))
        assert each[0] >= each[1] >= each[2]
        assert ((each >= 0) & (each <= 1)).all()


def test_in_doubt_the_level_goes_up():
    assert all(0 < least < 0.5 for least in SURE)
    assert list(SURE) == sorted(SURE, reverse=True), "the graver, the sooner"


def test_the_bounds_hold_where_the_reader_is_certain():
    certain = seen(4, 4, 4, 1000.0)
    assert np.isfinite(certain).all()
    assert np.isfinite(chances(certain)).all()
