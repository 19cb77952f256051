"""`make soak`: many turns at one worker and one action server, their memory measured."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import threading
import time
import urllib.request
from typing import Any

import psutil

from bot.paths import BUILD
from bot.runtime.supervisor import Part
from scripts.cluster.topology import Cluster
from scripts.load.journeys import (
    MOST_TURNS,
    FixedAnswer,
    Journey,
    check,
    check_summary,
    journeys,
    reply_to,
)

MOST_GROWTH = 0.05
SAMPLES = 200


def say(address: str, journey: Journey, text: str) -> list[dict[str, Any]]:
    """One turn."""
    body = json.dumps({"sender": journey.sender, "message": text}).encode()
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{address}/webhooks/rest/webhook", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=15) as answer:  # noqa: S310
        messages: list[dict[str, Any]] = json.load(answer)
    return messages


class Soak:
    """Some clients without pauses, and what the processes hold meanwhile."""

    def __init__(self, cluster: Cluster, turns: int, clients: int) -> None:
        self._cluster, self._turns, self._clients = cluster, turns, clients
        self._journeys = journeys()
        self._lock = threading.Lock()
        self.done = 0
        self.faults: list[str] = []
        self.fixed = 0

    def _next(self) -> Journey | None:
        with self._lock:
            return next(self._journeys) if self.done < self._turns else None

    def _count(self) -> None:
        with self._lock:
            self.done += 1

    def _talk(self) -> None:
        while (journey := self._next()) and len(self.faults) < 200:
            try:
                said = journey.says
                for _ in range(MOST_TURNS):
                    messages = say(self._cluster.address, journey, said)
                    self._count()
                    check(journey, messages)
                    reply = reply_to(journey, messages)
                    if reply is None:
                        break
                    said = reply
                check_summary(journey, say(self._cluster.address, journey, "summary"))
                self._count()
            except FixedAnswer:
                self.fixed += 1  # too slow, on a machine that others use too: counted apart
            except (OSError, ValueError, AssertionError) as error:
                self.faults.append(f"{type(error).__name__}: {error}")

    def run(self) -> dict[str, list[tuple[int, float]]]:
        """Talk until done; megabytes by part against turns."""
        parts = [*self._cluster.workers, *self._cluster.actions]
        kept: dict[str, list[tuple[int, float]]] = {p.name: [] for p in parts}
        threads = [threading.Thread(target=self._talk) for _ in range(self._clients)]
        for thread in threads:
            thread.start()
        step = max(1, self._turns // SAMPLES)
        due = step
        while any(t.is_alive() for t in threads):
            time.sleep(0.05)
            if self.done >= due:
                due += step
                for part in parts:
                    kept[part.name].append((self.done, megabytes(part)))
        return kept


def megabytes(part: Part) -> float:
    """Resident memory of a part and its children."""
    assert part.process is not None  # noqa: S101 - it was started
    root = psutil.Process(part.process.pid)
    return float(sum(p.memory_info().rss for p in [root, *root.children(recursive=True)]) / 1e6)


def growth(samples: list[tuple[int, float]], warm_up: int, turns: int) -> float:
    """How much the last tenth holds above the first tenth after the warm-up; 0.05 is 5%."""
    first = [m for t, m in samples if warm_up < t <= warm_up + turns // 10]
    last = [m for t, m in samples if t > turns - turns // 10]
    return statistics.median(last) / statistics.median(first) - 1


def main() -> None:
    """Measure, print, keep under build/load/, and fail on growth or any wrong answer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=20_000)
    parser.add_argument("--warm-up", type=int, default=2_000)
    parser.add_argument("--clients", type=int, default=4)
    args = parser.parse_args()
    with Cluster(1, 1, tell=print) as cluster:
        soak = Soak(cluster, args.turns, args.clients)
        began = time.monotonic()
        samples = soak.run()
        spent = time.monotonic() - began
    grown = {n: round(growth(s, args.warm_up, args.turns), 4) for n, s in samples.items()}
    report: dict[str, Any] = {
        "turns": soak.done,
        "seconds": round(spent),
        "turns_a_second": round(soak.done / spent, 1),
        "fixed_answers": soak.fixed,
        "faults": soak.faults[:20],
        "growth": grown,
        "mb": {n: [round(m, 1) for _, m in s[:: max(1, len(s) // 20)]] for n, s in samples.items()},
        "load": os.getloadavg()[0],
        "at": time.strftime("%Y-%m-%d %H:%M"),
    }
    (BUILD / "load").mkdir(parents=True, exist_ok=True)
    (BUILD / "load" / "soak.json").write_text(json.dumps(report, indent=1))
    print(json.dumps(report, indent=1))
    if soak.faults or any(g >= MOST_GROWTH for g in grown.values()):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
