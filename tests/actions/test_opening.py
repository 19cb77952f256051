"""Which journey a first message opens, where it could be another."""

from __future__ import annotations

import pytest

from actions.opening import names_an_adult, own_act
from actions.understood import Understood


@pytest.mark.parametrize(
    "text",
    [
        "i pushed a pupil. i lost it",
        "I’ve just grabbed one of my year 8s by the arm",
        "had to hold a kid back from the road, it left marks",
        "In the heat of it I took a boy by the collar",
        "i accepted a police caution on saturday",
        "I was arrested at the weekend, do i have to tell school",
        "i hugged a crying child and now im worried how it looked",
    ],
)
def test_what_one_did_oneself_is_for_the_lado(text):
    assert own_act(text)


@pytest.mark.parametrize(
    "text",
    [
        "a parent says i hit her son and i never touched him",
        "they are saying that i hit a child",
        "someone accused me of something, i can't sleep",
        "my dad's been charged with old offences",
        "i am so tired since she told me",
        "i pushed for that family to be seen",
    ],
)
def test_what_is_said_of_one_is_for_support(text):
    assert not own_act(text)


def _said(adult: float, roles: list[str]) -> Understood:
    ranking = {"worried_about_child": 1 - adult, "allegation_against_adult": adult}
    facts = {"roles": roles} if roles else {}
    return Understood(
        text="",
        intent="worried_about_child",
        confidence=1 - adult,
        ranking=tuple(ranking.items()),
        facts=facts,
    )


def test_a_named_adult_makes_an_allegation_of_a_doubtful_worry():
    assert names_an_adult(_said(0.3, ["support_staff"]))
    assert not names_an_adult(_said(0.3, []))
    assert not names_an_adult(_said(0.1, ["support_staff"]))
