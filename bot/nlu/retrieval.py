"""Which entries of the knowledge base a message is near to, by its pieces' vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.nlu.embedder import Vectors


@dataclass(frozen=True)
class Near:
    """An entry and how near it is: the cosine of its nearest phrase to the nearest piece."""

    id: str
    score: float


class PhraseIndex:
    """Vectors of the phrases of entries; `owners[i]` is the entry of row i."""

    def __init__(self, owners: Sequence[str], vectors: Vectors) -> None:
        self.names = list(dict.fromkeys(owners))
        place = {name: i for i, name in enumerate(self.names)}
        self._owner = np.array([place[o] for o in owners], dtype=np.int64)
        self._vectors = vectors

    def nearest(self, pieces: Vectors, limit: int) -> list[Near]:
        """The `limit` nearest entries, best first."""
        if not len(self._vectors) or not len(pieces):
            return []
        cosines = (pieces @ self._vectors.T).max(axis=0)
        best = np.full(len(self.names), -1.0, dtype=np.float32)
        np.maximum.at(best, self._owner, cosines)
        order = np.argsort(-best, kind="stable")[:limit]
        return [Near(self.names[i], round(float(best[i]), 4)) for i in order]


@dataclass(frozen=True)
class SuggestionRule:
    """When a near entry is worth showing: score at least `least`, within `margin` of the best."""

    least: float = 0.5
    margin: float = 0.14
    limit: int = 5


def suggest(near: Sequence[Near], rule: SuggestionRule) -> list[Near]:
    """The entries to suggest, best first."""
    if not near:
        return []
    top = near[0].score
    return [n for n in near if n.score >= rule.least and n.score >= top - rule.margin][: rule.limit]
