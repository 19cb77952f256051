"""Starts the action server and Rasa, watches them, restarts what fell, stops all."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bot.paths import LOGS, ROOT
from bot.runtime.heartbeat import Pulse
from bot.runtime.rasa_server import NO_MODEL
from bot.runtime.standby import Standby, listen
from bot.settings import EMBEDDING_THREADS

READY_SECONDS = 180
FAST_FALLS = 5
# Without a heartbeat for so long the fixed answer is given in Rasa's place ...
SILENT_SECONDS = 2.0
# ... and for so long it is killed and started again.
HUNG_SECONDS = 20.0
# Two servers on two cores: threads that wait for each other's matrices cost half the turns.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class StartError(RuntimeError):
    """The servers cannot be started; the message names the mend."""


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def open_port(host: str, port: int) -> socket.socket:
    """The listening socket; raises StartError where the port is taken."""
    try:
        return listen(host, port)
    except OSError as error:
        raise StartError(
            f"B001 port {port} cannot be used ({error.strerror}). "
            f"Mend: stop what uses it, or `make run PORT={port + 1}`"
        ) from error


@dataclass
class Part:
    """One process: its command, its log, and how to tell that it is ready."""

    name: str
    command: list[str]
    url: str
    keep_open: tuple[int, ...] = ()
    env: dict[str, str] = field(default_factory=dict)
    log_dir: Path = LOGS
    process: subprocess.Popen[bytes] | None = None
    starts: list[float] = field(default_factory=list)

    @property
    def log(self) -> Path:
        """Where its output goes."""
        return self.log_dir / f"{self.name}.log"

    def start(self) -> None:
        """Start it in a process group of its own."""
        self.log_dir.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env={**os.environ, **self.env},
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=self.keep_open,
            )
        self.starts.append(time.monotonic())

    def ready(self) -> bool:
        """Whether it answers."""
        with (
            contextlib.suppress(OSError, urllib.error.URLError),
            urllib.request.urlopen(self.url, timeout=2) as answer,  # noqa: S310 - loopback
        ):
            return bool(answer.status == 200)
        return False

    def fallen(self) -> bool:
        """Whether its process has ended."""
        return self.process is not None and self.process.poll() is not None

    def falls_fast(self) -> bool:
        """Whether it fell again and again within a minute."""
        return sum(t > time.monotonic() - 60 for t in self.starts) > FAST_FALLS

    def stop(self) -> None:
        """End it, by force after five seconds."""
        if self.process is None or self.process.poll() is not None:
            return
        for sign, wait in ((signal.SIGTERM, 5.0), (signal.SIGKILL, 2.0)):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, sign)
            try:
                self.process.wait(wait)
                return
            except subprocess.TimeoutExpired:
                continue


class Supervisor:
    """Both servers on one machine."""

    def __init__(self, host: str, port: int, tell: Callable[[str], None]) -> None:
        """`tell` gets each line of progress."""
        self._socket = open_port(host, port)
        self._tell = tell
        self._pulse = Pulse()
        action_port = free_port()
        python = [sys.executable, "-m"]
        self.actions = Part(
            "actions",
            [*python, "actions", str(action_port)],
            f"http://127.0.0.1:{action_port}/health",
        )
        show = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared only
        self.address = f"http://{show}:{port}/"
        handles = (self._socket.fileno(), self._pulse.writer)
        shared = ["--socket", str(handles[0]), "--pulse", str(handles[1])]
        self.rasa = Part(
            "rasa",
            [*python, "bot.runtime.rasa_server", str(port), str(action_port), *shared],
            "",
            keep_open=handles,
            env={**ONE_THREAD, EMBEDDING_THREADS: str(min(2, os.cpu_count() or 1))},
        )
        self._parts = [self.actions, self.rasa]
        self._stopping = False
        self._standby = Standby(self._socket, self._rasa_is_silent)
        self._standby.start()

    def _rasa_is_silent(self) -> bool:
        return self._pulse.silence() > SILENT_SECONDS

    def _ready(self, part: Part) -> bool:
        return not self._rasa_is_silent() if part is self.rasa else part.ready()

    def start(self) -> None:
        """Start both at once and wait until both answer.

        Raises:
            StartError: a part ended, or was not ready in time.
        """
        for part in self._parts:
            part.start()
        until = time.monotonic() + READY_SECONDS
        for part in self._parts:
            while not self._ready(part):
                if self._stopping:
                    return
                if part.fallen():
                    raise StartError(f"B002 {part.name} ended at start. Mend: read {part.log}")
                if time.monotonic() > until:
                    raise StartError(f"B003 {part.name} is not ready. Mend: read {part.log}")
                time.sleep(0.1)
            self._tell(f"{part.name} is ready")

    def watch(self) -> None:
        """Until stopped: restart a part that fell.

        Raises:
            StartError: a part falls again and again.
        """
        while not self._stopping:
            for part in self._parts:
                if part.fallen() and not self._stopping:
                    self._again(part)
            self._end_hung_rasa()
            time.sleep(0.25)

    def _again(self, part: Part) -> None:
        if part.falls_fast():
            raise StartError(f"B004 {part.name} keeps falling. Mend: read {part.log}")
        self._tell(f"{part.name} fell; starting it again")
        if part is self.rasa:
            self._pulse.forget()
            if part.process is not None and part.process.returncode == NO_MODEL:
                self._tell("the model is damaged; training it anew")
                train = [sys.executable, "-m", "bot.cli", "train", "--force"]
                subprocess.run(train, cwd=ROOT, capture_output=True, check=False)
        part.start()

    def _end_hung_rasa(self) -> None:
        process = self.rasa.process
        if process is None or process.poll() is not None:
            return
        silence = self._pulse.silence()
        if silence == float("inf"):  # not one byte yet
            hung = time.monotonic() - self.rasa.starts[-1] > READY_SECONDS
        else:
            hung = silence > HUNG_SECONDS
        if hung:
            self._tell("rasa hangs; ending it")
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def stop(self) -> None:
        """End every process that was started here."""
        self._stopping = True
        for part in reversed(self._parts):
            part.stop()
        self._standby.stop()
        self._socket.close()
        self._pulse.close()

    def request_stop(self) -> None:
        """Ask `watch` to return; safe in a signal handler."""
        self._stopping = True
