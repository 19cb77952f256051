"""The intent of a message, by meaning, wording, its nearest examples and the reader together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.components.sentence_featurizer import PIECES, READINGS, VECTORS
from bot.nlu.embedder import shared_embedder
from bot.nlu.joint import JointClassifier, Numbers, Worded, softmax
from bot.nlu.neighbours import Neighbours
from bot.nlu.pieces import LONG
from bot.nlu.reader import INTENT as READ

FILE, EXAMPLES = "intents", "examples"
# A question, or a word on oneself, with a clause like these from SURE on tells a worry as well.
ASIDE = frozenset(
    ["support_for_self", "find_resource", "ask_rule", "ask_definition", "ask_contact", "ask_bot",
     "out_of_scope"]
)  # fmt: skip
WORRIES = ("worried_about_child", "allegation_against_adult", "immediate_danger")
SURE, LEAST_WORDS = 0.9, 4
# For later components: the neighbours' votes on the whole, or on each piece of a long message.
VOTES = "votes"
# And what was seen of the wording of the whole.
WORDED = "worded"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(GraphComponent):
    """Adds `intent` with its confidence, and `intent_ranking`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`scale`, `wording`, `balance`: see JointClassifier; `votes`: what the neighbours weigh
        beside it, and `reading` the reader; `temperature`: what the sum of the opinions is
        divided by, so that a confidence is the share that is right, and `clause_temperature` of
        a clause, which is not read; `ranking_length`: how many are listed."""
        return {
            "scale": 4.0,
            "wording": 1.0,
            "balance": 0.5,
            "votes": 1.5,
            "reading": 1.5,
            "temperature": 2.9,
            "clause_temperature": 1.9,
            "ranking_length": 6,
        }

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        """Holds the component's place in the model."""
        self.config = {**self.get_default_config(), **config}
        self._storage, self._resource = model_storage, resource
        self._model = JointClassifier(
            self.config["scale"], self.config["wording"], self.config["balance"]
        )
        self._examples = Neighbours()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentClassifier:
        """Creates the untrained component."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from every example that has a text."""
        rows = [(m.get(TEXT), m.get(INTENT)) for m in training_data.intent_examples if m.get(TEXT)]
        texts = [text for text, _ in rows]
        vectors, labels = shared_embedder().encode_once(texts), [label for _, label in rows]
        self._model.fit(texts, vectors, labels)
        self._examples.fit(vectors, labels)
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder, FILE)
            self._examples.save(folder, EXAMPLES)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentClassifier:
        """Loads the trained component."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._model = JointClassifier.load(folder, FILE)
            component._examples = Neighbours.load(folder, EXAMPLES, component._model.classes)
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Classifies each message."""
        for message in messages:
            vectors = message.get(VECTORS)
            if vectors is None:
                continue
            long = len((message.get(PIECES) or [""])[0]) > LONG
            votes = self._examples.votes(vectors if long else vectors[:1])
            message.set(VOTES, dict(zip(self._examples.classes, votes.T, strict=True)))
            worded = self._model.words_of(message.get(TEXT) or "")
            message.set(WORDED, worded)
            opinion = self._opinion([worded], vectors[:1], votes[:1])
            opinion += np.float32(self.config["reading"]) * self._reading(message)
            chances = softmax(opinion / self.config["temperature"])[0]
            order = np.argsort(-chances, kind="stable")[: self.config["ranking_length"]]
            ranking = [
                {INTENT_NAME_KEY: self._model.classes[i], "confidence": float(chances[i])}
                for i in order
            ]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
            if ranking[0][INTENT_NAME_KEY] in ASIDE and self._worry_in_clause(message):
                message.set("worry_in_clause", True, add_to_output=True)
        return messages

    def _opinion(self, seen: Sequence[str | Worded], vectors: Numbers, votes: Numbers) -> Numbers:
        """Meaning, wording and neighbours together, one row a text."""
        both = self._model.opinion(seen, vectors)
        summed: Numbers = both + np.float32(self.config["votes"]) * votes
        return summed

    def _reading(self, message: Message) -> Numbers:
        """The logarithms of the reader's chances of each intent."""
        readings, reader = message.get(READINGS), shared_embedder().reader
        if readings is None or reader is None:
            return np.zeros(len(self._model.classes), np.float32)
        return reader.told(readings[0], READ, tuple(self._model.classes))

    def _worry_in_clause(self, message: Message) -> bool:
        """Whether a clause of a message that is about something else tells a worry."""
        pieces = message.get(PIECES) or []
        at = [i for i, piece in enumerate(pieces) if i and len(piece.split()) >= LEAST_WORDS]
        if not at:
            return False
        vectors = message.get(VECTORS)[at]
        votes = self._examples.votes(vectors)
        opinion = self._opinion([pieces[i] for i in at], vectors, votes)
        chances = softmax(opinion / self.config["clause_temperature"])
        columns = [self._model.classes.index(name) for name in WORRIES]
        return bool((chances[:, columns].sum(axis=1) >= SURE).any())
