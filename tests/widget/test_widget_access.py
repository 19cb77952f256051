"""Accessibility: axe on every state, zoom, forced colours, focus, what is announced."""

from __future__ import annotations

import pytest

from bot.paths import WIDGET
from tests.widget.moves import open_widget, press, say, to_answer, to_signs

pytestmark = pytest.mark.browser
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session")
def axe(npm_packages) -> str:
    return (WIDGET / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def findings(page, axe: str) -> list[str]:
    """What axe finds, by all WCAG 2.2 A and AA rules and its best practice."""
    page.evaluate(axe)
    found = page.evaluate(
        """async (tags) => {
            const result = await axe.run(document, {
                runOnly: { type: 'tag', values: tags },
                rules: { 'target-size': { enabled: true } },
            });
            return result.violations.map(v => `${v.id}: ${v.nodes.map(n => n.html).join(' | ')}`);
        }""",
        TAGS,
    )
    return [str(one) for one in found]


def _launcher(page):
    page.get_by_role("button", name="Worried about a child?").wait_for()


def _opened(page):
    open_widget(page)


def _signs(page):
    open_widget(page)
    to_signs(page)


def _answer(page):
    open_widget(page)
    to_answer(page)
    page.get_by_role("button", name="Where this comes from").click()


def _useful(page):
    _answer(page)
    page.get_by_role("button", name="No", exact=True).click()
    page.get_by_role("button", name="Send this").click()


def _summary(page):
    _answer(page)
    page.get_by_role("button", name="Get a summary").click()
    page.get_by_role("button", name="Copy the summary").wait_for()


def _errors(page):
    _signs(page)
    press(page, "Send my choice")
    page.press("#wac-text", "Enter")


def _resources(page):
    open_widget(page)
    say(page, "anything on the far right for a lesson")
    page.locator("#wac-new [data-kind=resources]").wait_for()


def _offline(page):
    open_widget(page)
    page.context.set_offline(True)
    say(page, "a worry")
    page.locator(".offline").wait_for(timeout=30_000)


STATES = {
    "launcher": _launcher, "opened": _opened, "signs": _signs, "answer": _answer,
    "useful": _useful, "summary": _summary, "errors": _errors, "resources": _resources,
    "offline": _offline,
}  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_in_light_and_dark_at_both_sizes(state, open_page, axe, server, school):
    page = open_page(school.page("/a", server[0]))
    STATES[state](page)
    assert findings(page, axe) == []
    page.emulate_media(color_scheme="dark")
    assert findings(page, axe) == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert findings(page, axe) == []


def without_scripts(html: str):
    still = html.replace("<script", "<template").replace("</script", "</template")

    def answer(route):
        route.fulfill(body=still, content_type="text/html; charset=utf-8")

    return answer


@pytest.mark.parametrize("script", [True, False])
def test_axe_finds_nothing_on_the_page_with_and_without_scripts(script, open_page, axe, server):
    page = open_page(f"{server[0]}/chat", java_script_enabled=script)
    if script:
        to_answer(page)
        assert findings(page, axe) == []
        return
    # Without scripts axe cannot run: its findings are those of the same HTML, scripts aside.
    page.fill("#text", "a girl says her mum hits her with a shoe")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("button", name="Yes, safe for now").click()
    page.get_by_role("button", name="Hackney").click()
    asked = page.content()
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Send my choice").click()
    answered = page.content()
    judge = open_page("about:blank")
    for number, html in enumerate((asked, answered)):
        judge.route(f"**/plain-{number}", without_scripts(html))
        judge.goto(f"{server[0]}/plain-{number}")
        assert findings(judge, axe) == []


@pytest.mark.parametrize(("width", "height"), [(320, 256), (320, 568), (1280, 1024)])
def test_nothing_scrolls_sideways_also_at_400_per_cent(width, height, open_page, server, school):
    for address in (school.page("/a", server[0]), f"{server[0]}/chat"):
        page = open_page(address, width=width, height=height)
        if "/chat" not in address:
            open_widget(page)
        to_answer(page)
        wide = page.evaluate("""() => {
            const root = [...document.querySelectorAll('*')].find(n => n.shadowRoot).shadowRoot;
            return [document.documentElement, ...root.querySelectorAll('.wac, .scroll, .card')]
                .filter(n => n.scrollWidth > n.clientWidth + 1).map(n => n.className);
        }""")
        assert wide == []
        page.fill("#wac-text", "I can still write")  # it is reachable
        page.locator("#wac-text").scroll_into_view_if_needed()
        assert page.locator("#wac-text").is_visible()


def test_no_js_page_does_not_scroll_sideways(open_page, server):
    page = open_page(f"{server[0]}/chat", width=320, height=256, java_script_enabled=False)
    page.fill("#text", "a girl says her mum hits her with a shoe")
    page.get_by_role("button", name="Send", exact=True).click()
    box = page.locator("body").bounding_box()
    assert box["width"] <= 320


def test_touch_targets_are_large_enough(open_page, server, school):
    page = open_page(school.page("/a", server[0]), width=360, height=740)
    open_widget(page)
    to_answer(page)
    for button in page.get_by_role("button").all():
        if button.is_visible():
            box = button.bounding_box()
            assert box["height"] >= 44, button.inner_text()
            assert box["width"] >= 24, button.inner_text()


def test_only_the_newest_answer_is_announced(open_page, tmp_path):
    from tests.widget.light import light

    with light(tmp_path) as served:
        page = open_page(f"{served.address}/chat")
        page.locator("#wac-choices").wait_for()
        live = page.locator("[aria-live=polite]")
        assert live.count() == 1
        assert live.get_attribute("id") == "wac-new"
        say(page, "first")
        live.get_by_text("heard: first").wait_for()
        say(page, "second")
        live.get_by_text("heard: second").wait_for()
        assert "first" not in live.inner_text()
        assert "heard: first" in page.locator("#wac-old").inner_text()


def test_pressed_buttons_keep_the_focus_and_are_retired_not_disabled(open_page, tmp_path):
    from tests.widget.light import light

    with light(tmp_path) as served:
        page = open_page(f"{served.address}/chat")
        page.locator("#wac-choices").wait_for()
        served.rasa.seconds = 1.8
        button = page.locator("#wac-choices").get_by_role("button", name="Hackney")
        button.focus()
        page.keyboard.press("Enter")
        page.wait_for_timeout(300)
        assert button.get_attribute("aria-disabled") == "true"
        assert button.get_attribute("disabled") is None
        assert button.evaluate("n => n.getRootNode().activeElement === n")
        page.keyboard.press("Enter")  # a second press says nothing
        page.get_by_text("heard:").wait_for()
        assert len([w for w in served.rasa.handled if w != "/greet"]) == 1
        # The button is gone with its question: the focus is at the answer once the turn is done.
        page.locator("#wac-new :focus").wait_for()


def test_urgency_is_told_in_words_and_forms_not_by_colour(open_page, server):
    page = open_page(f"{server[0]}/chat", forced_colors="active", reduced_motion="reduce")
    to_answer(page)
    card = page.locator("#wac-new article.card")
    assert "Do this now." in card.inner_text()
    assert card.evaluate("n => parseFloat(getComputedStyle(n).borderTopWidth)") >= 2


def test_nothing_moves_where_less_motion_is_asked_for(open_page, tmp_path):
    from tests.widget.light import light

    with light(tmp_path) as served:
        page = open_page(f"{served.address}/chat", reduced_motion="reduce")
        page.locator("#wac-choices").wait_for()
        served.rasa.seconds = 1.8
        say(page, "slow")
        page.locator(".dots i").first.wait_for()
        assert page.locator(".dots i").first.evaluate("n => n.getAnimations().length") == 0


def test_languages_and_names_are_set(open_page, server, school):
    page = open_page(school.page("/a", server[0]))
    open_widget(page)
    assert page.locator("[data-worried-about-a-child]").get_attribute("lang") == "en-GB"
    assert page.get_by_role("dialog", name="Worried about a child?").count() == 1
    assert page.get_by_role("textbox", name="Say what you saw or heard").count() == 1
    assert page.get_by_role("group", name="What is it about?").count() == 1
