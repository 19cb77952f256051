"""Plays vignettes in several processes, each with an assistant of its own.

The order and content of the results do not depend on how many there are.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack, nullcontext
from multiprocessing.util import Finalize

from bot.evaluate.player import Opener, Run, open_player, play_all
from bot.evaluate.vignettes import Vignette

# Loading an assistant takes about as long as playing this many vignettes.
WORTH_A_PROCESS = 80
MOST = 4
PART = 10

_play: Callable[[Vignette], Run] | None = None


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def workers_for(count: int) -> int:
    """How many processes help with `count` vignettes on this machine."""
    return max(1, min(MOST, cores(), count // WORTH_A_PROCESS))


def _begin(through: Opener) -> None:
    """Load the assistant of a worker; it is closed when the worker ends."""
    global _play
    import bot  # noqa: F401 - sets the environment

    opened = ExitStack()
    _play = opened.enter_context(open_player(through))
    Finalize(None, opened.close, exitpriority=10)


def _play_part(vignettes: Sequence[Vignette]) -> list[Run]:
    if _play is None:
        raise RuntimeError("E020 a worker was not set up")
    return [_play(vignette) for vignette in vignettes]


def play_many(
    vignettes: Sequence[Vignette],
    *,
    workers: int = 0,
    tell: Callable[[int], None] | None = None,
    through: Opener = nullcontext,
) -> list[Run]:
    """Play all, in order; `tell` hears how many are done.

    Args:
        vignettes: what to play.
        workers: processes to use; 0 means as many as help.
        tell: called after each part with the number of runs done so far.
        through: opens the channel by which each assistant is spoken to.

    Raises:
        concurrent.futures.process.BrokenProcessPool: a worker was killed.
    """
    workers = workers or workers_for(len(vignettes))
    if workers == 1 or len(vignettes) <= 1:
        return play_all(vignettes, tell, through)
    parts = [vignettes[i : i + PART] for i in range(0, len(vignettes), PART)]
    runs: list[list[Run]] = [[] for _ in parts]
    done = 0
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        workers, mp_context=context, initializer=_begin, initargs=(through,)
    ) as pool:
        futures = {pool.submit(_play_part, part): at for at, part in enumerate(parts)}
        for future in as_completed(futures):
            runs[futures[future]] = future.result()
            done += len(parts[futures[future]])
            if tell:
                tell(done)
    return [run for part in runs for run in part]
