"""The supervisor's stand-in on Rasa's socket, and the files for a proxy."""

from __future__ import annotations

import http.client
import json
import threading
import time

import pytest

from bot.runtime.heartbeat import Pulse
from bot.runtime.model_file import intact, seal
from bot.runtime.standby import Standby, answer_to, listen
from bot.runtime.static_fallback import fallback_html, write_static


def test_standby_answers_only_while_needed(trained):
    shared = listen("127.0.0.1", 0)
    needed = threading.Event()
    standby = Standby(shared, needed.is_set)
    standby.start()
    port = shared.getsockname()[1]
    try:
        quiet = http.client.HTTPConnection("127.0.0.1", port, timeout=0.4)
        quiet.request("GET", "/")
        with pytest.raises(TimeoutError):
            quiet.getresponse()
        needed.set()
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
        body = json.dumps({"sender": "a", "message": "x" * 20000})
        asked.request("POST", "/webhooks/rest/webhook", body)
        answer = asked.getresponse()
        messages = json.loads(answer.read())
    finally:
        standby.stop()
        shared.close()
    assert answer.status == 200
    assert answer.headers["X-Fallback"] == "1"
    assert "999" in messages[0]["text"]
    assert messages[0]["custom"]["id"] == "fallback-when-down"


@pytest.mark.parametrize(
    ("line", "status", "words"),
    [
        (b"GET / HTTP/1.1", b"503", b"tel:999"),
        (b"GET /fallback.json HTTP/1.1", b"200", b"hackney-mash"),
        (b"GET /health/live HTTP/1.1", b"200", b"standby"),
        (b"GET /health/ready HTTP/1.1", b"503", b"standby"),
        (b"GET /socket.io/?EIO=4 HTTP/1.1", b"503", b"standby"),
        (b"nonsense", b"503", b"tel:999"),
        (b"", b"503", b"tel:999"),
    ],
)
def test_standby_answers_anything(trained, line, status, words):
    made = answer_to(line)
    assert made.startswith(b"HTTP/1.1 " + status)
    assert words in made


def test_static_files_hold_the_numbers_and_escape_what_they_show(trained, tmp_path):
    write_static(tmp_path)
    page = (tmp_path / "fallback.html").read_text()
    assert page == fallback_html()
    for number in ("tel:999", "tel:02083565500"):
        assert number in page
    assert json.loads((tmp_path / "fallback-rest.json").read_text())[0]["text"]
    assert list(tmp_path.glob("*.part")) == []


def test_pulse_tells_silence():
    import os

    pulse = Pulse()
    assert pulse.silence() == float("inf")
    os.write(pulse.writer, b".")
    assert pulse.silence() < 0.5
    time.sleep(0.06)
    assert 0.05 < pulse.silence() < 1
    pulse.forget()
    assert pulse.silence() == float("inf")
    pulse.close()


def test_model_file_one_byte_changed_is_damaged(tmp_path):
    model = tmp_path / "model.tar.gz"
    model.write_bytes(b"a" * 1000)
    assert not intact(model)
    seal(model)
    assert intact(model)
    model.write_bytes(b"a" * 999 + b"b")
    assert not intact(model)
    model.unlink()
    assert not intact(model)
