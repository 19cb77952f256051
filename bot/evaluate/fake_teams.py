"""A Teams of our own, for evaluation and tests: token service, keys, and connector.

Nothing of it is used by the running assistant; it is how the Teams channel is spoken to
without Microsoft.
"""

from __future__ import annotations

import asyncio
import base64
import json
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from bot.channels.teams_settings import ISSUER, TeamsSettings

APP_ID = "11111111-2222-4333-8444-555555555555"
TENANT = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
BOT_TOKEN = "the-bots-own-token-" + base64.b16encode(b"secret").decode().lower()


@dataclass
class FakeTokens:
    """The Bot Framework's token service, with keys of its own; also the bot's token source."""

    kid: str = "fake-key-1"
    endorsements: tuple[str, ...] = ("msteams",)
    reads: int = 0
    key: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )

    async def fetch(self, url: str) -> dict[str, Any]:
        """What the service publishes at its two addresses."""
        self.reads += 1
        if url.endswith("keys"):
            published = json.loads(RSAAlgorithm.to_jwk(self.key.public_key()))
            return {
                "keys": [{**published, "kid": self.kid, "endorsements": list(self.endorsements)}]
            }
        return {"issuer": ISSUER, "jwks_uri": "https://login.invalid/keys"}

    async def token(self) -> str:
        """The bot's own token."""
        return BOT_TOKEN

    def sign(self, service_url: str, **claims: Any) -> str:
        """A token for the bot; a claim given as None is left out."""
        now = int(time.time())
        made: dict[str, Any] = {
            "iss": ISSUER,
            "aud": APP_ID,
            "nbf": now,
            "exp": now + 3600,
            "serviceurl": service_url,
            **claims,
        }
        made = {name: value for name, value in made.items() if value is not None}
        return jwt.encode(made, self.key, algorithm="RS256", headers={"kid": self.kid})


@dataclass
class Sent:
    """One thing that the bot sent to the connector."""

    method: str
    conversation: str
    activity_id: str
    activity: dict[str, Any]
    authorization: str


class FakeConnector:
    """Teams' side of the talk: takes what the bot posts and puts, and keeps it."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self.answers: list[tuple[int, dict[str, str]]] = []
        self.url = ""
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen on a free port of loopback."""
        app = web.Application()
        path = "/emea/v3/conversations/{conversation}/activities"
        app.router.add_post(path, self._take)
        app.router.add_put(path + "/{activity}", self._take)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        self.url = f"http://127.0.0.1:{port}/emea/"

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        if self.answers:
            status, headers = self.answers.pop(0)
            if status != 200:
                return web.json_response({"error": status}, status=status, headers=headers)
        activity = await request.json()
        key = request.match_info.get("activity") or uuid.uuid4().hex
        self.sent.append(
            Sent(
                request.method,
                request.match_info["conversation"],
                key,
                activity,
                request.headers.get("Authorization", ""),
            )
        )
        await asyncio.sleep(0)
        return web.json_response({"id": key})

    def messages(self) -> list[Sent]:
        """The messages that were posted, without the signs of typing."""
        return [s for s in self.sent if s.method == "POST" and s.activity["type"] == "message"]


def fake_settings(**changes: Any) -> TeamsSettings:
    """Settings of a single-tenant bot whose Teams is on this machine."""
    known: dict[str, Any] = {
        "app_id": APP_ID,
        "tenant_id": TENANT,
        "tenants": frozenset({TENANT}),
        "service_hosts": frozenset({"127.0.0.1"}),
        "openid_url": "https://login.invalid/openid",
    }
    return TeamsSettings(**{**known, **changes})


def activity(service_url: str, text: str = "", **changes: Any) -> dict[str, Any]:
    """A message in a private chat, as Teams sends it; `user` and `conversation` name whose."""
    user = changes.pop("user", "user-1")
    conversation = changes.pop("conversation", f"a:{user}")
    made: dict[str, Any] = {
        "type": "message",
        "id": str(uuid.uuid4()),
        "channelId": "msteams",
        "serviceUrl": service_url,
        "text": text,
        "from": {"id": f"29:{user}", "aadObjectId": str(uuid.uuid5(uuid.NAMESPACE_OID, user))},
        "recipient": {"id": f"28:{APP_ID}", "name": "Worried About a Child"},
        "conversation": {"id": conversation, "conversationType": "personal", "tenantId": TENANT},
        "channelData": {"tenant": {"id": TENANT}},
    }
    made.update(changes)
    return {name: value for name, value in made.items() if value is not None}
