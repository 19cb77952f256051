"""Session tokens: an id that the server alone can make, and that nobody can take over.

A token is `id.issued.signature`.  The signature covers the id, the time, the site that the
page stands on and, where the site signs its users in, the user.  So an id cannot be guessed,
chosen by another, or used on another site or by another user.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import os
import re
import secrets
import time
from collections.abc import Callable
from pathlib import Path

from bot.paths import BUILD
from bot.settings import SettingsError, secret

LIFETIME_SECONDS = 12 * 3600
MIN_SECRET = 32
_FORM = re.compile(r"^([A-Za-z0-9_-]{32})\.([0-9a-f]{8,12})\.([A-Za-z0-9_-]{43})$")


def server_secret(path: Path = BUILD / "session.secret") -> bytes:
    """What sessions are signed with: `BOT_SECRET`, or a file made once, readable by us alone.

    Raises:
        SettingsError: `BOT_SECRET` has under 32 characters.
    """
    given = secret(os.environ, "BOT_SECRET")
    if given:
        if len(given) < MIN_SECRET:
            raise SettingsError("B060 BOT_SECRET has under 32 characters. Mend: give a longer one")
        return given.encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_bytes(secrets.token_bytes(48))
        try:
            os.link(fresh, path)  # whole or not at all, also with several workers
        finally:
            fresh.unlink()
    return path.read_bytes()


class SessionTokens:
    """Issues and checks the tokens of talks."""

    def __init__(
        self,
        secret: bytes,
        *,
        lifetime: float = LIFETIME_SECONDS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`lifetime` in seconds, after which a talk begins anew."""
        self._secret, self._lifetime, self._clock = secret, lifetime, clock

    def _sign(self, key: str, issued: str, site: str, subject: str) -> str:
        signed = "\n".join((key, issued, site, subject)).encode()
        digest = hmac.new(self._secret, signed, hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    def issue(self, site: str, subject: str = "") -> str:
        """A token for a new talk on `site`, of the signed-in `subject` if there is one."""
        key, issued = secrets.token_urlsafe(24), f"{int(self._clock()):08x}"
        return f"{key}.{issued}.{self._sign(key, issued, site, subject)}"

    def sender(self, token: object, site: str, subject: str = "") -> str | None:
        """The sender id behind a token, or None where it is not ours, not theirs, or too old."""
        found = _FORM.match(token) if isinstance(token, str) else None
        if found is None:
            return None
        key, issued, signature = found.groups()
        if not hmac.compare_digest(signature, self._sign(key, issued, site, subject)):
            return None
        if not 0 <= self._clock() - int(issued, 16) < self._lifetime:
            return None
        return f"web-{key}"
