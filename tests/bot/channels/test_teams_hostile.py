"""What must never get an answer, never crash, and never see the bot's token."""

from __future__ import annotations

import json
import logging
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from bot.channels.teams_tokens import KeyRing
from bot.evaluate.fake_teams import APP_ID, BOT_TOKEN, ISSUER, FakeConnector, activity
from tests.bot.channels.teams_running import Running, teams

OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CURVE = ec.generate_private_key(ec.SECP256R1())
HOUR = 3600


@pytest.fixture(scope="module")
def running():
    with teams() as started:
        yield started


@pytest.fixture(autouse=True)
def quiet_before(running):
    running.sent.clear()
    running.agent.heard.clear()


def claims(t: Running, **changes: Any) -> dict[str, Any]:
    now = int(time.time())
    made = {"iss": ISSUER, "aud": APP_ID, "nbf": now, "exp": now + HOUR, "serviceurl": t.url}
    made.update(changes)
    return {k: v for k, v in made.items() if v is not None}


def signed(t: Running, key: Any, algorithm: str, headers: dict[str, Any] | None = None, **c: Any):
    head = {"kid": t.server.tokens.kid} if headers is None else headers
    return jwt.encode(claims(t, **c), key, algorithm=algorithm, headers=head)


def public_pem(t: Running) -> bytes:
    return t.server.tokens.key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def hmac_with_public_key(t: Running) -> str:
    """HS256 with our public key as its secret, made by hand: PyJWT itself refuses to."""
    import base64
    import hashlib
    import hmac

    def b64(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    head = b64(json.dumps({"alg": "HS256", "kid": t.server.tokens.kid, "typ": "JWT"}).encode())
    body = b64(json.dumps(claims(t)).encode())
    mac = hmac.new(public_pem(t), f"{head}.{body}".encode(), hashlib.sha256).digest()
    return f"{head}.{body}.{b64(mac)}"


def half_signed(t: Running) -> str:
    return t.server.tokens.sign(t.url).rsplit(".", 1)[0] + "."


def other_body(t: Running) -> str:
    head, _, tail = t.server.tokens.sign(t.url).split(".")
    forged = jwt.encode(claims(t, aud="x"), "k" * 32).split(".")[1]
    return f"{head}.{forged}.{tail}"


now = time.time
TOKENS: dict[str, Any] = {
    "no token": lambda t: "",
    "no jwt": lambda t: "hello",
    "three dots of nothing": lambda t: "..",
    "a token of 100 kB": lambda t: "a" * 100_000,
    "wrong key": lambda t: signed(t, OTHER, "RS256"),
    "alg none": lambda t: signed(t, None, "none"),
    "HS256 with the public key": hmac_with_public_key,
    "HS256 with a guess": lambda t: signed(t, "secret" * 8, "HS256"),
    "RS384 of the right key": lambda t: signed(t, t.server.tokens.key, "RS384"),
    "PS256 of the right key": lambda t: signed(t, t.server.tokens.key, "PS256"),
    "ES256": lambda t: signed(t, CURVE, "ES256"),
    "signature cut off": half_signed,
    "claims exchanged": other_body,
    "no key id": lambda t: signed(t, t.server.tokens.key, "RS256", {}),
    "unknown key id": lambda t: signed(t, OTHER, "RS256", {"kid": "another"}),
    "key in its own header": lambda t: signed(
        t,
        OTHER,
        "RS256",
        {"kid": "x", "jwk": json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(OTHER.public_key()))},
    ),
    "key address in its header": lambda t: signed(
        t, OTHER, "RS256", {"kid": "x", "jku": "https://evil.example/keys"}
    ),
    "wrong audience": lambda t: t.server.tokens.sign(t.url, aud="another-app"),
    "audience in a list": lambda t: t.server.tokens.sign(t.url, aud=[APP_ID, "another"]),
    "no audience": lambda t: t.server.tokens.sign(t.url, aud=None),
    "wrong issuer": lambda t: t.server.tokens.sign(t.url, iss="https://evil.example"),
    "issuer of another tenant": lambda t: t.server.tokens.sign(
        t.url, iss="https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/"
    ),
    "no issuer": lambda t: t.server.tokens.sign(t.url, iss=None),
    "expired": lambda t: t.server.tokens.sign(t.url, exp=int(now()) - 301),
    "no expiry": lambda t: t.server.tokens.sign(t.url, exp=None),
    "expiry is a word": lambda t: t.server.tokens.sign(t.url, exp="never"),
    "not yet valid": lambda t: t.server.tokens.sign(t.url, nbf=int(now()) + 400),
    "no start": lambda t: t.server.tokens.sign(t.url, nbf=None),
    "no serviceurl": lambda t: t.server.tokens.sign(t.url, serviceurl=None),
    "another serviceurl": lambda t: t.server.tokens.sign("https://smba.trafficmanager.net/uk/"),
    "serviceurl is a list": lambda t: t.server.tokens.sign(t.url, serviceurl=[t.url]),
}


def unanswered(running: Running) -> None:
    assert running.agent.heard == []
    assert running.sent == []


@pytest.mark.parametrize("name", TOKENS)
def test_a_bad_token_gets_no_answer(running, name, caplog):
    with caplog.at_level(logging.DEBUG):
        status = running.post(activity(running.url, "a child told me"), TOKENS[name](running))
    assert status in {401, 403, 413}, name  # Sanic itself refuses a header that is too long
    unanswered(running)
    assert BOT_TOKEN not in caplog.text and "a child told me" not in caplog.text


@pytest.mark.parametrize(
    "header", ["Basic abc", "Bearer", "bearer  ", "Token x", "Bearer a b", "\x7f"]
)
def test_a_bad_authorization_header_gets_no_answer(running, header):
    import urllib.error
    import urllib.request

    body = json.dumps(activity(running.url, "hello")).encode()
    request = urllib.request.Request(
        running.server.address, body, {"Authorization": header, "Content-Type": "application/json"}
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=10)
    assert refused.value.code == 401 and not refused.value.read()
    unanswered(running)


def conversation(**changes: Any) -> dict[str, Any]:
    return {"conversation": {"id": "a:1", "conversationType": "personal", **changes}}


BODIES: dict[str, Any] = {
    "nothing": b"",
    "no JSON": b"{",
    "not UTF-8": b"\xff\xfe{}",
    "a list": b"[]",
    "a number": b"7",
    "null": b"null",
    "100,000 brackets": b"[" * 100_000,
    "an empty object": {},
    "type is a number": lambda t: activity(t.url, type=7),
    "no conversation": lambda t: activity(t.url, "x", conversation=None) | {"conversation": None},
    "conversation without id": lambda t: activity(t.url, "x") | {"conversation": {}},
    "conversation is a word": lambda t: activity(t.url, "x") | {"conversation": "a:1"},
    "an id of 5,000 letters": lambda t: activity(t.url, "x") | conversation(id="a" * 5000),
    "no sender": lambda t: {k: v for k, v in activity(t.url, "x").items() if k != "from"},
    "no recipient": lambda t: {k: v for k, v in activity(t.url, "x").items() if k != "recipient"},
    "no serviceUrl": lambda t: {k: v for k, v in activity(t.url, "x").items() if k != "serviceUrl"},
    "serviceUrl is an object": lambda t: activity(t.url, "x") | {"serviceUrl": {"a": 1}},
    "text is an object": lambda t: activity(t.url, "x") | {"text": {"a": 1}},
    "two tenants": lambda t: (
        activity(t.url, "x")
        | {"channelData": {"tenant": {"id": "99999999-bbbb-4ccc-8ddd-eeeeeeeeeeee"}}}
    ),
    "members are numbers": lambda t: activity(t.url, type="conversationUpdate", membersAdded=[1]),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_bad_body_gets_no_answer(running, name):
    made = BODIES[name]
    status = running.post(made(running) if callable(made) else made)
    assert status == 400, name
    unanswered(running)


def evil(t: Running, url: str, **changes: Any) -> tuple[dict[str, Any], str]:
    """An activity that asks for an answer at `url`, with a token that names it too."""
    return activity(url, "hello", **changes), t.server.tokens.sign(url)


EVIL_URLS = [
    "https://evil.example/",
    "https://127.0.0.1.evil.example/",
    "https://evil.example/127.0.0.1",
    "https://127.0.0.1@evil.example/",
    "https://evil.example\\@127.0.0.1/",
    "http://smba.trafficmanager.net/uk/",
    "ftp://127.0.0.1/",
    "//127.0.0.1/",
    "https://127.0.0.1:99999/",
    "https://127.0.0.1:8443/",
    "https://[::1/",
    "https://127.0.0.1/?to=https://evil.example",
    "file:///etc/passwd",
]


@pytest.mark.parametrize("url", EVIL_URLS)
def test_no_answer_goes_to_an_address_that_is_not_allowed(running, url):
    body, token = evil(running, url)
    assert running.post(body, token) == 403
    unanswered(running)


def test_an_attackers_host_never_sees_the_token(running):
    """Even a listener on this machine that is not Teams gets no request at all."""
    attacker = FakeConnector()
    running.run(attacker.start())
    try:
        url = attacker.url.replace("127.0.0.1", "localhost")
        body, token = evil(running, url)
        assert running.post(body, token) == 403
        assert attacker.sent == []
        # The token names Teams, the body the attacker.
        assert running.post(activity(url, "x"), running.server.tokens.sign(running.url)) == 403
        assert attacker.sent == []
    finally:
        running.run(attacker.stop())
    unanswered(running)


@pytest.mark.parametrize(
    "changes",
    [
        {"channelId": "emulator"},
        {"channelId": "webchat"},
        {"channelId": None},
        {"channelData": None, "conversation": {"id": "a:1", "conversationType": "personal"}},
        {"channelData": {"tenant": {"id": "99999999-bbbb-4ccc-8ddd-eeeeeeeeeeee"}}}
        | conversation(),
    ],
    ids=["emulator", "webchat", "no channel", "no tenant", "another tenant"],
)
def test_another_channel_or_tenant_gets_no_answer(running, changes):
    body = activity(running.url, "hello")
    body.update(changes)
    body = {k: v for k, v in body.items() if v is not None}
    assert running.post(body) == 403
    unanswered(running)


def test_a_key_that_is_not_endorsed_for_teams_lets_nobody_in():
    with teams() as t:
        t.server.tokens.endorsements = ("webchat",)
        assert t.post(activity(t.url, "hello")) == 403
        assert t.agent.heard == []


@pytest.mark.parametrize("kind", ["event", "endOfConversation", "trace", "handoff", "whatever"])
def test_an_unknown_kind_is_acknowledged_and_left_alone(running, kind):
    assert running.post(activity(running.url, "hello", type=kind)) == 202
    unanswered(running)


def test_an_unknown_invoke_is_not_implemented(running):
    body = activity(running.url, type="invoke", name="composeExtension/query", text=None)
    assert running.post(body | {"value": {"x": 1}}) == 501


@pytest.mark.parametrize("size", [256_001, 3_000_000])
def test_a_giant_body_is_not_read(running, size):
    body = activity(running.url, "x" * size)
    assert running.post(body) == 413
    unanswered(running)


def test_a_giant_body_without_a_length_is_not_read(running):
    import aiohttp

    async def chunks():
        for _ in range(400):
            yield b"x" * 1000

    async def send() -> int:
        head = {"Authorization": f"Bearer {running.server.tokens.sign(running.url)}"}
        async with (
            aiohttp.ClientSession() as session,
            session.post(running.server.address, data=chunks(), headers=head) as answer,
        ):
            return answer.status

    assert running.run(send()) == 413
    unanswered(running)


def test_a_replay_is_acknowledged_and_handled_once(running):
    body = activity(running.url, "hello")
    token = running.server.tokens.sign(running.url)
    assert [running.post(body, token) for _ in range(3)] == [202] * 3
    assert len(running.agent.heard) == 1


def test_a_small_clock_skew_is_forgiven(running):
    early = running.server.tokens.sign(running.url, nbf=int(now()) + 200)
    late = running.server.tokens.sign(running.url, exp=int(now()) - 200)
    assert running.post(activity(running.url, "one"), early) == 202
    assert running.post(activity(running.url, "two"), late) == 202


def test_a_new_key_is_fetched_once_and_unknown_ones_do_not_hammer_the_service(monkeypatch):
    with teams() as t:
        assert t.post(activity(t.url, "one")) == 202
        reads = t.server.tokens.reads
        t.server.tokens.key, t.server.tokens.kid = OTHER, "rolled-over"
        for _ in range(20):
            assert t.post(activity(t.url, "x"), t.server.tokens.sign(t.url)) == 401
        assert t.server.tokens.reads == reads, "within half a minute the service is left alone"
        monkeypatch.setattr("bot.channels.teams_tokens.LOOK_AGAIN", 0.0)
        assert t.post(activity(t.url, "two"), t.server.tokens.sign(t.url)) == 202


def test_without_network_the_channel_starts_and_says_in_one_line_what_is_missing(caplog):
    async def away(_: str) -> dict[str, Any]:
        raise OSError("no route to host")

    with teams() as t:
        t.server.channel._incoming._keys = KeyRing("https://login.invalid", away)
        assert t.post(activity(t.url, "hello")) == 503
        assert "B132 no keys of the Bot Framework. Mend:" in caplog.text
        assert t.agent.heard == []


def test_the_token_goes_to_teams_alone_and_into_no_log(running, caplog):
    with caplog.at_level(logging.DEBUG):
        assert running.post(activity(running.url, "hello")) == 202
    assert {s.authorization for s in running.sent} == {f"Bearer {BOT_TOKEN}"}
    assert BOT_TOKEN not in caplog.text
    assert BOT_TOKEN not in str([s.activity for s in running.sent])
