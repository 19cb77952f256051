"""Why the assistant says what it says: one message, taken apart for `bot ask --explain`."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import yaml

from actions import allegation, child
from actions.case import Case
from actions.library import library
from actions.merge import LEAST, STRONG
from bot.paths import DATA
from bot.runtime.talk import Assistant
from knowledge.tables import Trace

Explanation = dict[str, Any]


def rule_for(intent: str, action: str) -> dict[str, str] | None:
    """The dialogue rule by which an intent leads to an action, and its file."""
    for folder in DATA:
        for path in sorted(folder.rglob("*.yml")):
            for rule in yaml.safe_load(path.read_text(encoding="utf-8")).get("rules", []):
                steps = rule["steps"]
                if {"intent": intent} in steps and {"action": action} in steps:
                    return {"name": rule["rule"], "file": path.name}
    return None


def _signs(parsed: dict[str, Any], case: Case) -> list[dict[str, Any]]:
    """The indicators that came near, nearest first, with what the thresholds make of them."""
    near = parsed.get("near", {}).get("indicators", [])
    known = {i.id: i for i in library().indicators([n["id"] for n in near])}
    rows = []
    for one in near:
        entry, score = known[one["id"]], float(one["score"])
        grade = "strong" if score >= STRONG else "offered" if score >= LEAST else "too far"
        rows.append(
            {
                "id": entry.id,
                "text": entry.text,
                "level": entry.level,
                "score": score,
                "grade": grade,
                "likely": entry.id in case.likely,
            }
        )
    return rows


def _sounds_like(level: dict[str, Any] | None) -> str:
    if level is None:
        return "nothing was read"
    chances = ", ".join(f"{n} {c:.2f}" for n, c in zip((2, 3, 4), level["at_least"], strict=True))
    return f"{level['level']} (chance of at least {chances})"


def _step(trace: Trace) -> str:
    """One decision: its table and row, what was given, what it gives, what it rests on."""
    given, gives = (
        ", ".join(f"{k} {v}" for k, v in part.items()) for part in (trace.given, trace.gives)
    )
    rests = f"; rests on {', '.join(trace.criteria)}" if trace.criteria else ""
    return f"  {trace.table} / {trace.row}: {given} -> {gives}{rests} ({trace.status})"


def _trace(case: Case, messages: list[dict[str, Any]]) -> list[str]:
    """How the case came to the answer, or what it still waits for."""
    told = {f.name: getattr(case, f.name) for f in fields(case)}
    hidden = {"suggested", "likely", "asked_times", "order", "outcome", "asked", "done"}
    lines = [
        f"{k} = {v}" for k, v in told.items() if k not in hidden and v not in (None, False, [])
    ]
    if case.topic == "child" and not case.danger:
        state = "as confirmed" if case.indicator_answer else "if staff are unsure which signs fit"
        _, _, doubt = child.findings(case, library())
        level = child.assessment(case, library())
        lines.append(f"level {level.level}, {state}")
        lines += [_step(trace) for trace in (*doubt, level.trace)]
    if case.topic == "adult" and not case.danger:
        state = "as answered" if case.harm_test else "if staff are unsure of the harm test"
        row, traces = allegation.row_of(case, library())
        lines.append(f"row {row.id}: {row.route}, {state}")
        lines += [_step(trace) for trace in traces]
    for message in messages:
        if message["type"] == "guidance":
            out = message["outcome"]
            lines.append(
                f"answered: {out['route']}, level {out['level']}, borough {out['borough']}"
            )
            lines += [f"  by {t['table']} / {t['row']}" for t in message.get("trace", [])]
            lines += [f"  because {why['id']}" for why in message["why"]]
        elif message["type"] == "question":
            lines.append(f"asks {message['id']}")
        else:
            lines.append(f"shows {message['type']}")
    return lines


def explain(assistant: Assistant, text: str) -> Explanation:
    """Send a text as the first message of a talk and take apart what was made of it.

    Only the redacted text is used and shown.
    """
    parsed = assistant.parse(text)
    sender = assistant.new_sender()
    messages = assistant.say(sender, text)
    slots = assistant.slots(sender)
    known = {f.name: slots[f.name] for f in fields(Case) if slots.get(f.name) is not None}
    case = Case(**known)
    intent = parsed.get("intent") or {}
    actions = assistant.actions(sender)
    rules = [rule_for(str(intent.get("name")), action) for action in actions]
    return {
        "text": parsed.get("text", ""),
        "intent": {
            "name": intent.get("name"),
            "confidence": round(float(intent.get("confidence") or 0.0), 4),
            "before_red_flags": parsed.get("intent_before"),
        },
        "ranking": [
            {"name": r["name"], "confidence": round(float(r["confidence"]), 4)}
            for r in parsed.get("intent_ranking", [])
        ],
        "entities": [
            {
                "entity": e["entity"],
                "value": e["value"],
                "start": e["start"],
                "end": e["end"],
                "knowledge_id": e.get("knowledge_id"),
            }
            for e in parsed.get("entities", [])
        ],
        "facts": parsed.get("facts", {}),
        "red_flags": parsed.get("red_flags", []),
        "level": parsed.get("level"),
        "indicators": _signs(parsed, case),
        "actions": actions,
        "rule": next((r for r in rules if r), None),
        "trace": _trace(case, messages),
        "messages": messages,
    }


def as_lines(found: Explanation) -> list[str]:
    """The explanation to read in a terminal, without the messages themselves."""
    intent = found["intent"]
    before = intent["before_red_flags"]
    rule = found["rule"]
    lines = [
        f"Text, redacted: {found['text']}",
        f"Intent: {intent['name']} ({intent['confidence']:.2f})"
        + (f", set by a red flag; the classifier said {before}" if before else ""),
        *(f"  {r['name']} {r['confidence']:.2f}" for r in found["ranking"]),
        "Entities:" + ("" if found["entities"] else " none"),
        *(f"  {e['entity']} {e['value']!r} = {e['knowledge_id']}" for e in found["entities"]),
        "Facts: " + (", ".join(f"{k} {v}" for k, v in found["facts"].items()) or "none"),
        "Red flags:" + ("" if found["red_flags"] else " none"),
        *(
            f"  {f['id']}, {'now' if f['state'] == 'now' else 'asked about'}: {f['because']}"
            for f in found["red_flags"]
        ),
        f"Sounds like level: {_sounds_like(found['level'])}",
        "Indicators:" + ("" if found["indicators"] else " none"),
        *(
            f"  {i['score']:.3f} {i['grade']}{', likely' if i['likely'] else ''}: "
            f"{i['id']} (level {i['level']}): {i['text']}"
            for i in found["indicators"]
        ),
        f"Action: {', '.join(found['actions'])}"
        + (f", by the rule `{rule['name']}` in {rule['file']}" if rule else ", by no rule of ours"),
        "Decision:",
        *(f"  {line}" for line in found["trace"]),
    ]
    return lines
