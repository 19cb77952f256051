"""`bot serve` without a proxy: the supervisor answers on Rasa's socket while Rasa cannot."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import psutil
import pytest

from bot.paths import BUILD, ROOT
from tests.chaos.client import Client, holds_the_numbers, is_fixed, question_of

pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.chaos]
LIMIT = 3.0
WORRY = "a boy in year 4 is always hungry and dirty"


@pytest.fixture(scope="module")
def plain(trained, tmp_path_factory):
    """`bot serve` with a build folder of its own: address, process, folder."""
    build = tmp_path_factory.mktemp("build")
    for name in ("model.tar.gz", "model.tar.gz.sha256", "model.stamp", "fallback.json"):
        shutil.copy(BUILD / name, build / name)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (build / "serve.log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "serve", "--port", str(port)],
        cwd=ROOT, env={**os.environ, "BOT_BUILD_DIR": str(build)}, stdout=log, stderr=log,
        start_new_session=True,
    )  # fmt: skip
    until = time.monotonic() + 180
    while "Open http" not in (build / "serve.log").read_text():
        assert process.poll() is None and time.monotonic() < until
        time.sleep(0.2)
    yield f"http://127.0.0.1:{port}", process, build
    os.kill(process.pid, signal.SIGINT)
    process.wait(30)


def rasa_of(process) -> psutil.Process:
    children = psutil.Process(process.pid).children(recursive=True)
    return next(c for c in children if "bot.runtime.rasa_server" in c.cmdline())


def test_rasa_hangs_and_goes_on(plain):
    address, process, _ = plain
    client = Client(address)
    client.say(WORRY)
    rasa = rasa_of(process)
    rasa.send_signal(signal.SIGSTOP)
    try:
        time.sleep(0.5)
        messages, took = client.send("yes", "while-it-hangs")
        assert took < LIMIT
        assert is_fixed(messages)
        assert holds_the_numbers(messages)
    finally:
        rasa.send_signal(signal.SIGCONT)
    assert question_of(client.say("yes")) == "child_borough"


def test_model_damaged_is_trained_anew_and_nobody_is_refused(plain):
    """Every message gets an answer within three seconds from the kill to the new model."""
    address, process, build = plain
    client = Client(address)
    client.say(WORRY)
    model = build / "model.tar.gz"
    data = bytearray(model.read_bytes())
    data[len(data) // 2] ^= 0xFF
    model.write_bytes(data)
    rasa_of(process).kill()
    until = time.monotonic() + 200
    fixed = 0
    while time.monotonic() < until:
        messages, took = client.send("yes", "while-it-trains")
        assert messages, "refused"
        assert took < LIMIT
        if not is_fixed(messages):
            break
        assert holds_the_numbers(messages)
        fixed += 1
        time.sleep(0.5)
    assert question_of(messages) == "child_borough"
    assert fixed > 3
    assert "the model is damaged" in (build / "serve.log").read_text()


def test_page_of_the_standby(plain):
    address, process, _ = plain
    rasa = rasa_of(process)
    rasa.send_signal(signal.SIGSTOP)
    try:
        time.sleep(2.3)
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(address + "/", timeout=3)
        page = refused.value.read().decode()
    finally:
        rasa.send_signal(signal.SIGCONT)
    assert refused.value.code == 503
    assert "999" in page
    assert 'href="tel:02083565500"' in page
