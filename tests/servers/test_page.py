"""The chat page in a real browser."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator

import psutil
import pytest

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("CI_STRICT"), reason="chromium is not installed"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """One browser for all tests of the page."""
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def page(browser, server):
    """A fresh page on a phone's width; any script error fails the test."""
    opened = browser.new_context(viewport={"width": 360, "height": 740}).new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda e: errors.append(str(e)))
    opened.goto(server[0])
    opened.wait_for_selector(".question")
    yield opened
    opened.context.close()
    assert errors == []


def type_in(page, text: str) -> None:
    page.fill("#text", text)
    page.press("#text", "Enter")


def test_page_child_journey_by_keyboard_and_check_boxes(page):
    type_in(page, "a girl says her mum hits her with a shoe")
    page.get_by_role("button", name="Yes, safe for now").last.press("Enter")
    page.get_by_role("button", name="Hackney").last.press("Enter")
    box = page.get_by_role("checkbox").first
    box.wait_for()
    box.press("Space")
    page.get_by_role("button", name="Send my choice").press("Enter")
    card = page.locator("article.card.immediate")
    card.wait_for()
    assert "020 8356 5500" in card.inner_text()
    assert card.locator("a[href^='tel:']").count() >= 1
    assert page.evaluate("document.activeElement.id") == "text"


def test_page_shows_hostile_text_as_text(page):
    type_in(page, "<img src=x onerror=alert(1)> he is hungry")
    page.wait_for_selector(".mine")
    assert page.locator("img").count() == 0
    assert "<img" in page.locator(".mine").last.inner_text()


def test_page_survives_reload(page):
    type_in(page, "write me a song")
    page.wait_for_selector("article.card")
    page.reload()
    page.wait_for_selector("article.card")
    assert "write me a song" in page.locator("#history").inner_text()


def test_page_does_not_scroll_sideways_at_320(page):
    page.set_viewport_size({"width": 320, "height": 600})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_page_shows_numbers_when_rasa_hangs(page, server):
    children = psutil.Process(server[1].pid).children(recursive=True)
    rasa = next(c for c in children if "bot.runtime.rasa_server" in c.cmdline())
    os.kill(rasa.pid, signal.SIGSTOP)
    try:
        type_in(page, "a worry")
        page.wait_for_selector(".offline", timeout=12000)
        text = page.locator(".offline").inner_text()
    finally:
        os.kill(rasa.pid, signal.SIGCONT)
    assert "999" in text
    assert "020 8356 5500" in text
    page.wait_for_selector("#latest .question, #latest article.card, #latest .bot", timeout=15000)
