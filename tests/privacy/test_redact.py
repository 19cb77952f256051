"""One table of (text, what must be gone, what must stay)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.privacy import redact
from bot.privacy.hurried import spaced

GONE = [
    ("Tobias Grunwald born 02/05/2013 says his mum locks him out", ["Tobias", "Grunwald", "2013"]),
    ("dob 3rd May 2011", ["2011"]),
    ("d.o.b. 030511", ["030511"]),
    ("ring me on 07700 900123", ["900123"]),
    ("+44 7700 900 123 is mum", ["900 123"]),
    ("mail jo.bloggs@school.example.uk", ["bloggs"]),
    ("NHS number 943 476 5919", ["5919"]),
    ("upn A123456789012", ["A123456789012"]),
    ("ni QQ 12 34 56 C".replace("QQ", "AB"), ["12 34 56"]),
    ("lives at 12 Homerton High Street, E9 6JP", ["12 Homerton High", "6JP"]),
    ("flat 14b, Pembury", ["14b"]),
    ("insta is @lil.mikey07", ["mikey"]),
    ("snapchat: shadowfox99 keeps asking her", ["shadowfox99"]),
    ("Mr Okonkwo hit Ayaan", ["Okonkwo", "Ayaan"]),
    ("her name is Zephyrine", ["Zephyrine"]),
    ("a girl called Hope", ["Hope"]),
    ("Mohammed and Fatima were crying", ["Mohammed", "Fatima"]),
    ("car reg AB12 CDE parked outside", ["AB12"]),
]
STAYS = [
    "boy in yr 4 has a bruise on his ear, told me his dad grabbed him",
    "I hope she will be ok, may need help from the MASH in Hackney",
    "Year 7 child lives in Homerton, E9",
    "teacher who lives in Hackney, school in the City, dragged a child along the corridor",
    "mum is struggling since the new baby, older one is tired and behind with reading",
    "he is 7 and hungry, 3 days in a row",
    "call the LADO on Monday",
    "anything on islamist extremism for a lesson?",
    "I am being forced to have sex and I am only 12",
]


@pytest.mark.parametrize(("text", "gone"), GONE)
def test_redact_takes_out(text, gone):
    out = redact(text)
    assert [g for g in gone if g in out] == []


@pytest.mark.parametrize("text", STAYS)
def test_redact_leaves_harmless_text(text):
    assert redact(text) == text


def test_redact_keeps_the_district_of_a_postcode():
    assert "E9" in redact("postcode E9 6JP")


@given(st.text(max_size=300))
def test_redact_never_fails_and_is_stable(text):
    once = redact(text)
    assert redact(once) == redact(redact(once))


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("mumdoesn't want it'sher fault", "mum doesn't want it's her fault"),
        ("her grandad's loft", "her grandad's loft"),
        ("lives inHackney, saidmummy's angry", "lives in Hackney, said mummy's angry"),
        ("YouTube and TikTok, O'Brien's", "YouTube and TikTok, O'Brien's"),
        ("he isalways hittingher", "he isalways hittingher"),
    ],
)
def test_gaps_that_capitals_and_apostrophes_show(typed, seen):
    assert spaced(typed) == seen


@pytest.mark.parametrize(
    "text",
    [
        "hisdad hithim",
        "Shewas crying",
        "mygirlfriend said",
        "the tchr wth a gvrnr",
        "lives in Hckny",
    ],
)
def test_hurried_words_are_no_names(text):
    assert redact(text) == text


@pytest.mark.parametrize(
    "name", ["Anhad", "armita", "awet", "thisara", "hasan", "iman", "Lovejoy", "Kasiahit"]
)
def test_names_that_could_be_cut_into_words_stay_names(name):
    assert redact(f"{name} was crying today") == "[NAME] was crying today"


@pytest.mark.parametrize("said", ["I told {} to stop at lunch", "I saw {} crying"])
@pytest.mark.parametrize(
    "name",
    ["Goodchild", "Hardman", "Blackman", "Youngman", "Atwell", "Bywater", "Toogood", "Allgood",
     "Underhill", "Goodfellow", "Ifill", "Gotobed", "Whiteman", "Longman"],
)  # fmt: skip
def test_family_names_of_two_words_stay_names(name, said):
    assert redact(said.format(name)) == said.format("[NAME]")


def test_a_name_shouted_is_no_word():
    assert "MARTIN" not in redact("MARTIN CAME IN WITH A BLACK EYE AND SAYS HIS DAD DID IT")
