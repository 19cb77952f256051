"""Explains an old answer: an entry as it was in the version that the answer names."""

from __future__ import annotations

import datetime as dt
from typing import Any

from knowledge.changes import changes
from knowledge.errors import StoreError
from knowledge.history import History


def explain(
    history: History, version: str, serving: str, key: str, today: dt.date
) -> dict[str, Any]:
    """Every entry of an id as it was, its sources as they were, and what changed since.

    Raises:
        StoreError: K015, where the version was never loaded or holds no such id.
    """
    then = history.dump(version)
    now = history.dump(serving) if history.holds(serving) else {}
    found = []
    for kind, entries in then.items():
        if key not in entries:
            continue
        fields = entries[key]
        named = [fields.get("source"), *fields.get("also", [])]
        sources = [then.get("sources", {})[s] for s in named if s in then.get("sources", {})]
        found.append(
            {
                "kind": kind,
                "entry": fields,
                "sources": sources,
                "since": _since(kind, key, then, now, today),
            }
        )
    if not found:
        raise StoreError(f"K015: version {version} holds no entry `{key}`. Mend: check the id")
    return {"version": version, "serving": serving, "id": key, "entries": found}


def _since(kind: str, key: str, then: Any, now: Any, today: dt.date) -> str:
    was, is_now = then[kind][key], now.get(kind, {}).get(key)
    if is_now is None:
        return "it is gone"
    if was == is_now:
        end = is_now.get("valid_until")
        return f"unchanged; it ended on {end}" if end and end < today.isoformat() else "unchanged"
    told = changes({kind: {key: was}}, {kind: {key: is_now}}, today)
    return " ".join(c.text for c in told if c.id == key) or "unchanged"
