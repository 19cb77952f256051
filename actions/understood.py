"""What Rasa's pipeline says of the latest message, in one typed place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Tracker


@dataclass(frozen=True)
class Understood:
    """The parsed message: text (redacted), intent, facts, red flags, what is near, and the level
    that it sounds like."""

    text: str = ""
    intent: str = ""
    confidence: float = 0.0
    ranking: tuple[tuple[str, float], ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    red_flags: tuple[dict[str, Any], ...] = ()
    near: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    level: int | None = None
    worry_in_clause: bool = False

    @property
    def danger(self) -> bool:
        """Whether a red flag is present now."""
        return any(flag["state"] == "now" for flag in self.red_flags)

    @property
    def danger_by_meaning_alone(self) -> bool:
        """Whether no rule of the red flags holds, and only the meaning sounds like danger."""
        return all(flag["id"] == "meaning" for flag in self.red_flags if flag["state"] == "now")

    @property
    def doubtful_danger(self) -> bool:
        """Whether there is a red flag that was lowered to a question."""
        return bool(self.red_flags) and not self.danger

    def chance(self, intent: str) -> float:
        """Probability of an intent in the ranking; 0.0 where it is not listed."""
        return dict(self.ranking).get(intent, 0.0)


def understand(tracker: Tracker) -> Understood:
    """Read the latest message; button payloads become `answers`."""
    message = tracker.latest_message or {}
    intent = message.get("intent") or {}
    name = str(intent.get("name") or "")
    answers: dict[str, Any] = {}
    if name == "answer":
        for entity in message.get("entities", []):
            key, value = entity["entity"], entity["value"]
            if key in answers:
                old = answers[key] if isinstance(answers[key], list) else [answers[key]]
                answers[key] = [*old, value]
            else:
                answers[key] = value
    ranking = tuple(
        (str(one["name"]), float(one["confidence"]))
        for one in message.get("intent_ranking", [])
        if one.get("name")
    )
    return Understood(
        text=str(message.get("text") or ""),
        intent=name,
        confidence=float(intent.get("confidence") or 0.0),
        ranking=ranking,
        facts=message.get("facts") or {},
        red_flags=tuple(message.get("red_flags") or ()),
        near=message.get("near") or {},
        answers=answers,
        level=(message.get("level") or {}).get("level"),
        worry_in_clause=bool(message.get("worry_in_clause")),
    )
