"""Runs made by hand, for the tests of the bench: no model is loaded."""

from __future__ import annotations

from typing import Any

from bot.evaluate.player import Run
from bot.evaluate.vignettes import Vignette


def outcome(route: str, level: int | None = None, borough: str | None = None, *contacts: str):
    """An outcome as a message carries it."""
    return {
        "route": route,
        "level": level,
        "borough": borough,
        "contact_ids": list(contacts),
        "deadline": "none",
    }


def guidance(*args: Any) -> dict[str, Any]:
    """A message with an outcome."""
    return {
        "type": "guidance",
        "outcome": outcome(*args),
        "do_now": [],
        "do_not": [],
        "why": [],
        "contacts": [],
    }


def run(name: str, expect: dict[str, Any], *turns: list[dict[str, Any]], **more: Any) -> Run:
    """A run that came out as `turns`."""
    vignette = Vignette(id=name, says=["text"], expect=expect, **more)
    made = Run(vignette, turns=list(turns))
    made.questions = [m["id"] for t in turns for m in t if m["type"] == "question"]
    return made
