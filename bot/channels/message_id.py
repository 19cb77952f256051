"""Ids of messages that clients give, by which one that is sent again is known."""

from __future__ import annotations

import hashlib
from typing import Any

LONGEST = 200


def own_id(given: Any) -> str | None:
    """What is kept of a client's id: a hash, so that no id can carry anything personal."""
    if not isinstance(given, str) or not 8 <= len(given) <= LONGEST:
        return None
    return hashlib.sha256(given.encode(errors="replace")).hexdigest()[:32]
