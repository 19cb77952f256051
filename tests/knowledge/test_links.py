"""Addresses: form, duplicates, and the live check against servers of our own."""

from __future__ import annotations

import http.server
import json
import socket
import threading

import pytest
from typer.testing import CliRunner

from bot.cli import app
from knowledge.content import load_content
from knowledge.links import ask_all, duplicates, fault_of, links_of, plain

RUN = CliRunner()


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("https://www.gov.uk/a?b=c#d", True),
        ("http://example.org", True),
        ("ftp://example.org/x", False),
        ("https://localhost/x", False),
        ("https://user:pass@example.org/", False),
        ("https://example.org:8443/", False),
        ("https://example.org:port/", False),
        ("https://exa mple.org/", False),
        ("https://example..org/", False),
        ("https://example.org/caf\u00e9", False),
        ("https://[::1", False),
        ("", False),
    ],
)
def test_fault_of_an_address(address, good):
    assert (fault_of(address) is None) is good


def test_plain_leaves_out_what_makes_no_difference():
    assert plain("https://www.a.org/x/") == plain("http://a.org/x#top") == "a.org/x"
    assert plain("https://a.org/x?y=1") != plain("https://a.org/x")


def test_every_address_of_the_content_is_seen():
    content = load_content()
    links = links_of(content)
    assert {"sources", "contacts", "resources"} <= {link.kind for link in links}
    assert all(link.line > 1 and link.file.startswith("content/") for link in links)
    assert any("lcpp-neglect" in {x.id for x in same} for same in duplicates(links).values())


class _Pages(http.server.BaseHTTPRequestHandler):
    def do_HEAD(self):
        code = {"/ok": 200, "/gone": 404, "/moved": 301, "/get-only": 405}[self.path]
        self.send_response(code)
        self.send_header("Location", "/ok")
        self.end_headers()

    def do_GET(self):
        self.send_response(200 if self.path == "/get-only" else 404)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def site():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def _closed() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/"


def test_ask_all_tells_what_answers_moved_and_is_gone(site):
    closed = _closed()
    paths = [f"{site}/{p}" for p in ("ok", "gone", "moved", "get-only")]
    states = {a.address: a.state for a in ask_all([*paths, closed], seconds=5)}
    assert [states[p] for p in paths] == ["ok", "broken", "moved", "ok"]
    assert states[closed] == "unreachable"


def test_ask_all_says_that_there_is_no_network_when_nothing_can_be_reached():
    assert ask_all([_closed(), _closed()], seconds=2) is None


def test_links_command_says_plainly_that_it_could_not_look(monkeypatch):
    monkeypatch.setattr("bot.editing.commands.ask_all", lambda *_: None)
    result = RUN.invoke(app, ["knowledge", "links"])
    assert result.exit_code == 0
    assert "none of the" in result.output
    assert "No address could be reached" in result.output
    as_json = json.loads(RUN.invoke(app, ["knowledge", "links", "--json"]).output)
    assert as_json["live"] == "no network"
    assert as_json["addresses"] > 50


def test_links_command_fails_on_a_page_that_is_gone(monkeypatch):
    from knowledge.links import Answered

    gone = Answered("https://www.childline.org.uk", "broken", "404")
    monkeypatch.setattr("bot.editing.commands.ask_all", lambda *_: [gone])
    result = RUN.invoke(app, ["knowledge", "links"])
    assert result.exit_code == 1
    assert "K014 broken: https://www.childline.org.uk: 404; " in result.output
