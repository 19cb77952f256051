"""Which entries of the knowledge base a message is near to, by its pieces' vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.nlu.embedder import Vectors
from bot.nlu.nearness import Nearness

# Weight of an entry's second nearest phrase: one odd phrase alone does not carry an entry.
SECOND = 0.3
# How far the level that a piece sounds like moves an indicator of that level, and the
# estimate from which it moves it up.
LEVEL_WEIGHT, LEVEL_AVERAGE = 0.2, 0.4
_RIDGE = 3.0
# The signs are compared in the directions in which their phrasings differ most: of 343
# vignettes 9 came out under their level, not 15, and the work is half.
DIRECTIONS = 192
# A clause says less than the whole message, and one of few words much less: "parents are
# lovely" is near to a sign of its own, whatever stands around it.
OF_A_CLAUSE, OF_FEW_WORDS, FEW_WORDS = 0.06, 0.1, 6


def less_of(pieces: Sequence[str]) -> npt.NDArray[np.float32]:
    """What is taken from the scores of each piece; the first is the whole message."""
    few = [OF_FEW_WORDS if len(p.split()) < FEW_WORDS else 0.0 for p in pieces[1:]]
    return np.array([0.0, *(OF_A_CLAUSE + more for more in few)][: len(pieces)], dtype=np.float32)


@dataclass(frozen=True)
class Near:
    """An entry, how near it is (-1 to 1), and the pieces of the message it is best for."""

    id: str
    score: float
    best_for: tuple[int, ...] = ()


class PhraseIndex:
    """Vectors of the phrases of entries; `owners[i]`, in runs, is the entry of row i."""

    def __init__(
        self, owners: Sequence[str], vectors: Vectors, levels: Sequence[int] | None = None
    ) -> None:
        """`levels`, one an entry in the order of first appearance, lets the level that a
        message sounds like weigh beside its words."""
        self.names = list(dict.fromkeys(owners))
        starts = [i for i, owner in enumerate(owners) if i == 0 or owners[i - 1] != owner]
        if len(starts) != len(self.names):
            raise ValueError("the phrases of an entry must stand together")
        self._starts = np.array(starts, dtype=np.int64)
        self._sizes = np.diff([*starts, len(owners)])
        self._basis: Vectors | None = None
        if levels:
            spread = (vectors.T @ vectors).astype(np.float64)
            most = np.linalg.eigh(spread)[1][:, ::-1][:, :DIRECTIONS]
            self._basis = most.astype(np.float32)
            vectors = self._turned(vectors)
        self._levels = np.array(levels or [], dtype=np.int64) - 1
        self._level_head = self._learn_levels(vectors) if levels else None
        self._phrases = Nearness(vectors)

    def _turned(self, vectors: Vectors) -> Vectors:
        if self._basis is None:
            return vectors
        made = vectors @ self._basis
        out: Vectors = made / np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-9)
        return out

    def _learn_levels(self, x: Vectors) -> Vectors:
        """Ridge regression from a phrase's vector to its entry's level, one column a level."""
        level_of = np.repeat(self._levels, self._sizes)
        wanted = np.eye(4, dtype=np.float32)[level_of]
        counts = np.maximum(np.bincount(level_of, minlength=4), 1)
        # Each level weighs the same, however many signs the criteria name for it.
        weight = (len(level_of) / (4 * counts))[level_of].astype(np.float32)[:, None]
        square = x.T @ (weight * x) + np.float32(_RIDGE) * np.eye(x.shape[1], dtype=np.float32)
        head: Vectors = np.linalg.solve(square, x.T @ (weight * wanted))
        return head

    def scores(self, pieces: Vectors) -> Vectors:
        """How near each piece is to each entry: one row a piece, one column an entry."""
        if not self.names:
            return np.zeros((len(pieces), 0), np.float32)
        pieces = self._turned(pieces)
        cosines = self._phrases.of(pieces)
        best = np.maximum.reduceat(cosines, self._starts, axis=1)
        at_best = cosines >= np.repeat(best, self._sizes, axis=1)
        rest = np.where(at_best, np.float32(-1), cosines)
        second = np.maximum(np.maximum.reduceat(rest, self._starts, axis=1), 0)
        scores: Vectors = (1 - SECOND) * best + SECOND * second
        if self._level_head is not None:
            sounds_like = (pieces @ self._level_head)[:, self._levels]
            scores = scores + np.float32(LEVEL_WEIGHT) * (sounds_like - np.float32(LEVEL_AVERAGE))
        return scores

    def nearest(self, pieces: Vectors, limit: int) -> list[Near]:
        """The `limit` nearest entries, best first."""
        return best_of(self.names, self.scores(pieces), limit)


def best_of(
    names: Sequence[str], scores: Vectors, limit: int, more: Vectors | None = None
) -> list[Near]:
    """The `limit` nearest entries by `PhraseIndex.scores`, best first; `names` are its columns'.

    `more`, which is known of the message and not of its pieces, is added to each entry's
    nearness, and does not say what a piece is best for.
    """
    if not scores.size:
        return []
    top = scores.max(axis=0)
    if more is not None:
        top = top + more
    order = np.argsort(-top, kind="stable")[:limit]
    best_for: dict[int, list[int]] = {}
    for piece, winner in enumerate(scores.argmax(axis=1).tolist()):
        best_for.setdefault(winner, []).append(piece)
    return [
        Near(names[i], round(float(top[i]), 4), tuple(best_for.get(i, ()))) for i in order.tolist()
    ]
