"""The graph that ONNX Runtime runs computes what a transformer of BERT's kind is."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import erf, softmax

from bot.nlu.graph import session, transformer

WIDTH, WIDE, HEADS, LAYERS = 12, 20, 3, 2
PARTS = {
    "attention.self.query": (WIDTH, WIDTH),
    "attention.self.key": (WIDTH, WIDTH),
    "attention.self.value": (WIDTH, WIDTH),
    "attention.output.dense": (WIDTH, WIDTH),
    "intermediate.dense": (WIDTH, WIDE),
    "output.dense": (WIDE, WIDTH),
}


def layer_weights():
    chance = np.random.default_rng(0)
    made = {}
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}"
        for part, shape in PARTS.items():
            made[f"{name}.{part}.weight"] = chance.normal(0, 0.5, shape).astype(np.float32)
            made[f"{name}.{part}.bias"] = chance.normal(0, 0.5, shape[1]).astype(np.float32)
        for part in ("attention.output.LayerNorm", "output.LayerNorm"):
            for kind in ("weight", "bias"):
                made[f"{name}.{part}.{kind}"] = chance.normal(1, 0.2, WIDTH).astype(np.float32)
    return made


@pytest.fixture(scope="module")
def weights():
    return layer_weights()


def _norm(x, w, name):
    centred = x - x.mean(axis=-1, keepdims=True)
    scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-12)
    return scaled * w[f"{name}.weight"] + w[f"{name}.bias"]


def _by_the_book(x, w):
    """One text, 64 bits, written from the definition."""
    size = WIDTH // HEADS
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}"

        def dense(y, part, name=name):
            return y @ w[f"{name}.{part}.weight"] + w[f"{name}.{part}.bias"]

        query, key, value = (dense(x, f"attention.self.{p}") for p in ("query", "key", "value"))
        seen = []
        for head in range(HEADS):
            of = slice(head * size, (head + 1) * size)
            weight = softmax(query[:, of] @ key[:, of].T / np.sqrt(size), axis=-1)
            seen.append(weight @ value[:, of])
        heard = dense(np.concatenate(seen, axis=1), "attention.output.dense")
        x = _norm(x + heard, w, f"{name}.attention.output.LayerNorm")
        wide = dense(x, "intermediate.dense")
        wide = wide * 0.5 * (1 + erf(wide / np.sqrt(2)))
        x = _norm(x + dense(wide, "output.dense"), w, f"{name}.output.LayerNorm")
    return x


@pytest.mark.parametrize("threads", [1, 2])
def test_texts_side_by_side_come_out_as_each_by_itself(weights, threads):
    chance = np.random.default_rng(1)
    texts = [chance.normal(0, 1, (n, WIDTH)).astype(np.float32) for n in (5, 1, 7)]
    owner = np.repeat(np.arange(3), [len(t) for t in texts])
    mask = (owner[:, None] == owner[None, :]).astype(np.int32)
    given = dict(weights)
    run = session(transformer(given, range(LAYERS), HEADS), given, threads)
    (out,) = run.run(None, {"tokens": np.concatenate(texts)[None], "mask": mask[None]})
    exact = {k: v.astype(np.float64) for k, v in weights.items()}
    wanted = np.concatenate([_by_the_book(t.astype(np.float64), exact) for t in texts])
    assert np.abs(out[0] - wanted).max() < 2e-5
