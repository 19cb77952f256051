"""The assistant as an aid in training: the running model, with a store of its own in memory.

A training talk goes through the same gate, pipeline, policy and actions as a real one, and
into no real tracker store, so that no real talk, figure or log ever holds one.
"""

from __future__ import annotations

import copy
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.tracker_store import InMemoryTrackerStore

from bot.channels.gate import run_turn
from bot.channels.rest import CollectingOutput
from knowledge.plain_text import as_text

CHANNEL = "training"
MAX_TALKS = 500


class BoundedStore(InMemoryTrackerStore):
    """Keeps the newest talks and forgets the rest."""

    async def save(self, tracker: Any) -> None:
        """Keep a talk; the oldest goes where there are too many."""
        self.store.pop(tracker.sender_id, None)
        while len(self.store) >= MAX_TALKS:
            self.store.pop(next(iter(self.store)))
        await super().save(tracker)


class TrainingAssistant:
    """Talks with the model of a loaded agent, apart from its real talks."""

    def __init__(self) -> None:
        """Holds no agent yet: it is loaded while the server starts."""
        self._base: Agent | None = None
        self._agent: Agent | None = None

    def _apart(self, agent: Agent) -> Agent:
        if self._agent is None or self._base is not agent:
            self._base = agent
            self._agent = copy.copy(agent)
            self._agent.processor = copy.copy(agent.processor)
            store = BoundedStore(agent.processor.domain)
            self._agent.tracker_store = store
            self._agent.processor.tracker_store = store
        return self._agent

    async def say(self, agent: Agent | None, sender: str, text: str) -> list[dict[str, Any]]:
        """One turn; messages as the page shows them. Without an agent: that it is not there."""
        if agent is None or agent.processor is None:
            return [{"text": "The assistant is not running here. Decide without it, or start "
                             "the whole service.", "options": []}]  # fmt: skip
        output = CollectingOutput()
        message = UserMessage(text, output, sender, input_channel=CHANNEL)
        await run_turn(self._apart(agent).handle_message, message)
        return [_shown(m["custom"]) for m in output.messages if "custom" in m]


def _shown(message: dict[str, Any]) -> dict[str, Any]:
    if message["type"] == "question":
        return {"id": message["id"], "text": message["text"], "options": message["options"],
                "multiple": message["multiple"]}  # fmt: skip
    return {"text": as_text(message), "options": []}
