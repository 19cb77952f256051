"""The fixed words of the page and the widget: one file for both, `bot/widget/texts.json`."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from bot.channels.gate import fallback_message, fallback_text
from bot.paths import WIDGET


@lru_cache(maxsize=1)
def texts() -> dict[str, str]:
    """Every fixed text by its key."""
    read: dict[str, str] = json.loads((WIDGET / "texts.json").read_text(encoding="utf-8"))
    return read


def emergency() -> str:
    """The emergency number, from the knowledge base; empty if that was never loaded."""
    for contact in fallback_message()["contacts"]:
        if contact["id"] == "police-emergency":
            return str(contact["phone"])
    return ""


def text(key: str) -> str:
    """One text.

    Raises:
        KeyError: no such text.
    """
    return texts()[key]


def notice(key: str) -> dict[str, Any]:
    """A message of the page's own: a fixed text with 999 and both front doors."""
    made = {**fallback_message(), "id": key.replace("_", "-"), "text": text(key)}
    return {"text": fallback_text(made), "custom": made}
