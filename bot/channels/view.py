"""What the page is sent: each message with its cards."""

from __future__ import annotations

import logging
from typing import Any

from bot.channels.cards import cards_for

logger = logging.getLogger(__name__)
_WITH_CARDS = frozenset({"guidance", "resources"})


def with_card(message: dict[str, Any]) -> dict[str, Any]:
    """The message with its text, its JSON and, where it is more than a line, its cards.

    Questions get none: the page asks them with its own buttons and check boxes.  Where no card
    can be made, the page shows the text, which says the same.
    """
    sent: dict[str, Any] = {key: message[key] for key in ("text", "custom") if message.get(key)}
    custom = sent.get("custom") or {}
    if custom.get("type") in _WITH_CARDS or custom.get("contacts"):
        try:
            sent["cards"] = cards_for(custom, channel="web")
        except (KeyError, TypeError, ValueError) as error:
            logger.error("B081 no card for a %s: %s", custom.get("type"), type(error).__name__)
    return sent
