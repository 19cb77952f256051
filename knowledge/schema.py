"""What each kind of content entry must hold, checked when it is read.

Unknown keys are refused, so a misspelt field is an error and never a silent loss.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from knowledge.vocabulary import (
    AdultRole,
    AgeBand,
    Answer,
    Borough,
    ConsentState,
    Deadline,
    Domain,
    DoNot,
    QuestionId,
    Route,
    Scope,
    Status,
    Tell,
)

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9]+([-_][a-z0-9]+)*$", max_length=64)]
Level = Annotated[int, Field(ge=1, le=4)]
Text = Annotated[str, Field(min_length=3, max_length=1200)]


class Strict(BaseModel):
    """Base of everything: frozen, and closed to unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Source(Strict):
    """Where a fact comes from. `grade` A: the partnership's or statutory page; B: two
    or more independent pages; C: general knowledge of the field. `valid_from` and
    `valid_until` are the days between which an edition is in force, where it has such."""

    id: Identifier
    title: Text
    publisher: Text
    address: str | None = None
    date: str = "undated"
    accessed: dt.date
    grade: Literal["A", "B", "C"]
    note: Text | None = None
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    supersedes: Identifier | None = None

    @field_validator("address")
    @classmethod
    def _https(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"https?://[^\s/]+\.[^\s]+", value):
            raise ValueError("an address starts with https:// and has no spaces")
        return value


class Entry(Strict):
    """What every fact shown to staff carries."""

    id: Identifier
    scope: Scope
    source: Identifier
    also: tuple[Identifier, ...] = ()
    status: Status
    owner: Text
    review_by: dt.date
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    supersedes: Identifier | None = None

    @model_validator(mode="after")
    def _dates_in_order(self) -> Entry:
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValueError("valid_until is before valid_from")
        return self


class Contact(Entry):
    """A person or service to ring, write to or visit. `purpose` says for what."""

    name: Text
    kind: Literal[
        "emergency",
        "police",
        "front_door",
        "out_of_hours",
        "consultation",
        "lado",
        "whistleblowing",
        "helpline",
        "prevent",
    ]
    purpose: Text
    phone: str | None = None
    email: str | None = None
    web: str | None = None
    hours: Literal["always", "office", "other"]
    hours_text: Text
    out_of_hours: Identifier | None = None
    note: Text | None = None
    aliases: tuple[str, ...] = ()
    replaced_by: Identifier | None = None

    @model_validator(mode="after")
    def _reachable(self) -> Contact:
        if not (self.phone or self.email or self.web):
            raise ValueError("a contact needs a phone, an email or a web address")
        return self


class FrameworkLevel(Strict):
    """One level of a borough's framework, in the borough's words and the common ones."""

    level: Level
    route: Route
    own_name: Text
    common_name: Text
    means: Text
    leads: Text
    consent: Text
    form: Text
    timescale: Text
    next: Text


class Framework(Entry):
    """A borough's published criteria, mapped on the ladder 1 to 4."""

    title: Text
    borough: Borough
    levels: tuple[FrameworkLevel, ...]
    escalation: Text


class Indicator(Entry):
    """A sign that the criteria name. `phrases` are how staff say it; they find it."""

    domain: Domain
    level: Level
    text: Annotated[str, Field(min_length=8, max_length=140)]
    why: Text
    phrases: Annotated[tuple[str, ...], Field(min_length=4)]
    ages: tuple[AgeBand, ...] = ()
    duty: Identifier | None = None


class ProtectiveFactor(Entry):
    """A strength: shown, but it never lowers a level 3 or 4."""

    text: Text
    phrases: tuple[str, ...] = ()


class Combination(Entry):
    """A rule by which findings together raise the level. All parts given must hold."""

    text: Text
    domains: tuple[Domain, ...] = ()
    all_of: tuple[Identifier, ...] = ()
    any_of: tuple[Identifier, ...] = ()
    at_level: Level = 2
    distinct_domains: Annotated[int, Field(ge=0, le=10)] = 0
    ages: tuple[AgeBand, ...] = ()
    repeated: bool | None = None
    raises_to: Level


class Step(Entry):
    """One thing to do now; `order` is its place in the list (low first)."""

    text: Text
    tell: Tell | None = None
    contact: Identifier | None = None
    order: Annotated[int, Field(ge=0, le=999)]


class Prohibition(Entry):
    """One thing not to do, with the reason in its text."""

    kind: DoNot
    text: Text


class RecordPoint(Entry):
    """One thing to write down."""

    text: Text


class Plan(Entry):
    """What an outcome tells staff: ids of steps, prohibitions and record points."""

    route: Route
    title: Text
    deadline: Deadline
    steps: tuple[Identifier, ...]
    do_not: tuple[Identifier, ...] = ()
    record: tuple[Identifier, ...] = ()


class Duty(Entry):
    """A special duty that adds to, or changes, what is done (FGM, nudes, ...)."""

    title: Text
    text: Text
    steps: tuple[Identifier, ...] = ()
    do_not: tuple[Identifier, ...] = ()
    phrases: tuple[str, ...] = ()


class HarmCriterion(Entry):
    """One of the four criteria of the harm test for adults."""

    text: Text


class AllegationRow(Entry):
    """A row of the allegation matrix: who it is about, the harm test, what follows."""

    roles: tuple[AdultRole, ...]
    harm: tuple[Answer, ...]
    route: Route
    deadline: Deadline
    tell: tuple[Tell, ...]
    steps: tuple[Identifier, ...]
    why: Text


class ChildRoute(Entry):
    """A row of the child table: level of need by borough of the home, what follows."""

    levels: Annotated[tuple[Level, ...], Field(min_length=1)]
    boroughs: Annotated[tuple[Borough, ...], Field(min_length=1)]
    route: Route
    deadline: Deadline
    why: Text


class PlanChoice(Entry):
    """A row of the plan table: route by borough, and the plan that is then read out."""

    routes: Annotated[tuple[Route, ...], Field(min_length=1)]
    boroughs: Annotated[tuple[Borough, ...], Field(min_length=1)]
    plan: Identifier


class ConsentRule(Entry):
    """A row of the consent table: level by the parents' answer, and the notices shown."""

    levels: Annotated[tuple[Level, ...], Field(min_length=1)]
    consent: Annotated[tuple[ConsentState, ...], Field(min_length=1)]
    notices: tuple[Identifier, ...] = ()


class DoubtRule(Entry):
    """A row of the doubt table: what holds where staff confirm no sign. `strong` is the
    highest level that the words speak strongly for, 0 for none; `floor` is the level
    under which the answer may not fall."""

    answer: Annotated[tuple[Literal["unsure", "none"], ...], Field(min_length=1)]
    strong: Annotated[tuple[Annotated[int, Field(ge=0, le=4)], ...], Field(min_length=1)]
    floor: Level
    count_suggested: bool
    why: Text


class RoleChoice(Entry):
    """A row for adults whose role is not known: whose row of the matrix is read."""

    about_head: Annotated[tuple[Answer, ...], Field(min_length=1)]
    role: AdultRole
    why: Text


class RedFlag(Entry):
    """What means 999 or same-hour action. `patterns` are token patterns in the small
    language of `knowledge.patterns`; `phrases` are found by meaning; `not_phrases` look
    alike and are none: history, figures of speech, training."""

    title: Text
    phrases: Annotated[tuple[str, ...], Field(min_length=4)]
    not_phrases: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    route_after: Literal["child", "adult", "me"] = "child"


class Place(Strict):
    """A place name, postcode district or setting that tells a borough."""

    name: str
    borough: Borough
    kind: Literal["borough", "district", "ward", "estate", "area", "station", "setting", "postcode"]
    authority: str | None = None
    shared_with: tuple[str, ...] = ()


class Resource(Entry):
    """Guidance, a tool, training or a review that staff can be pointed to."""

    title: Text
    purpose: Text
    audience: Text
    topics: Annotated[tuple[str, ...], Field(min_length=1)]
    kind: Literal[
        "guidance",
        "statutory",
        "tool",
        "training",
        "template",
        "review",
        "audit",
        "briefing",
        "directory",
        "helpline",
        "law",
        "lesson",
    ]
    phase: Literal["all", "early_years", "primary", "secondary", "post_16"] = "all"
    publisher: Text
    address: str | None = None
    date: str = "undated"
    phrases: tuple[str, ...] = ()


class Term(Entry):
    """A word of the field, explained; `old_names` lead a search to the new one. `unlike`
    are terms that share a name with it and mean something else, knowingly."""

    term: Text
    text: Text
    old_names: tuple[str, ...] = ()
    unlike: tuple[Identifier, ...] = ()
    contact: Identifier | None = None


class Option(Strict):
    """A choice offered with a question; `says` are typed words that mean it."""

    value: str
    title: Text
    says: tuple[str, ...] = ()


class Question(Entry):
    """A question the assistant asks: fixed id, words, choices and why it is asked."""

    question: QuestionId
    text: Text
    why: Text
    options: tuple[Option, ...] = ()
    multiple: bool = False


class Notice(Entry):
    """A fixed text: safety, privacy, help, handover and the like."""

    text: Text


KINDS: dict[str, type[Strict]] = {
    "sources": Source,
    "contacts": Contact,
    "frameworks": Framework,
    "indicators": Indicator,
    "protective": ProtectiveFactor,
    "combinations": Combination,
    "steps": Step,
    "prohibitions": Prohibition,
    "records": RecordPoint,
    "plans": Plan,
    "duties": Duty,
    "harm_criteria": HarmCriterion,
    "allegations": AllegationRow,
    "child_routes": ChildRoute,
    "plan_choices": PlanChoice,
    "consent_rules": ConsentRule,
    "doubt_rules": DoubtRule,
    "role_choices": RoleChoice,
    "red_flags": RedFlag,
    "places": Place,
    "resources": Resource,
    "glossary": Term,
    "questions": Question,
    "notices": Notice,
}

Fields = dict[str, Any]
