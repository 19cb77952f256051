"""The whole curated content as checked, immutable objects."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

import yaml
from pydantic import ValidationError

from knowledge.errors import ContentError, Problem
from knowledge.hours import today_in_london
from knowledge.reader import RawEntry, read_folder
from knowledge.schema import KINDS, Entry, Place, Source, Strict

CONTENT_VARIABLE = "BOT_CONTENT_DIR"
CONTENT_DIR = Path(
    os.environ.get(CONTENT_VARIABLE) or Path(__file__).resolve().parent / "content"
).resolve()
T = TypeVar("T", bound=Strict)


@dataclass(frozen=True)
class Content:
    """Every entry by kind and id, in the order written, with the version of the whole."""

    kinds: dict[str, dict[str, Strict]]
    version: str
    where: dict[tuple[str, str], tuple[str, int]]

    def all(self, kind: str, of: type[T]) -> list[T]:
        """All entries of a kind, in the order written."""
        return cast("list[T]", list(self.kinds.get(kind, {}).values()))

    def get(self, kind: str, key: str, of: type[T]) -> T:
        """One entry; KeyError where there is none."""
        return cast("T", self.kinds[kind][key])


def key_of(entry: Strict) -> str:
    """The id of an entry; for a place, its kind and name."""
    if isinstance(entry, Place):
        return f"{entry.kind}:{entry.name.lower()}"
    return cast("str", entry.id)  # type: ignore[attr-defined]


def dump_of(kinds: dict[str, dict[str, Strict]]) -> dict[str, dict[str, Any]]:
    """All entries as plain JSON values, by kind and id."""
    return {
        kind: {key: entry.model_dump(mode="json") for key, entry in entries.items()}
        for kind, entries in sorted(kinds.items())
    }


def version_of(kinds: dict[str, dict[str, Strict]]) -> str:
    """Date of the newest look at a source, and a hash over all that is said."""
    dump = json.dumps(dump_of(kinds), sort_keys=True)
    digest = hashlib.sha256(dump.encode()).hexdigest()[:10]
    dates = [e.accessed for e in kinds.get("sources", {}).values() if isinstance(e, Source)]
    newest = max(dates, default=dt.date(1970, 1, 1))
    return f"{newest.isoformat()}-{digest}"


def _mend(kind: str, error: Any) -> str:
    match error["type"]:
        case "missing":
            return "add this field"
        case "extra_forbidden":
            return f"remove or respell it; `{kind}` has {', '.join(KINDS[kind].model_fields)}"
        case "enum" | "literal_error":
            return "use " + str(error.get("ctx", {}).get("expected", "a listed value"))
        case _:
            return "see docs/content.md for this field"


def _build(raw: RawEntry) -> tuple[Strict | None, list[Problem]]:
    model = KINDS[raw.kind]
    own = {k: v for k, v in raw.fields.items() if k in model.model_fields or k in raw.lines}
    name = str(raw.fields.get("id", raw.fields.get("name", "")))
    try:
        return model(**own), []
    except ValidationError as error:
        problems = []
        for fault in error.errors():
            field = ".".join(str(part) for part in fault["loc"]) or "entry"
            line = raw.lines.get(field.split(".")[0], raw.line)
            problems.append(
                Problem(
                    "K004", raw.file, line, name, f"{field}: {fault['msg']}", _mend(raw.kind, fault)
                )
            )
        return None, problems
    except TypeError:
        mend = "write fields as `name: value`"
        return None, [Problem("K004", raw.file, raw.line, name, "a field name is no text", mend)]


def load_content(folder: Path = CONTENT_DIR, today: dt.date | None = None) -> Content:
    """Read and check the content below `folder`, as it answers from `today` on.

    Raises:
        ContentError: anything is wrong; nothing is loaded then.
    """
    from knowledge.checks import check_content

    entries, problems = read_folder(folder, set(KINDS))
    kinds: dict[str, dict[str, Strict]] = {kind: {} for kind in KINDS}
    where: dict[tuple[str, str], tuple[str, int]] = {}
    for raw in entries:
        entry, faults = _build(raw)
        problems += faults
        if entry is None:
            continue
        key = key_of(entry)
        if (raw.kind, key) in where:
            other = "{}:{}".format(*where[raw.kind, key])
            problems.append(
                Problem(
                    "K005", raw.file, raw.line, key, f"id used at {other} too", "rename one of them"
                )
            )
            continue
        kinds[raw.kind][key] = entry
        where[raw.kind, key] = (raw.file, raw.line)
    content = Content(kinds, version_of(kinds), where)
    if not problems:
        problems = check_content(content, today or today_in_london())
    if problems:
        raise ContentError(problems)
    return content


def read_dump(folder: Path) -> tuple[dict[str, dict[str, Any]], list[Problem]]:
    """The entries below `folder` as plain values, also where the content has faults.

    For comparing with content of long ago: what fits no schema of today is taken as
    written, and the faults are returned.
    """
    entries, problems = read_folder(folder, set(KINDS))
    dump: dict[str, dict[str, Any]] = {}
    for raw in entries:
        entry, faults = _build(raw)
        problems += faults
        if entry is not None:
            key, fields = key_of(entry), entry.model_dump(mode="json")
        else:
            key = str(raw.fields.get("id", raw.fields.get("name", raw.line)))
            fields = json.loads(json.dumps(raw.fields, default=str))
        dump.setdefault(raw.kind, {})[key] = fields
    return dump, problems


def write_dump(dump: Mapping[str, Mapping[str, Any]], folder: Path) -> None:
    """Write a dump as content files, one a kind, such that they read back the same."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, entries in dump.items():
        if entries:
            text = yaml.safe_dump({kind: list(entries.values())}, allow_unicode=True, width=1000)
            (folder / f"{kind}.yml").write_text(text, encoding="utf-8")


def status_counts(content: Content) -> dict[str, dict[str, int]]:
    """Entries by kind and status; what has no status of its own is counted as `listed`."""
    counts: dict[str, dict[str, int]] = {}
    for kind, entries in content.kinds.items():
        by: dict[str, int] = {}
        for entry in entries.values():
            status = str(entry.status) if isinstance(entry, Entry) else "listed"
            by[status] = by.get(status, 0) + 1
        counts[kind] = by
    return counts
