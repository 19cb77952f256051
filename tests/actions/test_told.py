"""What an answer carries of its grounds: trace, stale notice, the edition in force."""

from __future__ import annotations

import datetime as dt
import itertools
import json

import jsonschema
import pytest

from actions import allegation, child, messages
from actions.case import Case
from actions.library import Library
from bot.paths import SCHEMA
from knowledge.content import load_content
from knowledge.plain_text import as_text
from knowledge.schema import Indicator
from knowledge.store import Store
from knowledge.vocabulary import AdultRole, Borough

DAY = dt.date(2026, 11, 24)
FIELDS = {"table", "row", "given", "gives", "criteria", "sources", "status", "effective_from",
          "effective_until", "decided_on"}  # fmt: skip


@pytest.fixture(scope="module")
def day():
    return [DAY]


@pytest.fixture(scope="module")
def library(tmp_path_factory, day):
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('told')}/k.db", today=lambda: day[0])
    store.load(load_content())
    return Library(store)


@pytest.fixture(scope="module")
def validator():
    return jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text()))


def _sign(library, level):
    return next(i.id for i in library.store.all("indicators", Indicator) if i.level == level)


def _case(library, level, borough, **more):
    signs = [_sign(library, level)]
    return Case(topic="child", safe_now="yes", child_borough=borough, indicators=signs,
                indicator_answer="confirmed", **more)  # fmt: skip


@pytest.mark.parametrize(("level", "borough"), itertools.product((1, 2, 3, 4), map(str, Borough)))
@pytest.mark.parametrize("consent", ["yes", "no", "unsure", None])
def test_child_guidance_traces_level_route_consent_and_plan(
    library, validator, level, borough, consent
):
    message = child.guidance(_case(library, level, borough, consent=consent), library)
    validator.validate(message)
    trace = {t["table"]: t for t in message["trace"]}
    assert list(trace) == ["level_of_need", "child_routes", "consent_rules", "plan_choices"]
    assert all(set(t) == FIELDS and t["sources"] for t in message["trace"])
    assert trace["level_of_need"]["criteria"][-1] == _sign(library, level)
    assert trace["child_routes"]["gives"]["route"] == message["outcome"]["route"]
    assert trace["child_routes"]["gives"]["deadline"] == message["outcome"]["deadline"]
    assert {t["decided_on"] for t in message["trace"]} == {"2026-11-24"}
    refused = library.notice("consent-refused").text
    assert (refused in message["notes"]) is (consent == "no" and level < 4)


def test_child_guidance_in_doubt_traces_the_rule_for_doubt(library):
    case = Case(topic="child", safe_now="yes", child_borough="city", indicator_answer="none")
    message = child.guidance(case, library)
    assert message["trace"][0]["table"] == "doubt_rules"
    assert message["trace"][0]["row"] == "doubt-none"
    assert message["outcome"]["level"] == 2


def test_emergency_traces_its_plan(library, validator):
    message = child.emergency(Case(topic="child"), library)
    validator.validate(message)
    assert [t["row"] for t in message["trace"]] == ["plan-emergency-unknown"]


@pytest.mark.parametrize("role", [*map(str, AdultRole), "unsure"])
@pytest.mark.parametrize("harm", ["yes", "no", "unsure"])
def test_allegation_guidance_traces_row_and_plan(library, validator, role, harm):
    case = Case(topic="adult", safe_now="yes", adult_role=role, harm_test=harm,
                about_head="unsure", setting_borough="hackney")  # fmt: skip
    message = allegation.guidance(case, library)
    validator.validate(message)
    tables = [t["table"] for t in message["trace"]]
    assert tables[-2:] == ["allegations", "plan_choices"]
    assert (tables[0] == "role_choices") is (role == "unsure")
    assert message["trace"][-2]["row"] == message["why"][0]["id"]
    told = {s["tell"] for s in message["do_now"]}
    if role in {"unsure", "head_teacher", "head_and_proprietor"}:
        assert "head_teacher" not in told


def test_stale_notice_is_shown_when_something_told_is_past_its_review(library, day):
    stale = library.notice("stale-content").text
    case = _case(library, 4, "hackney")
    assert stale not in child.guidance(case, library)["notes"]
    assert stale not in messages.notice(library, "goodbye", ["hackney-mash"])["text"]
    assert stale not in messages.resources(library, ["brook"], "resource-intro")["text"]
    day[0] = dt.date(2031, 1, 1)
    try:
        message = child.guidance(case, library)
        assert stale in message["notes"]
        assert stale in as_text(message)
        assert stale in messages.notice(library, "goodbye", ["hackney-mash"])["text"]
        assert stale in messages.resources(library, ["brook"], "resource-intro")["text"]
    finally:
        day[0] = DAY


def test_source_that_was_replaced_says_which_edition_is_in_force(library, day):
    shown = messages.source_of(library, "kcsie-2025")
    assert shown["replaced_by"] == library.source("kcsie-2026").title
    assert messages.source_of(library, "kcsie-2026")["replaced_by"] is None
    day[0] = dt.date(2026, 8, 1)
    try:
        assert messages.source_of(library, "kcsie-2025")["replaced_by"] is None
    finally:
        day[0] = DAY
