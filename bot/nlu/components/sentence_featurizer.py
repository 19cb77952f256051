"""Sentence vectors as Rasa features, computed once a message and shared by all."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.embedder import shared_embedder
from bot.nlu.pieces import pieces_of

PIECES, VECTORS = "pieces", "piece_vectors"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceFeaturizer(DenseFeaturizer, GraphComponent):
    """Embeds each message; `scale` stretches the unit vector for the linear classifier."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`scale`: length of the vectors handed on; larger means less regularisation."""
        return {**DenseFeaturizer.get_default_config(), "scale": 6.0}

    def __init__(self, config: dict[str, Any], name: str) -> None:
        """Keeps the config; the embedder itself is shared in the process."""
        super().__init__(name, config)
        self._embedder = shared_embedder()

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Refuses a scale that is not above nought.

        Raises:
            ValueError: `scale` is not positive.
        """
        if not config.get("scale", 6.0) > 0:
            raise ValueError("SentenceFeaturizer: `scale` must be above 0. Mend: config.yml")

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceFeaturizer:
        """Creates the component (see parent class)."""
        return cls(config, execution_context.node_name)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Embeds the training examples, whole sentences only."""
        messages = [m for m in training_data.training_examples if m.get(TEXT)]
        vectors = self._embedder.encode_once([m.get(TEXT) for m in messages])
        for message, vector in zip(messages, vectors, strict=False):
            self._add(message, vector)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Embeds messages and their clauses, and leaves both for later components."""
        for message in messages:
            pieces = pieces_of(message.get(TEXT) or "")
            vectors = self._embedder.encode_message(pieces)
            message.set(PIECES, pieces)
            message.set(VECTORS, vectors)
            self._add(message, vectors[0])
        return messages

    def _add(self, message: Message, vector: np.ndarray[Any, Any]) -> None:
        scaled = (vector * self._config["scale"]).reshape(1, -1)
        for kind in (FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE):
            features = Features(scaled, kind, TEXT, self._identifier)
            message.add_features(features)
