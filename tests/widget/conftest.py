"""A real Chromium, and a school's site on another address that embeds the widget."""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bot.widget_build import install_packages
from scripts.screenshots import FLAGS

CHROMIUM = shutil.which("chromium")


@pytest.fixture(scope="session")
def npm_packages() -> None:
    """The widget's npm packages, those for tests among them."""
    install_packages(dev=True)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One browser a file: Playwright holds an event loop that other tests must not meet."""
    playwright = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        if os.environ.get("CI") == "true" or os.environ.get("CI_STRICT"):
            pytest.fail("chromium is not installed")
        pytest.skip("chromium is not installed")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser) -> Iterator[Any]:
    """Opens pages; a script error on any of them fails the test."""
    errors: list[str] = []
    contexts = []

    def opened(address: str, *, width: int = 1100, height: int = 800, **options: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)  # a machine of CI may be busy
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


class School:
    """A site of its own: `pages` by path, each with its headers."""

    def __init__(self, port: int) -> None:
        self.pages: dict[str, tuple[str, dict[str, str]]] = {}
        self.address = f"http://127.0.0.1:{port}"
        school = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                found = school.pages.get(self.path)
                html, headers = found or ("", {})
                self.send_response(200 if found else 404)
                for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(html.encode())

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def page(self, path: str, server: str, *, attributes: str = "", csp: str = "", more: str = "",
             nonce: str = "") -> str:  # fmt: skip
        """A page with the widget's one line; returns its address."""
        mark = f' nonce="{nonce}"' if nonce else ""
        tag = f'<script src="{server}/widget/loader.js"{mark} {attributes} defer></script>'
        html = (
            '<!doctype html><html lang="en-GB"><meta name="viewport" '
            'content="width=device-width, initial-scale=1"><title>A school</title>'
            f"<main><h1>Keeping children safe</h1><p>Speak to our safeguarding lead.</p></main>"
            f"{tag}{more}</html>"
        )
        self.pages[path] = (html, {"Content-Security-Policy": csp} if csp else {})
        return self.address + path

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="session")
def school(school_port) -> Iterator[School]:
    """The school's site."""
    with contextlib.closing(School(school_port)) as made:
        yield made
