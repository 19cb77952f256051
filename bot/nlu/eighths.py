"""Products of the transformer in whole numbers of eight bits, which take half the time.

What goes into each product was measured beforehand, channel by channel
(`python -m scripts.ranges`).  Channels that reach far are made smaller and their weights
larger by as much (SmoothQuant, arXiv 2211.10438); then one step serves them all.  No
step depends on what else is in the run, and the sums are exact, so that a message is
understood the same way beside any other and on any processor, but for a number that lies at
the edge of a step and may fall to either side.  See docs/adr/0011.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float32]
# Lowest and highest that was seen of each channel of what goes into a product.
Range = tuple[Numbers, Numbers]
# The largest weight.  Processors without VNNI add two products at a time in 16 bits: with
# weights of 8 bits they run over, and the same message would come out otherwise there.
MOST = 63
# How much of the difference between channels goes over to the weights, of 1; where it leads
# from many channels to few, these have passed the activation, and differ more.
SHARE, SHARE_OF_MANY = 0.65, 0.85
_TINY = 1e-6


def ranges_path() -> Path:
    """The committed file of what was measured."""
    return Path(__file__).resolve().parent.parent / "data" / "ranges.npz"


@dataclass(frozen=True)
class Eighths:
    """A product's numbers: what goes in is multiplied by `shrink`, divided by `step`, rounded
    and moved by `zero` (0 to 255); `weight` times `weight_step` (one a column) is the matrix."""

    shrink: Numbers
    step: np.float32
    zero: np.uint8
    weight: npt.NDArray[np.int8]
    weight_step: Numbers


def eighths(weight: Numbers, seen: Range) -> Eighths:
    """The product with `weight` (input by output) of what was seen to lie in `seen`."""
    low, high = (np.asarray(edge, np.float32) for edge in seen)
    reach = np.maximum(np.abs(low), np.abs(high)) + _TINY
    heaviest = np.abs(weight).max(axis=1) + _TINY
    share = SHARE if weight.shape[0] <= weight.shape[1] else SHARE_OF_MANY
    by = (reach**share / heaviest ** (1 - share)).astype(np.float32)
    lowest, highest = min(float((low / by).min()), 0.0), max(float((high / by).max()), _TINY)
    step = np.float32((highest - lowest) / 255)
    scaled = weight * by[:, None]
    weight_step = (np.abs(scaled).max(axis=0) / MOST + 1e-12).astype(np.float32)
    return Eighths(
        (1 / by).astype(np.float32),
        step,
        np.uint8(np.clip(round(-lowest / float(step)), 0, 255)),
        np.clip(np.round(scaled / weight_step), -MOST, MOST).astype(np.int8),
        weight_step,
    )


def stamp_of(file: Path) -> str:
    """What tells the weights of a file from others."""
    return hashlib.blake2b(file.read_bytes() if file.exists() else b"", digest_size=8).hexdigest()


def save_ranges(path: Path, ranges: Mapping[str, Range], stamps: Mapping[str, str]) -> None:
    """Write what was measured: `ranges` of "branch:product", `stamps` of each branch's weights."""
    packed = {name: np.stack(seen).astype(np.float16) for name, seen in ranges.items()}
    of = {f"stamp:{branch}": np.array(stamp) for branch, stamp in stamps.items()}
    np.savez_compressed(path, **of, **packed)


def load_ranges(path: Path, branch: str, stamp: str) -> dict[str, Range]:
    """What `save_ranges` wrote of a branch, by product; nothing if there is no such file.

    Raises:
        ValueError: it was measured of other weights than those of this stamp.
    """
    if not path.exists():
        return {}
    with np.load(path, allow_pickle=False) as packed:
        key = f"stamp:{branch}"
        if key not in packed.files or str(packed[key]) != stamp:
            raise ValueError(
                f"E032 {path} was measured of other weights. Mend: python -m scripts.ranges"
            )
        mine = [name for name in packed.files if name.startswith(f"{branch}:")]
        return {n.partition(":")[2]: tuple(packed[n].astype(np.float32)) for n in mine}
