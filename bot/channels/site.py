"""Who may talk through the website channel, and how often."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import engineio
import socketio
from sanic.request import Request

from bot.channels.host_tokens import HostTokens, TokenRefusedError
from bot.channels.limits import Limits
from bot.channels.tokens import SessionTokens, server_secret
from bot.paths import BUILD
from bot.settings import SettingsError, settings

logger = logging.getLogger(__name__)

OWN_SITE = "own"
SWITCHED_OFF = BUILD / "switched-off"


class SiteError(Exception):
    """A talk is refused; `key` is the text that says why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def checked_origins(listed: Sequence[str]) -> frozenset[str]:
    """Origins as browsers send them.

    Raises:
        SettingsError: one is not `https://host` or `http://host:port`.
    """
    for origin in listed:
        parts = urlsplit(origin)
        whole = f"{parts.scheme}://{parts.netloc}".lower()
        if parts.scheme not in {"http", "https"} or not parts.netloc or whole != origin:
            raise SettingsError(
                f"B060 BOT_ORIGINS: {origin!r} is no origin. Mend: write https://school.example, "
                "in small letters, with no path and no slash at the end"
            )
    return frozenset(listed)


class Site:
    """Sites that may embed the widget, their users' tokens, limits and the off switch."""

    def __init__(
        self,
        *,
        tokens: SessionTokens,
        origins: Sequence[str] = (),
        host_tokens: HostTokens | None = None,
        limits: Limits | None = None,
        off_switch: Path = SWITCHED_OFF,
        proxies: int = 0,
    ) -> None:
        """`proxies` is the number of own proxies in front, whose X-Forwarded-For is believed.

        Raises:
            SettingsError: an origin is malformed.
        """
        self.tokens = tokens
        self.origins = checked_origins(origins)
        self.limits = limits or Limits.in_memory()
        self.host_tokens = host_tokens
        self._off, self._proxies = off_switch, proxies

    @classmethod
    def from_environment(cls) -> Site:
        """From the settings in README.md.

        Raises:
            SettingsError: a setting is malformed.
        """
        keys = os.environ.get("BOT_JWT_KEYS", "")
        proxies = os.environ.get("BOT_PROXIES", "0")
        if not proxies.isdigit():
            raise SettingsError("B060 BOT_PROXIES is no number. Mend: how many proxies are ours")
        host_tokens = HostTokens(
            Path(keys),
            audience=os.environ.get("BOT_JWT_AUDIENCE", "worried-about-a-child"),
            issuer=os.environ.get("BOT_JWT_ISSUER") or None,
        )
        return cls(
            tokens=SessionTokens(server_secret()),
            origins=settings().origins,
            host_tokens=host_tokens if keys else None,
            proxies=int(proxies),
        )

    def is_off(self) -> bool:
        """Whether the service is switched off: a file, so that no restart is needed."""
        return self._off.exists()

    def check_open(self) -> None:
        """Raises SiteError while switched off."""
        if self.is_off():
            raise SiteError("off")

    def subject(self, token: object, *, resuming: bool = False) -> str:
        """The signed-in user behind a host's token; empty where none is asked for.

        Raises:
            SiteError: a token is asked for, and this is none.
        """
        if self.host_tokens is None:
            return ""
        try:
            return self.host_tokens.subject(token, resuming=resuming)
        except TokenRefusedError as error:
            logger.warning("%s", error)
            raise SiteError("signed_out") from error

    def origin_of(self, environ: dict[str, Any]) -> str:
        """The site that the page of a connection stands on."""
        origin = str(environ.get("HTTP_ORIGIN", "")).lower()
        return origin if origin in self.origins else OWN_SITE

    def address_of(self, request: Request) -> str:
        """The client's address: the connection's, or what our own proxies say it is."""
        if self._proxies:
            hops = [h.strip() for h in request.headers.get("x-forwarded-for", "").split(",")]
            if len(hops) >= self._proxies and hops[-self._proxies]:
                return str(hops[-self._proxies])
        return str(request.ip)


class _Engine(engineio.AsyncServer):
    """Engine.IO that takes the pages of our own address and those of the listed sites.

    The library takes the one or the other; an empty list there switches its check off.
    """

    allowed: frozenset[str] = frozenset()

    def _cors_allowed_origins(self, environ: dict[str, Any]) -> list[str]:
        own: list[str] = super()._cors_allowed_origins(environ)
        return [*own, *self.allowed]


def server_for(site: Site, **options: Any) -> socketio.AsyncServer:
    """A Socket.IO server that lets in the pages of `site` alone."""

    class Engine(_Engine):
        allowed = site.origins

    class Server(socketio.AsyncServer):
        def _engineio_server_class(self) -> type[_Engine]:
            return Engine

    # None is "our own address"; credentials stay off, since there are no cookies.
    return Server(cors_allowed_origins=None, cors_credentials=False, **options)
