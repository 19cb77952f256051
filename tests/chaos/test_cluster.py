"""What the proxy and the workers show to the outside: headers, statistics, numbers, no more."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest

from bot.statistics import SECONDS
from tests.chaos.client import Client

pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.chaos]
TOKEN = "a-token-for-the-tests-only"


class Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect."""

    def redirect_request(self, *_: object) -> None:
        """Stay."""


def ask(url: str, data: bytes | None = None, **headers: str):
    """Status, headers and body, also of a refusal."""
    named = {k.replace("_", "-"): v for k, v in headers.items()}
    request = urllib.request.Request(url, data, named)
    try:
        with urllib.request.build_opener(Stay).open(request, timeout=5) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


@pytest.mark.parametrize(
    "path",
    [
        "/model",
        "/model/parse",
        "/conversations/x/tracker",
        "/domain",
        "/status",
        "/version",
        "/metrics",
    ],
)
def test_no_api_of_rasa_and_no_numbers_outside(cluster, path):
    assert ask(cluster.address + path)[0] == 404
    if path != "/metrics":
        worker = cluster.workers[0].url.replace("/health/ready", "")
        assert ask(worker + path)[0] == 404


@pytest.mark.parametrize(
    "path", ["/", "/chat", "/fallback.json", "/health/live", "/statistics", "/none"]
)
def test_secure_headers_on_every_answer(cluster, path):
    _, headers, _ = ask(cluster.address + path)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "Sanic" not in str(headers)
    public = "*" if path == "/fallback.json" else None  # the widget on a school's site reads it
    assert headers["Access-Control-Allow-Origin"] == public


def test_too_long_a_message_and_no_json_are_refused(cluster):
    address = cluster.address + "/webhooks/rest/webhook"
    assert ask(address, b"x" * 300_000)[0] == 413
    assert ask(address, b"{")[0] == 400


def test_readiness_names_each_part(cluster):
    status, _, body = ask(cluster.address + "/health/ready")
    assert status == 200
    assert json.loads(body)["checks"] == {
        "store": "ok",
        "model": "ok",
        "content": "ok",
        "actions": "ok",
    }


def test_numbers_of_both_workers_from_either_and_without_content(cluster):
    client = Client(cluster.address)
    for _ in range(4):
        client.say("zebrafish mash number please")
    texts = [ask(w.url.replace("health/ready", "metrics"))[2] for w in cluster.workers]
    for text in texts:
        assert 'waac_turns_total{channel="rest",outcome="answered"}' in text
        assert 'waac_stage_seconds_count{stage="understand"}' in text
        assert "zebrafish" not in text
        assert client.sender not in text
    line = 'waac_turns_total{channel="rest",outcome="answered"}'
    counts = {next(row for row in t.splitlines() if row.startswith(line)) for t in texts}
    assert len(counts) == 1
    logs = "".join(p.read_text(errors="replace") for p in (cluster.folder / "logs").iterdir())
    assert "zebrafish" not in logs


def test_statistics_only_with_the_token(cluster):
    address = cluster.address + "/statistics"
    status, _, body = ask(address)
    assert status == 401
    assert "Access token" in body
    assert ask(address, Authorization="Bearer wrong")[0] == 401
    assert ask(address, Authorization="Bearer \xff")[0] == 401
    assert ask(address + ".json")[0] == 401
    wrong = urllib.parse.urlencode({"token": "wrong"}).encode()
    assert ask(address + "/enter", wrong)[0] == 401


def test_statistics_page_and_json(cluster):
    client = Client(cluster.address)
    for _ in range(7):
        client.say("mash number please")
    time.sleep(SECONDS + 1.5)
    form = urllib.parse.urlencode({"token": TOKEN}).encode()
    status, headers, _ = ask(cluster.address + "/statistics/enter", form)
    assert status == 303
    cookie = headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    status, headers, page = ask(cluster.address + "/statistics", Cookie=cookie.split(";")[0])
    assert status == 200
    assert "<svg" in page
    assert "style=" not in page
    assert "<script" not in page
    bearer = f"Bearer {TOKEN}"
    found = json.loads(ask(cluster.address + "/statistics.json", Authorization=bearer)[2])
    turns = {row["value"]: row["count"] for row in found["measures"]["turns"]}
    assert turns["answered"] >= 5
    assert all(c is None or c % 5 == 0 for c in turns.values())
    assert ask(cluster.address + "/statistics?month=x", Authorization=bearer)[0] == 400
    signed_out = ask(cluster.address + "/statistics", Cookie="statistics=forged.token.here")
    assert signed_out[0] == 401
