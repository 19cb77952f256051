"""What is seen in a message and its clauses, computed once and shared by all: vectors of
each, and what the reader says of the whole (of a long message, of each clause)."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.embedder import shared_embedder
from bot.nlu.pieces import pieces_of

PIECES, VECTORS, READINGS = "pieces", "piece_vectors", "readings"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceFeaturizer(GraphComponent):
    """Leaves the vectors of each message for the components after it.

    They take them as they are, so no Rasa features are made of them: those are what Rasa
    copies and takes checksums of at every step of a training.
    """

    def __init__(self) -> None:
        """Takes the embedder that is shared in the process."""
        self._embedder = shared_embedder()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceFeaturizer:
        """Creates the component (see parent class)."""
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Hands the training data on: what learns from vectors asks the embedder."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Embeds messages and their clauses."""
        for message in messages:
            pieces = pieces_of(message.get(TEXT) or "")
            message.set(PIECES, pieces)
            (seen,) = self._embedder.read_messages([pieces])
            message.set(VECTORS, seen.vectors)
            message.set(READINGS, seen.readings)
        return messages
