"""The keyword peer takes examples for words, not for regular expressions."""

from __future__ import annotations

import pytest

from scripts.keywords import Keywords


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("well ?? what now", "help"),
        ("a BRUISE on neck (sorry)", "worried_about_child"),
        ("bruised", None),
        ("nothing of it", None),
    ],
)
def test_first_example_that_stands_in_the_text(text, intent):
    peer = Keywords.__new__(Keywords)
    peer.intent_keyword_map = {"??": "help", "bruise": "worried_about_child", "(sorry": "thank"}
    peer._validate_keyword_map()
    assert peer._map_keyword_to_intent(text) == intent
