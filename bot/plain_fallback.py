"""The fixed answer for when a part is down, from the file made as the content was loaded.

Needs neither Rasa nor the store, so that the supervisor and the proxy can give it too.
"""

from __future__ import annotations

import json
from typing import Any

from bot.paths import FALLBACK
from knowledge.plain_text import contact_lines


def fallback_message() -> dict[str, Any]:
    """The fixed answer when a part is down, as made when the content was loaded."""
    try:
        made: dict[str, Any] = json.loads(FALLBACK.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        made = {"text": LAST_WORDS, "contacts": [], "content_version": "unknown"}
    return {
        "type": "notice",
        "id": "fallback-when-down",
        "text": made["text"],
        "contacts": made["contacts"],
        "sources": [],
        "content_version": made["content_version"],
    }


# Only where even the file made from content is gone.
LAST_WORDS = (
    "I cannot answer just now. If a child is in danger, ring 999 now. "
    "Tell your designated safeguarding lead, and ring children's social care where the child lives."
)


def fallback_text(message: dict[str, Any]) -> str:
    """The fixed answer as plain text."""
    lines = [message["text"]]
    for contact in message["contacts"]:
        lines += contact_lines(contact)
    return "\n".join(lines)
