"""Tokens, both ways: who may speak to us, and what we show where we answer.

The SDK's own validator fixes the algorithm and the clock skew, but takes a token without
`exp`, checks the issuer only on request, never the `serviceurl` claim nor the key's
endorsement, and its key addresses cannot be set; hence our own check on PyJWT.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import aiohttp
import jwt
from jwt import PyJWK
from microsoft_agents.authentication.msal import MsalAuth
from microsoft_agents.hosting.core import AgentAuthConfiguration
from microsoft_agents.hosting.core.authorization import AuthTypes

from bot.channels.teams_settings import BOT_FRAMEWORK_TENANT, AppType, TeamsSettings

logger = logging.getLogger(__name__)

ALGORITHM = "RS256"
SKEW_SECONDS = 300
KEYS_LAST = 24 * 3600.0
# A key that is not known makes us look again, but no oftener than this.
LOOK_AGAIN = 30.0
FETCH_SECONDS = 5.0
SCOPE = "https://api.botframework.com/.default"
LONGEST_TOKEN = 8_192


class Refused(Exception):
    """The caller may not speak to us; the words are for the log, never for the caller."""


class KeysAway(Exception):
    """B132: the keys of the Bot Framework cannot be read, so nobody can be let in."""


Fetch = Callable[[str], Awaitable[dict[str, Any]]]


async def fetch_json(url: str) -> dict[str, Any]:
    """A JSON object from the web, by the proxy that the environment names if any."""
    timeout = aiohttp.ClientTimeout(total=FETCH_SECONDS)
    async with (
        aiohttp.ClientSession(timeout=timeout, trust_env=True) as session,
        session.get(url) as answer,
    ):
        answer.raise_for_status()
        found: dict[str, Any] = await answer.json()
        return found


class KeyRing:
    """The Bot Framework's public keys: read at first use, again after a day or for a new key."""

    def __init__(self, openid_url: str, fetch: Fetch = fetch_json) -> None:
        self._url, self._fetch = openid_url, fetch
        self._keys: dict[str, dict[str, Any]] = {}
        self._read_at = self._tried_at = float("-inf")
        self._lock = asyncio.Lock()

    async def key(self, kid: str) -> dict[str, Any]:
        """The key of an id, as published.

        Raises:
            Refused: there is none.
            KeysAway: no keys were ever read.
        """
        now = time.monotonic()
        stale = now - self._read_at > KEYS_LAST
        if (stale or kid not in self._keys) and now - self._tried_at > LOOK_AGAIN:
            async with self._lock:
                if time.monotonic() - self._tried_at > LOOK_AGAIN:
                    await self._read()
        if kid in self._keys:
            return self._keys[kid]
        if not self._keys:
            raise KeysAway("B132 no keys of the Bot Framework. Mend: let the server reach it")
        raise Refused("unknown key")

    async def _read(self) -> None:
        self._tried_at = time.monotonic()
        try:
            found = await self._fetch((await self._fetch(self._url))["jwks_uri"])
            keys = {str(k["kid"]): k for k in found["keys"] if k.get("kty") == "RSA"}
        except Exception as error:  # whatever the net or the answer did: the old keys stay
            logger.error("B132 keys not read: %s", type(error).__name__)
            return
        self._keys, self._read_at = keys, time.monotonic()


class IncomingTokens:
    """Checks the token that the Bot Framework sends with each activity."""

    def __init__(self, settings: TeamsSettings, keys: KeyRing) -> None:
        self._settings, self._keys = settings, keys

    async def check(self, header: str | None) -> tuple[dict[str, Any], frozenset[str]]:
        """The claims of a good token, and the channels that its key is endorsed for.

        Raises:
            Refused: there is no token, or it is not good.
            KeysAway: no key is there to check it with.
        """
        scheme, _, token = (header or "").partition(" ")
        if scheme.lower() != "bearer" or not token or len(token) > LONGEST_TOKEN:
            raise Refused("no bearer token")
        try:
            head = jwt.get_unverified_header(token)
        except jwt.PyJWTError as error:
            raise Refused("no token") from error
        kid = head.get("kid")
        if head.get("alg") != ALGORITHM or not isinstance(kid, str):
            raise Refused("algorithm or key id")
        published = await self._keys.key(kid)
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                PyJWK.from_dict(published, algorithm=ALGORITHM).key,
                algorithms=[ALGORITHM],
                audience=self._settings.app_id,
                issuer=self._settings.issuer,
                leeway=SKEW_SECONDS,
                options={"require": ["exp", "nbf", "iss", "aud"], "strict_aud": True},
            )
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise Refused(type(error).__name__) from error
        endorsed = published.get("endorsements")
        return claims, frozenset(str(e) for e in endorsed if e) if endorsed else frozenset()


class TokenSource(Protocol):
    """Gives the bot's own token."""

    async def token(self) -> str:
        """A token that is valid now; raises if there is none to be had."""


class MsalTokens:
    """Tokens by Microsoft's library: a secret, or the managed identity of the host."""

    def __init__(self, settings: TeamsSettings) -> None:
        tenant = settings.tenant_id
        if settings.app_type is AppType.multi_tenant:
            tenant = BOT_FRAMEWORK_TENANT
        managed = settings.app_type is AppType.managed_identity
        self._managed = managed
        self._auth = MsalAuth(
            AgentAuthConfiguration(
                auth_type=AuthTypes.user_managed_identity if managed else AuthTypes.client_secret,
                client_id=settings.app_id,
                tenant_id=tenant,
                client_secret=None if managed else settings.password,
                scopes=[SCOPE],
            )
        )

    async def token(self) -> str:
        """See `TokenSource`."""
        got: str = await self._auth.get_access_token("https://api.botframework.com", [SCOPE])
        return got
