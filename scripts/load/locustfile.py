"""Locust's user: a member of staff who reads, thinks and types between two messages."""

from __future__ import annotations

import os
import time
from typing import Any

from locust import HttpUser, task

from scripts.load.journeys import (
    MOST_TURNS,
    Journey,
    Mixed,
    check,
    check_summary,
    journeys,
    reply_to,
)

SHORTEST, LONGEST = (float(s) for s in os.environ.get("LOAD_THINK", "4-12").split("-"))
_journeys = journeys()


class Staff(HttpUser):
    """One conversation after another, each to its summary."""

    def say(self, journey: Journey, text: str, name: str) -> list[dict[str, Any]]:
        """One turn; anything but this conversation's answer is a failure."""
        body = {"sender": journey.sender, "message": text}
        answer: Any
        with self.client.post(
            "/webhooks/rest/webhook", json=body, name=name, catch_response=True, timeout=15
        ) as answer:
            try:
                messages: list[dict[str, Any]] = answer.json()
                (check_summary if name == "summary" else check)(journey, messages)
            except (ValueError, KeyError, TypeError, Mixed) as error:
                answer.failure(str(error) or type(error).__name__)
                return []
        return messages

    def think(self) -> None:
        """As long as a person would."""
        time.sleep(_pause())

    @task
    def conversation(self) -> None:
        """From the worry to the summary."""
        journey = next(_journeys)
        said = journey.says
        for turn in range(MOST_TURNS):
            self.think()
            messages = self.say(journey, said, "first" if turn == 0 else "answer")
            reply = reply_to(journey, messages)
            if reply is None:
                break
            said = reply
        self.think()
        self.say(journey, "summary", "summary")


def _pause() -> float:
    import random

    return random.uniform(SHORTEST, LONGEST)  # noqa: S311 - not for secrets
