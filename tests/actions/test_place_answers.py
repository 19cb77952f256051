"""The borough that a message gives by itself, and where it gives two."""

from __future__ import annotations

from actions.answers import place_answer


def _place(borough: str, relation: str) -> dict[str, object]:
    return {"borough": borough, "authority": None, "relation": relation, "name": borough}


def test_two_boroughs_for_one_thing_are_asked_about():
    both = {"places": [_place("hackney", "works"), _place("city", "works")]}
    assert place_answer(both, ("works",)) is None


def test_one_borough_is_taken_and_a_shared_district_beside_it_takes_nothing_back():
    one = {"places": [_place("hackney", "works"), _place("city", "lives")]}
    assert place_answer(one, ("works",)) == one["places"][0]
    same = {"places": [_place("unknown", "works"), _place("city", "works")]}
    assert place_answer(same, ("works",)) == same["places"][1]
