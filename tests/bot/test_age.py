from __future__ import annotations

import pytest

from bot.nlu.age import age_band


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("boy in yr 4 has a bruise", "5_to_11"),
        ("yr 11 girl", "16_to_17"),
        ("year 10 lad", "12_to_15"),
        ("4 month old with a mark", "under_1"),
        ("baby is 6 weeks", "under_1"),
        ("18 months old", "under_5"),
        ("he's 7", "5_to_11"),
        ("she is 10 minutes late", None),
        ("a 3yo in our nursery", "under_5"),
        ("aged fifteen", "12_to_15"),
        ("i am only 12", "12_to_15"),
        ("15f said", "12_to_15"),
        ("sixth form student", "16_to_17"),
        ("in reception", "under_5"),
        ("the unborn baby", "unborn"),
        ("newborn", "under_1"),
        ("mum struggling since the new baby, older one is tired", None),
        ("two years ago", None),
        ("no age here", None),
    ],
)
def test_age_band(text, band):
    assert age_band(text) == band
