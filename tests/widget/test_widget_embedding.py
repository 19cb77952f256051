"""One line on a school's page: strict policies, nothing left behind, nothing sent elsewhere."""

from __future__ import annotations

import json

import pytest

from bot.widget_build import OUT, built_widget
from tests.bot.test_host_tokens import hs, oct_key
from tests.widget.light import light
from tests.widget.moves import open_widget, say, settle, to_answer

pytestmark = pytest.mark.browser


def test_sizes_stay_under_their_limits(server):
    sizes = {name: (OUT / f"{name}.gz").stat().st_size for name in built_widget().files}
    assert sizes["loader.js"] <= 6_000
    assert sum(size for name, size in sizes.items() if name.endswith(".js")) <= 150_000


def test_only_the_loader_is_fetched_before_the_first_opening(open_page, server, school):
    page = open_page("about:blank")
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(school.page("/a", server[0]))
    page.get_by_role("button", name="Worried about a child?").wait_for()
    page.wait_for_timeout(300)
    assert [url for url in fetched if url.startswith(server[0])] == [
        f"{server[0]}/widget/loader.js"
    ]


@pytest.mark.parametrize("how", ["address", "nonce"])
def test_widget_works_under_a_strict_policy(how, open_page, server, school):
    address = server[0]
    script = "'nonce-r4nd0m'" if how == "nonce" else address
    sockets = address.replace("http", "ws")
    csp = (
        f"default-src 'none'; script-src {script}; connect-src {address} {sockets}; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
    )
    nonce = "r4nd0m" if how == "nonce" else ""
    page = open_page("about:blank")
    broken: list[str] = []
    page.on("console", lambda line: broken.append(line.text) if line.type == "error" else None)
    page.goto(school.page("/csp", address, csp=csp, nonce=nonce))
    open_widget(page)
    to_answer(page)
    box = page.locator("dialog").bounding_box()
    assert box["width"] < 500  # its styles are there
    assert [line for line in broken if "favicon" not in line] == []


def test_nothing_is_left_on_the_page_and_nothing_goes_elsewhere(open_page, server, school):
    page = open_page("about:blank")
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page.goto(school.page("/a", server[0]))
    before = set(page.evaluate("Object.getOwnPropertyNames(window)"))
    styles = page.evaluate("getComputedStyle(document.querySelector('h1')).cssText")
    open_widget(page)
    to_answer(page)
    assert set(page.evaluate("Object.getOwnPropertyNames(window)")) == before
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).cssText") == styles
    assert page.context.cookies() == []
    assert page.evaluate("document.cookie") == ""
    assert page.evaluate("localStorage.length") == 0
    assert {h for h in hosts if h} == {server[0].split("/")[2], school.address.split("/")[2]}


def test_the_pages_own_style_does_not_reach_the_widget(open_page, server, school):
    wild = "<style>* { color: red !important; display: inline !important; font-size: 3px } </style>"
    page = open_page(school.page("/wild", server[0], more=wild))
    open_widget(page)
    size = page.locator("#wac-text").evaluate("n => getComputedStyle(n).fontSize")
    assert size == "16px"
    colour = page.locator("#wac-text").evaluate("n => getComputedStyle(n).color")
    assert colour == "rgb(11, 12, 12)"
    assert page.locator("dialog").bounding_box()["width"] == 432


def test_a_second_one_refuses_politely(open_page, server, school):
    warned: list[str] = []
    page = open_page("about:blank")
    page.on("console", lambda line: warned.append(line.text))
    twice = f'<script src="{server[0]}/widget/loader.js" defer></script>'
    page.goto(school.page("/two", server[0], more=twice))
    page.get_by_role("button", name="Worried about a child?").wait_for()
    assert page.get_by_role("button").count() == 1
    assert any("already" in line for line in warned)


def test_attributes_set_title_side_colour_and_borough(open_page, server, school):
    attributes = (
        'data-title="Ask about a child" data-position="left" '
        'data-colour="#ffdd00" data-borough="city"'
    )
    page = open_page(school.page("/set", server[0], attributes=attributes))
    button = page.get_by_role("button", name="Ask about a child")
    assert button.bounding_box()["x"] < 100
    assert button.evaluate("n => getComputedStyle(n).backgroundColor") == "rgb(255, 221, 0)"
    assert button.evaluate("n => getComputedStyle(n).color") == "rgb(0, 0, 0)"
    button.click()
    page.locator("#wac-choices").wait_for()
    assert page.locator("dialog").bounding_box()["x"] < 100
    say(page, "a teacher shoved a pupil")
    settle(page)
    for _ in range(4):
        legend = page.locator("#wac-choices legend").inner_text()
        if "work or volunteer" in legend:
            break
        page.locator("#wac-choices").get_by_role("button").first.click()
        settle(page)
    first = page.locator("#wac-choices").get_by_role("button").first
    assert first.inner_text().startswith("City of London (where this site is)")


def test_a_site_that_is_not_listed_gets_numbers_and_no_talk(open_page, tmp_path, school):
    with light(tmp_path, origins=["https://another.example"]) as served:
        page = open_page(school.page("/c", served.address))
        page.get_by_role("button", name="Worried about a child?").click()
        page.locator(".offline a[href='tel:999']").wait_for()
        assert page.locator(".offline a[href='tel:02083565500']").count() == 1
        assert served.rasa.handled == []


def test_numbers_when_the_rest_cannot_be_loaded_and_another_try(open_page, server, school):
    page = open_page("about:blank")
    page.route("**/widget/app-*", lambda route: route.abort())
    page.goto(school.page("/d", server[0]))
    page.get_by_role("button", name="Worried about a child?").click()
    page.get_by_role("link", name="999", exact=True).wait_for()
    assert page.get_by_role("link", name="020 8356 5500").count() == 1
    page.unroute("**/widget/app-*")
    page.get_by_role("button", name="Try again").click()
    page.locator("#wac-choices").wait_for()


def test_a_signed_in_site_gives_its_token_and_others_are_told(open_page, tmp_path, school):
    from bot.channels.host_tokens import HostTokens

    keys = tmp_path / "jwks.json"
    keys.write_text(json.dumps({"keys": [oct_key()]}))
    settings = {"host_tokens": HostTokens(keys), "origins": [school.address]}
    school.pages["/token"] = (hs(), {"Content-Type": "text/plain"})
    with light(tmp_path, **settings) as served:
        for attributes in (f'data-token="{hs()}"', 'data-token-url="/token"'):
            page = open_page(school.page("/in", served.address, attributes=attributes))
            open_widget(page)
        page = open_page(school.page("/out", served.address))
        page.get_by_role("button", name="Worried about a child?").click()
        page.get_by_text("I could not check that you are signed in").wait_for()
        assert page.locator("a[href='tel:02073323621']").count() == 1
