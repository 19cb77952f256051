"""Our assistant beside the bot of `rasa init`, in one run on one machine.

Measures training, start to first reply, REST latency, throughput and memory, and writes
docs/benchmarks.md.  Run it with `make bench`; it takes about ten minutes.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import json
import os
import platform
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}
# A talk each, half of it sentences (no two alike: {} is a new word each time, or a cache
# would be measured), half of it the short answers that everybody gives.
OURS = [
    "he is always hungry and dirty {}", "hackney", "not sure", "yes",
    "mash number please {}", "what is a LADO {}", "start again", "he has a bruise {}",
]  # fmt: skip
THEIRS = [
    "i am sad today {}", "yes", "no", "hello",
    "are you a bot {}", "i am feeling great {}", "bye", "something is wrong {}",
]  # fmt: skip


@dataclass
class Figures:
    """What was measured of one bot; seconds, milliseconds, messages a second, megabytes."""

    train: float = 0.0
    start: float = 0.0
    p50_1: float = 0.0
    p95_1: float = 0.0
    rate_1: float = 0.0
    p50_8: float = 0.0
    p95_8: float = 0.0
    rate_8: float = 0.0
    memory: float = 0.0


class NotAnsweredError(OSError):
    """The fixed answer, or none, where the bot's own was due: it must not be timed."""


def say(address: str, sender: str, text: str, *, may_be_silent: bool = False) -> float:
    """One message; milliseconds until its answer, which may be none if `may_be_silent`.

    Raises:
        NotAnsweredError: something else answered than the bot.
    """
    body = json.dumps({"sender": sender, "message": text}).encode()
    request = urllib.request.Request(address, body, {"Content-Type": "application/json"})  # noqa: S310
    began = time.perf_counter()
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - loopback
        said = answer.read()
    took = (time.perf_counter() - began) * 1000
    if b"fallback-when-down" in said or not (json.loads(said) or may_be_silent):
        raise NotAnsweredError(said[:200])
    return took


def clients(
    address: str, texts: list[str], count: int, each: int, *, may_be_silent: bool = False
) -> tuple[float, float, float]:
    """p50, p95 and rate with `count` clients of `each` messages, a new talk every eight."""

    def one(_: int) -> list[float]:
        took = []
        sender = uuid.uuid4().hex
        for i in range(each):
            if i % 8 == 0:
                sender = uuid.uuid4().hex
            text = texts[i % len(texts)].format(sender[:6])
            took.append(say(address, sender, text, may_be_silent=may_be_silent))
        return took

    began = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        took = [t for part in pool.map(one, range(count)) for t in part]
    spent = time.perf_counter() - began
    cuts = statistics.quantiles(took, n=20)
    return statistics.median(took), cuts[18], len(took) / spent


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def started(
    command: list[str], folder: Path, env: dict[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """A process and its children, ended at the end."""
    process = subprocess.Popen(
        command, cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        process.kill()


def until_first_reply(address: str, text: str) -> None:
    """Waits for the first answer.

    Raises:
        TimeoutError: there was none in three minutes.
    """
    until = time.monotonic() + 180
    while time.monotonic() < until:
        try:
            say(address, uuid.uuid4().hex, text)
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(address)


def measure(
    train: list[str],
    serve: list[str],
    port: int,
    texts: list[str],
    folder: Path,
    *,
    may_be_silent: bool = False,
) -> Figures:
    """Train, start, talk, weigh."""
    env = {**os.environ, **QUIET}
    figures = Figures()
    began = time.perf_counter()
    subprocess.run(train, cwd=folder, env=env, check=True, capture_output=True)
    figures.train = time.perf_counter() - began
    address = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
    began = time.perf_counter()
    with started(serve, folder, env) as process:
        until_first_reply(address, texts[0])
        figures.start = time.perf_counter() - began
        talk = partial(clients, address, texts, may_be_silent=may_be_silent)
        talk(1, 20)
        figures.p50_1, figures.p95_1, figures.rate_1 = talk(1, 200)
        figures.p50_8, figures.p95_8, figures.rate_8 = talk(8, 60)
        family = [
            psutil.Process(process.pid),
            *psutil.Process(process.pid).children(recursive=True),
        ]
        figures.memory = sum(p.memory_info().rss for p in family) / 1e6
    return figures


ROWS = (
    ("train", "training, s", 0.6, False),
    ("start", "start to first reply, s", 0.8, False),
    ("p50_1", "REST p50, 1 client, ms", None, False),
    ("p95_1", "REST p95, 1 client, ms", 1.0, False),
    ("rate_1", "messages a second, 1 client", None, True),
    ("p50_8", "REST p50, 8 clients, ms", None, False),
    ("p95_8", "REST p95, 8 clients, ms", None, False),
    ("rate_8", "messages a second, 8 clients", 1.3, True),
    ("memory", "resident memory of all processes, MB", 1.1, False),
)


def table(ours: Figures, theirs: Figures) -> str:
    """The report."""
    lines = [
        "# Benchmarks",
        "",
        "Made by `make bench`: this assistant (all content, the action server and the store in",
        "the path, redaction on) beside the bot of `rasa init`, one run, one machine. Half of",
        "the messages are sentences of which no two are alike, half are short answers.",
        "",
        f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores,",
        f"{psutil.virtual_memory().total / 1e9:.0f} GB. {time.strftime('%Y-%m-%d %H:%M')}.",
        "",
        "| measure | rasa init | ours | ratio | to reach | reached |",
        "|---|---|---|---|---|---|",
    ]
    for name, title, goal, more in ROWS:
        a, b = getattr(theirs, name), getattr(ours, name)
        ratio = b / a
        wanted = "-" if goal is None else f"{'at least' if more else 'at most'} {goal}"
        reached = (
            "-" if goal is None else "yes" if (ratio >= goal if more else ratio <= goal) else "NO"
        )
        lines.append(f"| {title} | {a:.1f} | {b:.1f} | {ratio:.2f} | {wanted} | {reached} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measures both, prints and writes the table."""
    python = sys.executable
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "init"
        folder.mkdir()
        env = {**os.environ, **QUIET}
        subprocess.run(
            [python, "-m", "rasa", "init", "--no-prompt", "--init-dir", str(folder)],
            env=env, check=True, capture_output=True,
        )  # fmt: skip
        shutil.rmtree(folder / "models", ignore_errors=True)
        shutil.rmtree(folder / ".rasa", ignore_errors=True)
        port = free_port()
        theirs = measure(
            [python, "-m", "rasa", "train"],
            [python, "-m", "rasa", "run", "--port", str(port)],
            port, THEIRS, folder,
            may_be_silent=True,  # it learns by chance, and some runs have no word for a message
        )  # fmt: skip
    port = free_port()
    ours = measure(
        [python, "-m", "bot.cli", "train", "--force"],
        [python, "-m", "bot.cli", "serve", "--port", str(port), "--quiet"],
        port, OURS, ROOT,
    )  # fmt: skip
    report = table(ours, theirs)
    (ROOT / "docs" / "benchmarks.md").write_text(report, encoding="utf-8")
    print(report)


if __name__ == "__main__":
    main()
