"""Whole journeys by plain forms, and the build that is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.widget_build import Built
from tests.widget.light import light

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [360, 1100])
def test_child_journey_without_scripts(width, open_page, server):
    page = open_page(f"{server[0]}/chat", width=width, java_script_enabled=False)
    page.fill("#text", "a girl says her mum hits her with a shoe")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("button", name="Yes, safe for now").click()
    page.get_by_role("button", name="Hackney").click()
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Send my choice").click()
    card = page.locator("article.card.immediate").last
    assert "tel:02083565500" in {
        a.get_attribute("href") for a in card.locator("a[href^=tel]").all()
    }
    assert "Significant harm" in card.locator("h2").inner_text()
    page.get_by_role("button", name="Get a summary").click()
    assert "Outcome: child protection, level 4" in page.locator("main").inner_text()
    page.get_by_role("button", name="Change my answer").click()
    assert page.locator(".choices").count() == 1
    page.get_by_role("button", name="Start again").click()
    assert page.get_by_role("button", name="I am worried about a child", exact=True).count() == 1
    assert "session" not in page.url
    assert page.context.cookies() == []


def test_feedback_and_transcript_without_scripts(open_page, server):
    page = open_page(f"{server[0]}/chat", java_script_enabled=False)
    page.get_by_role("button", name="It is about me").click()
    page.get_by_role("radio", name="Yes").check()
    page.get_by_role("button", name="Send this").click()
    assert "Thank you. We count the answers." in page.locator("form").inner_text()
    with page.expect_download() as waited:
        page.get_by_role("button", name="Download this talk").click()
    assert "It is about me" in Path(waited.value.path()).read_text(encoding="utf-8")


def test_page_works_where_the_widget_was_not_built(open_page, tmp_path, monkeypatch):
    import bot.channels.website_page as website_page

    gone = Built(None, "style.css", frozenset(), tmp_path)
    init = website_page.ChatPage.__init__
    monkeypatch.setattr(
        website_page.ChatPage, "__init__",
        lambda self, *a, **k: init(self, *a, **{**k, "widget": lambda: gone}),
    )  # fmt: skip
    with light(tmp_path) as served:
        page = open_page(f"{served.address}/chat")
        assert page.locator("script").count() == 0
        page.fill("#text", "a worry")
        page.get_by_role("button", name="Send", exact=True).click()
        page.get_by_text("heard: a worry").wait_for()
        colour = page.locator(".top").evaluate("n => getComputedStyle(n).backgroundColor")
        assert colour == "rgb(18, 67, 109)"
