"""How grave a message sounds: the level, of 1 to 4, that its signs are looked for up to.

The reader hears a level; the signs that it hears, and those whose phrasings are near, each
have one too.  What each of the three weighs was learnt from messages that none of them had
learnt (`python -m scripts.weigh_levels`).  In doubt the level goes up (see `SURE`).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float32]
LEVELS = (1, 2, 3, 4)
# Weights of the opinions (one row each for at least 2, 3 and 4), and what they start from.
WEIGHTS = np.array([
    [0.41, 0.0, 0.0, -0.43, -0.12, 0.22, -0.02, 0.31, 0.76, 0.03, 0.0],
    [0.0, 0.0, 0.0, -0.22, -0.38, 0.45, 0.06, 0.03, 0.08, 1.09, 0.12],
    [0.0, 0.0, 0.0, -0.02, 0.0, -0.25, 0.57, -0.04, 0.02, 0.1, 1.17],
])  # fmt: skip
BIAS = np.array([-2.23, -0.28, 0.24])
# From this chance of being at least 2, 3, 4 on it is taken to be: too low costs a child
# more than too high costs a colleague.
SURE = (0.3, 0.25, 0.12)
_EDGE = 1e-4


def _at_least(logs: Numbers) -> Numbers:
    """From the logarithms of four levels' chances the log-odds of at least 2, 3 and 4."""
    chances = np.exp(logs - logs.max())
    above = np.cumsum(chances[::-1])[::-1][1:] / chances.sum()
    above = np.clip(above, _EDGE, 1 - _EDGE)
    out: Numbers = np.log(above / (1 - above))
    return out


def opinions(
    read: Numbers, signs: Numbers, near: Numbers, level_of: npt.NDArray[np.int64]
) -> Numbers:
    """What the level is judged by, eleven numbers.

    `read`: logarithms of the reader's chances of the four levels; `signs`: of each sign, by
    the reader; `near`: the cosine of each sign; `level_of`: the level of each, 0 to 3.
    """
    of_level = [level_of == level for level in range(len(LEVELS))]
    nearest = np.array([near[mine].max(initial=-1.0) for mine in of_level])
    heard = np.array([np.logaddexp.reduce(signs[mine]) for mine in of_level])
    most = nearest.max()
    parts = [_at_least(read), 10 * (nearest - most), [10 * most], _at_least(heard)]
    out: Numbers = np.concatenate(parts).astype(np.float32)
    return out


def chances(seen: Numbers) -> Numbers:
    """Chances of at least level 2, 3 and 4 by the `opinions`; never more than that before."""
    each = 1 / (1 + np.exp(-(WEIGHTS @ seen + BIAS)))
    out: Numbers = np.minimum.accumulate(each)
    return out


def level_by(seen: Numbers) -> int:
    """The highest level, 1 to 4, that the opinions speak for surely enough."""
    above = zip(LEVELS[1:], chances(seen), SURE, strict=True)
    return max((level for level, chance, least in above if chance >= least), default=LEVELS[0])
