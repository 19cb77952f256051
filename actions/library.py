"""The actions' view of the knowledge base: one store, shared by all actions."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TypeVar

from knowledge.decisions import plan_for
from knowledge.schema import (
    Combination,
    Contact,
    Duty,
    Framework,
    FrameworkLevel,
    Indicator,
    Notice,
    Plan,
    PlanChoice,
    Prohibition,
    ProtectiveFactor,
    Question,
    RecordPoint,
    Source,
    Step,
    Strict,
)
from knowledge.store import Store, url_in_use
from knowledge.tables import Trace
from knowledge.validity import newer_source

T = TypeVar("T", bound=Strict)


class MissingEntry(LookupError):
    """The code asks for an entry that the content does not hold."""


class Library:
    """Typed look-ups; each raises `MissingEntry` or the store's own error."""

    def __init__(self, store: Store) -> None:
        self.store = store

    @property
    def version(self) -> str:
        """The content version that answers now."""
        return self.store.version()

    def get(self, kind: str, key: str, of: type[T]) -> T:
        """One entry that must be there."""
        entry = self.store.get(kind, key, of)
        if entry is None:
            raise MissingEntry(f"{kind}: no entry `{key}`")
        return entry

    def contact(self, key: str) -> Contact:
        """A contact by id."""
        return self.get("contacts", key, Contact)

    def step(self, key: str) -> Step:
        """A step by id."""
        return self.get("steps", key, Step)

    def prohibition(self, key: str) -> Prohibition:
        """A prohibition by id."""
        return self.get("prohibitions", key, Prohibition)

    def record(self, key: str) -> RecordPoint:
        """A record point by id."""
        return self.get("records", key, RecordPoint)

    def duty(self, key: str) -> Duty:
        """A special duty by id."""
        return self.get("duties", key, Duty)

    def notice(self, key: str) -> Notice:
        """A fixed text by id."""
        return self.get("notices", key, Notice)

    def source(self, key: str) -> Source:
        """A source by id."""
        return self.get("sources", key, Source)

    def newer_source(self, key: str) -> Source | None:
        """The edition in force today of a source that was replaced, or None."""
        return newer_source(self.store.stored()["sources"], key, self.store.day)

    def question(self, question: str) -> Question:
        """The entry of a question id."""
        for entry in self.store.all("questions", Question):
            if str(entry.question) == question:
                return entry
        raise MissingEntry(f"questions: none for `{question}`")

    def rows(self, kind: str, of: type[T]) -> list[T]:
        """The rows of a decision table that are in force today."""
        return self.store.all(kind, of)

    def plan(self, route: str, borough: str | None) -> Plan:
        """The plan for a route and a borough."""
        return self.plan_and_trace(route, borough)[0]

    def plan_and_trace(self, route: str, borough: str | None) -> tuple[Plan, Trace]:
        """The plan for a route and a borough, and the row that chose it."""
        try:
            key, trace = plan_for(self.rows("plan_choices", PlanChoice), route, borough)
        except LookupError as error:
            raise MissingEntry(str(error)) from error
        return self.get("plans", key, Plan), trace

    def indicators(self, ids: list[str]) -> list[Indicator]:
        """The indicators of these ids that exist, in the order given."""
        found = (self.store.get("indicators", i, Indicator) for i in ids)
        return [i for i in found if i is not None and i.status != "superseded"]

    def strengths(self, ids: list[str]) -> list[ProtectiveFactor]:
        """The protective factors of these ids that exist."""
        found = (self.store.get("protective", i, ProtectiveFactor) for i in ids)
        return [one for one in found if one is not None]

    def combinations(self) -> list[Combination]:
        """All rules by which findings together raise the level."""
        return self.store.all("combinations", Combination)

    def framework_level(self, borough: str | None, level: int) -> tuple[Framework, FrameworkLevel]:
        """The borough's own words for a level; London's where it is neither of the two."""
        frameworks = self.store.all("frameworks", Framework)
        wanted = borough if borough in {"city", "hackney"} else "other"
        for framework in frameworks:
            if str(framework.borough) == wanted:
                for one in framework.levels:
                    if one.level == level:
                        return framework, one
        raise MissingEntry(f"frameworks: no level {level} for `{borough}`")


@lru_cache(maxsize=4)
def _library(url: str, process: int) -> Library:
    return Library(Store(url))


def library() -> Library:
    """The library of this process for the store's address in use."""
    return _library(url_in_use(), os.getpid())
