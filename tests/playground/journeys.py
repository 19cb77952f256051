"""Each journey in Microsoft's own client of Teams, in a real browser.

`TEAMS_PICTURES=1` writes the pictures of `docs/images/`.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.channels import gate
from bot.channels.teams_reminders import Reminders
from bot.channels.teams_store import MemoryClaims
from bot.evaluate.fake_teams import fake_settings
from bot.evaluate.teams_speaker import TeamsServer
from bot.stores.engines import make_engine
from tests.playground.running import BUILD, TENANT, Signer, client, installed, run_in
from tests.servers.running import free_port

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None and os.environ.get("CI") != "true", reason="chromium is not installed"
    ),
]
IMAGES = Path(__file__).parents[2] / "docs" / "images"
WAIT = 60_000


class Client:
    """The client's window, and what its user does."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def say(self, text: str) -> None:
        box = self.page.locator("[contenteditable=true], textarea").first
        box.click()
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")
        self.page.get_by_text(text, exact=True).first.wait_for(timeout=WAIT)

    def see(self, text: str) -> Any:
        found = self.page.get_by_text(text, exact=False).last
        found.wait_for(timeout=WAIT)
        return found

    def press(self, name: str) -> None:
        button = self.page.get_by_role("button", name=name, exact=True).last
        button.wait_for(timeout=WAIT)
        button.scroll_into_view_if_needed()
        button.click()

    def picture(self, name: str) -> None:
        if os.environ.get("TEAMS_PICTURES"):
            self.page.wait_for_timeout(1500)
            self.page.screenshot(path=IMAGES / f"teams-{name}.png")


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    thread = threading.Thread(target=made.run_forever, daemon=True)
    thread.start()
    yield made
    made.call_soon_threadsafe(made.stop)
    thread.join(5)


@pytest.fixture(scope="module")
def signer(assistant, loop, tmp_path_factory) -> Iterator[tuple[Signer, str]]:
    """The real assistant behind the channel, and the client before it."""
    command = installed()
    # A busy machine must not turn a slow answer into the fixed one: speed is measured elsewhere.
    unlimited = pytest.MonkeyPatch()
    unlimited.setattr(gate, "TURN_SECONDS", 60)
    port = free_port()
    settings = fake_settings(
        service_hosts=frozenset({f"localhost:{port}"}), tenants=frozenset({TENANT})
    )
    data = tmp_path_factory.mktemp("teams") / "data.db"
    reminders = Reminders(make_engine(f"sqlite:///{data}"), MemoryClaims())
    server = TeamsServer(assistant.agent, settings=settings, reminders=reminders)
    made = Signer(server)
    run_in(loop, server.start())
    run_in(loop, made.start())
    with client(command, port, f"http://127.0.0.1:{made.port}/api/messages") as address:
        yield made, address
    run_in(loop, made.stop())
    run_in(loop, server.stop())
    unlimited.undo()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def teams(browser, signer) -> Iterator[Client]:
    made, address = signer
    made.statuses.clear()
    page = browser.new_context(viewport={"width": 1100, "height": 1000}).new_page()
    page.goto(address)
    page.locator("[contenteditable=true], textarea").first.wait_for(timeout=WAIT)
    yield Client(page)
    page.screenshot(path=BUILD / "last.png")
    page.context.close()
    assert made.statuses and set(made.statuses) <= {200, 202}


def test_a_child_at_risk_from_welcome_to_reminder(teams, signer):
    teams.see("Please leave out names")
    teams.picture("welcome")
    teams.say("a girl says her mum hits her with a shoe and there is a bruise")
    teams.press("Yes, safe for now")
    teams.press("Hackney")
    box = teams.page.get_by_role("checkbox").first
    box.wait_for(timeout=WAIT)
    teams.picture("signs")
    box.check()
    teams.press("Send my choice")
    teams.see("Significant harm: ring the front door now")
    teams.see("020 8356 5500")
    teams.picture("guidance")
    teams.press("Where this comes from")
    teams.press("Remind me to confirm in writing")
    teams.see("I will remind you here")
    teams.picture("reminder")
    assert any(b.get("value", {}).get("indicators") for b in signer[0].bodies if b.get("value"))
    # Each answered card is closed: it tells the answer, and has no button any more.
    teams.see("Your answer:")
    assert teams.page.get_by_role("button", name="Yes, safe for now", exact=True).count() == 0
    assert teams.page.get_by_role("button", name="Send my choice", exact=True).count() == 0
    teams.say("cancel my reminders")
    teams.see("Your reminders are cancelled")


def test_an_adult_who_may_have_harmed_a_child(teams):
    teams.say("start again")
    teams.say("a supply teacher shoved a pupil into a wall, our school is in the City")
    for name in ("Yes, safe for now", "Supply or agency staff", "Yes, one or more"):
        button = teams.page.get_by_role("button", name=name, exact=True).last
        try:
            button.wait_for(timeout=8000)
        except playwright.TimeoutError:
            continue
        button.click()
    teams.see("020 7332 1215")
    teams.picture("lado")


def test_danger_now(teams):
    teams.say("start again")
    teams.say("he has a knife and is going for another pupil right now")
    teams.see("999")
    ring = teams.page.get_by_role("link", name=re.compile("Ring 999")).or_(
        teams.page.get_by_role("button", name=re.compile("Ring 999"))
    )
    ring.last.wait_for(timeout=WAIT)
    teams.picture("danger")


def test_a_number_and_guidance_to_read(teams):
    teams.say("start again")
    teams.say("who is the LADO for Hackney")
    teams.see("Hackney LADO")
    teams.say("anything on the far right for a lesson")
    teams.see("These fit best")
    teams.picture("resources")


def test_in_a_group_a_private_chat_is_asked_for(teams):
    teams.page.get_by_text("Group Chat", exact=True).first.click()
    teams.page.wait_for_timeout(1500)
    teams.say("@Test Bot a boy told me something")
    teams.see("Please write to me in a private chat")
    teams.picture("group")
