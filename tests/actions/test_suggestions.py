"""Which signs are marked as likely: up to the level of the message, and one of it at least."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from actions.case import Case
from actions.merge import LIMIT, merge_suggestions, offered
from actions.understood import Understood


def near(*rows):
    return [
        {"id": key, "level": level, "score": score, "best_for": []} for key, level, score in rows
    ]


class Levels:
    """A library that knows the signs of these tests by their names."""

    def indicators(self, ids):
        of = {"one": 1, "two": 2, "three": 3, "four": 4, "grave": 4}
        return [SimpleNamespace(id=key, level=of.get(key, 2)) for key in ids]


def say(case, signs, level):
    merge_suggestions(case, Understood(near={"indicators": signs}, level=level), Levels())


def marked(signs, level):
    case = Case()
    say(case, signs, level)
    return case


CLOSE = near(("three", 3, 0.70), ("four", 4, 0.69), ("two", 2, 0.60), ("one", 1, 0.45))


@pytest.mark.parametrize(
    ("level", "likely"),
    [
        (4, ["three", "four"]),  # both are within the margin, one is of the level
        (3, ["three"]),  # what is graver than the message sounds is offered, not marked
        (2, ["two"]),
        (1, ["one"]),
        (None, ["three", "four"]),  # nobody says how grave it is: as near as they are
    ],
)
def test_the_gravest_mark_is_of_the_level(level, likely):
    case = marked(CLOSE, level)
    assert case.likely == likely
    assert set(offered(case)) == {"one", "two", "three", "four"}, "all can be ticked"


def test_the_sign_of_the_level_is_marked_however_many_are_nearer():
    many = [(f"s{n}", 2, 0.7 - n / 1000) for n in range(2 * LIMIT)]
    case = marked(near(*many, ("grave", 4, 0.41)), 4)
    assert "grave" in case.likely
    assert len(case.likely) == LIMIT
    assert "grave" in offered(case)


def test_without_a_sign_of_the_level_the_likely_below_it_stay():
    assert marked(near(("two", 2, 0.7)), 4).likely == ["two"]
    assert marked([], 4).likely == []


def test_a_sign_that_is_far_is_not_marked_for_its_level():
    assert marked(near(("two", 2, 0.5), ("four", 4, 0.3)), 4).likely == ["two"]


def test_a_later_message_takes_no_mark_away():
    case = marked(near(("four", 4, 0.6)), 4)
    say(case, near(("one", 1, 0.7)), 1)
    assert set(case.likely) == {"four", "one"}
    say(case, near(("two", 2, 0.7), ("four", 4, 0.6)), 2)
    assert set(case.likely) == {"four", "one", "two"}


def test_the_gravest_mark_outlasts_many_nearer_ones_of_later_messages():
    case = marked(near(("four", 4, 0.45)), 4)
    say(case, near(*[(f"s{n}", 2, 0.8) for n in range(LIMIT)]), 2)
    assert len(case.likely) == LIMIT
    assert "four" in case.likely
