"""The reader: a transformer that was tuned to tell intent, danger and level itself.

The embedding's vectors are made for everything that is compared by meaning; what a message
is about, how grave it is, and whether it speaks of danger now, is read better by layers that
learnt nothing else (docs/adr/0010, 0011).  Written by `make reader`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby
from pathlib import Path

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float32]
# What it was taught to tell: the group a name stands in, before the colon.
INTENT, DANGER, LEVEL, SIGN = "intent", "danger", "level", "indicators"
GROUPS = (INTENT, DANGER, LEVEL, SIGN)


@lru_cache(maxsize=64)
def _places(among: tuple[str, ...], group: str, wanted: tuple[str, ...]) -> npt.NDArray[np.int64]:
    at = {name: place for place, name in enumerate(among)}
    return np.array([at.get(f"{group}:{name}", -1) for name in wanted], np.int64)


def reader_path() -> Path:
    """The committed file of its layers and heads."""
    return Path(__file__).resolve().parent.parent / "data" / "reader.npz"


@dataclass(frozen=True)
class Reader:
    """`weights` of the layers, named as BERT's; `names` ("level:4") group by group, and `head`
    and `bias`, which lead from the mean of the tokens to a number for each."""

    weights: dict[str, Numbers]
    names: tuple[str, ...]
    head: Numbers
    bias: Numbers

    def judge(self, means: Numbers) -> Numbers:
        """For each row the logarithm of each name's chance within its group."""
        out: Numbers = means @ self.head + self.bias
        for columns in self._columns:
            logits = out[:, columns]
            highest = logits.max(axis=1, keepdims=True)
            total = highest + np.log(np.exp(logits - highest).sum(axis=1, keepdims=True))
            out[:, columns] = logits - total
        return out

    def told(self, reading: Numbers, group: str, names: tuple[str, ...]) -> Numbers:
        """What a row of `judge` says of these names of a group; of one that it never met, that
        it is as likely as any."""
        places = _places(self.names, group, names)
        even = np.float32(-np.log(max(1, len(names))))
        return np.where(places >= 0, reading[places], even)

    @cached_property
    def _columns(self) -> list[slice]:
        """Where each group's names stand: side by side."""
        found, start = [], 0
        for _, names in groupby(self.names, key=lambda name: name.partition(":")[0]):
            end = start + len(list(names))
            found.append(slice(start, end))
            start = end
        return found

    def save(self, path: Path) -> None:
        """Write it in half precision."""
        halves = {name: values.astype(np.float16) for name, values in self.weights.items()}
        np.savez_compressed(
            path,
            names=np.array(self.names),
            head=self.head.astype(np.float32),
            bias=self.bias.astype(np.float32),
            **halves,
        )

    @classmethod
    def load(cls, path: Path) -> Reader:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as packed:
            layers = [name for name in packed.files if name.startswith("encoder.")]
            return cls(
                {name: packed[name].astype(np.float32) for name in layers},
                tuple(str(name) for name in packed["names"]),
                packed["head"],
                packed["bias"],
            )
