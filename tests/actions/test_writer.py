"""Who writes of danger: staff, a child or a parent."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.case import Case
from actions.child import with_lado
from actions.journeys import Allegation, ChildConcern
from actions.library import Library
from actions.merge import merge_facts
from actions.understood import Understood
from actions.writer import is_staff, writer_in_danger
from knowledge.content import load_content
from knowledge.schema import Plan
from knowledge.store import Store


def said(text: str, facts: dict | None = None, **chances: float) -> Understood:
    return Understood(text=text, ranking=tuple(chances.items()), facts=facts or {})


@pytest.mark.parametrize("text", ["im 9 and dad is hurting mum", "he's outside my room with a bat"])
def test_a_child_in_danger_is_known_by_the_words(text):
    assert writer_in_danger(said(text, child_writer=0.3)) == "child"


@pytest.mark.parametrize(
    "text",
    [
        "my student says dad will kill her tonight",
        "she slipped me a note, help me",
        "the boy told me im going to be stabbed",
        "child choking in the hall",
    ],
)
def test_staff_who_repeat_a_child_are_staff(text):
    assert writer_in_danger(said(text, child_writer=0.9)) is None


def test_staff_by_what_else_it_sounds_like():
    text = "i can hear him hitting her"
    assert writer_in_danger(said(text, child_writer=0.3, worried_about_child=0.3)) is None
    assert writer_in_danger(said(text, {"roles": ["coach"]}, child_writer=0.9)) is None


def test_a_parent_needs_a_child_of_their_own():
    assert (
        writer_in_danger(said("my son has not come home, i am scared", parent_writer=0.8))
        == "parent"
    )
    assert writer_in_danger(said("we have lost a nursery child", parent_writer=0.8)) is None


def test_who_wrote_before_still_writes_until_the_words_are_of_staff():
    assert writer_in_danger(said("hes got a knife"), "child") == "child"
    assert writer_in_danger(said("a pupil said he has a knife"), "child") is None


def test_staff_say_so():
    assert is_staff(said("Staff"))
    assert is_staff(said("I'm a teacher."))
    assert not is_staff(said("the staff hit me"))


@pytest.mark.parametrize("roles", [["teacher"], ["supply", "other_professional"]])
def test_an_adult_named_in_a_childs_worry_brings_the_lado(roles):
    plan = next(p for p in load_content().all("plans", Plan) if p.id == "child-protection-hackney")
    case = Case(topic="child")
    merge_facts(case, said("x", {"roles": roles}))
    assert {"also-lado-hackney", "also-lado-city"} <= set(with_lado(plan, case).steps)
    case.setting_borough = "city"
    steps = with_lado(plan, case).steps
    assert "also-lado-city" in steps
    assert not {"also-lado-hackney", "if-works-with-children"} & set(steps)
    case.setting_borough = "other"
    assert "if-works-with-children" in with_lado(plan, case).steps


def test_one_who_only_helps_does_not():
    case = Case(topic="child")
    merge_facts(case, said("x", {"roles": ["other_professional"]}))
    assert not case.adult_named


def test_a_role_is_corrected_in_a_few_words_only():
    case = Case(topic="adult", adult_role="teacher")
    merge_facts(case, said("i said teacher. it's the head", {"roles": ["teacher", "head_teacher"]}))
    assert case.adult_role == "head_teacher"
    merge_facts(case, said("the coach saw it too", {"roles": ["coach"]}))
    assert case.adult_role == "head_teacher"


def test_a_child_who_was_told_999_is_never_given_a_form(tmp_path):
    store = Store(f"sqlite:///{tmp_path}/k.db")
    store.load(load_content())
    turn = SimpleNamespace(
        case=Case(topic="me", writer="child", outcome={"route": "emergency"}),
        said=said("he hits me", worried_about_child=0.9),
        library=Library(store),
        dispatcher=CollectingDispatcher(),
        keep_for_later=lambda: None,
    )
    for action in (ChildConcern(), ChildConcern(), Allegation()):
        action.reply(turn)
    shown = [m["custom"] for m in turn.dispatcher.messages]
    assert [m["type"] for m in shown] == ["guidance"] * 3
    assert all("childline" in m["outcome"]["contact_ids"] for m in shown)
    assert turn.case.asked is None
    assert turn.case.outcome == {"route": "emergency"}
