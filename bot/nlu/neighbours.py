"""What the nearest of the learnt messages are: a third opinion beside meaning and wording.

A linear classifier draws one border for a whole intent; the neighbours know the corner that
a message lies in.  In the few directions in which the learnt messages differ most they are
found better than in all of them, and in a sixth of the time (docs/adr/0007).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.nlu.nearness import Nearness

Numbers = npt.NDArray[np.float32]
DIRECTIONS, NEAREST, SHARP, FLOOR = 96, 25, 12.0, 1e-3
LIKELY = 0.3  # hardly a message has fewer than NEAREST nearer than this


def _nearest(near: Numbers) -> npt.NDArray[np.int64]:
    """The places of the NEAREST greatest, looked for among the likely ones first."""
    likely = np.flatnonzero(near > LIKELY)
    if len(likely) < NEAREST:
        likely = np.arange(len(near))
    few = min(NEAREST, len(likely))
    found: npt.NDArray[np.int64] = likely[np.argpartition(-near[likely], few - 1)[:few]]
    return found


class Neighbours:
    """Learnt messages by their vectors; `classes` in the order of the votes."""

    def __init__(self) -> None:
        self.classes: list[str] = []

    def fit(self, vectors: Numbers, labels: Sequence[str]) -> None:
        """Keep the messages; the same data give the same answers."""
        self.classes = sorted(set(labels))
        place = {label: at for at, label in enumerate(self.classes)}
        self._labels = np.array([place[label] for label in labels], np.int64)
        spread = (vectors.T @ vectors).astype(np.float64)
        most = np.linalg.eigh(spread)[1][:, ::-1][:, :DIRECTIONS]
        self._basis = most.astype(np.float32)
        self._lay_out(self._turned(vectors))

    def _lay_out(self, rows: Numbers) -> None:
        self._rows = rows.astype(np.float16)  # to be saved
        self._learnt = Nearness(rows)

    def _turned(self, vectors: Numbers) -> Numbers:
        made = vectors @ self._basis
        length = np.linalg.norm(made, axis=1, keepdims=True)
        out: Numbers = (made / np.maximum(length, 1e-9)).astype(np.float32)
        return out

    def votes(self, vectors: Numbers) -> Numbers:
        """Logarithms of the classes' shares among the nearest, one row a vector."""
        out = np.full((len(vectors), len(self.classes)), FLOOR, np.float32)
        for shares, near in zip(out, self._learnt.of(self._turned(vectors)), strict=True):
            at = _nearest(near)
            np.add.at(shares, self._labels[at], np.exp(SHARP * (near[at] - 1)))
        logs: Numbers = np.log(out / out.sum(axis=1, keepdims=True))
        return logs

    def save(self, folder: Path, name: str) -> None:
        """Write the numbers to `folder`; the classes are the caller's to keep."""
        np.savez(
            folder / f"{name}.npz",
            basis=self._basis,
            rows=self._rows,
            labels=self._labels.astype(np.int16),
        )

    @classmethod
    def load(cls, folder: Path, name: str, classes: Sequence[str]) -> Neighbours:
        """Read what `save` wrote."""
        made = cls()
        made.classes = list(classes)
        with np.load(folder / f"{name}.npz") as packed:
            made._basis = packed["basis"]
            made._lay_out(packed["rows"].astype(np.float32))
            made._labels = packed["labels"].astype(np.int64)
        return made
