"""Where the child lives, where the adult works, where the adult lives: three things."""

from __future__ import annotations

import pytest

from bot.nlu.facts import read_facts
from bot.nlu.language import build_language
from knowledge.content import key_of, load_content
from knowledge.schema import Place


@pytest.fixture(scope="module")
def read():
    places = {key_of(p): p for p in load_content().all("places", Place)}
    nlp = build_language(places.values())
    return lambda text: read_facts(nlp(text), places)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "teacher lives in Hackney, works at a school in the City",
            {("hackney", "adult_lives"), ("city", "works")},
        ),
        ("the child lives in Homerton", {("hackney", "child_lives")}),
        ("family in Dalston", {("hackney", "child_lives")}),
        ("lives in E8", {("hackney", "lives")}),
        ("a pupil who lives in Islington", {("other", "child_lives")}),
        ("our school is in the City", {("city", "works")}),
        ("a coach at City of London Academy Islington", {("other", "works")}),
        ("they live behind our school, Golden Lane Estate.", {("city", "lives")}),
        ("she told the lecturer. they live in the Barbican", {("city", "lives")}),
        ("a family; they've lived in the Barbican for years", {("city", "child_lives")}),
        ("the family lived in Dalston", {("hackney", "former")}),
        ("Day nursery, City of London. A room leader", {("city", "works")}),
        ("I am a TA at a City primary", {("city", "works")}),
        ("an inner City school", set()),
        (
            "agency TA (firm is in Croydon), in our hackney primary",
            {("other", "elsewhere"), ("hackney", "works")},
        ),
        (
            "a hackney nursery in the mornings and with us in the City after",
            {("hackney", "works"), ("city", "works")},
        ),
        ("the nurse knows. 14, lives in Homerton", {("hackney", "child_lives")}),
        ("the ta saw it. yr 5, lives in Newham", {("other", "child_lives")}),
        ("our ta is 19, lives in Hackney", {("hackney", "adult_lives")}),
        ("she lives in the Barbican. the coach kicked her", {("city", "child_lives")}),
        ("she lives in the Barbican, our coach, and kicked him", {("city", "lives")}),
        ("back at his mum's in Stoke Newington since Sunday", {("hackney", "child_lives")}),
        ("she is with her nan in Dalston", {("hackney", "child_lives")}),
        ("he's at his dad's in Leyton at weekends", {("other", "is_in")}),
        ("new boy joined year 3 on Monday from Leeds", {("other", "former")}),
        ("she moved to us from Camden last term", {("other", "former")}),
        ("he came from a school in Newham", {("other", "former")}),
        ("they moved from Leeds to Dalston", {("other", "former"), ("hackney", "lives")}),
        ("the family moved from Dalston last year", {("hackney", "former")}),
        ("she came home from her nursery in Hackney", {("hackney", "works")}),
        ("a boy from Dalston joined us", {("hackney", "child_lives")}),
        ("not in Hackney", set()),
        ("we went to the bank", set()),
    ],
)  # fmt: skip
def test_facts_tell_places_apart(read, text, found):
    places = read(text).get("places", [])
    assert {(p["borough"], p["relation"]) for p in places} == found


@pytest.mark.parametrize("district", ["N1", "EC1", "EC2", "EC3", "EC4", "E1"])
def test_facts_shared_districts_decide_nothing(read, district):
    (place,) = read(f"lives in {district}")["places"]
    assert place["borough"] == "unknown"


def test_a_district_at_the_end_of_a_sentence_is_read(read):
    (place,) = read("Two children, home postcode EC2Y. Neglect.")["places"]
    assert (place["name"], place["relation"]) == ("EC2Y", "child_lives")


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("head lice in the nursery again", None),
        ("the head boy hit him", None),
        ("a man still teaching here", ["teacher"]),
        ("caretakers been filming girls", ["support_staff"]),
        ("our receptionist told a late pupil to shut up", ["support_staff"]),
        ("our receptionist told us about a boy", None),
        ("the escort on the minibus, a minibus escort", ["support_staff"]),
        ("chair of govs wants photos", ["chair_of_governors"]),
        ("she cooks at home", None),
        ("our head hit a boy", ["head_teacher"]),
        ("hit him on the head", None),
        ("I told the head about it", None),
        ("supply teacher from an agency", ["supply", "supply"]),
    ],
)
def test_facts_roles(read, text, roles):
    assert read(text).get("roles") == roles
