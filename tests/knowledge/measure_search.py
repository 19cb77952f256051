"""Recall, mean reciprocal rank and time of the search over a list of queries."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from typing import Any

from knowledge.search import Key, search
from knowledge.store import Store


def measure(
    store: Store,
    queries: Iterable[dict[str, Any]],
    near: Callable[[str], list[Key]] = lambda _: [],
) -> dict[str, Any]:
    """recall@3, MRR (over the first ten), median time and processor time in ms, misses."""
    ranks: list[int | None] = []
    times: list[float] = []
    used: list[float] = []
    missed: list[str] = []
    for one in queries:
        began, before = time.perf_counter(), time.thread_time()
        hits = search(store, one["q"], by_meaning=near(one["q"]), limit=10)
        times.append((time.perf_counter() - began) * 1000)
        used.append((time.thread_time() - before) * 1000)
        found = [f"{h.kind}/{h.id}" for h in hits]
        rank = next((n for n, key in enumerate(found, start=1) if key in one["wants"]), None)
        ranks.append(rank)
        if rank != 1:
            missed.append(f"{one['q']}: wanted {one['wants']}, rank {rank}, got {found[:4]}")
    return {
        "queries": len(ranks),
        "recall_at_3": sum(r is not None and r <= 3 for r in ranks) / len(ranks),
        "mrr": sum(1 / r for r in ranks if r) / len(ranks),
        "median_ms": statistics.median(times),
        "median_cpu_ms": statistics.median(used),
        "missed": missed,
    }
