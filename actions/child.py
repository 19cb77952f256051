"""Journey 1, worried about a child: the next question, or the answer."""

from __future__ import annotations

from typing import Any

from actions import messages
from actions.case import Case
from actions.library import Library
from actions.merge import offered, strongly_suggested
from knowledge.decisions import (
    Assessment,
    age_could_matter,
    assess,
    child_route,
    consent_notices,
    doubt,
)
from knowledge.schema import ChildRoute, ConsentRule, DoubtRule, Indicator, Plan
from knowledge.tables import Trace
from knowledge.vocabulary import AgeBand

Message = dict[str, Any]
IF_ADULT, LADOS = "if-works-with-children", ("hackney", "city")
_LABELS = {
    "leads": "Who leads", "consent": "Consent", "form": "Form", "timescale": "By when",
    "next": "Then", "escalation": "If you disagree",
}  # fmt: skip


def next_question(case: Case, library: Library) -> str | None:
    """The question id to ask next, or None when the answer can be given."""
    if case.safe_now is None:
        return "safe_now"
    if case.child_borough is None:
        return "child_borough"
    if case.danger:
        return None
    if case.indicator_answer is None:
        if not offered(case) and case.more is None:
            return "more"
        return "indicators"
    if case.child_age is None and _age_matters(case, library):
        return "child_age"
    if case.consent is None and assessment(case, library).level in {2, 3}:
        return "consent"
    return None


def ask(case: Case, library: Library, question: str) -> Message:
    """The question's message, with the indicators offered where it is that one."""
    if question != "indicators":
        return messages.question(library, question)
    options = [(i.id, i.text) for i in library.indicators(offered(case))]
    return messages.question(library, question, options, case.likely)


def findings(case: Case, library: Library) -> tuple[list[Indicator], int, list[Trace]]:
    """The indicators that count, the level under which the answer may not fall, and why."""
    floor = 4 if case.danger else 1
    confirmed = library.indicators(case.indicators or [])
    if confirmed or case.indicator_answer == "confirmed":
        return confirmed, floor, []
    suggested = library.indicators(case.likely or offered(case))
    strong = library.indicators(strongly_suggested(case))
    rows = library.rows("doubt_rules", DoubtRule)
    counted, least, trace = doubt(rows, case.indicator_answer or "unsure", suggested, strong)
    return counted, max(floor, least), [trace]


def assessment(case: Case, library: Library) -> Assessment:
    """The level of need and its reasons, for what is known now."""
    counted, floor, _ = findings(case, library)
    return assess(
        counted,
        library.combinations(),
        age=_band(case),
        repeated=case.repeated,
        floor=floor,
    )


def _band(case: Case) -> str | None:
    return None if case.child_age in {None, "unsure"} else case.child_age


def _age_matters(case: Case, library: Library) -> bool:
    if case.indicator_answer != "confirmed":
        return False
    counted, _, _ = findings(case, library)
    bands = [str(b) for b in AgeBand]
    return age_could_matter(counted, library.combinations(), bands, repeated=case.repeated)


def _notes(case: Case, library: Library) -> list[str]:
    notes = []
    if case.indicator_answer in {"unsure", "none"} and not case.danger:
        notes.append(library.notice("consult-line").text)
    if case.child_borough == "other" and case.child_authority:
        notes.append(
            library.notice("other-authority").text.replace("[authority]", case.child_authority)
        )
    if case.child_borough == "unknown":
        notes.append(library.notice("level-4-unsure-borough").text)
    if strengths := library.strengths(case.strengths):
        said = "; ".join(s.text for s in strengths)
        notes.append(library.notice("strengths").text.replace("[strengths]", said))
    if case.social_worker:
        notes.append(library.notice("already-has-social-worker").text)
    return notes


def with_lado(plan: Plan, case: Case) -> Plan:
    """The plan with the LADO of where the adult works, where such an adult was named."""
    if not case.adult_named or IF_ADULT not in plan.steps:
        return plan
    where = [case.setting_borough] if case.setting_borough in LADOS else list(LADOS)
    if case.setting_borough == "other":
        where = []
    steps = [s for s in plan.steps if s != IF_ADULT or not where]
    return plan.model_copy(update={"steps": [*steps, *(f"also-lado-{b}" for b in where)]})


def guidance(case: Case, library: Library) -> Message:
    """The answer of this journey."""
    result = assessment(case, library)
    borough = case.child_borough or "unknown"
    row, row_trace = child_route(library.rows("child_routes", ChildRoute), result.level, borough)
    route = str(row.route)
    counted, _, doubts = findings(case, library)
    duties = list(dict.fromkeys(i.duty for i in counted if i.duty))
    plan, choice = library.plan_and_trace(route, borough)
    on_consent, consent_trace = consent_notices(
        library.rows("consent_rules", ConsentRule), result.level, case.consent
    )
    framework, own = library.framework_level(borough, result.level)
    next_points = [
        {
            "id": f"{framework.id}-{name}",
            "text": f"{_LABELS[name]}: {text}",
            "status": str(framework.status),
            "source": framework.source,
        }
        for name, text in (
            ("leads", own.leads), ("consent", own.consent), ("form", own.form),
            ("timescale", own.timescale), ("next", own.next), ("escalation", framework.escalation),
        )
    ]  # fmt: skip
    message = messages.guidance(
        library,
        with_lado(plan, case),
        level=result.level,
        borough=borough,
        route=route,
        deadline=str(row.deadline),
        reasons=result.reasons,
        duties=duties,
        notes=[*_notes(case, library), *(library.notice(n).text for n in on_consent)],
        trace=[*doubts, result.trace, row_trace, consent_trace, choice],
        next_points=next_points,
        level_name={"own": own.own_name, "common": own.common_name, "means": own.means},
    )
    if result.level == 4 and route == "other_borough":
        message = _with_child_protection(message, library)
    return message


def _with_child_protection(message: Message, library: Library) -> Message:
    """For a child of another borough at level 4: what is never done, whatever the borough."""
    plan = library.plan("child_protection", "unknown")
    kinds = {p["id"] for p in message["do_not"]}
    for key in plan.do_not:
        entry = library.prohibition(key)
        if str(entry.kind) not in kinds:
            message["do_not"].append(
                {"id": str(entry.kind), "text": entry.text, "source": entry.source,
                 "status": "verified" if entry.status == "verified" else "unverified"}
            )  # fmt: skip
    return message


def emergency(case: Case, library: Library) -> Message:
    """999 first, then the front door of where the child lives, or both doors."""
    borough = case.child_borough or "unknown"
    plan, choice = library.plan_and_trace("emergency", borough)
    return messages.guidance(
        library, plan, level=4, borough=borough, deadline="immediately", trace=[choice]
    )
