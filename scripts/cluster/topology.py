"""Workers, action servers and services put together, watched and restarted."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.paths import BUILD, FALLBACK, ROOT
from bot.runtime.static_fallback import write_static
from bot.runtime.supervisor import Part, free_port
from scripts.cluster import services

START_SECONDS = 240


class Cluster:
    """Use as a context; `address` is the proxy's."""

    def __init__(
        self,
        workers: int = 2,
        actions: int = 2,
        extra_env: dict[str, str] | None = None,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Makes folders and configuration; `__enter__` starts.

        Raises:
            MissingService: nginx, PostgreSQL or Redis is not installed.
        """
        self.folder = Path(tempfile.mkdtemp(prefix="waac-cluster-"))
        self.folder.chmod(0o755)
        self._tell = tell
        (self.folder / "logs").mkdir()
        (self.folder / "metrics").mkdir()
        static = self.folder / "static"
        write_static(static)
        self.postgres, self.database = services.postgres(self.folder)
        self.redis, redis_url = services.redis(self.folder)
        self.nginx = services.Nginx(self.folder, static)
        self.address = f"http://127.0.0.1:{self.nginx.port}"
        self.env = {
            **os.environ,
            "BOT_TRACKER_URL": self.database,
            "BOT_DATA_URL": self.database,
            "BOT_KNOWLEDGE_URL": self.database,
            "BOT_TRAINING_URL": self.database,
            "BOT_SECRET": "a-secret-that-all-workers-of-a-test-share",
            "BOT_REDIS_URL": redis_url,
            "PROMETHEUS_MULTIPROC_DIR": str(self.folder / "metrics"),
            # One thread of arithmetic a worker: the workers share the cores.
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            **(extra_env or {}),
        }
        self.actions = [self._action(n) for n in range(actions)]
        urls = ",".join(p.url.replace("/health", "/webhook") for p in self.actions)
        self.env["BOT_ACTION_URLS"] = urls
        self.workers = [self.new_worker(f"rasa-{n}") for n in range(workers)]
        self.paused: set[str] = set()
        self._stop = threading.Event()
        self._watcher: threading.Thread | None = None

    def _action(self, number: int) -> Part:
        port = free_port()
        command = [sys.executable, "-m", "actions", str(port)]
        return Part(
            f"actions-{number}",
            command,
            f"http://127.0.0.1:{port}/health",
            env=self.env,
            log_dir=self.folder / "logs",
        )

    def new_worker(self, name: str, build: Path = BUILD, wrap: tuple[str, ...] = ()) -> Part:
        """A worker, not yet started, with the model of `build`; `wrap` goes before it."""
        port = free_port()
        command = [*wrap, sys.executable, "-m", "bot.runtime.rasa_server", str(port), "0"]
        return Part(
            name,
            command,
            f"http://127.0.0.1:{port}/health/ready",
            env={**self.env, "BOT_BUILD_DIR": str(build)},
            log_dir=self.folder / "logs",
        )

    @staticmethod
    def port_of(part: Part) -> int:
        """The port in a part's address."""
        return int(urllib.parse.urlsplit(part.url).port or 0)

    def parts(self) -> list[Part]:
        """Every process, in the order of the start."""
        return [self.postgres, self.redis, *self.actions, *self.workers, self.nginx.part]

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """`bot COMMAND` with the cluster's stores."""
        return subprocess.run(
            [sys.executable, "-m", "bot.cli", *command],
            cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=300,
        )  # fmt: skip

    def start(self) -> None:
        """Start everything in order and wait until turns are answered.

        Raises:
            RuntimeError: the stores could not be filled.
            TimeoutError: a part was not ready in time.
        """
        database = urllib.parse.urlsplit(self.database).port or 0
        self.postgres.start()
        self.redis.start()
        services.wait_for_port(database, 30)
        self._wait_for_database()
        for command in (("db", "upgrade"), ("knowledge", "load")):
            done = self.run(*command)
            if done.returncode:
                raise RuntimeError(f"B072 bot {' '.join(command)}: {done.stdout}{done.stderr}")
        for part in [*self.actions, *self.workers]:
            part.start()
        for part in [*self.actions, *self.workers]:
            self.wait_ready(part)
        self.nginx.point_at([self.port_of(w) for w in self.workers])
        self.nginx.part.start()
        services.wait_for_port(self.nginx.port, 20)
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def _wait_for_database(self) -> None:
        import sqlalchemy as sa

        engine = sa.create_engine(self.database)
        until = time.monotonic() + 30
        while True:
            try:
                with engine.connect():
                    break
            except sa.exc.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)
        engine.dispose()

    def wait_ready(self, part: Part) -> None:
        """Until a worker or action server answers.

        Raises:
            TimeoutError: it did not; the end of its log is in the message.
        """
        until = time.monotonic() + START_SECONDS
        while not part.ready():
            if time.monotonic() > until or (part.fallen() and part not in self.parts()):
                tail = part.log.read_text(errors="replace")[-1500:]
                raise TimeoutError(f"B073 {part.name} is not ready: {tail}")
            time.sleep(0.1)

    def _watch(self) -> None:
        while not self._stop.wait(0.2):
            for part in self.parts():
                if part.fallen() and part.name not in self.paused and not self._stop.is_set():
                    self._tell(f"{part.name} fell; starting it again")
                    part.start()

    def signal(self, part: Part, sign: signal.Signals) -> None:
        """Send a signal to a part and its children."""
        if part.process is not None and part.process.poll() is None:
            os.killpg(part.process.pid, sign)

    def switch_to(self, workers: list[Part]) -> None:
        """Blue to green: the new workers get every further turn, the old ones finish theirs."""
        old, self.workers = self.workers, workers
        self.nginx.point_at([self.port_of(w) for w in workers])
        self.nginx.reload()
        time.sleep(3.0)  # longer than any turn
        for part in old:
            part.stop()

    def stop(self) -> None:
        """End every process and remove the folder."""
        self._stop.set()
        if self._watcher:
            self._watcher.join(5)
        for part in reversed(self.parts()):
            if part.process is not None and part.process.poll() is None:
                self.signal(part, signal.SIGCONT)
                if part is self.postgres:  # its fast way to stop; SIGTERM waits for clients
                    self.signal(part, signal.SIGINT)
            part.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Cluster:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: Any) -> None:
        self.stop()


def check_fallback() -> None:
    """The fixed answer must have been made.

    Raises:
        FileNotFoundError: the content was never loaded.
    """
    if not FALLBACK.exists():
        raise FileNotFoundError(f"B074 no {FALLBACK}. Mend: `bot train`")
