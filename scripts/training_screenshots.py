"""Pictures of training's pages: `python -m scripts.training_screenshots ADDRESS`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from scripts.screenshots import FLAGS

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
PHONE = {"width": 360, "height": 740}
PROJECTOR = {"width": 1280, "height": 800}
SCENARIO = "bruise-ear-hackney"


def _save(page: Page, name: str, *, full: bool = True) -> None:
    page.screenshot(path=str(IMAGES / f"training-{name}.png"), full_page=full)


def alone(browser: Browser, address: str) -> None:
    """A scenario alone on a phone, to its debrief and certificate."""
    page = browser.new_page(viewport=PHONE)
    page.goto(f"{address}/training")
    _save(page, "scenarios", full=False)
    page.goto(f"{address}/training/play/{SCENARIO}")
    page.get_by_role("button", name="Begin").click()
    _save(page, "scene")
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Send my answer").click()
    _save(page, "feedback")
    page.get_by_role("button", name="Go on").click()
    page.fill("textarea", "Monday 8.50am in the classroom. He said: dad grabbed me. Signed.")
    page.get_by_role("button", name="Send my answer").click()
    _save(page, "written")
    page.get_by_role("button", name="Go on").click()
    page.wait_for_timeout(500)
    _save(page, "assistant")
    for _ in range(2):
        page.get_by_role("radio").first.check()
        page.get_by_role("button", name="Send my answer").click()
        page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Finish and see the debrief").click()
    page.get_by_role("link", name="Your debrief").click()
    _save(page, "debrief")
    page.set_viewport_size(PROJECTOR)
    page.get_by_role("link", name="Certificate of completion").click()
    page.fill("#name", "A. Learner")
    _save(page, "certificate")
    page.close()


def group(browser: Browser, address: str) -> None:
    """A group of seven: the code, answers coming in, the results."""
    lead = browser.new_page(viewport=PROJECTOR)
    lead.goto(f"{address}/training/scenario/{SCENARIO}")
    _save(lead, "about")
    lead.get_by_role("button", name="Lead a group").click()
    _save(lead, "code", full=False)
    code = "".join(lead.locator(".code").inner_text().split())
    phones = []
    for _ in range(7):
        phone = browser.new_context(viewport=PHONE).new_page()
        phone.goto(f"{address}/training?code={code}")
        phone.get_by_role("button", name="Join").click()
        phones.append(phone)
    lead.get_by_role("button", name="Begin").click()
    for number, phone in enumerate(phones):
        phone.get_by_role("radio").nth(number % 4 if number < 4 else 0).check()
        phone.get_by_role("button", name="Send my answer").click()
        phone.get_by_text("Your answer is in").wait_for()
    lead.get_by_text("7 answered").wait_for()
    _save(lead, "group", full=False)
    lead.get_by_role("button", name="Show the results").click()
    lead.locator(".bar").first.wait_for()
    _save(lead, "results", full=False)
    phones[1].locator(".verdict").first.wait_for()
    _save(phones[1], "group-phone")
    lead.get_by_role("button", name="End the session").click()
    lead.get_by_role("link", name="Group debrief").click()
    _save(lead, "group-debrief")


def chat(browser: Browser, address: str) -> None:
    """The widget's own conversation in training."""
    page = browser.new_page(viewport=PHONE)
    page.goto(f"{address}/chat")
    page.fill("#wac-text", f"start training {SCENARIO}")
    page.keyboard.press("Enter")
    page.get_by_text("Type the number").first.wait_for()
    page.wait_for_timeout(800)  # it scrolls
    _save(page, "widget", full=False)
    page.close()


def main() -> None:
    """Takes each picture."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        alone(browser, sys.argv[1].rstrip("/"))
        group(browser, sys.argv[1].rstrip("/"))
        chat(browser, sys.argv[1].rstrip("/"))
        browser.close()


if __name__ == "__main__":
    main()
