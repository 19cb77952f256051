"""TF-IDF as a Rasa featurizer, for the comparison alone: Rasa has counts only."""

from __future__ import annotations

from typing import Any

import joblib
import scipy.sparse
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class TfidfFeaturizer(SparseFeaturizer, GraphComponent):  # type: ignore[misc]
    """Words and pairs of words, and letters in words by two to four, sublinear."""

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, name: str
    ) -> None:
        """Makes an untrained one."""
        super().__init__(name, config)
        self._storage, self._resource = storage, resource
        self._vectors = FeatureUnion(
            [
                ("words", TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)),
                (
                    "letters",
                    TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True),
                ),
            ]
        )

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TfidfFeaturizer:
        """Creates the component (see parent class)."""
        return cls(config, model_storage, resource, execution_context.node_name)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """No settings to check."""

    def train(self, training_data: TrainingData) -> Resource:
        """Learns the weights of words, and keeps them in the model."""
        self._vectors.fit([m.get(TEXT) for m in training_data.training_examples if m.get(TEXT)])
        with self._storage.write_to(self._resource) as folder:
            joblib.dump(self._vectors, folder / "tfidf.joblib")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TfidfFeaturizer:
        """Loads what was learnt, from a model that this script itself has just trained."""
        made = cls(config, model_storage, resource, execution_context.node_name)
        with model_storage.read_from(resource) as folder:
            made._vectors = joblib.load(folder / "tfidf.joblib")
        return made

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Adds features to the training examples."""
        self.process([m for m in training_data.training_examples if m.get(TEXT)])
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds features to messages."""
        rows = self._vectors.transform([m.get(TEXT) or "" for m in messages]).tocsr()
        for message, row in zip(messages, rows, strict=True):
            for kind in (FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE):
                one = scipy.sparse.coo_matrix(row)
                message.add_features(Features(one, kind, TEXT, self._identifier))
        return messages
