"""Rasa's agent with our care: each message answered once, failed turns leave no trace.

A turn is saved as a whole at its end or not at all, so that a message that came to nothing
(a dead action server, a database away, a killed worker) can be sent again as if it had
never been; and one that was saved is answered again from what was saved, not anew.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bot.nlu.embedder import shared_embedder
from bot.nlu.pieces import MAX_PIECES, pieces_of
from bot.retention import asks_to_delete, delete_talk
from bot.runtime.embed_ahead import EmbedAhead
from bot.runtime.in_order import InOrder
from bot.stores.trackers import SqlTrackers
from bot.watch.turn import REPLAYED, current_turn, stage

logger = logging.getLogger(__name__)


def _encode(messages: list[Sequence[str]]) -> Any:
    return shared_embedder().read_messages(messages)


_AHEAD = EmbedAhead(_encode)
_AHEAD_LONG = EmbedAhead(_encode)


async def _embed_ahead(text: Any, alone: bool) -> None:
    """Embed a message beside the event loop; the pipeline finds the vectors made.

    Of a short one whose turn is `alone` the pipeline does it itself: handing it to a thread
    and back takes 3 ms, and nobody else waits for the loop.  A long one takes a second or more,
    and never holds up the loop.
    """
    if not isinstance(text, str) or not text or text.startswith("/"):
        return
    pieces = pieces_of(text)
    if len(pieces) > MAX_PIECES:
        await _AHEAD_LONG.embed(pieces)
    elif not alone:
        await _AHEAD.embed(pieces)


class TurnFailed(RuntimeError):
    """B022: a part failed in the turn; it was not saved."""


class CarefulProcessor(MessageProcessor):
    """Rasa's processor, timed, and with each message handled once."""

    _ours: frozenset[str] | None = None
    graph_runner: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Loads the model (see parent class)."""
        super().__init__(*args, **kwargs)
        self.graph_runner = InOrder(self.graph_runner)
        self._at_work = 0

    async def handle_message(self, message: UserMessage) -> list[dict[str, Any]] | None:
        """One turn; called while the conversation is locked."""
        if await self._replayed(message):
            return None
        self._at_work += 1
        try:
            handled: list[dict[str, Any]] | None = await super().handle_message(message)
        finally:
            self._at_work -= 1
        if (turn := current_turn()) and asks_to_delete(turn.kinds):
            await delete_talk(self.tracker_store, message.sender_id)
        return handled

    async def _replayed(self, message: UserMessage) -> bool:
        """Whether the message was answered before; the same answer is sent again then."""
        store = self.tracker_store
        if not isinstance(store, SqlTrackers) or not (message.metadata or {}).get("own_id"):
            return False
        kept = await store.answer_kept(message.sender_id, message.message_id)
        if not kept:
            return False
        for said in kept:
            await message.output_channel.send_response(message.sender_id, said)
        if turn := current_turn():
            turn.outcome = REPLAYED
        return True

    async def parse_message(
        self,
        message: UserMessage,
        tracker: DialogueStateTracker | None = None,
        only_output_properties: bool = True,
    ) -> dict[str, Any]:
        """Understand one message."""
        with stage("understand"):
            await _embed_ahead(message.text, alone=self._at_work < 2)
            parsed: dict[str, Any] = await super().parse_message(
                message, tracker, only_output_properties
            )
        if turn := current_turn():
            turn.note_understanding(parsed)
        return parsed

    def _check_for_unseen_features(self, parse_data: dict[str, Any]) -> None:
        """Nothing: Rasa would warn of intents outside the domain, which tests hold."""

    async def fetch_tracker_and_update_session(self, *args: Any, **kwargs: Any) -> Any:
        """Read the conversation."""
        with stage("read"):
            return await super().fetch_tracker_and_update_session(*args, **kwargs)

    async def _run_action(self, action: Any, *args: Any, **kwargs: Any) -> bool:
        if turn := current_turn():
            turn.note_action(action.name())
        go_on: bool = await super()._run_action(action, *args, **kwargs)
        return go_on

    def _predict_next_with_tracker(self, tracker: DialogueStateTracker) -> PolicyPrediction:
        # Every rule is an intent and one action (tests/bot/test_rules.py): after it the policy
        # can only say "listen", at the price of going through the whole conversation again.
        done = tracker.latest_action_name in self._own_actions()
        if done and not tracker.followup_action:
            return PolicyPrediction.for_action_name(self.domain, ACTION_LISTEN_NAME, "RulePolicy")
        return super()._predict_next_with_tracker(tracker)

    def _own_actions(self) -> frozenset[str]:
        if self._ours is None:
            self._ours = frozenset(self.domain.user_actions)
        return self._ours

    async def save_tracker(self, tracker: DialogueStateTracker) -> None:
        """Write the conversation.

        Raises:
            TurnFailed: a part failed before; nothing is written.
        """
        turn = current_turn()
        if turn and turn.failed:
            raise TurnFailed(turn.failed)
        with stage("write"):
            await super().save_tracker(tracker)


class CarefulAgent(Agent):
    """Rasa's agent around `CarefulProcessor`; its store is never exchanged for memory."""

    def load_model(self, model_path: str | Path, fingerprint: str | None = None) -> None:
        """Load a model and use it from the next turn on."""
        processor = CarefulProcessor(
            model_path=model_path,
            tracker_store=self.tracker_store,
            lock_store=self.lock_store,
            action_endpoint=self.action_endpoint,
            generator=self.nlg,
        )
        self.domain = processor.domain
        self._set_fingerprint(fingerprint)
        self.tracker_store.domain = self.domain
        self.nlg.responses = self.domain.responses if self.domain else {}
        self.processor = processor

    @staticmethod
    def _create_tracker_store(store: TrackerStore | None, domain: Domain) -> TrackerStore:
        # Rasa's wrapper goes on in memory when the store fails: the talk would forget itself.
        return store or InMemoryTrackerStore(domain)
