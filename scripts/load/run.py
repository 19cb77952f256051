"""`make load`: 200 conversations at once through a cluster on this machine, and its cost."""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil

from bot.paths import BUILD, ROOT
from scripts.cluster.services import MissingService
from scripts.cluster.topology import Cluster


def cpu_and_memory(cluster: Cluster) -> dict[str, tuple[float, float]]:
    """Seconds of processor time and resident megabytes, by kind of part."""
    found: dict[str, tuple[float, float]] = {}
    for part in cluster.parts():
        if part.process is None:
            continue
        kind = part.name.split("-")[0]
        seconds, memory = found.get(kind, (0.0, 0.0))
        root = psutil.Process(part.process.pid)
        for process in [root, *root.children(recursive=True)]:
            times = process.cpu_times()
            seconds += times.user + times.system
            memory += process.memory_info().rss / 1e6
        found[kind] = (seconds, memory)
    return found


def read_stats(prefix: Path) -> dict[str, dict[str, str]]:
    """Locust's own table by name."""
    with Path(f"{prefix}_stats.csv").open(encoding="utf-8") as file:
        return {row["Name"]: row for row in csv.DictReader(file)}


def measure(args: argparse.Namespace) -> dict[str, Any]:
    """Start a cluster, load it, and say what it took."""
    prefix = BUILD / "load" / f"workers-{args.workers}"
    prefix.parent.mkdir(parents=True, exist_ok=True)
    load_before = os.getloadavg()[0]
    with Cluster(args.workers, max(1, args.workers // 2 + 1), tell=print) as cluster:
        before = cpu_and_memory(cluster)
        began = time.monotonic()
        done = subprocess.run(
            [
                sys.executable, "-m", "locust", "-f", str(ROOT / "scripts/load/locustfile.py"),
                "--headless", "--host", cluster.address, "-u", str(args.users),
                "-r", str(max(1, args.users // 10)), "-t", f"{args.seconds}s",
                "--stop-timeout", "20", "--csv", str(prefix), "--only-summary",
            ],
            cwd=ROOT, env={**os.environ, "LOAD_THINK": args.think, "PYTHONPATH": str(ROOT)},
            check=False,
        )  # fmt: skip
        spent = time.monotonic() - began
        after = cpu_and_memory(cluster)
    rows = read_stats(prefix)
    total = rows["Aggregated"]
    conversations = int(rows.get("summary", {"Request Count": "0"})["Request Count"])
    cpu = {k: after[k][0] - before.get(k, (0.0, 0.0))[0] for k in after}
    return {
        "workers": args.workers,
        "users": args.users,
        "think": args.think,
        "seconds": round(spent),
        "turns": int(total["Request Count"]),
        "failures": int(total["Failure Count"]),
        "p50_ms": float(total["50%"]),
        "p95_ms": float(total["95%"]),
        "p99_ms": float(total["99%"]),
        "turns_a_second": round(float(total["Requests/s"]), 1),
        "conversations": conversations,
        "cpu_ms_a_turn": round(1000 * sum(cpu.values()) / max(1, int(total["Request Count"])), 1),
        "cpu_s_a_conversation": round(sum(cpu.values()) / max(1, conversations), 2),
        "cpu_s_by_part": {k: round(v, 1) for k, v in cpu.items()},
        "memory_mb": {k: round(m) for k, (_, m) in after.items()},
        "machine": f"{os.cpu_count()} cores, {platform.python_version()}",
        "load_before": round(load_before, 2),
        "at": time.strftime("%Y-%m-%d %H:%M"),
        "locust_exit": done.returncode,
    }


def main() -> None:
    """Measure, print, keep under build/load/, and fail on any failure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--think", default="4-12", help="seconds between messages, from-to")
    args = parser.parse_args()
    try:
        report = measure(args)
    except MissingService as error:
        print(error, file=sys.stderr)
        raise SystemExit(1) from error
    (BUILD / "load" / f"report-{args.workers}.json").write_text(json.dumps(report, indent=1))
    print(json.dumps(report, indent=1))
    if report["failures"] or report["locust_exit"]:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
