"""A whole assistant in one process: for `bot ask`, `bot evaluate` and tests.

Same gate, model, policy, actions and store as the servers; only the HTTP hop to the
action server is left out.
"""

from __future__ import annotations

import asyncio
import itertools
import uuid
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore

from bot.channels.gate import clean, run_turn
from bot.channels.rest import CollectingOutput
from bot.paths import MODEL
from bot.retention import asks_to_delete, delete_talk
from bot.runtime.action_endpoint import LocalActions
from bot.runtime.in_order import InOrder


class Assistant:
    """Holds the loaded model; `say` is one turn of one talk."""

    def __init__(self, tracker_store: TrackerStore | None = None) -> None:
        """Loads the model.

        Raises:
            FileNotFoundError: it was never trained; run `bot train`.
        """
        if not MODEL.exists():
            raise FileNotFoundError(f"B011 no model at {MODEL}; run `bot train`")
        self._loop = asyncio.new_event_loop()
        self._agent = Agent.load(str(MODEL), action_endpoint=LocalActions())
        processor = self._agent.processor
        if processor is None:
            raise RuntimeError("B012 the model cannot be loaded; run `bot train --force`")
        processor.graph_runner = InOrder(processor.graph_runner)
        self._processor = processor
        store = tracker_store or InMemoryTrackerStore(processor.domain)
        self._agent.tracker_store = store
        processor.tracker_store = store
        self._numbers = itertools.count()

    @property
    def agent(self) -> Agent:
        """Rasa's agent, for a channel to hand its messages to."""
        return self._agent

    def new_sender(self) -> str:
        """An id for a new talk."""
        return f"local-{next(self._numbers)}-{uuid.uuid4().hex[:8]}"

    def say(self, sender: str, text: str) -> list[dict[str, Any]]:
        """Send one message; returns the JSON messages that came back."""
        output = CollectingOutput()
        message = UserMessage(text, output, sender, input_channel="rest")
        self._loop.run_until_complete(run_turn(self._agent.handle_message, message))
        made = [m["custom"] for m in output.messages if "custom" in m]
        if asks_to_delete([f"{m.get('type')}:{m.get('id')}" for m in made]):
            self._loop.run_until_complete(delete_talk(self._agent.tracker_store, sender))
        return made

    def parse(self, text: str) -> dict[str, Any]:
        """What the understanding pipeline makes of a text, after redaction."""
        cleaned = clean(text)
        parsed: dict[str, Any] = self._loop.run_until_complete(self._agent.parse_message(cleaned))
        return parsed

    def actions(self, sender: str) -> list[str]:
        """The actions that were run in a talk, without those that only listen or start."""
        from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
        from rasa.shared.core.events import ActionExecuted

        tracker = self._loop.run_until_complete(self._agent.tracker_store.retrieve(sender))
        quiet = {ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME}
        events = tracker.events if tracker else []
        run = [str(e.action_name) for e in events if isinstance(e, ActionExecuted)]
        return [name for name in run if name not in quiet]

    def story(self, sender: str) -> str:
        """A talk as Rasa writes test stories: what was said, understood and done."""
        from rasa.shared.core.training_data.story_writer.yaml_story_writer import YAMLStoryWriter

        tracker = self._loop.run_until_complete(self._agent.tracker_store.retrieve(sender))
        written: str = tracker.export_stories(YAMLStoryWriter(), e2e=True)
        return written

    def slots(self, sender: str) -> dict[str, Any]:
        """The slots of a talk."""
        tracker = self._loop.run_until_complete(self._agent.tracker_store.retrieve(sender))
        return dict(tracker.current_slot_values()) if tracker else {}
