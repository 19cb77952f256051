"""JSON Schema files of the content, for editors that complete and check while one types.

`content.schema.json` is for a content file as written: any kind, with `defaults` that may
fill fields, so that no field is required there but the id. One file a kind is for a
finished entry, with all that is required.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from knowledge.schema import KINDS, Place

SCHEMAS_DIR = Path(__file__).resolve().parent / "schemas"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def _text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _entry_schema(kind: str) -> dict[str, Any]:
    schema: dict[str, Any] = TypeAdapter(KINDS[kind]).json_schema()
    return schema


def _prefixed(value: Any, kind: str) -> Any:
    """The same schema with its definitions under names of the kind's own."""
    if isinstance(value, dict):
        return {
            k: f"#/$defs/{kind}.{v.removeprefix('#/$defs/')}"
            if k == "$ref" and isinstance(v, str)
            else _prefixed(v, kind)
            for k, v in value.items()
        }
    return [_prefixed(v, kind) for v in value] if isinstance(value, list) else value


def _file_schema() -> dict[str, Any]:
    definitions: dict[str, Any] = {}
    fields: dict[str, Any] = {}
    for kind in KINDS:
        entry = _prefixed(_entry_schema(kind), kind)
        for name, one in entry.pop("$defs", {}).items():
            definitions[f"{kind}.{name}"] = one
        needed = "name" if KINDS[kind] is Place else "id"
        definitions[kind] = {**entry, "required": [needed]}
        for name, one in entry["properties"].items():
            fields.setdefault(name, []).append(one)
    lists = {
        kind: {"type": "array", "items": {"$ref": f"#/$defs/{kind}"}, "title": kind}
        for kind in KINDS
    }
    # A default may be for any kind of the file, so any kind's form of the field will do.
    defaults = {
        name: unique[0] if len(unique) == 1 else {"anyOf": unique}
        for name, forms in fields.items()
        if (unique := [f for n, f in enumerate(forms) if f not in forms[:n]])
    }
    return {
        "$schema": _DIALECT,
        "$id": "content.schema.json",
        "title": "A content file of Worried About a Child",
        "description": "Entries by kind; `defaults` fill fields that an entry leaves out.",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "defaults": {
                "type": "object",
                "description": "Filled into every entry of the file that leaves the field out.",
                "additionalProperties": False,
                "properties": defaults,
            },
            **lists,
        },
        "$defs": definitions,
    }


def schema_files() -> dict[str, str]:
    """The text of each schema file, by its name."""
    files = {"content.schema.json": _text(_file_schema())}
    for kind in KINDS:
        schema = {"$schema": _DIALECT, "$id": f"{kind}.schema.json", **_entry_schema(kind)}
        files[f"{kind}.schema.json"] = _text(schema)
    return files
