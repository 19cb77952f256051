"""Microsoft's local Teams client before our channel: installs it, starts it, signs for it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from bot.evaluate.teams_speaker import TeamsServer

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / "build" / "playground"
BIN = Path(sys.executable).parent
# Ids that the client makes up.
TENANT = "00000000-0000-0000-0000-0000000000001"


def installed() -> Path:
    """The client's command, installed from the lock file into the build folder if need be."""
    command = BUILD / "node_modules/@microsoft/m365agentsplayground/cli.js"
    wanted = (HERE / "package-lock.json").read_bytes()
    kept = BUILD / "package-lock.json"
    if not command.exists() or kept.read_bytes() != wanted:
        BUILD.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(HERE / name, BUILD / name)
        path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
        subprocess.run(
            [BIN / "npm", "ci", "--ignore-scripts"],
            cwd=BUILD,
            check=True,
            env={**os.environ, "PATH": path},
            capture_output=True,
        )
    return command


class Signer:
    """Stands where the Bot Framework stands: signs what the client sends, and hands it on."""

    def __init__(self, server: TeamsServer) -> None:
        self._server = server
        self.statuses: list[int] = []
        self.bodies: list[dict[str, Any]] = []
        self.port = 0
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/api/messages", self._hand_on)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._runner:
            await self._runner.cleanup()

    async def _hand_on(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.bodies.append(body)
        head = {"Authorization": f"Bearer {self._server.tokens.sign(body['serviceUrl'])}"}
        async with (
            aiohttp.ClientSession() as session,
            session.post(self._server.address, json=body, headers=head) as answer,
        ):
            self.statuses.append(answer.status)
            return web.Response(status=answer.status, body=await answer.read())


@contextlib.contextmanager
def client(command: Path, port: int, endpoint: str) -> Iterator[str]:
    """The client in a process group of its own, ready at an address."""
    BUILD.mkdir(parents=True, exist_ok=True)
    with (BUILD / "client.log").open("w") as log:
        process = subprocess.Popen(
            [
                *(BIN / "node", command, "start", "-e", endpoint, "-c", "msteams"),
                *("-p", str(port), "--disable-telemetry"),
            ],
            cwd=BUILD,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        address = f"http://localhost:{port}"
        try:
            until = time.monotonic() + 60
            while True:
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(address, timeout=2).read()
                    break
                if process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError("the client did not start; see " + log.name)
                time.sleep(0.2)
            yield address
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)


def run_in(loop: asyncio.AbstractEventLoop, call: Any) -> Any:
    """The result of a coroutine on a loop that runs in another thread."""
    return asyncio.run_coroutine_threadsafe(call, loop).result(60)
