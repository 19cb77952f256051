"""What a user does, by mouse or by keyboard alone."""

from __future__ import annotations

from typing import Any

LAUNCHER = "Worried about a child?"


def open_widget(page: Any) -> None:
    page.get_by_role("button", name=LAUNCHER).click()
    page.locator("#wac-choices").wait_for()


def say(page: Any, words: str) -> None:
    page.fill("#wac-text", words)
    page.press("#wac-text", "Enter")


def settle(page: Any) -> None:
    """Until no turn is under way: no retired buttons, no typing sign."""
    page.locator('#wac-choices [aria-disabled="true"], .dots').first.wait_for(state="detached")


def press(page: Any, name: str) -> None:
    page.locator("#wac-choices").get_by_role("button", name=name, exact=True).click()


def to_signs(page: Any, words: str = "a girl says her mum hits her with a shoe") -> None:
    say(page, words)
    press(page, "Yes, safe for now")
    press(page, "Hackney")
    page.get_by_role("checkbox").first.wait_for()


def to_answer(page: Any) -> None:
    to_signs(page)
    page.get_by_role("checkbox").first.check()
    press(page, "Send my choice")
    page.locator("#wac-new [data-kind=guidance]").wait_for()


class Keys:
    """The same by keyboard alone: Tab until the focus is where it shall be, then a key."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def name(self) -> str:
        """What has the focus, within the widget or outside it."""
        return str(
            self.page.evaluate("""() => {
                let at = document.activeElement;
                while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
                if (!at || at === document.body) return '';
                if (at.id === 'wac-text') return 'text';
                const label = at.closest('label')?.textContent ?? at.textContent;
                return (at.getAttribute('aria-label') ?? label ?? '').trim();
            }""")
        )

    def to(self, wanted: str, key: str = "Tab") -> None:
        for _ in range(80):
            if self.name().startswith(wanted):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"no way by keyboard to {wanted!r}; at {self.name()!r}")

    def press(self, wanted: str, key: str = "Enter") -> None:
        self.to(wanted)
        self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        self.to("text")
        self.page.keyboard.type(words)
        self.page.keyboard.press("Enter")
