"""Immediate danger: rules and meaning together decide the intent `immediate_danger`."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.linear_model import LogisticRegression

from bot.nlu.components.base import ContentComponent
from bot.nlu.components.sentence_featurizer import PIECES, VECTORS
from bot.nlu.embedder import shared_embedder
from bot.nlu.red_flags import LOWERED, NOW, FlagHit, RuleBook, context_of

DANGER_INTENT = "immediate_danger"
# Of fewer words than these the meaning alone says too little to ring 999 on.
LEAST_WORDS = 3


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class RedFlagDetector(ContentComponent):
    """Adds `red_flags`; where one is present now, the intent is immediate danger.

    `sure`: from this probability on, meaning alone is enough.  `maybe`: from here on the
    staff member is asked whether everybody is safe.
    """

    KINDS_USED = ("red_flags", "indicators")

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Probabilities from which meaning alone raises, or asks."""
        return {"sure": 0.75, "maybe": 0.4, "strength": 20.0}

    def prepare(self) -> None:
        """Compiles the patterns."""
        self._rules = RuleBook(self.kinds["red_flags"])
        self._weights: np.ndarray[Any, Any] = np.zeros(1)
        self._bias = -10.0

    def learn(self, training_data: TrainingData) -> None:
        """Fits one linear boundary between danger now and everything else."""
        danger = [p for f in self.kinds["red_flags"] for p in f.phrases]
        other = [p for f in self.kinds["red_flags"] for p in f.not_phrases]
        worries = [i for i in self.kinds["indicators"] if i.level < 4]
        other += [p for i in worries for p in i.phrases if not self._rules.find(p)]
        for example in training_data.intent_examples:
            text = example.get(TEXT)
            if text and example.get(INTENT) == DANGER_INTENT:
                danger.append(text)
            elif text and not any(h.state == NOW for h in self._rules.find(text)):
                other.append(text)
        vectors = shared_embedder().encode_once(danger + other)
        labels = np.array([1] * len(danger) + [0] * len(other))
        model = LogisticRegression(
            C=self.config["strength"], class_weight="balanced", max_iter=1000, random_state=42
        ).fit(vectors, labels)
        self._weights, self._bias = model.coef_[0], float(model.intercept_[0])

    def learnt(self) -> dict[str, Any]:
        """The boundary."""
        return {"weights": [float(w) for w in self._weights], "bias": self._bias}

    def recall(self, learnt: dict[str, Any]) -> None:
        """Takes the boundary back."""
        self._weights = np.array(learnt["weights"])
        self._bias = learnt["bias"]

    def process(self, messages: list[Message]) -> list[Message]:
        """Decides for each message."""
        for message in messages:
            hits = self._rules.find(message.get(TEXT) or "")
            hits += self._by_meaning(message, hits)
            message.set("red_flags", [h.as_dict() for h in hits], add_to_output=True)
            if any(h.state == NOW for h in hits):
                before = message.get(INTENT) or {}
                message.set("intent_before", before.get(INTENT_NAME_KEY), add_to_output=True)
                danger = {INTENT_NAME_KEY: DANGER_INTENT, "confidence": 1.0}
                message.set(INTENT, danger, add_to_output=True)
            else:
                self._not_danger(message)
        return messages

    def _not_danger(self, message: Message) -> None:
        """No flag holds now: the classifier's guess of danger gives way to its next one."""
        ranking = message.get(INTENT_RANKING_KEY) or []
        rest = [one for one in ranking if one[INTENT_NAME_KEY] != DANGER_INTENT]
        before = (message.get(INTENT) or {}).get(INTENT_NAME_KEY)
        if before == DANGER_INTENT and rest:
            share = sum(one["confidence"] for one in rest) or 1.0
            best = {**rest[0], "confidence": rest[0]["confidence"] / share}
            message.set(INTENT, best, add_to_output=True)

    def _by_meaning(self, message: Message, hits: list[FlagHit]) -> list[FlagHit]:
        vectors = message.get(VECTORS)
        if vectors is None or any(h.state == NOW for h in hits):
            return []
        chances = 1.0 / (1.0 + np.exp(-(vectors @ self._weights + self._bias)))
        at = int(np.argmax(chances))
        chance = round(float(chances[at]), 4)
        if chance < self.config["maybe"]:
            return []
        piece = message.get(PIECES)[at]
        reason = context_of(message.get(TEXT) or piece)
        too_short = len(piece.split()) < LEAST_WORDS
        if hits or reason or too_short or chance < self.config["sure"]:
            because = f"meaning {chance}" + (f", but {reason}" if reason else "")
            return [FlagHit("meaning", LOWERED, because, chance)]
        return [FlagHit("meaning", NOW, f"meaning {chance}", chance)]
