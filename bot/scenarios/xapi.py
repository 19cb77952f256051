"""Answers as xAPI statements (Experience API 1.0.3), and sending them to a record store.

Off unless `BOT_LRS_URL` is set.  The actor is an account with a number made for the session:
no name, no address.  There is no official JSON Schema of the statement; `xapi.schema.json`
beside this file is written from the rules of the specification's part two.
"""

from __future__ import annotations

import base64
import json
import os
import urllib.error
import urllib.request
import uuid
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from bot.scenarios.debrief import is_complete, iso, visits_of
from bot.scenarios.format import FULL, Scenario, Write, best_of
from bot.scenarios.player import State
from bot.scenarios.scoring import decided, score

VERSION = "1.0.3"
HOME = "https://worried-about-a-child.invalid/training"
URL_VARIABLE, USER_VARIABLE, SECRET_VARIABLE = "BOT_LRS_URL", "BOT_LRS_USER", "BOT_LRS_SECRET"
SPACE = uuid.uuid5(uuid.NAMESPACE_URL, HOME)
VERBS = {
    "initialized": "http://adlnet.gov/expapi/verbs/initialized",
    "answered": "http://adlnet.gov/expapi/verbs/answered",
    "completed": "http://adlnet.gov/expapi/verbs/completed",
}
SCHEMA = Path(__file__).with_name("xapi.schema.json")
BATCH = 50
SECONDS = 10


class LrsError(RuntimeError):
    """S030: the record store is not configured, or does not take the statements."""


def _iri(*parts: str) -> str:
    return "/".join((HOME, *parts))


def _verb(name: str) -> dict[str, Any]:
    return {"id": VERBS[name], "display": {"en-GB": name}}


def _context(session: int, scenario: Scenario, version: str, run: int) -> dict[str, Any]:
    return {
        "registration": str(uuid.uuid5(SPACE, f"{session}.{run}")),
        "platform": "Worried About a Child, training",
        "language": "en-GB",
        "contextActivities": {
            "grouping": [{"objectType": "Activity", "id": _iri("scenarios", scenario.id)}]
        },
        "extensions": {_iri("extensions", "content-version"): version},
    }


def _activity(scenario: Scenario, scene_id: str) -> dict[str, Any]:
    decision = scenario.scene(scene_id).decision
    definition: dict[str, Any] = {
        "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
        "name": {"en-GB": scenario.scene(scene_id).when},
    }
    if isinstance(decision, Write):
        definition |= {"interactionType": "other", "description": {"en-GB": decision.question}}
    elif decision is not None:
        definition |= {
            "description": {"en-GB": decision.question},
            "interactionType": "choice",
            "correctResponsesPattern": [best_of(decision).id],
            "choices": [{"id": c.id, "description": {"en-GB": c.text}} for c in decision.choices],
        }
    address = _iri("scenarios", scenario.id, "scenes", scene_id)
    return {"objectType": "Activity", "id": address, "definition": definition}


def _whole(scenario: Scenario) -> dict[str, Any]:
    return {
        "objectType": "Activity",
        "id": _iri("scenarios", scenario.id),
        "definition": {
            "type": "http://adlnet.gov/expapi/activities/simulation",
            "name": {"en-GB": scenario.title},
            "description": {"en-GB": scenario.summary},
        },
    }


def statements(
    session: int, scenario: Scenario, version: str, state: State
) -> list[dict[str, Any]]:  # fmt: skip
    """All statements of a session: begun, each scored answer, completed. Ids do not change,
    so a store that gets them twice keeps them once."""
    made: list[dict[str, Any]] = []
    for run in range(1, state.run + 1):
        visits = visits_of(state, run)
        for number, learner in enumerate(sorted(state.learners), start=1):
            made += _of_learner(session, scenario, version, state, run, visits, number, learner)
    return made


def _of_learner(
    session: int, scenario: Scenario, version: str, state: State, run: int,
    visits: list[Any], number: int, learner: int,
) -> list[dict[str, Any]]:  # fmt: skip
    account = str(uuid.uuid5(SPACE, f"{session}.{learner}"))
    actor = {"objectType": "Agent", "account": {"homePage": HOME, "name": account}}
    common = {"actor": actor, "context": _context(session, scenario, version, run)}
    name = f"{session}.{run}.{number}"
    answered = [(v, v.answers[learner]) for v in visits if learner in v.answers]
    if not answered:
        return []
    made: list[dict[str, Any]] = [
        {
            "id": str(uuid.uuid5(SPACE, f"{name}.initialized")),
            **common,
            "verb": _verb("initialized"),
            "object": _whole(scenario),
            "timestamp": iso(max(visits[0].entered, state.learners[learner])),
        }
    ]
    for place, (visit, answer) in enumerate(answered):
        row = decided(scenario, visit, answer)
        if row is None:
            continue
        result: dict[str, Any] = {
            "success": row.verdict == "best",
            "score": {"raw": row.points, "min": 0, "max": FULL,
                      "scaled": round(row.points / FULL, 4)},
            "duration": f"PT{answer.seconds:g}S",
        }  # fmt: skip
        if answer.choice:
            result["response"] = answer.choice
        made.append(
            {
                "id": str(uuid.uuid5(SPACE, f"{name}.{place}.{visit.scene}")),
                **common,
                "verb": _verb("answered"),
                "object": _activity(scenario, visit.scene),
                "result": result,
                "timestamp": iso(answer.at),
            }
        )
    total = score(scenario, visits, learner)
    done = run == state.run and is_complete(scenario, state, visits, total)
    if done and state.finished_at is not None:
        made.append(
            {
                "id": str(uuid.uuid5(SPACE, f"{name}.completed")),
                **common,
                "verb": _verb("completed"),
                "object": _whole(scenario),
                "result": {"completion": True, "score": {"scaled": round(total.scaled, 4)}},
                "timestamp": iso(state.finished_at),
            }
        )
    return made


@lru_cache(maxsize=1)
def validator() -> Draft202012Validator:
    """Checks a statement, formats included."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return Draft202012Validator(schema, format_checker=FormatChecker())


def faults(statement: dict[str, Any]) -> list[str]:
    """What is wrong with a statement."""
    return [f"{e.json_path}: {e.message}" for e in validator().iter_errors(statement)]


def send(made: list[dict[str, Any]]) -> int:
    """Send statements to the configured store; returns how many.

    Raises:
        LrsError: none is configured, a statement is wrong, or it was not taken.
    """
    url = os.environ.get("BOT_LRS_URL", "")
    if not url.startswith("https://") and not url.startswith("http://127.0.0.1:"):
        raise LrsError(f"S030 {URL_VARIABLE} is not set to an https address: nothing was sent. "
                       f"Mend: set {URL_VARIABLE}, {USER_VARIABLE}, {SECRET_VARIABLE}")  # fmt: skip
    wrong = [f for one in made for f in faults(one)]
    if wrong:
        raise LrsError(f"S030 a statement is wrong: {wrong[0]}")
    user, secret = os.environ.get("BOT_LRS_USER", ""), os.environ.get("BOT_LRS_SECRET", "")
    login = base64.b64encode(f"{user}:{secret}".encode()).decode()
    for at in range(0, len(made), BATCH):
        request = urllib.request.Request(  # noqa: S310 - checked above
            url.rstrip("/") + "/statements",
            json.dumps(made[at : at + BATCH]).encode(),
            {
                "Content-Type": "application/json",
                "X-Experience-API-Version": VERSION,
                "Authorization": f"Basic {login}",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=SECONDS):  # noqa: S310
                pass
        except (urllib.error.URLError, OSError) as error:
            raise LrsError(f"S030 {url} did not take the statements: {error}") from error
    return len(made)
