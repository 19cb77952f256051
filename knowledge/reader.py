"""Reads content files: YAML in, raw entries with their line numbers out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from knowledge.errors import Problem

MAX_BYTES = 2_000_000
MAX_DEPTH = 12


@dataclass(frozen=True)
class RawEntry:
    """An entry as written: its kind, fields with the file's defaults, and its place."""

    kind: str
    fields: dict[str, Any]
    file: str
    line: int
    lines: dict[str, int]


# libyaml's reader where it is there: the same result, about ten times as fast.
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _line_of(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def look_through(text: str) -> tuple[int, str] | None:
    """Line and fault of an alias (a YAML bomb is made of them) or of too deep nesting.

    Looks at the events alone, before anything is built, so that neither costs memory.
    """
    depth = 0
    for event in yaml.parse(text, Loader=Loader):
        if isinstance(event, yaml.AliasEvent):
            return _line_of(event), "alias"
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
            if depth > MAX_DEPTH:
                return _line_of(event), "deep"
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1
    return None


def repeated_key(node: yaml.MappingNode) -> yaml.Node | None:
    seen: set[str] = set()
    for key, _ in node.value:
        name = str(key.value)
        if name in seen:
            return key  # type: ignore[no-any-return]
        seen.add(name)
    return None


class _File:
    def __init__(self, path: Path, name: str, kinds: set[str]) -> None:
        self.path, self.name, self.kinds = path, name, kinds
        self.entries: list[RawEntry] = []
        self.problems: list[Problem] = []

    def fail(self, code: str, line: int, problem: str, mend: str, entry: str = "") -> None:
        self.problems.append(Problem(code, self.name, line, entry, problem, mend))

    def read(self) -> None:
        try:
            size = self.path.stat().st_size
            if size > MAX_BYTES:
                self.fail("K003", 1, f"the file has {size} bytes", f"split it below {MAX_BYTES}")
                return
            text = self.path.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            self.fail("K001", 1, f"byte {error.start} is not UTF-8", "save the file as UTF-8")
            return
        except OSError as error:
            self.fail("K001", 1, f"cannot be read ({error.strerror})", "check the file's rights")
            return
        try:
            if (fault := look_through(text)) is not None:
                self._refuse(*fault)
                return
            loader = Loader(text)
            try:
                if (root := loader.get_single_node()) is not None:
                    self._root(loader, root)
            finally:
                loader.dispose()
        except yaml.reader.ReaderError as error:
            line = text.encode()[: error.position].count(b"\n") + 1
            mend = "remove the sign; retype the line if you cannot see it"
            self.fail("K002", line, f"a sign that YAML cannot hold: {error.reason}", mend)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            problem = getattr(error, "problem", None) or str(error).splitlines()[0]
            self.fail("K002", line, f"not valid YAML: {problem}", "look at indents and quotes here")
        except RecursionError:
            self._refuse(1, "deep")

    def _refuse(self, line: int, fault: str) -> None:
        if fault == "alias":
            problem, mend = "aliases (`*name`) are not allowed in content", "write it out in full"
            self.fail("K002", line, problem, mend)
        else:
            self.fail("K003", line, "lists or mappings are nested too deep", "flatten them")

    def _values(self, loader: Any, node: yaml.Node, entry: str = "") -> dict[str, Any]:
        """The fields of a mapping, one by one, so that each bad value is named by its line."""
        found: dict[str, Any] = {}
        if not isinstance(node, yaml.MappingNode):
            line = node.start_mark.line + 1
            self.fail("K004", line, "fields are no mapping", "write `name: value`", entry)
            return found
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                self.fail("K004", line, "a field name is no text", "write `name: value`", entry)
                continue
            try:
                found[key.value] = loader.construct_object(value, deep=True)
            except (ValueError, OverflowError, TypeError) as error:
                mend = "dates are written 2027-03-31; put quotes round other text"
                self.fail("K004", line, f"{key.value}: {error}", mend, entry)
            except yaml.YAMLError as error:
                problem = getattr(error, "problem", None) or "cannot be read"
                self.fail("K002", line, f"{key.value}: {problem}", "write plain values only", entry)
        return found

    def _root(self, loader: Any, root: yaml.Node) -> None:
        if not isinstance(root, yaml.MappingNode):
            self.fail("K004", 1, "the file is no mapping", "begin with a kind, such as `contacts:`")
            return
        if (key := repeated_key(root)) is not None:
            line = key.start_mark.line + 1
            self.fail("K002", line, f"`{key.value}` stands twice", "keep one of the two")
        defaults: dict[str, Any] = {}
        for key, value in root.value:
            if key.value == "defaults":
                defaults = self._values(loader, value)
        for key, value in root.value:
            line = key.start_mark.line + 1
            if key.value == "defaults":
                continue
            if not isinstance(key, yaml.ScalarNode):
                self.fail("K004", line, "a kind is no text", f"use {sorted(self.kinds)}")
            elif key.value not in self.kinds:
                self.fail("K004", line, f"unknown kind `{key.value}`", f"use {sorted(self.kinds)}")
            elif not isinstance(value, yaml.SequenceNode):
                self.fail("K004", line, f"`{key.value}` is no list", "begin each entry with `- `")
            else:
                for item in value.value:
                    self._item(loader, key.value, item, defaults)

    def _item(self, loader: Any, kind: str, item: yaml.Node, defaults: dict[str, Any]) -> None:
        line = item.start_mark.line + 1
        if not isinstance(item, yaml.MappingNode):
            self.fail("K004", line, "the entry is no mapping", "write `- id: ...` and its fields")
            return
        if (key := repeated_key(item)) is not None:
            at = key.start_mark.line + 1
            self.fail("K002", at, f"field `{key.value}` stands twice", "keep one of the two")
        before = len(self.problems)
        fields = {**defaults, **self._values(loader, item)}
        if len(self.problems) > before:
            return
        lines = {k.value: k.start_mark.line + 1 for k, _ in item.value}
        self.entries.append(RawEntry(kind, fields, self.name, line, lines))


def read_folder(folder: Path, kinds: set[str]) -> tuple[list[RawEntry], list[Problem]]:
    """All entries of all `*.yml` files below `folder`, in the order of file names."""
    entries: list[RawEntry] = []
    problems: list[Problem] = []
    for path in sorted(folder.rglob("*.yml")):
        one = _File(path, str(path.relative_to(folder.parent)), kinds)
        one.read()
        entries += one.entries
        problems += one.problems
    if not entries and not problems:
        problems.append(
            Problem("K001", str(folder), 1, "", "no content files found", "check the folder")
        )
    return entries, problems
