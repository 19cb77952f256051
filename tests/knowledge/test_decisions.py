"""The decisions alone: no Rasa, no store, entries made by hand."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.content import load_content
from knowledge.decisions import (
    age_could_matter,
    allegation_row,
    assess,
    child_route,
    doubt,
    plan_for,
)
from knowledge.schema import (
    AllegationRow,
    ChildRoute,
    Combination,
    DoubtRule,
    Indicator,
    PlanChoice,
)
from knowledge.vocabulary import AgeBand, Domain

COMMON = {
    "scope": "both",
    "source": "a-source",
    "status": "unverified",
    "owner": "tests",
    "review_by": dt.date(2030, 1, 1),
}
DOMAINS = [str(d) for d in Domain][:6]


def indicator(key: str, level: int, domain: str = "health") -> Indicator:
    return Indicator(
        **COMMON, id=key, level=level, domain=domain, text=f"sign number {key}",
        why=f"why {key}", phrases=("one phrase", "two phrase", "three phrase", "four phrase"),
    )  # fmt: skip


def rule(key: str, **parts: object) -> Combination:
    return Combination(**{**COMMON, "id": key, "text": f"rule {key}", **parts})  # type: ignore[arg-type]


findings = st.lists(
    st.builds(
        indicator,
        st.from_regex(r"\A[a-z]{3,6}\Z"),
        st.integers(1, 4),
        st.sampled_from(DOMAINS),
    ),
    max_size=6,
)
rules = st.lists(
    st.builds(
        lambda n, d, at, to, ages, rep: rule(
            f"r{n}", distinct_domains=d, at_level=at, raises_to=to, ages=ages, repeated=rep or None
        ),
        st.integers(0, 999),
        st.integers(0, 4),
        st.integers(1, 4),
        st.integers(1, 4),
        st.lists(st.sampled_from([str(a) for a in AgeBand]), max_size=2),
        st.booleans(),
    ),
    max_size=4,
)
ages = st.none() | st.sampled_from([str(a) for a in AgeBand])


@given(findings, findings, rules, ages, st.booleans(), st.integers(1, 4))
def test_assess_adding_findings_never_lowers_the_level(some, more, given_rules, age, again, floor):
    before = assess(some, given_rules, age=age, repeated=again, floor=floor)
    after = assess([*some, *more], given_rules, age=age, repeated=again, floor=floor)
    assert after.level >= before.level >= floor


@given(findings, rules, ages)
def test_assess_repetition_and_age_never_lower_the_level(some, given_rules, age):
    plain = assess(some, given_rules).level
    assert assess(some, given_rules, age=age).level >= plain
    assert assess(some, given_rules, repeated=True).level >= plain


@given(findings)
def test_assess_is_the_highest_level_without_rules_and_names_each_finding(some):
    result = assess(some)
    assert result.level == max([1, *(f.level for f in some)])
    assert {r.id for r in result.reasons} == {f.id for f in some}


def test_assess_three_domains_raise_and_the_rule_is_named():
    three = [indicator(f"s{n}", 2, DOMAINS[n]) for n in range(3)]
    many = rule("many", distinct_domains=3, at_level=2, raises_to=3)
    assert assess(three[:2], [many]).level == 2
    result = assess(three, [many])
    assert result.level == 3
    assert result.reasons[0].id == "many"


def test_assess_under_five_rule_holds_for_a_baby():
    young = rule("young", ages=["under_5"], at_level=2, raises_to=3)
    assert assess([indicator("sign", 2)], [young], age="under_1").level == 3
    assert assess([indicator("sign", 2)], [young], age="5_to_11").level == 2


def test_age_could_matter_only_where_an_age_would_raise():
    young = rule("young", ages=["under_1"], at_level=2, raises_to=3)
    bands = [str(b) for b in AgeBand]
    assert age_could_matter([indicator("sign", 2)], [young], bands, repeated=False)
    assert not age_could_matter([indicator("sign", 4)], [young], bands, repeated=False)


CONTENT = load_content()
DOUBT = CONTENT.all("doubt_rules", DoubtRule)
ROUTES = CONTENT.all("child_routes", ChildRoute)
PLANS = CONTENT.all("plan_choices", PlanChoice)


def test_doubt_unsure_counts_suggestions_and_none_never_means_nothing():
    four = indicator("four", 4)
    assert doubt(DOUBT, "unsure", [four], [])[:2] == ([four], 2)
    assert doubt(DOUBT, "none", [four], [])[:2] == ([], 2)
    counted, floor, trace = doubt(DOUBT, "none", [four], [four])
    assert (counted, floor, trace.row) == ([], 3, "doubt-none-strong")


@given(st.sampled_from(["unsure", "none"]), findings, findings)
def test_doubt_never_leads_lower_when_more_speaks_strongly(answer, some, more):
    assert doubt(DOUBT, answer, [], [*some, *more])[1] >= doubt(DOUBT, answer, [], some)[1] >= 2


@pytest.mark.parametrize(
    ("level", "borough", "route", "deadline"),
    [
        (1, "hackney", "universal", "none"),
        (2, "city", "early_help", "same_day"),
        (3, "unknown", "child_in_need", "same_day"),
        (4, "hackney", "child_protection", "immediately"),
        (4, "other", "other_borough", "immediately"),
        (2, "other", "other_borough", "same_day"),
        (1, "other", "universal", "none"),
    ],
)
def test_child_route_and_deadline_by_level_and_borough(level, borough, route, deadline):
    row, trace = child_route(ROUTES, level, borough)
    assert (row.route, row.deadline) == (route, deadline)
    assert trace.given == {"level": str(level), "borough": borough}
    assert trace.sources


def test_plan_for_takes_an_unknown_borough_where_none_is_known():
    assert plan_for(PLANS, "child_in_need", "city")[0] == "child-in-need-city"
    assert plan_for(PLANS, "emergency", None)[0] == "emergency-unknown"
    with pytest.raises(LookupError, match="0 rows of plan_choices"):
        plan_for(PLANS, "no_such_route", "city")


def test_assess_trace_names_the_deciding_rule_every_sign_and_all_sources():
    many = rule("many", distinct_domains=3, at_level=2, raises_to=3)
    three = [indicator(f"s{n}", 2, DOMAINS[n]) for n in range(3)]
    trace = assess(three, [many], age="under_1", repeated=True).trace
    assert trace.row == "many"
    assert set(trace.criteria) == {"many", "s0", "s1", "s2"}
    assert trace.gives == {"level": 3, "before_rules": 2}
    assert trace.given["age"] == "under_1"
    assert trace.status == "unverified"
    assert assess([], floor=2).trace.row == "floor"


def row(key: str, harm: list[str]) -> AllegationRow:
    return AllegationRow(
        **COMMON, id=key, roles=("teacher",), harm=tuple(harm), route="lado",
        deadline="one_working_day", tell=("lado",), steps=(), why="because of it",
    )  # fmt: skip


def test_allegation_row_refuses_a_gap_and_a_conflict():
    rows = [row("one", ["yes"]), row("two", ["yes", "no"])]
    assert allegation_row(rows, "teacher", "no")[0].id == "two"
    with pytest.raises(LookupError, match="2 rows"):
        allegation_row(rows, "teacher", "yes")
    with pytest.raises(LookupError, match="0 rows"):
        allegation_row(rows, "governor", "yes")
