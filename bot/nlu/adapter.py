"""Low-rank corrections to the embedding, learnt from our own data by `make adapter`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt

TARGETS = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)


def adapter_path() -> Path:
    """The committed file of corrections."""
    return Path(__file__).resolve().parent.parent / "data" / "adapter.npz"


def vectors_path() -> Path:
    """The committed file of the vectors of all texts that the adapter was learnt from."""
    return adapter_path().with_name("vectors.npz")


def lora_scale(rank: int) -> float:
    """By how much the product of the two thin matrices is stretched."""
    return 16.0 / rank


def texts_digest(texts: Iterable[str]) -> str:
    """Short hash of the texts that the corrections were learnt from."""
    digest = hashlib.sha256()
    for text in sorted(set(texts)):
        digest.update(text.encode() + b"\n")
    return digest.hexdigest()[:16]


def add_corrections(weights: dict[str, npt.NDArray[np.float32]], path: Path) -> None:
    """Add the corrections of `path`, if it exists, to the weights in place."""
    if not path.exists():
        return
    with np.load(path) as packed:
        for name in packed.files:
            if not name.startswith("down:"):
                continue
            key = name.removeprefix("down:")
            down = packed[name].astype(np.float32)
            up = packed[f"up:{key}"].astype(np.float32)
            weights[f"{key}.weight"] += down @ up * np.float32(lora_scale(down.shape[1]))
