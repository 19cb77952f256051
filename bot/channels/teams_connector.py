"""Where answers go: only to Teams' own hosts, in order, and never twice.

The bot's token is shown to a host of the allow-list alone.  A post that was refused with
429 is sent again after the time that Teams names; one that never left (no connection) is
tried again; any other failure is not, since the user might then read it twice.

The SDK's own client does not fit here: with the aiohttp that Rasa needs (3.9) its session
takes no address with a path, and every address of Teams has one.
"""

from __future__ import annotations

import asyncio
import email.utils
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote, urlsplit

import aiohttp

from bot.channels.teams_settings import TeamsSettings
from bot.channels.teams_tokens import TokenSource

logger = logging.getLogger(__name__)

SEND_SECONDS = 15.0
TRIES = 4
LONGEST_WAIT = 60.0
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class NotSent(Exception):
    """B133: an activity was not delivered.  `status` is Teams' answer, 0 if there was none."""

    def __init__(self, status: int, kind: str) -> None:
        super().__init__(f"B133 an answer was not delivered: {status or kind}")
        self.status = status


def allowed_url(url: Any, settings: TeamsSettings) -> str | None:
    """`url` with one slash at its end if answers may go there, else None."""
    if not isinstance(url, str) or len(url) > 500:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    host = (parts.hostname or "").lower()
    named = f"{host}:{port}" if port else host
    if parts.username or parts.password or parts.query or parts.fragment or "\\" in url:
        return None
    if not {host, named} & settings.service_hosts:
        return None
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
        return None
    if parts.scheme == "https" and port not in (None, 443) and named not in settings.service_hosts:
        return None
    return url.rstrip("/") + "/"


def wait_of(headers: Any, attempt: int) -> float:
    """Seconds to wait after a 429: what `Retry-After` says (seconds or date), else 1, 2, 4."""
    named = (headers or {}).get("Retry-After", "")
    try:
        seconds = float(named)
    except ValueError:
        try:
            seconds = email.utils.parsedate_to_datetime(named).timestamp() - time.time()
        except (TypeError, ValueError):
            seconds = 2.0**attempt
    return min(max(seconds, 0.1), LONGEST_WAIT)


class Connector:
    """Sends and updates activities over connections that stay open."""

    def __init__(self, settings: TeamsSettings, tokens: TokenSource) -> None:
        self._settings, self._tokens = settings, tokens
        self._session: aiohttp.ClientSession | None = None
        self.sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def send(self, service_url: str, conversation: str, activity: dict[str, Any]) -> str:
        """Post one activity; returns its id (empty if Teams names none).

        Raises:
            NotSent: it was not delivered, or nobody knows whether it was.
        """
        return await self._tried("POST", service_url, _path(conversation), activity)

    async def update(
        self, service_url: str, conversation: str, activity_id: str, activity: dict[str, Any]
    ) -> None:
        """Put an activity in the place of an earlier one.

        Raises:
            NotSent: it was not replaced.
        """
        path = f"{_path(conversation)}/{quote(activity_id, safe='')}"
        await self._tried("PUT", service_url, path, {**activity, "id": activity_id})

    async def _tried(
        self, method: str, service_url: str, path: str, activity: dict[str, Any]
    ) -> str:
        url = allowed_url(service_url, self._settings)
        if url is None:  # checked at the door too; the token must not leave in any case
            raise NotSent(0, "host is not allowed")
        for attempt in range(TRIES):
            headers = {"Authorization": f"Bearer {await self._token()}"}
            try:
                # A redirect could lead the token away from the hosts that may see it.
                async with self._open().request(
                    method, url + path, json=activity, headers=headers, allow_redirects=False
                ) as answer:
                    if answer.status == 429 and attempt < TRIES - 1:
                        await self.sleep(wait_of(answer.headers, attempt))
                        continue
                    if answer.status not in {200, 201, 202}:
                        raise NotSent(answer.status, "refused")
                    return await _id_of(answer)
            except aiohttp.ClientConnectorError as error:
                if attempt == TRIES - 1:
                    raise NotSent(0, type(error).__name__) from None
                await self.sleep(2.0**attempt / 4)
            except (aiohttp.ClientError, asyncio.TimeoutError) as error:
                raise NotSent(0, type(error).__name__) from None
        raise NotSent(429, "refused")

    async def _token(self) -> str:
        try:
            return await self._tokens.token()
        except Exception as error:  # of many libraries; none of its words may be logged
            logger.error("B134 no token for the bot: %s", type(error).__name__)
            raise NotSent(0, "no token") from None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            timeout = aiohttp.ClientTimeout(total=SEND_SECONDS, connect=5.0)
            self._session = aiohttp.ClientSession(
                timeout=timeout, cookie_jar=aiohttp.DummyCookieJar(), trust_env=True
            )
        return self._session

    async def close(self) -> None:
        """End every connection."""
        if self._session is not None:
            await self._session.close()


def _path(conversation: str) -> str:
    return f"v3/conversations/{quote(conversation, safe='')}/activities"


async def _id_of(answer: aiohttp.ClientResponse) -> str:
    try:
        found = await answer.json(content_type=None)
    except ValueError:
        return ""
    return str(found.get("id") or "") if isinstance(found, dict) else ""
