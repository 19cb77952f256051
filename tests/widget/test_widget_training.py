"""Training in the widget: marked while it lasts, and gone when it ends."""

from __future__ import annotations

import pytest

from tests.widget.moves import open_widget, say

pytestmark = pytest.mark.browser
BAR = "Training: not a real case"


@pytest.mark.parametrize("width", [1100, 320])
def test_a_case_is_marked_until_it_is_left(width, open_page, server, school):
    page = open_page(school.page("/a", server[0]), width=width)
    open_widget(page)
    bar = page.locator(".in-training")
    assert bar.inner_text().strip() == ""
    say(page, "start training bruise-ear-hackney")
    page.get_by_text("Type the number").wait_for()
    assert BAR in bar.inner_text() and "stop training" in bar.inner_text()
    assert page.locator("#wac-new [data-kind=training]").count() == 2
    assert page.locator("a.emergency").is_visible()
    assert page.locator(".scroll").evaluate("e => e.scrollWidth <= e.clientWidth")
    say(page, "pause")
    page.get_by_text("Training is paused").wait_for()
    assert bar.inner_text().strip() == ""
    say(page, "resume training")
    page.locator("#wac-new").get_by_text("8.50am").wait_for()
    assert BAR in bar.inner_text()
    page.reload()  # it opens by itself, where it stood
    page.locator(".in-training").get_by_text(BAR).wait_for()
    say(page, "stop training")
    page.get_by_text("Training has ended").wait_for()
    assert page.locator(".in-training").inner_text().strip() == ""


def test_a_site_may_begin_with_a_case(open_page, server, school):
    attributes = 'data-training="scraped-knee-city"'
    page = open_page(school.page("/training", server[0], attributes=attributes))
    page.get_by_role("button", name=BAR).click()
    page.get_by_text("Type the number").wait_for()
    assert page.get_by_role("heading", name=BAR).is_visible()
    assert BAR in page.locator(".in-training").inner_text()
    assert page.locator("#wac-choices").count() == 0  # no question of a real case
