"""Reads scenario files: YAML in, checked scenarios or problems with file and line out.

S001 file cannot be read or is no YAML   S006 unknown or superseded knowledge id
S002 wrong or missing field              S007 no model answer
S003 id is not the file's name, or twice S008 talk with the assistant unknown or unused
S004 dead end                            S009 a draft's mark is left
S005 scene that cannot be reached        S010 a name or number of a person
S011 replay: the assistant answers otherwise than the model answer says
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from bot.scenarios.format import Scenario
from knowledge.errors import Problem
from knowledge.reader import MAX_BYTES, Loader, look_through, repeated_key

Place = tuple[Any, ...]


@dataclass
class ScenarioFile:
    """One file as read: the scenario if it can be used, the lines of its parts, its faults."""

    path: Path
    scenario: Scenario | None = None
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The file as shown to the author."""
        return f"{self.path.parent.name}/{self.path.name}"

    def line(self, place: Place) -> int:
        """The line of a part, or of the nearest part around it that has one."""
        for end in range(len(place), 0, -1):
            if place[:end] in self.lines:
                return self.lines[place[:end]]
        return 1

    def fail(self, code: str, place: Place, problem: str, mend: str) -> None:
        """Note a fault at a part."""
        entry = self.scenario.id if self.scenario else self.path.stem
        self.problems.append(Problem(code, self.name, self.line(place), entry, problem, mend))


class ScenarioError(ValueError):
    """Scenario files cannot be used; `problems` lists every reason."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(p) for p in problems))


def _walk(node: yaml.Node, place: Place, file: ScenarioFile) -> None:
    file.lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        if (key := repeated_key(node)) is not None:
            at = (*place, "?")
            file.lines[at] = key.start_mark.line + 1
            fault = f"`{key.value}` stands twice"
            file.fail("S001", at, fault, "keep one of the two")
        for key, value in node.value:
            inner = (*place, key.value)
            file.lines[inner] = key.start_mark.line + 1
            _walk(value, inner, file)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            _walk(value, (*place, number), file)


def _mend(error: Any) -> str:
    match error["type"]:
        case "missing":
            return "add this field"
        case "extra_forbidden":
            return "remove or respell it; docs/training.md lists the fields"
        case "enum" | "literal_error":
            return "use " + str(error.get("ctx", {}).get("expected", "a listed value"))
        case _:
            return "see docs/training.md for this field"


def _place_of(loc: tuple[Any, ...]) -> Place:
    """The place in the file, without the names that pydantic puts in for kinds of decision."""
    return tuple(
        p for n, p in enumerate(loc)
        if not (n and loc[n - 1] == "decision" and p in {"choose", "assistant", "write"})
    )  # fmt: skip


def _fields(text: str, file: ScenarioFile) -> Any:
    loader = Loader(text)
    try:
        root = loader.get_single_node()
        if root is None:
            return None
        _walk(root, (), file)
        return loader.construct_object(root, deep=True)
    finally:
        loader.dispose()


def read_file(path: Path) -> ScenarioFile:
    """Read one file; faults are in its `problems`, never raised."""
    file = ScenarioFile(path)
    try:
        data = path.read_bytes()
        if len(data) > MAX_BYTES:
            file.fail("S001", (), f"the file has {len(data)} bytes", f"keep it below {MAX_BYTES}")
            return file
        text = data.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        file.fail("S001", (), f"cannot be read ({error})", "save it as UTF-8, check its rights")
        return file
    try:
        if (unsafe := look_through(text)) is not None:
            file.lines[("?",)] = unsafe[0]
            fault = "nested too deep" if unsafe[1] == "deep" else "an alias (`*name`)"
            file.fail(
                "S001", ("?",), f"{fault} is not allowed", "write it out, see docs/training.md"
            )
            return file
        fields = _fields(text, file)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        file.lines[("?",)] = mark.line + 1 if mark else 1
        fault = getattr(error, "problem", None) or str(error).splitlines()[0]
        file.fail("S001", ("?",), f"not valid YAML: {fault}", "look at indents and quotes here")
        return file
    if not isinstance(fields, dict):
        file.fail("S001", (), "the file is no mapping", "begin with `id:`")
        return file
    try:
        scenario = Scenario(**fields)
    except ValidationError as error:
        for wrong in error.errors():
            place = _place_of(wrong["loc"])
            named = ".".join(str(p) for p in place) or "scenario"
            file.fail("S002", place, f"{named}: {wrong['msg']}", _mend(wrong))
        return file
    except TypeError:
        file.fail("S002", (), "a field name is no text", "write fields as `name: value`")
        return file
    if not file.problems:
        file.scenario = scenario
    return file


def read_folder(folder: Path) -> list[ScenarioFile]:
    """Every `*.yml` in a folder, by name."""
    return [read_file(path) for path in sorted(folder.glob("*.yml"))]
