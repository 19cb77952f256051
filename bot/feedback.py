"""Was it useful? One line a vote: day, yes or no, route, and a redacted reason."""

from __future__ import annotations

import json
import os
import re

from bot.paths import BUILD
from bot.privacy import redact
from bot.statistics import record_feedback as count_feedback
from knowledge.hours import now_in_london

# A folder of its own: the one place that a container may write.
FEEDBACK = BUILD / "var" / "feedback.jsonl"
MAX_REASON = 300
_ROUTE = re.compile(r"^[a-z_]{1,40}$")


def record_feedback(useful: bool, reason: str | None, route: str | None) -> None:
    """Append a vote. It holds the day alone, no talk and no client, so that none can be found.

    Raises:
        OSError: the file cannot be written.
    """
    vote = {
        "day": now_in_london().date().isoformat(),
        "useful": bool(useful),
        "route": route if route and _ROUTE.match(route) else None,
        "reason": redact(" ".join((reason or "").split()))[:MAX_REASON] or None,
    }
    count_feedback(bool(useful))
    FEEDBACK.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps(vote, ensure_ascii=False) + "\n"
    # One write of under a page's size, appended: lines of several workers stay whole.
    handle = os.open(FEEDBACK, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, line.encode())
    finally:
        os.close(handle)
