"""Nothing lost, nothing said twice: reload, navigation, tabs, lost lines, dead servers."""

from __future__ import annotations

import contextlib
import os
import signal
import time

import psutil
import pytest

from tests.servers.running import free_port
from tests.widget.light import FakeRasa, greeting, light, notice, question
from tests.widget.moves import open_widget, press, say, settle, to_signs

pytestmark = pytest.mark.browser


def said(page) -> list[str]:
    """What the user said, as shown."""
    return [w.removeprefix("You said: ") for w in page.locator(".mine").all_text_contents()]


def rasa_of(server) -> psutil.Process:
    children = psutil.Process(server[1].pid).children(recursive=True)
    return next(c for c in children if "bot.runtime.rasa_server" in c.cmdline())


def test_talk_survives_reload_and_the_sites_next_page(open_page, server, school):
    page = open_page(school.page("/a", server[0]))
    open_widget(page)
    to_signs(page)
    page.reload()
    page.get_by_role("checkbox").first.wait_for()  # open again by itself
    page.goto(school.page("/b", server[0]))
    page.get_by_role("checkbox").first.check()
    press(page, "Send my choice")
    page.locator("#wac-new [data-kind=guidance]").wait_for()
    assert said(page)[:3] == [
        "a girl says her mum hits her with a shoe", "Yes, safe for now", "Hackney",
    ]  # fmt: skip


def test_two_tabs_are_two_talks(open_page, server):
    one = open_page(f"{server[0]}/chat")
    one.locator("#wac-choices").wait_for()
    two = one.context.new_page()
    two.goto(f"{server[0]}/chat")
    two.locator("#wac-choices").wait_for()
    say(one, "a girl says her mum hits her with a shoe")
    settle(one)
    assert said(two) == []
    say(two, "mash number please")
    two.locator("#wac-new a[href='tel:02083565500']").first.wait_for()
    assert said(one) == ["a girl says her mum hits her with a shoe"]


def test_page_shows_numbers_while_rasa_hangs_and_goes_on_after(open_page, server):
    page = open_page(f"{server[0]}/chat")
    page.locator("#wac-choices").wait_for()
    rasa = rasa_of(server)
    os.kill(rasa.pid, signal.SIGSTOP)
    try:
        say(page, "a girl says her mum hits her with a shoe")
        page.locator(".offline").wait_for()
        text = page.locator(".offline").inner_text()
    finally:
        with contextlib.suppress(psutil.NoSuchProcess):  # its supervisor may have ended it
            rasa.resume()
    assert "999" in text
    assert "020 8356 5500" in text
    assert "020 7332 3621" in text
    page.locator(".offline").wait_for(state="detached", timeout=120_000)
    page.get_by_role("status").filter(has_text="Connected again.").wait_for()
    assert said(page) == ["a girl says her mum hits her with a shoe"]


@pytest.mark.slow
def test_server_killed_and_restarted_in_mid_journey(open_page, server):
    page = open_page(f"{server[0]}/chat")
    page.locator("#wac-choices").wait_for()
    say(page, "a girl says her mum hits her with a shoe")
    press(page, "Yes, safe for now")
    page.locator("#wac-choices").get_by_text("Where does the child live?").wait_for()
    os.kill(rasa_of(server).pid, signal.SIGKILL)
    press(page, "Hackney")
    page.locator(".offline a[href='tel:999']").wait_for()
    assert "Not sent yet." in page.locator("#wac-old").inner_text()
    page.get_by_role("checkbox").first.wait_for(timeout=200_000)
    assert page.locator(".offline").count() == 0
    assert said(page) == [
        "a girl says her mum hits her with a shoe",
        "Yes, safe for now",
        "Hackney",
    ]


def test_restart_during_a_turn_answers_once(open_page, tmp_path):
    rasa, port = FakeRasa(greeting, seconds=0.0), free_port()
    with light(tmp_path, rasa=rasa, port=port) as served:
        page = open_page(f"{served.address}/chat")
        page.locator("#wac-choices").wait_for()
        rasa.seconds = 1.0
        say(page, "a worry")
        time.sleep(0.3)
    page.locator(".offline").wait_for()
    rasa.seconds = 0.0
    with light(tmp_path, rasa=rasa, port=port):
        page.get_by_text("heard: a worry").wait_for()
        page.wait_for_timeout(500)
        assert page.get_by_text("heard: a worry").count() == 1
        assert said(page) == ["a worry"]
        say(page, "and more")
        page.get_by_text("heard: and more").wait_for()


def test_reload_during_a_turn_answers_once(open_page, tmp_path):
    with light(tmp_path) as served:
        page = open_page(f"{served.address}/chat")
        page.locator("#wac-choices").wait_for()
        served.rasa.seconds = 1.0
        say(page, "a worry")
        page.reload()
        page.get_by_text("heard: a worry").wait_for()
        page.wait_for_timeout(800)
        assert page.get_by_text("heard: a worry").count() == 1
        assert served.rasa.handled.count("a worry") == 1


def test_words_written_while_offline_are_sent_once_in_order(open_page, tmp_path):
    with light(tmp_path) as served:
        page = open_page(f"{served.address}/chat")
        page.locator("#wac-choices").wait_for()
        page.context.set_offline(True)
        say(page, "first")
        say(page, "second")
        page.context.set_offline(False)
        page.get_by_text("heard: second").wait_for(timeout=60_000)
        assert [w for w in served.rasa.handled if w != "/greet"] == ["first", "second"]


def test_the_same_talk_in_a_second_tab_shows_both_sides(open_page, tmp_path):
    with light(tmp_path) as served:
        one = open_page(f"{served.address}/chat")
        one.locator("#wac-choices").wait_for()
        kept = one.evaluate("JSON.stringify({...sessionStorage})")
        two = one.context.new_page()
        two.add_init_script(f"if (!sessionStorage.length) Object.assign(sessionStorage, {kept})")
        two.goto(f"{served.address}/chat")
        two.locator("#wac-choices").wait_for()
        say(one, "a worry")
        two.get_by_text("heard: a worry").wait_for()
        assert said(two) == ["a worry"]


def test_a_talk_that_is_over_begins_anew_and_says_so(open_page, tmp_path):
    rasa, port = FakeRasa(greeting), free_port()
    from bot.channels.tokens import SessionTokens

    with light(tmp_path, rasa=rasa, port=port) as served:
        page = open_page(f"{served.address}/chat")
        say(page, "a worry")
        page.get_by_text("heard: a worry").wait_for()
    other = SessionTokens(b"another secret, as after a change of it")
    with light(tmp_path, rasa=rasa, port=port, tokens=other):
        page.get_by_text("That talk is over").wait_for()
        page.locator("#wac-choices").wait_for()
        assert page.get_by_text("That talk is over").is_visible()


def test_too_many_and_switched_off_are_told_with_numbers(open_page, tmp_path):
    from bot.channels.limits import Limits, RateLimit

    limits = Limits(RateLimit(1, 2), RateLimit(600, 600), RateLimit(600, 600))
    with light(tmp_path, limits=limits) as served:
        page = open_page(f"{served.address}/chat")
        page.locator("#wac-choices").wait_for()
        say(page, "one")
        page.get_by_text("heard: one").wait_for()
        say(page, "two")
        page.get_by_text("You have sent a lot in a short time").wait_for()
        assert page.locator("#wac-new a[href='tel:999']").count() >= 1
        (tmp_path / "switched-off").touch()
        page = open_page(f"{served.address}/chat")
        assert "switched off" in page.locator("main").inner_text()
        assert page.locator("a[href='tel:02083565500']").count() >= 1


def test_typing_sign_comes_after_half_a_second_and_not_before(open_page, tmp_path):
    with light(tmp_path) as served:
        page = open_page(f"{served.address}/chat")
        page.locator("#wac-choices").wait_for()
        say(page, "quick")
        page.get_by_text("heard: quick").wait_for()
        assert page.locator(".dots").count() == 0
        served.rasa.seconds = 1.8
        began = time.monotonic()
        say(page, "slow")
        page.locator(".dots").wait_for()
        assert time.monotonic() - began >= 0.5  # and it was seen before the answer took it away
        page.get_by_text("heard: slow").wait_for()
        assert page.locator(".dots").count() == 0


HOSTILE = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>[a](javascript:alert(1))'


def test_hostile_words_and_content_are_shown_as_text(open_page, tmp_path):
    contact = {
        "id": "x", "name": HOSTILE, "purpose": "", "phone": "020 1", "email": None,
        "web": "javascript:window.hit=1", "hours_text": HOSTILE, "open_now": None,
        "status": "verified", "note": HOSTILE, "source": "s",
    }  # fmt: skip
    point = {"id": "p", "text": HOSTILE, "status": "verified", "source": "s"}
    source = {
        "id": "s", "title": HOSTILE, "publisher": HOSTILE, "address": "javascript:window.hit=1",
        "date": "2026", "accessed": "2026", "grade": "A",
    }  # fmt: skip
    answer = {
        "type": "guidance", "title": HOSTILE, "text": HOSTILE, "content_version": "test",
        "outcome": {"route": "lado", "level": None, "borough": None, "contact_ids": ["x"],
                    "deadline": "immediately"},
        "do_now": [point], "do_not": [point], "record": [point], "why": [point],
        "contacts": [contact], "sources": [source], "notes": [HOSTILE],
    }  # fmt: skip

    def reply(text):
        if text == "/greet":
            return greeting(text)
        return [notice(HOSTILE), answer, question(HOSTILE, [(HOSTILE, HOSTILE)])]

    with light(tmp_path, reply) as served:
        page = open_page(f"{served.address}/chat")
        page.locator("#wac-choices").wait_for()
        say(page, HOSTILE)
        card = page.locator("#wac-new [data-kind=guidance] article.card")
        card.wait_for()
        card.get_by_role("button", name="Where this comes from").click()
        assert page.locator("img").count() == 0
        assert page.locator("a[href^='javascript']").count() == 0
        assert page.evaluate("window.hit") is None
        for place in (".mine", "#wac-new article.card", "#wac-choices legend", ".quick"):
            assert HOSTILE in page.locator(place).first.inner_text()
