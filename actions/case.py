"""What is known of the talk so far: read from slots, changed, written back as events."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet


@dataclass
class Case:
    """The slots of the domain, by the same names.  None is "not known yet"."""

    topic: str | None = None
    safe_now: str | None = None
    danger: bool = False
    child_borough: str | None = None
    child_authority: str | None = None
    indicators: list[str] | None = None
    indicator_answer: str | None = None
    suggested: dict[str, float] = field(default_factory=dict)
    likely: list[str] = field(default_factory=list)
    consent: str | None = None
    child_age: str | None = None
    repeated: bool = False
    social_worker: bool = False
    child_named: bool = False
    strengths: list[str] = field(default_factory=list)
    setting_borough: str | None = None
    setting_authority: str | None = None
    adult_role: str | None = None
    about_head: str | None = None
    harm_test: str | None = None
    resource_topic: str | None = None
    more: str | None = None
    writer: str | None = None
    adult_named: bool = False
    asked: str | None = None
    asked_times: dict[str, int] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    done: bool = False
    outcome: dict[str, Any] | None = None

    @classmethod
    def read(cls, tracker: Tracker) -> Case:
        """The case as the tracker's slots hold it."""
        case = cls()
        for one in fields(cls):
            value = tracker.get_slot(one.name)
            if value is not None:
                setattr(case, one.name, value)
        return case

    def events(self, before: Case) -> list[EventType]:
        """The changes against `before`, as events."""
        old, new = asdict(before), asdict(self)
        return [SlotSet(name, value) for name, value in new.items() if old[name] != value]

    def copy(self) -> Case:
        """A copy whose lists and dictionaries are its own."""
        return Case(**asdict(self))

    def answer(self, question: str, value: Any) -> None:
        """Take an answer, and remember the order for going back."""
        if question == "indicators":
            self._answer_indicators(value)
        else:
            setattr(self, question, value)
        if self.order[-1:] != [question]:
            self.order.append(question)
        if self.asked == question:
            self.asked = None

    def _answer_indicators(self, value: Any) -> None:
        values = value if isinstance(value, list) else [value]
        named = [v for v in values if v not in {"none", "unsure"}]
        self.indicators = list(dict.fromkeys([*(self.indicators or []), *named]))
        self.indicator_answer = "confirmed" if named else str(values[0] if values else "none")

    def forget(self, question: str) -> None:
        """Take an answer back, so that it is asked again."""
        if question == "indicators":
            self.indicators, self.indicator_answer = None, None
        else:
            setattr(self, question, None)
        if question == "safe_now":
            self.danger = False
        if question in {"child_borough", "setting_borough"}:
            setattr(self, question.replace("borough", "authority"), None)
        self.order = [q for q in self.order if q != question]
        self.done = False
        self.outcome = None

    def reopen(self) -> None:
        """More is said of the matter in hand: what fits is asked again, the rest stands."""
        self.indicator_answer = None
        self.asked_times["indicators"] = 0
        self.done = False

    def new_matter(self, topic: str | None) -> None:
        """Begin a new matter in the same talk: nothing of the old one is carried over."""
        fresh = Case(topic=topic)
        for one in fields(self):
            setattr(self, one.name, getattr(fresh, one.name))
