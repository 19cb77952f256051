"""Training as it is used: many learners live, a killed server, real browsers, text channels."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import aiohttp
import pytest

from bot.paths import BUILD, TRACKERS
from tests.servers import training_load as load
from tests.servers.running import ROOT, free_port, say

LEARNERS = 30
LIMIT_SECONDS = 0.3
PAGE_SECONDS = 90  # a page on a busy machine; nothing waits that long on a quiet one

T = TypeVar("T")


def run(task: Coroutine[object, object, T]) -> T:
    """Run to its end in a thread: an open browser leaves a loop running in pytest's own."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, task).result()


@contextlib.contextmanager
def training_server(folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """`bot scenario serve`, ready."""
    log = (folder / "log").open("a")
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "scenario", "serve", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "BOT_TRAINING_URL": f"sqlite:///{folder / 'training.db'}"},
        stdout=log,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        until = time.monotonic() + 90
        while True:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/training", timeout=5).close()
                break
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError((folder / "log").read_text())
            time.sleep(0.1)
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
        if process.poll() is None:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    port = free_port()
    with training_server(tmp_path_factory.mktemp("training"), port):
        yield f"http://127.0.0.1:{port}"


@pytest.mark.server
def test_thirty_learners_are_seen_live_and_right_to_the_last_answer(address):
    best = 99.0
    # The spread must be right each time; the time is taken while the machine is quietest.
    for _ in range(5):
        done = run(load.play(address, LEARNERS))
        assert {k: v for k, v in done.shown.items() if v} == dict(done.sent)
        assert sum(done.shown.values()) == LEARNERS
        best = min(best, max(done.p95(done.live), done.p95(done.scene)))
        if best < LIMIT_SECONDS:
            return
    assert best < LIMIT_SECONDS


@pytest.mark.server
def test_all_answers_at_the_same_moment_are_counted(address):
    done = run(load.play(address, LEARNERS, gap=0.0))
    assert {k: v for k, v in done.shown.items() if v} == dict(done.sent)


@pytest.mark.server
def test_two_servers_on_one_database_show_each_others_answers_live(tmp_path):
    ports = free_port(), free_port()
    with training_server(tmp_path, ports[0]), training_server(tmp_path, ports[1]):
        best = 99.0
        for _ in range(5):
            done = run(load.play(f"http://127.0.0.1:{ports[0]}", LEARNERS,
                                 phones=f"http://127.0.0.1:{ports[1]}"))  # fmt: skip
            assert {k: v for k, v in done.shown.items() if v} == dict(done.sent)
            best = min(best, max(done.p95(done.live), done.p95(done.scene)))
            if best < LIMIT_SECONDS:
                return
        assert best < LIMIT_SECONDS


@pytest.mark.server
def test_a_killed_server_goes_on_with_every_answer(tmp_path):
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    acknowledged: list[tuple[str, str]] = []

    async def before(process: subprocess.Popen[str]) -> tuple[str, list[str]]:
        async with aiohttp.ClientSession() as http:
            lead, code = await load.open_session(http, address)
            pages = [await load.join(http, address, code) for _ in range(12)]
            await load.post(http, f"{lead}/step")

            async def one(number: int) -> None:
                await asyncio.sleep(0.02 * number)
                choice = ("listen", "later")[number % 2]
                with contextlib.suppress(aiohttp.ClientError, OSError):
                    await load.post(http, f"{pages[number]}/answer", choice=choice)
                    acknowledged.append((pages[number], choice))
                    if len(acknowledged) == 7:
                        process.kill()

            await asyncio.gather(*(one(n) for n in range(12)))
            return lead, pages

    async def after(lead: str, pages: list[str]) -> dict[str, int]:
        async with aiohttp.ClientSession() as http:
            for page, choice in acknowledged:
                async with http.get(page) as answer:
                    text = await answer.text()
                assert f'value="{choice}" required checked' in text
            for page in pages:
                await load.post(http, f"{page}/answer", choice="listen")
            trainer = load.Stream(http, f"{lead}/events")
            await trainer.until(lambda s: s["answered"] == len(pages))
            counts = dict(trainer.states[-1][1]["counts"])
            await trainer.close()
            return counts

    with training_server(tmp_path, port) as process:
        lead, pages = run(before(process))
        assert process.wait(10) == -signal.SIGKILL
    assert 7 <= len(acknowledged) < 12
    with training_server(tmp_path, port):
        counts = run(after(lead, pages))
    assert counts["listen"] == 12


def _get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.mark.server
@pytest.mark.parametrize(
    "path",
    ["/training", "/training?phase=primary&borough=city", "/training/scenario/lives-in-islington",
     "/training/notes/lives-in-islington", "/training/handout/lives-in-islington",
     "/training/play/lives-in-islington", "/?mode=training&scenario=lives-in-islington"],
)  # fmt: skip
def test_pages_are_marked_as_training(path, address):
    status, text = _get(address + path)
    assert status == 200
    assert "<strong>TRAINING</strong> This is not a real case." in text
    assert 'href="tel:999"' in text


@pytest.mark.server
@pytest.mark.parametrize(
    "path",
    ["/training/scenario/none", "/training/me/aaaaaaaaaaaaaaaaaaaaaaaa",
     "/training/lead/aaaaaaaaaaaaaaaaaaaaaaaa", "/training/screen/aaaaaaaaaaaaaaaaaaaaaaaa/events",
     "/training/static/..%2fweb.py", "/training/static/base.html"],
)  # fmt: skip
def test_unknown_addresses_are_not_found(path, address):
    assert _get(address + path)[0] == 404


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    sync_api = pytest.importorskip("playwright.sync_api")
    path = shutil.which("chromium")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("chromium is not installed")
        pytest.skip("chromium is not installed")
    with sync_api.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


def _page(browser, **settings):
    """A page of its own visitor, as patient as a busy machine needs."""
    context = browser.new_context(**settings)
    context.set_default_timeout(1000 * PAGE_SECONDS)
    return context.new_page()


@pytest.mark.browser
@pytest.mark.parametrize("javascript", [True, False])
def test_a_scenario_alone_by_keyboard_to_its_certificate(browser, address, javascript):
    page = _page(browser, viewport={"width": 360, "height": 740}, java_script_enabled=javascript)
    errors: list[str] = []
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.goto(f"{address}/training/play/scraped-knee-city")
    page.get_by_role("button", name="Begin").press("Enter")
    for choice in ("fit", "universal"):
        page.locator(f"input[value={choice}]").focus()
        page.keyboard.press("Space")
        page.get_by_role("button", name="Send my answer").press("Enter")
        page.get_by_text("Model answer.").wait_for()
        page.get_by_role("button", name="Go on").press("Enter")
    page.get_by_role("button", name="Finish and see the debrief").press("Enter")
    page.get_by_role("link", name="Certificate").click()
    text = page.locator("article").inner_text()
    assert "The scraped knee" in text
    assert "Content version" in text
    assert "2 of 2 decisions" in text
    if javascript:
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.fill("#name", "<b>Q. Learner</b>")
        assert page.locator("#who").inner_text() == "<b>Q. Learner</b>"
    assert errors == []
    page.context.close()


@pytest.mark.browser
def test_a_group_in_browsers_sees_scenes_results_and_limits_live(browser, address):
    lead = _page(browser, viewport={"width": 1280, "height": 800})
    lead.goto(f"{address}/training/scenario/bruise-ear-hackney")
    lead.get_by_role("button", name="Lead a group").click()
    code = "".join(lead.locator(".code").inner_text().split())
    phones = []
    for _ in range(3):
        phone = _page(browser, viewport={"width": 320, "height": 640})
        phone.goto(f"{address}/training?code={code.lower()}")
        phone.get_by_role("button", name="Join").click()
        phone.get_by_text("Wait for the trainer").wait_for()
        phones.append(phone)
    lead.get_by_text("3 joined").wait_for()
    screen = _page(browser)
    screen.goto(address + lead.get_by_role("link", name="the screen").get_attribute("href"))
    assert screen.get_by_role("button").count() == 0
    lead.get_by_role("button", name="Begin").click()
    for phone, choice in zip(phones, ("listen", "secret", "listen"), strict=True):
        phone.locator(f"input[value={choice}]").check()
        phone.get_by_role("button", name="Send my answer").click()
        phone.get_by_text("Your answer is in").wait_for()
        assert phone.get_by_text("Model answer").count() == 0
    lead.get_by_text("3 answered").wait_for()
    assert lead.locator(".bar").count() == 0
    lead.get_by_role("button", name="Start the clock").click()
    phones[0].locator(".clock").wait_for()
    lead.get_by_role("button", name="Pause").click()
    phones[0].get_by_text("Paused.").wait_for()
    lead.get_by_role("button", name="Go on").click()
    lead.get_by_role("button", name="Show the results").click()
    screen.locator(".bar").first.wait_for()
    counts = screen.locator(".bar .count").all_inner_texts()
    assert sorted(counts, reverse=True) == ["2", "1", "0", "0"]
    phones[1].get_by_text("This can do harm.").wait_for()
    assert phones[1].evaluate("document.documentElement.scrollWidth") <= 320
    lead.get_by_role("button", name="End the session").click()
    phones[0].get_by_role("link", name="Your debrief").wait_for()
    lead.get_by_role("link", name="Group debrief").click()
    assert "2 of 3" not in lead.locator("h1").inner_text()
    assert "3 took part" in lead.locator("main").inner_text()
    for page in (lead, screen, *phones):
        page.context.close()


def _trackers(text: str) -> int:
    if not TRACKERS.exists():
        return 0
    with sqlite3.connect(TRACKERS) as db:
        query = "SELECT count(*) FROM events WHERE sender_id = ? OR data LIKE ?"
        return int(db.execute(query, (text, f"%{text}%")).fetchone()[0])


@pytest.mark.server
def test_training_in_a_text_channel_never_reaches_rasa(server):
    until = time.monotonic() + PAGE_SECONDS  # a busy machine's first turns fall back to the numbers
    while True:
        sender = uuid.uuid4().hex
        begun = say(server[0], "start training scraped-knee-city", sender)
        if begun[-1]["text"].startswith("[TRAINING]") or time.monotonic() > until:
            break
        time.sleep(1)
    assert begun[-1]["text"].startswith("[TRAINING] Tuesday, 8.55am")
    assert begun[-1]["custom"]["id"] == "training"
    odd = say(server[0], "dad hits her plumquartz", sender)
    assert "I did not take that as an answer" in odd[0]["text"]
    assert "999" in odd[0]["text"]
    assert "stop training" in odd[0]["text"]
    asked = say(server[0], "ask is a scraped knee from football a worry plumquartz", sender)
    assert asked[0]["text"].startswith("[TRAINING] The assistant:")
    assert "not running" not in asked[0]["text"]
    assert "decide" in asked[-1]["text"]
    assert _trackers(sender) == 0
    ended = say(server[0], "stop training", sender)
    assert "Training has ended" in ended[0]["text"]
    real = say(server[0], "a girl says her mum hits her with a shoe", sender)
    assert {m["custom"]["type"] for m in real} & {"question", "guidance"}
    assert _trackers(sender) > 0
    assert _trackers("plumquartz") == 0
    training = (BUILD / "training.db").read_bytes()
    assert sender.encode() not in training
    assert b"plumquartz" not in training


@pytest.mark.server
def test_the_assistant_is_an_aid_apart_from_real_talks(server):
    async def ask() -> tuple[str, str]:
        async with aiohttp.ClientSession() as http:
            async with http.post(
                f"{server[0]}/training/play/bruise-ear-hackney", allow_redirects=False
            ) as answer:
                page = server[0] + answer.headers["Location"]
            async with http.post(
                f"{page}/assistant", data={"text": "boy says dad grabbed his ear zyxwquartz"}
            ) as answer:
                first = await answer.text()
            payload = '/answer{"safe_now": "yes"}'
            async with http.post(f"{page}/assistant", data={"payload": payload}) as answer:
                return first, await answer.text()

    before = _trackers("zyxwquartz")
    first, second = run(ask())
    assert "payload" in first
    assert "TRAINING" in first
    assert "Hackney" in second
    assert _trackers("zyxwquartz") == before == 0


@pytest.mark.server
def test_chat_with_mode_training_leads_to_the_scenario(server):
    status, text = _get(f"{server[0]}/chat?mode=training&scenario=scraped-knee-city")
    assert status == 200
    assert "The scraped knee" in text
    assert json.dumps("TRAINING")[1:-1] in text
