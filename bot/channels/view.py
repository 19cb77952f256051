"""What the page is sent: each message with its card."""

from __future__ import annotations

import logging
from typing import Any

logger = logging.getLogger(__name__)


def with_card(message: dict[str, Any]) -> dict[str, Any]:
    """The message with its text, JSON and Adaptive Card."""
    return {key: message[key] for key in ("text", "custom") if message.get(key)}
