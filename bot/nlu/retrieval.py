"""Which entries of the knowledge base a message is near to, by its pieces' vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.nlu.embedder import Vectors

# Weight of an entry's second nearest phrase: one odd phrase alone does not carry an entry.
SECOND = 0.3


@dataclass(frozen=True)
class Near:
    """An entry, how near it is (-1 to 1), and the pieces of the message it is best for."""

    id: str
    score: float
    best_for: tuple[int, ...] = ()


class PhraseIndex:
    """Vectors of the phrases of entries; `owners[i]`, in runs, is the entry of row i."""

    def __init__(self, owners: Sequence[str], vectors: Vectors) -> None:
        self.names = list(dict.fromkeys(owners))
        starts = [i for i, owner in enumerate(owners) if i == 0 or owners[i - 1] != owner]
        if len(starts) != len(self.names):
            raise ValueError("the phrases of an entry must stand together")
        self._starts = np.array(starts, dtype=np.int64)
        self._sizes = np.diff([*starts, len(owners)])
        self._vectors = vectors

    def _scores(self, pieces: Vectors) -> Vectors:
        """One row a piece, one column an entry."""
        cosines = pieces @ self._vectors.T
        best = np.maximum.reduceat(cosines, self._starts, axis=1)
        at_best = cosines >= np.repeat(best, self._sizes, axis=1)
        rest = np.where(at_best, np.float32(-1), cosines)
        second = np.maximum(np.maximum.reduceat(rest, self._starts, axis=1), 0)
        scores: Vectors = (1 - SECOND) * best + SECOND * second
        return scores

    def nearest(self, pieces: Vectors, limit: int) -> list[Near]:
        """The `limit` nearest entries, best first."""
        if not len(self._vectors) or not len(pieces):
            return []
        scores = self._scores(pieces)
        top = scores.max(axis=0)
        order = np.argsort(-top, kind="stable")[:limit]
        winners = scores.argmax(axis=1)
        return [
            Near(
                self.names[i],
                round(float(top[i]), 4),
                tuple(int(p) for p in np.flatnonzero(winners == i)),
            )
            for i in order
        ]
