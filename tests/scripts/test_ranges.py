"""How far what goes into each product reaches is measured over all runs."""

from __future__ import annotations

import numpy as np

from scripts import ranges
from tests.bot.test_graph import HEADS, LAYERS, WIDE, WIDTH, layer_weights


def test_each_product_has_the_lowest_and_highest_of_each_channel_over_all_runs(monkeypatch):
    monkeypatch.setattr(ranges, "HEADS", HEADS)
    monkeypatch.setattr(ranges, "LAYERS", LAYERS)
    chance = np.random.default_rng(4)
    given = [
        {
            "tokens": chance.normal(0, size, (1, n, WIDTH)).astype(np.float32),
            "mask": np.ones((1, n, n), np.int32),
        }
        for n, size in ((4, 1), (6, 3))
    ]
    found = ranges.ranges_of(layer_weights(), given)
    parts = ("attention.self.all", "attention.output.dense", "intermediate.dense", "output.dense")
    assert set(found) == {f"encoder.layer.{n}.{p}" for n in range(LAYERS) for p in parts}
    low, high = found["encoder.layer.0.attention.self.all"]
    every = np.concatenate([one["tokens"][0] for one in given])
    assert np.array_equal(low, every.min(axis=0))
    assert np.array_equal(high, every.max(axis=0))
    low, high = found["encoder.layer.1.output.dense"]
    assert low.shape == (WIDE,)
    assert low.min() >= -0.18  # what comes out of the activation
    assert (low <= high).all()
