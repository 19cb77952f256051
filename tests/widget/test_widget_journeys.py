"""Each journey in the widget and on the page, at desktop and phone size, also by keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.widget.moves import Keys, open_widget, press, say, settle, to_answer

pytestmark = pytest.mark.browser
SIZES = {"desktop": (1100, 800), "phone": (360, 740)}


def phones(card) -> set[str]:
    return {a.get_attribute("href") for a in card.locator("a[href^='tel:']").all()}


@pytest.fixture(params=SIZES)
def page(request, open_page, server, school):
    """The widget, open, on a school's page of another address."""
    width, height = SIZES[request.param]
    touch = {"has_touch": True, "is_mobile": True} if request.param == "phone" else {}
    opened = open_page(school.page("/a", server[0]), width=width, height=height, **touch)
    open_widget(opened)
    return opened


def test_child_journey(page):
    to_answer(page)
    card = page.locator("#wac-new [data-kind=guidance]")
    assert "tel:02083565500" in phones(card)
    assert "Significant harm" in card.inner_text()
    assert card.get_by_role("list").count() >= 3
    fold = card.get_by_role("button", name="Where this comes from")
    assert fold.get_attribute("aria-expanded") == "false"
    before = card.locator("a[href^='https://www.gov.uk']:visible").count()
    fold.click()
    assert card.locator("a[href^='https://www.gov.uk']:visible").count() > before
    assert fold.get_attribute("aria-expanded") == "true"


def test_adult_journey(page):
    say(page, "a supply teacher shoved a pupil, our school is in the City")
    press(page, "Yes, safe for now")
    press(page, "Yes, one or more")
    press(page, "Hackney")  # where the child lives: the LADO is that of the site all the same
    card = page.locator("#wac-new [data-kind=guidance]")
    card.wait_for()
    assert "tel:02073321215" in phones(card)


def test_danger_interrupts_with_999_first(page):
    say(page, "a boy is holding a knife in the corridor right now")
    card = page.locator("#wac-new [data-kind=guidance]").first
    card.wait_for()
    assert card.locator("a[href^='tel:']").first.get_attribute("href") == "tel:999"


def test_what_only_sounds_like_danger_gets_999_and_then_the_question_of_safety(page):
    say(page, "a lad has just been jumped by the gates and is in a bad way")
    card = page.locator("#wac-new [data-kind=guidance]").first
    card.wait_for()
    assert card.locator("a[href^='tel:']").first.get_attribute("href") == "tel:999"
    page.locator("#wac-choices").get_by_text("Is everybody safe at this moment?").wait_for()
    press(page, "Yes, safe for now")
    page.locator("#wac-choices").get_by_text("Where does the child live?").wait_for()


def test_resource_and_contact_journeys(page):
    say(page, "anything on the far right for a lesson")
    card = page.locator("#wac-new [data-kind=resources]")
    card.wait_for()
    assert card.locator("a[href^='http']").count() >= 1
    say(page, "mash number please")
    page.locator("#wac-new a[href='tel:02083565500']").first.wait_for()


def test_self_journey(page):
    press(page, "It is about me")
    card = page.locator("#wac-new [data-kind=guidance]")
    card.wait_for()
    assert "tel:08000562561" in phones(card)  # Education Support, and no front door for a child
    assert "tel:02083565500" not in phones(card)


def test_back_change_restart_and_summary(page):
    say(page, "a girl says her mum hits her with a shoe")
    press(page, "Yes, safe for now")
    page.locator("#wac-choices").get_by_text("Where does the child live?").wait_for()
    page.get_by_role("button", name="Go back").click()
    press(page, "Yes, safe for now")
    press(page, "Hackney")
    page.get_by_role("checkbox").first.check()
    press(page, "Send my choice")
    page.get_by_role("button", name="Get a summary").click()
    copy = page.get_by_role("button", name="Copy the summary")
    copy.wait_for()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    copy.click()
    page.get_by_text("Copied.").wait_for()
    assert "Outcome: child protection, level 4" in page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("button", name="Change my answer").click()
    page.locator("#wac-choices").wait_for()
    page.get_by_role("button", name="Start again").click()
    page.locator("#wac-choices").get_by_text("What is it about?").wait_for()


def shown_on_paper(page) -> list[str]:
    return page.evaluate(
        "[...document.body.children].filter(n => getComputedStyle(n).display !== 'none')"
        ".map(n => n.tagName)"
    )


def print_the_summary(page) -> None:
    to_answer(page)
    page.get_by_role("button", name="Get a summary").click()
    page.evaluate("window.print = () => {}")
    page.get_by_role("button", name="Print the summary").click()
    page.emulate_media(media="print")
    assert shown_on_paper(page) == ["PRE"]
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("pre").count() == 0


def test_print_shows_the_summary_alone(page):
    print_the_summary(page)
    assert shown_on_paper(page) == ["MAIN"]  # the school's page is printed without our button


def test_print_of_the_page_of_its_own_shows_the_summary_alone(open_page, server):
    page = open_page(f"{server[0]}/chat")
    print_the_summary(page)
    assert shown_on_paper(page) == ["DIV"]  # printed by the browser's own menu, the talk is there


def test_transcript_is_downloaded_without_identifying_details(page):
    say(page, "Oluwaseun born 14/02/2015 says mum hits her")
    settle(page)
    with page.expect_download() as waited:
        page.get_by_role("button", name="Download this talk").click()
    text = Path(waited.value.path()).read_text(encoding="utf-8")
    assert "says mum hits her" in text
    assert "Oluwaseun" not in text
    assert "14/02/2015" not in text


def test_useful_asks_for_a_reason_and_thanks(page):
    to_answer(page)
    page.get_by_role("button", name="No", exact=True).click()
    page.get_by_role("button", name="Send this").click()
    assert "Choose one or more" in page.locator(".useful").inner_text()
    page.get_by_role("radio", name="It was not clear").check()
    page.get_by_role("button", name="Send this").click()
    page.get_by_text("Thank you. We count the answers.").wait_for()


def test_quick_exit_leaves_and_forgets(page):
    say(page, "a girl says her mum hits her")
    settle(page)
    page.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="weather"))
    home = page.url
    page.get_by_role("button", name="Quick exit").click()
    page.wait_for_url("https://www.bbc.co.uk/weather")
    page.goto(home)
    assert page.evaluate("sessionStorage.length") == 0


def test_empty_and_unchosen_are_told(page):
    page.press("#wac-text", "Enter")
    assert page.get_by_role("alert").filter(has_text="Type a few words first.").count() == 1
    assert page.locator("#wac-text").get_attribute("aria-invalid") == "true"
    say(page, "a girl says her mum hits her with a shoe")
    press(page, "Yes, safe for now")
    press(page, "Hackney")
    page.get_by_role("checkbox").first.wait_for()
    press(page, "Send my choice")
    page.get_by_text("Choose one or more").wait_for()
    page.get_by_role("checkbox").first.check()
    page.get_by_role("checkbox", name="I am not sure").check()
    assert not page.get_by_role("checkbox").first.is_checked()


JOURNEYS = {
    "child": [("type", "a girl says her mum hits her with a shoe"), ("Enter", "Yes, safe"),
              ("Enter", "Hackney"), ("Space", "Child says an adult"), ("Enter", "Send my choice")],
    "adult": [("type", "a supply teacher shoved a pupil, our school is in the City"),
              ("Enter", "Yes, safe"), ("Enter", "Yes, one or more"), ("Enter", "Hackney")],
    "danger": [("type", "a boy is holding a knife in the corridor right now")],
    "me": [("Enter", "It is about me")],
    "resource": [("type", "anything on the far right for a lesson")],
}  # fmt: skip


@pytest.mark.parametrize("journey", JOURNEYS)
def test_journey_by_keyboard_alone(journey, open_page, server, school):
    page = open_page(school.page("/a", server[0]))
    keys = Keys(page)
    keys.press("Worried about a child?")
    page.locator("#wac-choices").wait_for()
    assert keys.name() == "text"
    for key, what in JOURNEYS[journey]:
        if key == "type":
            keys.type(what)
            settle(page)
            assert keys.name() == "text"  # who writes goes on writing
        else:
            keys.press(what, key)
            settle(page)
            # The focus was not lost with the button: it is at what came, when the turn is done.
            page.locator("#wac-new :focus, #wac-choices :focus").first.wait_for()
    card = page.locator("#wac-new [data-kind=guidance], #wac-new [data-kind=resources]").first
    card.wait_for()
    keys.to("Close", "Shift+Tab")
    page.keyboard.press("Escape")
    assert keys.name() == "Worried about a child?"
    assert not page.locator("dialog").is_visible()
