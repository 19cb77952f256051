"""What a scenario file holds, checked when it is read; documented in docs/training.md.

The JSON Schema beside the scenarios is written from these models, so an editor that knows
the schema and the program never disagree.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Union

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from bot.evaluate.vignettes import Vignette
from knowledge.schema import Identifier, Level, Strict, Text
from knowledge.vocabulary import Borough, Domain, DoNot

Long = Annotated[str, Field(min_length=3, max_length=1600)]
Ref = Annotated[
    str,
    Field(
        pattern=r"^[a-z_]+/[a-z0-9]+([-_][a-z0-9]+)*(#[1-4])?$",
        description="Kind and id of a knowledge entry, such as `indicators/neglect-persistent`; "
        "a framework also takes a level: `frameworks/london-continuum#3`.",
    ),
]
_UNITS = {"m": 1, "h": 60, "d": 1440, "w": 10080}


def minutes_of(value: Any) -> Any:
    """`20m`, `2h`, `3d` or `2w` as minutes; what is no such text stays as it is."""
    if isinstance(value, str) and (found := re.fullmatch(r"(\d{1,3})([mhdw])", value.strip())):
        return int(found.group(1)) * _UNITS[found.group(2)]
    return value


Minutes = Annotated[
    int,
    BeforeValidator(minutes_of, json_schema_input_type=int | str),
    Field(ge=0, le=525600, description="Minutes, or a text such as `20m`, `2h`, `3d`, `2w`."),
]
Verdict = Literal["best", "fair", "weak", "harmful"]
POINTS: dict[str, int] = {"best": 3, "fair": 2, "weak": 1, "harmful": 0}
FULL = 3
Strand = Literal["recognise", "respond", "record", "refer"]
STRANDS: tuple[Strand, ...] = ("recognise", "respond", "record", "refer")
# What a scenario is about, beside the domains of the criteria.
THEMES = (
    "allegation",
    "low_level_concern",
    "disagreement",
    "nothing_to_refer",
    "consent",
    "whistleblowing",
    "other_borough",
)
_KNOWN_THEMES = frozenset([str(d) for d in Domain]) | frozenset(THEMES)


def _theme(value: str) -> str:
    if value not in _KNOWN_THEMES:
        raise ValueError(f"no theme `{value}`; use a domain of the criteria or one of {THEMES}")
    return value


Theme = Annotated[
    str,
    AfterValidator(_theme),
    Field(json_schema_extra={"enum": sorted(_KNOWN_THEMES)}),
]


class Point(Strict):
    """A statement with the entries of the knowledge base that it rests on."""

    text: Text
    because: Annotated[tuple[Ref, ...], Field(min_length=1)]


class Choice(Strict):
    """One thing that a learner may decide, what it leads to, and what to say about it.

    `takes` is the time that passes; `protects` says that with it the child's safety is in
    the hands of somebody who acts; `breaks` names what should not be done and was.
    """

    id: Identifier
    text: Text
    verdict: Verdict
    feedback: Text
    because: Annotated[tuple[Ref, ...], Field(min_length=1)]
    goes_to: Identifier
    takes: Minutes = 0
    protects: bool = False
    breaks: tuple[DoNot, ...] = ()


class LookFor(Strict):
    """Something that a written answer should hold, or with `avoid` should not: found where
    any of `words` stands in it (whole words; `*` at the end stands for any ending)."""

    id: Identifier
    text: Text
    words: Annotated[tuple[Annotated[str, Field(min_length=2, max_length=60)], ...],
                     Field(min_length=1)]  # fmt: skip
    because: Annotated[tuple[Ref, ...], Field(min_length=1)]
    avoid: bool = False


class Choose(Strict):
    """A decision with fixed choices."""

    kind: Literal["choose"]
    strand: Strand
    question: Text
    seconds: Annotated[int, Field(ge=10, le=1800)] | None = None
    choices: Annotated[tuple[Choice, ...], Field(min_length=2, max_length=6)]


class UseAssistant(Strict):
    """A decision to be made with the assistant's help: the learner asks it, then chooses.
    `talk` names the model answer, whose first words are offered to the learner."""

    kind: Literal["assistant"]
    strand: Strand
    question: Text
    talk: Identifier
    seconds: Annotated[int, Field(ge=10, le=1800)] | None = None
    choices: Annotated[tuple[Choice, ...], Field(min_length=2, max_length=6)]


class Write(Strict):
    """A decision written freely; looked through for points, and never kept."""

    kind: Literal["write"]
    strand: Strand
    question: Text
    example: Long
    seconds: Annotated[int, Field(ge=10, le=1800)] | None = None
    look_for: Annotated[tuple[LookFor, ...], Field(min_length=2, max_length=8)]
    goes_to: Identifier
    takes: Minutes = 0


Decision = Annotated[Union[Choose, UseAssistant, Write], Field(discriminator="kind")]  # noqa: UP007


class Ending(Strict):
    """How the case ends on this branch."""

    outcome: Literal["good", "mixed", "poor"]
    text: Long


class Scene(Strict):
    """A step in time: what the learner sees or hears, and what comes of it.

    Exactly one of `decision`, `goes_to` and `ending` follows.
    """

    id: Identifier
    when: Text
    see: Long
    decision: Decision | None = None
    goes_to: Identifier | None = None
    ending: Ending | None = None

    @model_validator(mode="after")
    def _one_way_on(self) -> Scene:
        given = [x for x in (self.decision, self.goes_to, self.ending) if x is not None]
        if len(given) != 1:
            raise ValueError("a scene has exactly one of decision, goes_to and ending")
        return self

    def targets(self) -> tuple[str, ...]:
        """Ids of the scenes that may follow."""
        if self.goes_to:
            return (self.goes_to,)
        if isinstance(self.decision, Write):
            return (self.decision.goes_to,)
        if self.decision is not None:
            return tuple(dict.fromkeys(c.goes_to for c in self.decision.choices))
        return ()


class Rubric(Strict):
    """What full marks mean in each strand, by when somebody who acts must know
    (`in_time`), and what must not be done (`never`)."""

    recognise: Text
    respond: Text
    record: Text
    refer: Text
    in_time: Minutes
    never: tuple[DoNot, ...]


class Scenario(Strict):
    """A whole scenario: one file, named after its id."""

    id: Identifier
    title: Text
    summary: Text
    audience: Annotated[
        tuple[Literal["all_staff", "teachers", "support_staff", "dsl", "heads", "governors"], ...],
        Field(min_length=1),
    ]
    phase: Literal["all", "early_years", "primary", "secondary", "post_16"]
    duration: Annotated[int, Field(ge=5, le=90, description="Minutes with a group.")]
    borough: Borough
    level: Level | None = None
    themes: Annotated[tuple[Theme, ...], Field(min_length=1)]
    aims: Annotated[tuple[Text, ...], Field(min_length=2, max_length=5)]
    warning: Text
    owner: Text
    review_by: dt.date
    scenes: Annotated[tuple[Scene, ...], Field(min_length=3, max_length=20)]
    good: Annotated[tuple[Point, ...], Field(min_length=2)]
    rubric: Rubric
    assistant: Annotated[tuple[Vignette, ...], Field(min_length=1)]
    debrief: Annotated[tuple[Text, ...], Field(min_length=3)]
    read: Annotated[tuple[Ref, ...], Field(min_length=1)]

    def scene(self, key: str) -> Scene:
        """A scene by id; KeyError where there is none."""
        for scene in self.scenes:
            if scene.id == key:
                return scene
        raise KeyError(key)

    @property
    def first(self) -> Scene:
        """Where it begins: the scene written first."""
        return self.scenes[0]

    def model_path(self) -> list[str]:
        """Scenes passed when the best choice is made each time, up to an ending or a loop."""
        path: list[str] = []
        at = self.first
        while at.id not in path:
            path.append(at.id)
            onward = best_of(at.decision).goes_to if _has_choices(at.decision) else None
            target = onward or next(iter(at.targets()), None)
            if target is None:
                break
            at = self.scene(target)
        return path

    def references(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """(place in the file, reference) of every reference to the knowledge base."""
        for n, point in enumerate(self.good):
            yield from ((("good", n, "because"), r) for r in point.because)
        yield from ((("read",), r) for r in self.read)
        for n, scene in enumerate(self.scenes):
            where: tuple[str | int, ...] = ("scenes", n, "decision")
            if isinstance(scene.decision, Write):
                for m, look in enumerate(scene.decision.look_for):
                    yield from (((*where, "look_for", m, "because"), r) for r in look.because)
            elif scene.decision is not None:
                for m, choice in enumerate(scene.decision.choices):
                    yield from (((*where, "choices", m, "because"), r) for r in choice.because)


def _has_choices(decision: Any) -> bool:
    return isinstance(decision, (Choose, UseAssistant))


def best_of(decision: Any) -> Choice:
    """The model answer among a decision's choices: the first that is judged best."""
    for choice in decision.choices:
        if choice.verdict == "best":
            return choice  # type: ignore[no-any-return]
    return decision.choices[0]  # type: ignore[no-any-return]


def schema_text() -> str:
    """The JSON Schema of a scenario file, as written beside the scenarios."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "scenario.schema.json",
        **Scenario.model_json_schema(mode="validation"),
    }
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
