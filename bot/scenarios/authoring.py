"""Writing scenarios: a valid file from a few answers, and a draft from a transcript."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import yaml

from bot.privacy import redact
from bot.scenarios.checks import DRAFT

ROUTES = {1: "universal", 2: "early_help", 3: "child_in_need", 4: "child_protection"}
OWNER = "CHSCP training lead"
_STAFF = re.compile(r"^(?:>|you:|staff:|user:|me:)\s*(.+)$", re.IGNORECASE)


class ImportFailed(ValueError):
    """S022: a transcript holds nothing that can be used."""


def slug(title: str, borough: str = "") -> str:
    """An id from a title."""
    words = re.findall(r"[a-z0-9]+", f"{title} {borough}".lower())
    return "-".join(words)[:60].strip("-") or "scenario"


def skeleton(given: dict[str, Any]) -> dict[str, Any]:
    """A whole scenario from the answers of `bot scenario new`; keys are the questions' names."""
    ref, level = given["because"], given["level"]
    choices = [
        {"id": "best", "text": given["best"], "verdict": "best",
         "feedback": given["best_feedback"], "because": [ref], "goes_to": "aid",
         "takes": "10m", "protects": True},
        {"id": "other", "text": given["other"], "verdict": "weak",
         "feedback": given["other_feedback"], "because": [ref], "goes_to": "later",
         "takes": "1d"},
    ]  # fmt: skip
    aid = [
        {"id": "follow", "text": "I do what it says, with my safeguarding lead.",
         "verdict": "best", "feedback": "You checked, and you are not alone with it.",
         "because": [ref], "goes_to": "end", "takes": "20m"},
        {"id": "leave", "text": "I leave it for another day.", "verdict": "weak",
         "feedback": "What worries you today is shared today.", "because": [ref],
         "goes_to": "later", "takes": "1d"},
    ]  # fmt: skip
    return {
        "id": given["id"],
        "title": given["title"],
        "summary": given["summary"],
        "audience": ["all_staff"],
        "phase": given["phase"],
        "duration": 15,
        "borough": given["borough"],
        "level": level,
        "themes": [given["theme"]],
        "aims": [given["aim"], "Know whom to tell, and by when."],
        "warning": given["warning"],
        "owner": OWNER,
        "review_by": dt.date(dt.date.today().year + 1, 3, 31).isoformat(),
        "scenes": [
            {"id": "start", "when": given["when"], "see": given["see"],
             "decision": {"kind": "choose", "strand": "respond", "question": given["question"],
                          "choices": choices}},
            {"id": "aid", "when": "A little later", "see": "You make sure with the assistant.",
             "decision": {"kind": "assistant", "strand": "refer", "talk": "model",
                          "question": "Ask the assistant. What do you do?", "choices": aid}},
            {"id": "end", "when": "That evening", "see": "It is in the right hands.",
             "ending": {"outcome": "good", "text": given["good_ending"]}},
            {"id": "later", "when": "A week later", "see": "Nothing has been done.",
             "ending": {"outcome": "poor", "text": "It can still be shared: do it today."}},
        ],
        "good": [
            {"text": given["best_feedback"], "because": [ref]},
            {"text": "The safeguarding lead knows the same day.",
             "because": ["steps/tell-dsl-today"]},
        ],
        "rubric": {
            "recognise": "Sees what it is by the local criteria.",
            "respond": given["best"],
            "record": "Own words, time and place, signed.",
            "refer": "The lead first, then the right door.",
            "in_time": "1d",
            "never": ["investigate", "delay"],
        },
        "assistant": [
            {"id": "model", "says": [given["says"]],
             "answers": {"safe_now": "yes", "child_borough": given["borough"],
                         "indicators": "suggested", "consent": "yes"},
             "expect": {"route": ROUTES[level], "level": level}},
        ],
        "debrief": ["What made it hard?", "What would you do in the first minute?",
                    "Whom would you tell in your school, and how do you reach them?"],
        "read": ["resources/what-to-do"],
    }  # fmt: skip


def said_in(transcript: str) -> list[str]:
    """What staff said in a transcript: lines that begin with `>`, `You:` or `Staff:`, or the
    user's turns of a JSON list, redacted.

    Raises:
        ImportFailed: there is none.
    """
    said: list[str] = []
    try:
        data = json.loads(transcript)
    except ValueError:
        said = [m.group(1) for line in transcript.splitlines() if (m := _STAFF.match(line.strip()))]
    else:
        events = data.get("events", data.get("messages", [])) if isinstance(data, dict) else data
        for one in events if isinstance(events, list) else []:
            who = one.get("event") or one.get("role") if isinstance(one, dict) else None
            if who in {"user", "staff"} and isinstance(one.get("text") or one.get("content"), str):
                said.append(one.get("text") or one["content"])
    kept = [redact(s.strip()) for s in said if s.strip() and not s.strip().startswith("/")]
    if not kept:
        raise ImportFailed(
            "S022 nothing that staff said was found. Mend: begin those lines with `> `"
        )
    return kept


def draft(transcript: str, title: str, borough: str) -> dict[str, Any]:
    """A draft from a transcript: its words become the scenes and the talk with the assistant;
    what a person must write is marked, and `bot scenario check` lists each mark.

    Raises:
        ImportFailed: nothing can be used.
    """
    said = said_in(transcript)
    todo = f"{DRAFT}: "
    made = skeleton(
        {
            "id": slug(title), "title": title, "summary": f"{todo}one sentence that sums it up.",
            "phase": "all", "borough": borough, "level": 4, "theme": "physical_abuse",
            "aim": f"{todo}what learners take away.", "warning": f"{todo}what it speaks of.",
            "when": f"{todo}day and time", "see": f"{todo}tell it as a story. Said was: {said[0]}",
            "question": "What do you do?", "best": f"{todo}the model answer.",
            "best_feedback": f"{todo}why it is right.", "other": f"{todo}a tempting wrong answer.",
            "other_feedback": f"{todo}what it leads to.", "because": "steps/tell-dsl-today",
            "good_ending": f"{todo}how it ends well.", "says": said[0],
        }
    )  # fmt: skip
    made["assistant"][0]["says"] = said[:10]
    return made


def as_yaml(made: dict[str, Any]) -> str:
    """A scenario as the text of its file."""
    return yaml.safe_dump(made, sort_keys=False, allow_unicode=True, width=100)
