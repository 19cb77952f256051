"""Products in whole numbers: near to the exact ones, and the same whatever stands beside."""

from __future__ import annotations

import numpy as np
import pytest

from bot.nlu.eighths import MOST, eighths, load_ranges, save_ranges
from bot.nlu.embedder import Embedder
from bot.nlu.graph import session, transformer
from tests.bot.test_graph import HEADS, LAYERS, PARTS, WIDTH, layer_weights

SAID = [
    "boy in year 4 has a bruise on his ear",
    "mash number please",
    "she says dad will kill her if she goes home",
    "the coach shouted at a pupil and pushed him",
    "whats for lunch",
]


def whole(made, x):
    numbers = np.clip(np.round(x * made.shrink / made.step) + float(made.zero), 0, 255)
    sums = (numbers - float(made.zero)) @ made.weight.astype(np.float64)
    return sums * made.step * made.weight_step


def off(found, wanted):
    return float(((found - wanted) ** 2).mean() / wanted.var())


@pytest.fixture(scope="module")
def wide():
    """Rows of which one channel reaches a hundred times as far as the others."""
    chance = np.random.default_rng(3)
    x = chance.normal(0, 1, (400, 64)).astype(np.float32)
    x[:, 5] *= 100
    return x, chance.normal(0, 1, (64, 32)).astype(np.float32)


def test_the_product_is_near_to_the_exact_one_though_a_channel_reaches_far(wide):
    x, weight = wide
    weight[5] /= 100
    found = whole(eighths(weight, (x.min(axis=0), x.max(axis=0))), x)
    assert off(found, x @ weight) < 0.002
    even = np.full(64, np.abs(x).max(), np.float32)
    assert off(whole(eighths(weight, (-even, even)), x), x @ weight) > 0.02


def test_no_two_products_of_eight_bits_run_over_sixteen(wide):
    x, weight = wide
    made = eighths(weight, (x.min(axis=0), x.max(axis=0)))
    assert np.abs(made.weight).max() == MOST
    assert 2 * 255 * MOST < 2**15


def test_what_was_never_negative_has_its_zero_at_the_lower_end():
    made = eighths(np.eye(4, dtype=np.float32), (np.zeros(4), np.ones(4)))
    assert made.zero == 0
    some = np.array([[0.0, 0.25, 0.5, 1.0]])
    assert np.allclose(whole(made, some), some, atol=0.01)


def test_layers_in_whole_numbers_are_near_and_the_same_beside_other_texts():
    weights = layer_weights()
    names = [f"encoder.layer.{n}.{part}" for n in range(LAYERS) for part in PARTS]
    ranges = {name: (np.full(s, -6.0), np.full(s, 6.0)) for name, s in reach(names).items()}
    exact, given = dict(weights), dict(weights)
    run = session(transformer(given, range(LAYERS), HEADS, ranges), given, 1)
    by_the_book = session(transformer(exact, range(LAYERS), HEADS), exact, 1)
    chance = np.random.default_rng(1)
    texts = [chance.normal(0, 1, (n, WIDTH)).astype(np.float32) for n in (5, 1, 7)]
    owner = np.repeat(np.arange(3), [len(t) for t in texts])
    mask = (owner[:, None] == owner[None, :]).astype(np.int32)
    together = {"tokens": np.concatenate(texts)[None], "mask": mask[None]}
    (out,) = run.run(None, together)
    (wanted,) = by_the_book.run(None, together)
    assert 0 < off(out, wanted) < 0.01
    for n, text in enumerate(texts):
        every = np.ones((1, len(text), len(text)), np.int32)
        (alone,) = run.run(None, {"tokens": text[None], "mask": every})
        assert np.allclose(alone[0], out[0][owner == n], atol=0.05)


def reach(names):
    made = {}
    for name in names:
        part = name.split(".", 3)[3]
        if part in {"attention.self.key", "attention.self.value"}:
            continue
        made[name.replace("self.query", "self.all")] = PARTS[part][0]
    return made


def test_ranges_of_other_weights_are_refused_with_the_way_to_mend_it(tmp_path):
    path = tmp_path / "ranges.npz"
    assert load_ranges(path, "reader", "a") == {}
    ranges = {"reader:x": (np.zeros(2), np.ones(2)), "embedding:y": (np.ones(2), np.ones(2))}
    save_ranges(path, ranges, {"reader": "a", "embedding": "b"})
    found = load_ranges(path, "reader", "a")
    assert list(found) == ["x"]
    low, high = found["x"]
    assert low.tolist() == [0, 0]
    assert high.tolist() == [1, 1]
    with pytest.raises(ValueError, match=r"E032 .*ranges\.npz .* Mend: python -m scripts\.ranges"):
        load_ranges(path, "embedding", "a")


def test_what_ships_was_measured_of_the_weights_that_ship_and_is_near_to_them():
    ours, exact = Embedder(), Embedder(exact=True)
    vectors, wanted = ours.encode(SAID), exact.encode(SAID)
    alike = (vectors * wanted).sum(axis=1)
    assert alike.min() > 0.98
    assert alike.max() < 1 - 1e-6, "nothing was done in whole numbers"
    seen, meant = (e.read_messages([[t] for t in SAID]) for e in (ours, exact))
    for one, other in zip(seen, meant, strict=True):
        likely = other.readings[0] > np.log(0.2)
        assert np.abs(one.readings[0] - other.readings[0])[likely].max() < 0.5
