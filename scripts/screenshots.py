"""Pictures of the page and the widget in their main states: `make screenshots`.

Starts the assistant on a free port, or takes the address given: `python -m scripts.screenshots
[ADDRESS]`.  The pictures go to docs/images/.
"""

from __future__ import annotations

import contextlib
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, Route, sync_playwright

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCHOOL = """<!doctype html><html lang="en-GB"><title>A school</title>
<style>body{{font:17px/1.5 Georgia,serif;margin:0;color:#222}}header{{background:#274060;color:#fff;
padding:1.2rem 2rem;font-size:1.4rem}}main{{padding:2rem;max-width:38rem}}</style>
<header>Marsh Lane Primary School</header><main><h1>Keeping children safe</h1><p>Everybody who works
here has a part in it. Speak to our safeguarding lead first.</p><p>Term dates, policies and the
staff handbook are in the menu above.</p></main>
<script src="{address}/widget/loader.js" data-title="Worried about a child?" defer></script>"""


def begin(page: Page, words: str = "a girl says her mum hits her with a shoe") -> None:
    """Type a worry."""
    page.locator("#wac-choices").wait_for()
    page.fill("#wac-text", words)
    page.press("#wac-text", "Enter")


def to_signs(page: Page) -> None:
    """A worry up to the signs to choose from."""
    begin(page)
    page.get_by_role("button", name="Yes, safe for now").click()
    page.get_by_role("button", name="Hackney").click()
    page.get_by_role("checkbox").first.wait_for()


def to_answer(page: Page) -> None:
    """A worry up to its answer."""
    to_signs(page)
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Send my choice").click()
    page.locator("#wac-new [data-kind=guidance]").first.wait_for()


def open_widget(page: Page) -> None:
    """Press the button on the school's page."""
    page.get_by_role("button", name="Worried about a child?").click()


def cut_line(page: Page) -> None:
    """A worry to which no answer comes, because the line is cut."""
    page.locator("#wac-choices").wait_for()
    page.context.set_offline(True)
    page.wait_for_timeout(500)
    page.fill("#wac-text", "he came in with a mark on his arm")
    page.press("#wac-text", "Enter")
    page.locator(".offline").wait_for(timeout=40_000)


def without_script(page: Page) -> None:
    """The same by plain forms."""
    page.fill("#text", "a girl says her mum hits her with a shoe")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("button", name="Yes, safe for now").click()


def widget_answer(page: Page) -> None:
    """The widget on a school's page, with an answer."""
    open_widget(page)
    to_answer(page)


# name: (width, height, on a school's page, what to do, further options of the browser)
SHOTS: dict[str, tuple[int, int, bool, Callable[[Page], None], dict[str, object]]] = {
    "launcher": (1100, 700, True, lambda page: None, {}),
    "widget": (1100, 800, True, widget_answer, {}),
    "signs": (820, 1000, False, to_signs, {}),
    "answer": (820, 1000, False, to_answer, {}),
    "phone": (360, 740, False, to_answer, {}),
    "phone-signs": (360, 740, False, to_signs, {}),
    "phone-widget": (360, 740, True, widget_answer, {}),
    "zoom-400": (320, 256, True, widget_answer, {}),
    "dark": (820, 1000, False, to_answer, {"color_scheme": "dark"}),
    "forced-colours": (820, 1000, False, to_answer, {"forced_colors": "active"}),
    "offline": (360, 740, False, cut_line, {}),
    "no-script": (820, 1000, False, without_script, {"java_script_enabled": False}),
}


def _page_of(html: str) -> Callable[[Route], None]:
    def answer(route: Route) -> None:
        route.fulfill(body=html, content_type="text/html; charset=utf-8")

    return answer


def shoot(browser: Browser, address: str, names: list[str]) -> None:
    """Takes the pictures."""
    for name in names:
        width, height, school, act, options = SHOTS[name]
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        page = context.new_page()
        page.route("**/a-school", _page_of(SCHOOL.format(address=address)))
        page.goto(f"{address}/{'a-school' if school else 'chat'}")
        act(page)
        page.wait_for_timeout(900)  # smooth scrolling comes to rest
        page.screenshot(path=str(IMAGES / f"{name}.png"))
        print(IMAGES / f"{name}.png")
        context.close()


@contextlib.contextmanager
def served() -> Iterator[str]:
    """The assistant on a free port."""
    from bot.cli import prepare
    from bot.runtime.supervisor import Supervisor, free_port
    from bot.widget_commands import make_widget

    prepare()
    make_widget(print)
    supervisor = Supervisor("127.0.0.1", free_port(), print)
    try:
        supervisor.start()
        yield supervisor.address.rstrip("/")
    finally:
        supervisor.stop()


def main() -> None:
    """Takes each picture, or those named after the address."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    given = sys.argv[1:]
    names = given[1:] or list(SHOTS)
    with (
        contextlib.nullcontext(given[0].rstrip("/")) if given else served() as address,
        sync_playwright() as started,
    ):
        browser = started.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        shoot(browser, address, names)
        browser.close()


if __name__ == "__main__":
    main()
