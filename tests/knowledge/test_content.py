"""The content itself, and what the check says of faults in it."""

from __future__ import annotations

import datetime as dt
import itertools
import shutil
from pathlib import Path

import pytest

from knowledge.content import load_content
from knowledge.decisions import allegation_row
from knowledge.errors import ContentError
from knowledge.schema import AllegationRow, Contact, Indicator, Resource, Term
from knowledge.vocabulary import AdultRole, Answer, Domain

CONTENT = Path(__file__).resolve().parents[2] / "knowledge" / "content"


@pytest.fixture(scope="module")
def content():
    return load_content()


def test_content_is_as_large_as_promised(content):
    indicators = content.all("indicators", Indicator)
    assert len(indicators) >= 120
    assert sum(i.level == 1 for i in indicators) >= 12
    assert {str(i.domain) for i in indicators} == {str(d) for d in Domain}
    assert len(content.all("resources", Resource)) >= 80
    assert len(content.all("glossary", Term)) >= 40


def test_content_every_role_has_its_row(content):
    rows = content.all("allegations", AllegationRow)
    for role, harm in itertools.product(AdultRole, Answer):
        row, trace = allegation_row(rows, str(role), str(harm))
        assert trace.row == row.id
        told = {str(t) for t in row.tell}
        if role in {AdultRole.head_teacher, AdultRole.head_and_proprietor}:
            assert "head_teacher" not in told
        if harm != Answer.no:
            assert row.route == "lado"
            assert row.deadline == "one_working_day"


@pytest.mark.parametrize(
    ("contact", "phone"),
    [
        ("police-emergency", "999"),
        ("hackney-mash", "020 8356 5500"),
        ("hackney-edt", "020 8356 2710"),
        ("city-children-families", "020 7332 3621"),
        ("city-lado", "020 7332 1215"),
        ("nspcc-whistleblowing", "0800 028 0285"),
    ],
)
def test_content_numbers(content, contact, phone):
    numbers = {c.id: c.phone for c in content.all("contacts", Contact)}
    assert numbers[contact] == phone


def test_content_nothing_is_stale_today(content):
    today = dt.date.today()
    assert [c.id for c in content.all("contacts", Contact) if c.review_by < today] == []


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        (
            "decisions.yml",
            "levels: [2], boroughs: [hackney",
            "levels: [2], boroughs: [other",
            "K008",
        ),
        (
            "decisions.yml",
            "levels: [4], boroughs: [other]",
            "levels: [4], boroughs: [other, city]",
            "K008",
        ),
        ("decisions.yml", "plan: emergency-city", "plan: emergency-town", "K006"),
        (
            "decisions.yml",
            "route: child_in_need, deadline: same_day",
            "route: universal, deadline: same_day",
            "K012",
        ),
        ("decisions.yml", "deadline: immediately", "deadline: one_working_day", "K012"),
        ("decisions.yml", "strong: [4], floor: 3", "strong: [4], floor: 1", "K012"),
        ("decisions.yml", "role: head_teacher", "role: teacher", "K012"),
        (
            "allegations.yml",
            'harm: ["yes", "unsure"]\n    route: lado',
            'harm: ["yes", "unsure"]\n    route: low_level_concern',
            "K012",
        ),
        ("combinations.yml", "raises_to: 3", "raises_to: 2", "K012"),
        ("contacts.yml", 'phone: "020 8356 5500"', 'phone: "+33 1 42 68 53 00"', "K010"),
        ("resources/national.yml", 'address: "https://', 'address: "https:// ', "K013"),
        (
            "resources/national.yml",
            'address: "https://www.gov.uk',
            'address: "https://me:word@www.gov.uk',
            "K013",
        ),
        ("contacts.yml", 'phone: "020 8356 5500"', 'phone: "12345"', "K010"),
        ("plans.yml", "steps: [call-999", "steps: [no-such-step", "K006"),
        ("red_flags.yml", '"threaten*', '"(threat', "K011"),
        ("allegations.yml", "roles: [supply]", "roles: [teacher]", "K008"),
        ("notices.yml", "id: welcome", "id: thanks", "K005"),
        ("glossary.yml", "text: ", "txet: ", "K004"),
    ],
)
def test_check_names_the_fault(tmp_path, file, old, new, code):
    copy = tmp_path / "content"
    shutil.copytree(CONTENT, copy)
    path = copy / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_content(copy)
    assert code in {p.code for p in caught.value.problems}
