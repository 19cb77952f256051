"""The written summary: answers and outcome in the content's words, no free text."""

from __future__ import annotations

from actions.case import Case
from actions.library import Library
from knowledge.hours import now_in_london


def _answer_title(library: Library, question: str, value: str) -> str:
    for option in library.question(question).options:
        if option.value == value:
            return option.title
    return value


def summary_text(case: Case, library: Library) -> str:
    """Lines for a record: date, each answer, the criteria, the outcome, the version.

    It holds only what was chosen or matched, never what was typed, so no identifying
    detail can be in it.
    """
    outcome = case.outcome or {}
    lines = [now_in_london().strftime("%d %B %Y, %H:%M")]
    questions = (
        ("safe_now", "child_borough", "child_age", "consent")
        if case.topic == "child"
        else ("safe_now", "adult_role", "about_head", "setting_borough", "harm_test")
    )
    for question in questions:
        value = getattr(case, question)
        if value:
            asked = library.question(question).text.splitlines()[0]
            lines.append(f"- {asked} {_answer_title(library, question, str(value))}")
    for indicator in library.indicators(case.indicators or []):
        lines.append(f"- {indicator.text} (level {indicator.level})")
    route = str(outcome.get("route", "")).replace("_", " ")
    level = f", level {outcome['level']}" if outcome.get("level") else ""
    lines.append(f"- Outcome: {route}{level}")
    lines.append(f"- Content version: {library.version}")
    return "\n".join(lines)
