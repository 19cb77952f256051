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


class StrictLoader(yaml.SafeLoader):
    """Safe loading without aliases (no YAML bombs) and without repeated keys."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            event: Any = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.constructor.ConstructorError(
                None, None, "aliases are not allowed in content", event.start_mark
            )
        return super().compose_node(parent, index)


def depth_of(node: yaml.Node, level: int = 0) -> int:
    if level > MAX_DEPTH:
        return level
    if isinstance(node, yaml.MappingNode):
        return max([level, *(depth_of(v, level + 1) for _, v in node.value)])
    if isinstance(node, yaml.SequenceNode):
        return max([level, *(depth_of(v, level + 1) for v in node.value)])
    return level


def repeated_key(node: yaml.MappingNode) -> yaml.Node | None:
    seen: set[str] = set()
    for key, _ in node.value:
        if key.value in seen:
            return key  # type: ignore[no-any-return]
        seen.add(key.value)
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
        loader = StrictLoader(text)
        try:
            root = loader.get_single_node()
            if root is None:
                return
            if depth_of(root) > MAX_DEPTH:
                self.fail("K003", 1, "lists or mappings are nested too deep", "flatten them")
                return
            self._root(loader, root)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            problem = getattr(error, "problem", None) or str(error).splitlines()[0]
            self.fail("K002", line, f"not valid YAML: {problem}", "look at indents and quotes here")
        except RecursionError:
            self.fail("K003", 1, "lists or mappings are nested too deep", "flatten them")
        finally:
            loader.dispose()

    def _root(self, loader: StrictLoader, root: yaml.Node) -> None:
        if not isinstance(root, yaml.MappingNode):
            self.fail("K004", 1, "the file is no mapping", "begin with a kind, such as `contacts:`")
            return
        if (key := repeated_key(root)) is not None:
            line = key.start_mark.line + 1
            self.fail("K002", line, f"`{key.value}` stands twice", "keep one of the two")
        defaults: dict[str, Any] = {}
        for key, value in root.value:
            if key.value == "defaults":
                defaults = loader.construct_object(value, deep=True) or {}
        for key, value in root.value:
            line = key.start_mark.line + 1
            if key.value == "defaults":
                continue
            if key.value not in self.kinds:
                self.fail("K004", line, f"unknown kind `{key.value}`", f"use {sorted(self.kinds)}")
            elif not isinstance(value, yaml.SequenceNode):
                self.fail("K004", line, f"`{key.value}` is no list", "begin each entry with `- `")
            else:
                for item in value.value:
                    self._item(loader, key.value, item, defaults)

    def _item(
        self, loader: StrictLoader, kind: str, item: yaml.Node, defaults: dict[str, Any]
    ) -> None:
        line = item.start_mark.line + 1
        if not isinstance(item, yaml.MappingNode):
            self.fail("K004", line, "the entry is no mapping", "write `- id: ...` and its fields")
            return
        if (key := repeated_key(item)) is not None:
            at = key.start_mark.line + 1
            self.fail("K002", at, f"field `{key.value}` stands twice", "keep one of the two")
        fields = {**defaults, **loader.construct_object(item, deep=True)}
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
