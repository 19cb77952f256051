"""Journey 2, an allegation against an adult: the harm test, then the right LADO."""

from __future__ import annotations

from typing import Any

from actions import messages
from actions.case import Case
from actions.library import Library
from knowledge.decisions import Reason, allegation_row, role_for
from knowledge.schema import AllegationRow, HarmCriterion, RoleChoice
from knowledge.tables import Trace

Message = dict[str, Any]


def next_question(case: Case) -> str | None:
    """The question id to ask next, or None when the answer can be given."""
    if case.safe_now is None:
        return "safe_now"
    if case.adult_role is None:
        return "adult_role"
    if case.adult_role == "unsure" and case.about_head is None:
        return "about_head"
    if case.setting_borough is None:
        return "setting_borough"
    if case.harm_test is None:
        return "harm_test"
    if case.harm_test != "no" and case.child_named and case.child_borough is None:
        return "child_borough"
    return None


def role_of(case: Case, library: Library) -> tuple[str, list[Trace]]:
    """The role that picks the row; an unknown role is the head's where it may be the head."""
    if case.adult_role not in {None, "unsure"}:
        return str(case.adult_role), []
    rows = library.rows("role_choices", RoleChoice)
    role, trace = role_for(rows, case.about_head or "no")
    return role, [trace]


def row_of(case: Case, library: Library) -> tuple[AllegationRow, list[Trace]]:
    """The row of the matrix for this case, and how it was found."""
    role, traces = role_of(case, library)
    rows = library.rows("allegations", AllegationRow)
    row, trace = allegation_row(rows, role, case.harm_test or "unsure")
    return row, [*traces, trace]


def _reasons(case: Case, library: Library, row: AllegationRow) -> list[Reason]:
    reasons = [Reason(row.id, row.why, row.source, str(row.status))]
    if row.route == "lado":
        for criterion in library.store.all("harm_criteria", HarmCriterion):
            reasons.append(
                Reason(criterion.id, criterion.text, criterion.source, str(criterion.status))
            )
    return reasons


def child_route_steps(case: Case, library: Library) -> list[str]:
    """The second route, for a child who was harmed: the front door where the child lives."""
    borough = case.child_borough or "unknown"
    if borough == "unknown":  # nobody is named, or nobody knows: each door with its "if"
        return ["allegation-child-front-door-hackney", "allegation-child-front-door-city"]
    return [f"allegation-child-front-door-{borough}"]


def guidance(case: Case, library: Library) -> Message:
    """The answer of this journey."""
    row, traces = row_of(case, library)
    borough = case.setting_borough or "unknown"
    plan, choice = library.plan_and_trace(str(row.route), borough)
    extra = []
    if row.route == "lado":
        extra = child_route_steps(case, library)
    notes = []
    if borough == "other" and case.setting_authority:
        notes.append(
            library.notice("other-authority").text.replace("[authority]", case.setting_authority)
        )
    return messages.guidance(
        library,
        plan,
        level=None,
        borough=borough,
        route=str(row.route),
        deadline=str(row.deadline),
        reasons=_reasons(case, library, row),
        first_steps=row.steps,
        extra_steps=extra,
        notes=notes,
        trace=[*traces, choice],
    )
