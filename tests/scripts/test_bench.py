"""The benchmark times the bot's own answers alone."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from bot.runtime.static_fallback import fallback_messages
from scripts.bench import NotAnsweredError, say


@pytest.fixture
def answering() -> Iterator[tuple[str, list[bytes]]]:
    """A server's address, and what it is to answer next."""
    answers: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            body = answers.pop()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", answers
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("body", [json.dumps(fallback_messages()).encode(), b"[]"])
def test_the_fixed_answer_or_none_is_not_timed(answering, body):
    address, answers = answering
    answers.append(body)
    with pytest.raises(NotAnsweredError):
        say(address, "one", "hello")


def test_an_answer_of_the_bot_is(answering):
    address, answers = answering
    answers.append(json.dumps([{"text": "Hello"}]).encode())
    assert say(address, "one", "hello") > 0
