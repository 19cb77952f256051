"""Tokens by which a host site says who its signed-in user is: JWT, RS256 or HS256.

The keys lie in one JWKS file.  It is read again when it changes, so that keys are rotated
without a restart: add the new key, let the site sign with it, take the old one out.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt

LEEWAY_SECONDS = 30
LONGEST_SECONDS = 24 * 3600
MIN_SHARED_KEY = 32
_ALGORITHM = {"RSA": "RS256", "oct": "HS256"}


class TokenRefusedError(ValueError):
    """A host's token is not accepted; the message says why, for the log of its makers."""


class HostTokens:
    """Checks the tokens of host sites against the keys of one file."""

    def __init__(
        self,
        keys: Path,
        *,
        audience: str = "worried-about-a-child",
        issuer: str | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`keys` is a JWKS file; `audience` must stand in each token, `issuer` if given."""
        self._path, self._audience, self._issuer, self._clock = keys, audience, issuer, clock
        self._stamp: tuple[int, int] | None = None
        self._keys: list[tuple[str | None, str, Any]] = []

    def _current(self) -> list[tuple[str | None, str, Any]]:
        """(kid, algorithm, key) of each key; the algorithm follows from the key alone."""
        try:
            stat = self._path.stat()
            stamp = (stat.st_mtime_ns, stat.st_size)
            if stamp != self._stamp:
                listed = json.loads(self._path.read_text(encoding="utf-8"))["keys"]
                self._keys = [key for entry in listed if (key := _usable(entry)) is not None]
                self._stamp = stamp
        except (OSError, ValueError, KeyError, TypeError) as error:
            # No keys, no entry: a file that is gone must not open the door.
            raise TokenRefusedError(
                f"B041 {self._path} cannot be read as JWKS ({type(error).__name__})"
            ) from error
        return self._keys

    def subject(self, token: object, *, resuming: bool = False) -> str:
        """Who the site says it is, as a hash: the name itself is not kept.

        With `resuming` an expired token is taken, because its talk has an age limit of its own
        and a lost line must not cut a worried person off.

        Raises:
            TokenRefusedError: no, a wrong, or an expired token.
        """
        if not isinstance(token, str) or not token:
            raise TokenRefusedError("B042 no token")
        try:
            kid = jwt.get_unverified_header(token).get("kid")
        except jwt.InvalidTokenError as error:
            raise TokenRefusedError("B043 not a token") from error
        reason = "no key fits"
        for name, algorithm, key in self._current():
            if kid is not None and name is not None and kid != name:
                continue
            try:
                return self._read(token, algorithm, key, resuming=resuming)
            except (jwt.InvalidTokenError, TypeError, ValueError) as error:
                reason = type(error).__name__
        raise TokenRefusedError(f"B044 the token is refused: {reason}")

    def _read(self, token: str, algorithm: str, key: Any, *, resuming: bool) -> str:
        claims = jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            audience=self._audience,
            issuer=self._issuer,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "sub", "aud"], "verify_exp": not resuming},
        )
        if claims["exp"] - claims["iat"] > LONGEST_SECONDS:
            raise jwt.InvalidTokenError("lives too long")
        if resuming and self._clock() - claims["exp"] > LONGEST_SECONDS:
            raise jwt.ExpiredSignatureError("too old")
        who = f"{claims.get('iss', '')}\n{claims['sub']}"
        return hashlib.sha256(who.encode()).hexdigest()


def _usable(entry: dict[str, Any]) -> tuple[str | None, str, Any] | None:
    """One key of the file; None for kinds that we do not use.

    Raises:
        ValueError: a shared key of under 32 bytes, or one that cannot be read.
    """
    algorithm = _ALGORITHM.get(str(entry.get("kty")))
    if algorithm is None:
        return None
    try:
        key = jwt.PyJWK.from_dict(entry, algorithm).key
    except jwt.PyJWTError as error:
        raise ValueError("a key cannot be read") from error
    if algorithm == "HS256" and len(key) < MIN_SHARED_KEY:
        raise ValueError("a shared key is too short")
    return entry.get("kid"), algorithm, key
