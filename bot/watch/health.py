"""`/health/live`, `/health/ready` and `/metrics` of a Rasa process."""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.watch.metrics import exposition

CHECK_SECONDS, KEPT_SECONDS = 1.5, 1.0
Check = Callable[[], Awaitable[bool]]


@dataclass
class Readiness:
    """Named checks, asked at most once a second; `optional` ones never make it unready."""

    checks: Mapping[str, Check]
    optional: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self._asked = -KEPT_SECONDS
        self._found: dict[str, bool] = {}
        self._lock = asyncio.Lock()

    async def _one(self, check: Check) -> bool:
        try:
            return await asyncio.wait_for(check(), CHECK_SECONDS)
        except Exception:
            return False

    async def ask(self) -> dict[str, bool]:
        """Every check by name."""
        async with self._lock:
            if time.monotonic() - self._asked >= KEPT_SECONDS:
                found = await asyncio.gather(*(self._one(c) for c in self.checks.values()))
                self._found = dict(zip(self.checks, found, strict=True))
                self._asked = time.monotonic()
            return self._found

    def ready(self, found: dict[str, bool]) -> bool:
        """Whether turns can be answered."""
        return all(good for name, good in found.items() if name not in self.optional)


def health_blueprint(
    readiness: Callable[[], Readiness], metrics_dir: str, metrics_token: str
) -> Blueprint:
    """The endpoints.  `/metrics` is not for the outside: it refuses what came by a proxy,
    and with a token everything that does not bring it."""
    health = Blueprint("health")

    @health.route("/health/live", methods=["GET"])
    async def live(_: Request) -> HTTPResponse:
        return response.json({"status": "live"})

    @health.route("/health/ready", methods=["GET"])
    async def ready(_: Request) -> HTTPResponse:
        asked = readiness()
        found = await asked.ask()
        good = asked.ready(found)
        report = {name: "ok" if well else "down" for name, well in found.items()}
        status = "ready" if good else "not ready"
        return response.json({"status": status, "checks": report}, status=200 if good else 503)

    @health.route("/metrics", methods=["GET"])
    async def metrics(request: Request) -> HTTPResponse:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        allowed = (
            hmac.compare_digest(given.encode(), metrics_token.encode())
            if metrics_token
            else "x-forwarded-for" not in request.headers
        )
        if not allowed:
            return response.json({"error": "B032 not for you"}, status=403)
        body, kind = exposition(metrics_dir)
        return response.raw(body, content_type=kind)

    return health
