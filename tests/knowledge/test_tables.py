"""Decision tables: every case has one row, doubt never lowers, faults are named."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from knowledge.content import load_content
from knowledge.decisions import allegation_row, child_route, consent_notices, plan_for, role_for
from knowledge.schema import (
    AllegationRow,
    ChildRoute,
    ConsentRule,
    Plan,
    PlanChoice,
    RoleChoice,
)
from knowledge.table_checks import check_tables
from knowledge.tables import SPECS, every_case, faults_of
from knowledge.vocabulary import AdultRole, Answer, Borough, ConsentState

TODAY = dt.date(2026, 11, 24)


@pytest.fixture(scope="module")
def content():
    return load_content(today=TODAY)


ADULT_CASES = list(itertools.product(Borough, [*AdultRole, "unsure"], Answer, Answer, Borough))


def test_every_adult_case_has_one_row_and_one_plan(content):
    """Borough of the setting x role x harm test x about the head x the child's borough."""
    rows = content.all("allegations", AllegationRow)
    roles = content.all("role_choices", RoleChoice)
    plans = content.all("plan_choices", PlanChoice)
    assert len(ADULT_CASES) == 4 * 18 * 3 * 3 * 4
    for setting, role, harm, about_head, _child in ADULT_CASES:
        read_as = str(role)
        if role == "unsure":
            read_as, _ = role_for(roles, str(about_head))
        row, trace = allegation_row(rows, read_as, str(harm))
        key, choice = plan_for(plans, str(row.route), str(setting))
        plan = content.get("plans", key, Plan)
        assert plan.route == row.route
        assert trace.row == row.id
        assert trace.sources
        assert choice.sources
        told = {str(t) for t in row.tell}
        if harm != Answer.no:
            assert row.route == "lado"
            assert "lado" in told
        if role == "unsure" and about_head != Answer.no:
            assert "head_teacher" not in told
        if row.route == "lado" and setting in {Borough.city, Borough.hackney}:
            contacts = {content.kinds["steps"][s].contact for s in plan.steps}
            assert f"{setting}-lado" in contacts
            other = {"city": "hackney", "hackney": "city"}[str(setting)]
            assert f"{other}-lado" not in contacts


def test_every_child_case_has_one_row_one_plan_and_its_front_door(content):
    """Level x borough x consent."""
    routes = content.all("child_routes", ChildRoute)
    rules = content.all("consent_rules", ConsentRule)
    plans = content.all("plan_choices", PlanChoice)
    doors = {"city": "city-children-families", "hackney": "hackney-mash"}
    for level, borough, consent in itertools.product((1, 2, 3, 4), Borough, ConsentState):
        row, _ = child_route(routes, level, str(borough))
        notices, trace = consent_notices(rules, level, str(consent))
        key, _ = plan_for(plans, str(row.route), str(borough))
        contacts = {
            content.kinds["steps"][s].contact for s in content.get("plans", key, Plan).steps
        }
        if level > 1 and str(borough) in doors:
            assert doors[str(borough)] in contacts
        if borough == Borough.unknown and level > 1:
            assert set(doors.values()) <= contacts
        if level in {2, 3} and consent == ConsentState.no:
            assert notices == ("consent-refused",)
        assert trace.given == {"level": str(level), "consent": str(consent)}


def test_no_table_of_the_content_has_a_fault(content):
    for spec in SPECS.values():
        assert every_case(spec, content.kinds, TODAY)
        assert faults_of(spec, content.kinds, TODAY) == []


def _with(content, kind, key, **changed):
    kinds = {k: dict(v) for k, v in content.kinds.items()}
    kinds[kind][key] = kinds[kind][key].model_copy(update=changed)
    return type(content)(kinds, content.version, content.where)


@pytest.mark.parametrize(
    ("kind", "key", "changed", "words"),
    [
        ("child_routes", "child-level-2", {"levels": (3,)}, "no row for 2 x city"),
        (
            "child_routes",
            "child-elsewhere",
            {"boroughs": (Borough.city,)},
            "2 x city: child-level-2, child-elsewhere",
        ),
        (
            "plan_choices",
            "plan-out-of-scope",
            {"boroughs": (Borough.city,)},
            "no case leads to this row",
        ),
        (
            "consent_rules",
            "consent-given",
            {"valid_from": dt.date(2027, 1, 1)},
            "no row for 1 x yes",
        ),
    ],
)
def test_check_tables_names_gap_conflict_and_unreached_row(content, kind, key, changed, words):
    problems = check_tables(_with(content, kind, key, **changed), TODAY)
    assert any(words in p.problem and p.code == "K008" for p in problems), problems


def test_check_tables_looks_at_days_to_come(content):
    """A row that begins beside one in force is a conflict from that day on."""
    row = content.kinds["child_routes"]["child-level-2"]
    kinds = {k: dict(v) for k, v in content.kinds.items()}
    later = row.model_copy(update={"id": "later", "valid_from": dt.date(2027, 9, 1)})
    kinds["child_routes"]["later"] = later
    changed = type(content)(kinds, content.version, content.where)
    texts = [p.problem for p in check_tables(changed, TODAY)]
    assert any("child-level-2, later from 2027-09-01 on" in t for t in texts)
    kinds["child_routes"]["later"] = later.model_copy(update={"supersedes": "child-level-2"})
    assert check_tables(type(content)(kinds, content.version, content.where), TODAY) == []


def test_check_tables_refuses_a_rule_without_effect(content):
    key = "several-domains-early-help"
    changed = _with(content, "combinations", key, at_level=3)
    assert any(p.code == "K012" and p.entry == key for p in check_tables(changed, TODAY))
