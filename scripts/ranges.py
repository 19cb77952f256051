"""Measures how far what goes into each product of the transformer reaches: `bot/data/ranges.npz`.

Run by `make adapter` and `make reader`; by hand `python -m scripts.ranges`.  From what it
finds the products are done in whole numbers (`bot/nlu/eighths.py`).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import numpy as np
from onnx import ModelProto, TensorProto, helper

from bot.evaluate.apart import learnt_examples
from bot.nlu.adapter import adapter_path
from bot.nlu.eighths import Range, load_ranges, ranges_path, save_ranges, stamp_of
from bot.nlu.embedder import EMBEDDING, READING, Embedder, model_folder, tuned_weights
from bot.nlu.graph import session, transformer
from bot.nlu.reader import Reader, reader_path
from bot.paths import ROOT

HEADS, LAYERS, TEXTS, SEED = 12, 6, 1500, 7


def watched(model: ModelProto) -> dict[str, str]:
    """What goes into each product, by its weight's name; it becomes an output of the graph."""
    found: dict[str, str] = {}
    for node in model.graph.node:
        if node.op_type in {"MatMul", "Attention"}:
            found[node.input[1].removesuffix(".weight")] = node.input[0]
    for tensor in sorted(set(found.values()) - {"tokens"}):
        shape: list[str | int | None] = [1, "n", None]
        value = helper.make_tensor_value_info(tensor, TensorProto.FLOAT, shape)
        model.graph.output.append(value)
    return found


def ranges_of(weights: dict[str, Any], given: Sequence[dict[str, Any]]) -> dict[str, Range]:
    """The lowest and the highest of each channel of each product over these runs."""
    model = transformer(weights, range(LAYERS), HEADS)
    found = watched(model)
    run = session(model, weights)
    wanted = sorted(set(found.values()) - {"tokens"})
    edges: dict[str, Range] = {}
    for one in given:
        values = dict(zip(wanted, run.run(wanted, one), strict=True)) | one
        for name, tensor in found.items():
            rows = values[tensor][0]
            low, high = rows.min(axis=0), rows.max(axis=0)
            if name in edges:
                low, high = np.minimum(low, edges[name][0]), np.maximum(high, edges[name][1])
            edges[name] = low, high
    return edges


def measure() -> None:
    """Measure each branch whose weights changed, on messages drawn by chance; write the file."""
    texts = sorted({one.text for one in learnt_examples(ROOT / "data" / "nlu")})
    drawn = random.Random(SEED).sample(texts, min(TEXTS, len(texts)))  # noqa: S311 - nothing secret
    given = Embedder(exact=True).started(drawn)
    weights = {EMBEDDING: tuned_weights(model_folder(), adapter_path())}
    if reader_path().exists():
        weights[READING] = Reader.load(reader_path()).weights
    files = {EMBEDDING: adapter_path(), READING: reader_path()}
    stamps = {branch: stamp_of(files[branch]) for branch in weights}
    ranges: dict[str, Range] = {}
    for branch, stamp in stamps.items():
        try:
            found = load_ranges(ranges_path(), branch, stamp)
        except ValueError:
            found = {}
        found = found or ranges_of(weights[branch], given)
        ranges |= {f"{branch}:{name}": edges for name, edges in found.items()}
    save_ranges(ranges_path(), ranges, stamps)
    print(f"written {ranges_path()}: {len(ranges)} products, from {len(drawn)} messages")


if __name__ == "__main__":
    measure()
