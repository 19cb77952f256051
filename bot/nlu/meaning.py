"""Nearness of meaning for the search: the phrases of what can be searched, embedded once.

The vectors are kept under `build/`, by content version and tuning, so that a search in
the terminal starts at once.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from bot.nlu.adapter import adapter_path
from bot.nlu.embedder import shared_embedder
from bot.nlu.retrieval import PhraseIndex
from bot.paths import BUILD
from knowledge.search import KINDS_SEARCHED, Key
from knowledge.store import Store

LEAST = 0.3


def phrases_of(kind: str, entry: Any) -> list[str]:
    """The texts by which an entry is found."""
    if kind in {"indicators", "protective"}:
        return [entry.text, *entry.phrases]
    if kind == "resources":
        return [entry.title, entry.purpose, *entry.phrases, *entry.topics]
    if kind == "glossary":
        return [entry.term, *entry.old_names, entry.text]
    if kind == "contacts":
        return [entry.name, entry.purpose, *entry.aliases]
    return [entry.title, *entry.phrases]


class Meaning:
    """Ranks the entries of a store by the meaning of a query."""

    def __init__(self, store: Store, folder: Path | None = None) -> None:
        """Embeds every phrase of the version served, or reads the vectors kept before."""
        found = [
            (f"{kind}/{key}", text)
            for kind in KINDS_SEARCHED
            for key, entry in store.snapshot()[kind].items()
            for text in phrases_of(kind, entry)
        ]
        owners, texts = [o for o, _ in found], [t for _, t in found]
        self._index = PhraseIndex(owners, _vectors(texts, folder or BUILD))

    def near(self, query: str, limit: int = 20) -> list[Key]:
        """Kind and id of the nearest entries, best first; none under the least nearness."""
        hits = self._index.nearest(shared_embedder().encode([query]), limit)
        return [_key(hit.id) for hit in hits if hit.score >= LEAST]


def _key(joined: str) -> Key:
    kind, _, key = joined.partition("/")
    return kind, key


def _vectors(texts: list[str], folder: Path) -> Any:
    adapter = adapter_path()
    tuning = adapter.read_bytes() if adapter.exists() else b""
    mark = hashlib.sha256("\n".join(texts).encode() + tuning).hexdigest()[:16]
    kept = folder / f"search-{mark}.npz"
    try:
        with np.load(kept) as packed:
            return packed["vectors"]
    except (OSError, KeyError, ValueError, BadZipFile):
        pass
    vectors = shared_embedder().encode(texts)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("search-*.npz"):
        old.unlink(missing_ok=True)
    np.savez(kept, vectors=vectors)
    return vectors
