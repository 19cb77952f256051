"""Screenshots of the chat page for the README: `python -m scripts.screenshots ADDRESS`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"


def talk(page: Page) -> None:
    """A worry up to its answer."""
    page.wait_for_selector(".question")
    page.fill("#text", "a girl says her mum hits her with a shoe")
    page.press("#text", "Enter")
    page.get_by_role("button", name="Yes, safe for now").last.click()
    page.get_by_role("button", name="Hackney").last.click()
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Send my choice").click()
    page.wait_for_selector("article.card")
    page.wait_for_timeout(300)


def main() -> None:
    """Takes each picture."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for name, width, height in (("answer", 820, 1000), ("phone", 375, 812)):
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto(sys.argv[1])
            talk(page)
            page.screenshot(path=str(IMAGES / f"{name}.png"))
        browser.close()


if __name__ == "__main__":
    main()
