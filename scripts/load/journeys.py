"""Real journeys whose answers can be told apart: each says whose it must be.

A journey fixes what its speaker answers to each question.  The summary at the end repeats
those answers, so that a conversation that got another's turn is found out.
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MOST_TURNS = 14


class Mixed(AssertionError):
    """An answer that belongs to another conversation, or none at all."""


class FixedAnswer(Mixed):
    """999 and the front doors instead of an answer: too slow, or a part is down."""


@dataclass(frozen=True)
class Journey:
    """What one speaker says, answers and must find in the summary."""

    says: str
    answers: dict[str, str]
    summary: tuple[str, ...]
    borough: str
    sender: str = field(default_factory=lambda: "load-" + uuid.uuid4().hex)


_AGES = {"under_5": "aged 3", "5_to_11": "aged 8", "11_to_16": "aged 13"}
_BOROUGHS = {"hackney": "Hackney", "city": "City of London"}
_CONSENT = {"yes": "Yes", "no": "No"}
_WORRIES = (
    "a girl {age} told me her mum hits her with a belt",
    "boy {age} flinches when his dad collects him",
    "a girl {age} stopped talking to her friends and cries a lot",
)
_ADULTS = (
    ("a supply teacher shoved a pupil", "Supply"),
    ("a volunteer sent private messages to a pupil", "Volunteer"),
    ("a teaching assistant grabbed a boy by the arm", "Teaching assistant"),
)


def journeys() -> Iterator[Journey]:
    """Without end, all kinds in turn."""
    children = list(itertools.product(_WORRIES, _AGES, _BOROUGHS, _CONSENT))
    adults = list(itertools.product(_ADULTS, _BOROUGHS))
    for at in itertools.count():
        if at % 4 == 3:
            (says, role), borough = adults[at // 4 % len(adults)]
            yield Journey(
                says,
                {"setting_borough": borough, "safe_now": "yes", "harm_test": "yes"},
                (_BOROUGHS[borough], role),
                borough,
            )
        else:
            worry, age, borough, consent = children[at * 7 % len(children)]
            yield Journey(
                worry.format(age=_AGES[age]),
                {"child_borough": borough, "safe_now": "yes", "consent": consent},
                (_BOROUGHS[borough],),
                borough,
            )


def reply_to(journey: Journey, messages: list[dict[str, Any]]) -> str | None:
    """The payload that answers the question the messages end with; None at the end."""
    questions = [m["custom"] for m in messages if (m.get("custom") or {}).get("type") == "question"]
    if not questions or questions[-1]["id"] == "more":
        return None
    options = questions[-1]["options"]
    wanted = journey.answers.get(questions[-1]["id"])
    for option in options:
        if option.get("value") == wanted or (wanted is None and option.get("suggested")):
            return str(option["payload"])
    return str(options[-1]["payload"])


def check(journey: Journey, messages: list[dict[str, Any]]) -> None:
    """Whether the messages are this conversation's.

    Raises:
        Mixed: they are not, or are the fixed answer.
    """
    if not messages:
        raise Mixed("no answer")
    for message in messages:
        made = message.get("custom") or {}
        if made.get("id") == "fallback-when-down":
            raise FixedAnswer("the fixed answer")
        if message.get("recipient_id") != journey.sender:
            raise Mixed("somebody else's answer")
        borough = (made.get("outcome") or {}).get("borough")
        if borough in _BOROUGHS and borough != journey.borough:
            raise Mixed("another's borough")


def check_summary(journey: Journey, messages: list[dict[str, Any]]) -> None:
    """Whether the summary repeats what this speaker said.

    Raises:
        Mixed: it does not.
    """
    check(journey, messages)
    text = "\n".join(m.get("text") or "" for m in messages)
    if missing := [words for words in journey.summary if words not in text]:
        raise Mixed(f"the summary lacks {missing}")
