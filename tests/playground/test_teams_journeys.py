"""Each journey in Microsoft's own client of Teams, in a real browser.

`TEAMS_PICTURES=1` writes the pictures of `docs/images/`.
"""

from __future__ import annotations

import asyncio
import os
import re
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
from tests.widget import conftest as browsers

browser = browsers.browser
IMAGES = Path(__file__).parents[2] / "docs" / "images"
WAIT = 30_000
# The client (0.2.28) freezes a card that it keeps, and at a press writes `msTeams` into it:
# the press then ends in an error of its own. Teams itself does no such thing.
THAW = "Object.freeze = (it) => it;"

pytestmark = [pytest.mark.browser, pytest.mark.slow]


class Client:
    """The client's window, and what its user does. Each has a chat that nobody wrote in."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def say(self, text: str) -> None:
        box = self.page.locator("[contenteditable=true], textarea").first
        box.click()
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")
        self.page.get_by_text(text, exact=True).last.wait_for(timeout=WAIT)

    def see(self, text: str) -> Any:
        found = self.page.get_by_text(text, exact=False).last
        found.wait_for(timeout=WAIT)
        return found

    def button(self, name: str) -> Any:
        found = self.page.get_by_role("button", name=name, exact=True).last
        found.wait_for(timeout=WAIT)
        return found

    def press(self, name: str) -> None:
        """With the mouse."""
        button = self.button(name)
        button.scroll_into_view_if_needed()
        button.click()

    def enter(self, name: str) -> None:
        """With the keyboard."""
        self.button(name).focus()
        self.page.keyboard.press("Enter")

    def gone(self, name: str) -> None:
        """No button of this name is left to press."""
        buttons = self.page.get_by_role("button", name=name, exact=True)
        buttons.first.wait_for(state="detached", timeout=WAIT)
        assert buttons.count() == 0

    def picture(self, name: str, top: Any = None) -> None:
        if os.environ.get("TEAMS_PICTURES"):
            self.page.wait_for_timeout(1500)
            if top is not None:
                top.evaluate("it => it.closest('.ac-adaptiveCard').scrollIntoView()")
                self.page.wait_for_timeout(500)
            self.page.screenshot(path=IMAGES / f"teams-{name}.png")


@pytest.fixture(scope="module")
def signer(assistant, tmp_path_factory) -> Iterator[tuple[Signer, int]]:
    """The real assistant behind the channel, for a client on a port."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
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
    yield made, port
    run_in(loop, made.stop())
    run_in(loop, server.stop())
    unlimited.undo()
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)


@pytest.fixture
def teams(browser, signer) -> Iterator[Client]:
    made, port = signer
    made.statuses.clear()
    made.bodies.clear()
    errors: list[str] = []
    with client(installed(), port, f"http://127.0.0.1:{made.port}/api/messages") as address:
        page = browser.new_context(viewport={"width": 1200, "height": 1000}).new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.add_init_script(THAW)
        page.goto(address)
        shown = Client(page)
        shown.press("Hide log panel")
        shown.see("Please leave out names")
        yield shown
        page.screenshot(path=BUILD / "last.png")
        page.context.close()
    assert errors == []
    assert made.statuses and set(made.statuses) == {202}


def test_a_child_at_risk_from_welcome_to_reminder(teams, signer):
    teams.picture("welcome")
    teams.say("a girl says her mum hits her with a shoe and there is a bruise")
    teams.enter("Yes, safe for now")
    teams.press("Hackney")
    box = teams.page.get_by_role("checkbox").first
    box.wait_for(timeout=WAIT)
    box.check()
    teams.picture("signs", teams.see("Where does the child live?"))
    teams.press("Send my choice")
    title = teams.see("Significant harm: ring the front door now")
    teams.see("020 8356 5500")
    teams.picture("guidance", title)
    teams.press("Remind me to confirm in writing")
    teams.see("I will remind you here")
    teams.picture("reminder")
    assert signer[0].bodies[-2]["value"]["indicators"], "the boxes came with the choice"
    # Each answered card is closed: it tells the answer, and has no button any more.
    answered = teams.page.get_by_text("Your answer:")
    answered.nth(3).wait_for(timeout=WAIT)
    for name in ("Yes, safe for now", "Send my choice", "Remind me to chase the outcome"):
        teams.gone(name)
    teams.say("cancel my reminders")
    teams.see("Your reminders are cancelled")


def test_an_adult_who_may_have_harmed_a_child(teams):
    teams.say("a supply teacher shoved a pupil into a wall, our school is in the City")
    teams.press("Yes, safe for now")
    teams.enter("Yes, one or more")
    teams.press("Hackney")
    title = teams.see("Harm test met, or in doubt")
    teams.see("City of London LADO")
    assert teams.page.get_by_text("Hackney LADO").count() == 0, "the adult works in the City"
    teams.picture("lado", title)
    teams.gone("Yes, one or more")


def test_danger_now(teams):
    teams.say("he has a knife and is going for another pupil right now")
    title = teams.see("Danger now: ring 999")
    teams.page.get_by_role("link", name="Ring 999", exact=True).last.wait_for(timeout=WAIT)
    card = title.evaluate("it => it.closest('.ac-adaptiveCard').innerText")
    first, *later = re.findall(r"\b(?:999|020 \d{4} \d{4})\b", card)
    assert first == "999"
    assert {"020 8356 5500", "020 7332 3621"} & set(later), "and then the front doors"
    teams.picture("danger", title)


def test_a_number_and_guidance_to_read(teams):
    teams.say("who is the LADO for Hackney")
    teams.see("Hackney LADO")
    teams.say("anything on the far right for a lesson")
    title = teams.see("These fit best")
    found = teams.page.get_by_role("link", name="Educate Against Hate", exact=True).last
    assert found.get_attribute("href").startswith("https://")
    teams.picture("resources", title)


def test_in_a_group_a_private_chat_is_asked_for(teams):
    teams.press("Toggle app bar and conversation window")
    teams.page.get_by_text("Group Chat", exact=True).first.click(timeout=WAIT)
    asked = teams.page.get_by_text("Please write to me in a private chat")
    asked.wait_for(timeout=WAIT)  # once, when the app came into the group
    # As in Teams, only what mentions the bot reaches it there.
    teams.page.locator("[contenteditable=true], textarea").first.click()
    teams.page.keyboard.type("@")
    teams.page.get_by_role("menuitem", name="Test Bot").click(timeout=WAIT)
    teams.page.keyboard.type(" a boy told me something")
    teams.page.keyboard.press("Enter")
    asked.nth(1).wait_for(timeout=WAIT)
    assert teams.page.get_by_text("What is it about?").count() == 0
    teams.picture("group")
