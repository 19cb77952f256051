"""Tokens of host sites: RS256 and HS256, rotation, and what is refused."""

from __future__ import annotations

import base64
import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.channels.host_tokens import HostTokens, TokenRefusedError

AUDIENCE = "worried-about-a-child"
SHARED = b"shared secret of thirty-two bytes or more"


def oct_key(secret: bytes = SHARED, kid: str = "h1") -> dict[str, str]:
    value = base64.urlsafe_b64encode(secret).decode().rstrip("=")
    return {"kty": "oct", "kid": kid, "k": value}


@pytest.fixture(scope="module")
def private():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def rsa_key(private, kid: str = "r1") -> dict[str, str]:
    made = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(private.public_key()))
    return {**made, "kid": kid}


def claims(**other):
    now = int(time.time())
    return {"sub": "ann", "aud": AUDIENCE, "iat": now, "exp": now + 600, **other}


@pytest.fixture
def keys(tmp_path, private):
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps({"keys": [oct_key(), rsa_key(private)]}))
    return path


def hs(secret: bytes = SHARED, kid: str | None = "h1", **other) -> str:
    headers = {"kid": kid} if kid else None
    return jwt.encode(claims(**other), secret, "HS256", headers=headers)


def test_both_algorithms_name_the_same_user(keys, private):
    tokens = HostTokens(keys)
    by_rsa = jwt.encode(claims(), private, "RS256", headers={"kid": "r1"})
    assert tokens.subject(hs()) == tokens.subject(by_rsa) == tokens.subject(hs(kid=None))
    assert tokens.subject(hs(sub="bob")) != tokens.subject(hs())
    assert "ann" not in tokens.subject(hs())


def test_wrong_tokens_are_refused(keys, private):
    tokens = HostTokens(keys, issuer="https://school.example")
    iss = {"iss": "https://school.example"}
    assert tokens.subject(hs(**iss))
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    now = int(time.time())
    without = {k: v for k, v in claims(**iss).items() if k != "sub"}
    bad = [
        None, "", "x.y.z", 5,
        hs(b"another secret that is long enough to use", **iss),
        hs(iss="https://other.example"), hs(),
        hs(aud="another", **iss), hs(exp=now - 100, iat=now - 200, **iss),
        hs(exp=now + 90_000, **iss), jwt.encode(without, SHARED, "HS256"),
        jwt.encode(claims(**iss), None, "none"),
        # The public key of RS256 taken as the secret of HS256.
        _forged(claims(**iss), public, "r1"),
        hs(kid="r1", **iss),
    ]  # fmt: skip
    for token in bad:
        with pytest.raises(TokenRefusedError):
            tokens.subject(token)


def _forged(payload, secret: bytes, kid: str) -> str:
    import hashlib
    import hmac

    def part(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).decode().rstrip("=")

    head = part(json.dumps({"alg": "HS256", "typ": "JWT", "kid": kid}).encode())
    signed = f"{head}.{part(json.dumps(payload).encode())}"
    return f"{signed}.{part(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"


def test_keys_are_rotated_without_restart(keys):
    tokens = HostTokens(keys)
    second = b"the second secret, also long enough to be used"
    with pytest.raises(TokenRefusedError):
        tokens.subject(hs(second, "h2"))
    keys.write_text(json.dumps({"keys": [oct_key(), oct_key(second, "h2")]}))
    assert tokens.subject(hs(second, "h2")) == tokens.subject(hs())
    keys.write_text(json.dumps({"keys": [oct_key(second, "h2")]}))
    with pytest.raises(TokenRefusedError):
        tokens.subject(hs())


def test_an_expired_token_still_resumes_its_talk(keys):
    now = int(time.time())
    tokens = HostTokens(keys)
    old = hs(iat=now - 1000, exp=now - 500)
    assert tokens.subject(old, resuming=True) == tokens.subject(hs())
    with pytest.raises(TokenRefusedError):
        tokens.subject(hs(iat=now - 200_000, exp=now - 190_000), resuming=True)


SHORT = '{"keys": [{"kty": "oct", "k": "c2hvcnQ"}]}'


@pytest.mark.parametrize("written", ["", "{}", '{"keys": 5}', SHORT])
def test_a_broken_key_file_lets_nobody_in(tmp_path, written):
    path = tmp_path / "jwks.json"
    path.write_text(written)
    with pytest.raises(TokenRefusedError):
        HostTokens(path).subject(hs())
    path.unlink()
    with pytest.raises(TokenRefusedError):
        HostTokens(path).subject(hs())
