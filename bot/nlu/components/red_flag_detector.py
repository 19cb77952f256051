"""Immediate danger: rules, meaning and wording together decide `immediate_danger`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.components.base import ContentComponent
from bot.nlu.components.intent_classifier import VOTES, WORDED
from bot.nlu.components.sentence_featurizer import PIECES, READINGS, VECTORS
from bot.nlu.embedder import shared_embedder
from bot.nlu.joint import JointClassifier
from bot.nlu.pieces import LONG
from bot.nlu.reader import DANGER
from bot.nlu.red_flags import LOWERED, NOW, FlagHit, RuleBook, context_of

DANGER_INTENT = "immediate_danger"
# One word says too little to ring 999 on if no rule knows it; two must be as likely as not
# to be danger: "boy stabbed", but not "fire door".
TWO_WORDS = 0.5
# What each opinion weighs in the log-odds of danger (see `opinions`), and what they start
# from: `python -m scripts.weigh_danger` finds them.
WEIGHTS = np.array([-0.61, 0.62, 1.9, -0.62, 0.04, 0.98, 1.13])
BIAS = 1.09
FILE = "danger"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class RedFlagDetector(ContentComponent):
    """Adds `red_flags`; where one is present now, the intent is immediate danger.

    `sure`: from this chance on it is danger now.  `maybe`: from here on, and wherever a
    rule holds, the staff member is asked whether everybody is safe: never silence.
    """

    KINDS_USED = ("red_flags", "indicators")

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Chances from which danger is told, or asked about."""
        return {"sure": 0.12, "maybe": 0.04}

    def prepare(self) -> None:
        """Compiles the patterns."""
        self._rules = RuleBook(self.kinds["red_flags"])
        self._model = JointClassifier()

    def learn(self, training_data: TrainingData) -> None:
        """Learns danger now from everything else: other intents, and lesser signs."""
        rows = [(m.get(TEXT), m.get(INTENT)) for m in training_data.intent_examples if m.get(TEXT)]
        texts = [text for text, _ in rows]
        labels = [NOW if intent == DANGER_INTENT else "not" for _, intent in rows]
        danger = [p for f in self.kinds["red_flags"] for p in f.phrases]
        other = [p for f in self.kinds["red_flags"] for p in f.not_phrases]
        other += [p for i in self.kinds["indicators"] if i.level < 4 for p in i.phrases]
        labels += [NOW] * len(danger) + ["not"] * len(other)
        more = danger + other
        self._model.fit(texts, shared_embedder().encode_once(texts + more), labels, more)

    def train(self, training_data: TrainingData) -> Resource:
        """Packs the classifier beside the content."""
        resource = super().train(training_data)
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder, FILE)
        return resource

    @classmethod
    def load(cls, *args: Any, **kwargs: Any) -> RedFlagDetector:
        """Loads content and classifier."""
        component = super().load(*args, **kwargs)
        with component._storage.read_from(component._resource) as folder:
            component._model = JointClassifier.load(folder, FILE)
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Decides for each message."""
        for message in messages:
            text = message.get(TEXT) or ""
            hits = self._decide(text, self._rules.find(text), message)
            message.set("red_flags", [h.as_dict() for h in hits], add_to_output=True)
            self._set_intent(message, any(h.state == NOW for h in hits))
        return messages

    def opinions(self, message: Message, hits: list[FlagHit]) -> np.ndarray[Any, Any]:
        """Log-odds by meaning and by wording; whether a rule holds, a context speaks against
        danger (past, supposed, taught, a figure of speech), a rule was lowered by one; the
        log-odds of danger among the nearest examples, and by the reader.

        Of a long message the gravest piece alone counts: the whole says nothing of it, and it
        has every kind of context somewhere, where a rule has looked at its own clause.
        """
        text, vectors = message.get(TEXT) or "", message.get(VECTORS)
        pieces = message.get(PIECES) or [text]
        at, other = self._model.classes.index(NOW), self._model.classes.index("not")
        long = len(pieces[0]) > LONG
        meaning = self._model.by_meaning(vectors if long else vectors[:1])
        odds = meaning[:, at] - meaning[:, other]
        gravest = int(odds.argmax())
        worded = None if gravest else message.get(WORDED)
        seen = worded if self._model.knows(worded) else pieces[gravest]
        wording = self._model.by_wording([seen])[0]
        return np.array([
            odds[gravest],
            wording[at] - wording[other],
            any(h.state == NOW for h in hits),
            not long and context_of(text) is not None,
            any(h.state == LOWERED for h in hits),
            self._near(message, gravest),
            self._read(message, gravest if long else 0),
        ])  # fmt: skip

    def _near(self, message: Message, piece: int) -> float:
        """Log-odds of danger among the examples nearest to a piece; 0 where none were asked."""
        votes = message.get(VOTES)
        if votes is None:
            return 0.0
        share = float(np.exp(votes[DANGER_INTENT][piece]))
        return float(np.log(share) - np.log(max(1.0 - share, 1e-4)))

    @staticmethod
    def _read(message: Message, piece: int) -> float:
        """Log-odds of danger by the reader; 0 where nothing was read."""
        readings, reader = message.get(READINGS), shared_embedder().reader
        if readings is None or reader is None:
            return 0.0
        now, other = reader.told(readings[piece], DANGER, (NOW, "not"))
        return float(now - other)

    def _decide(self, text: str, hits: list[FlagHit], message: Message) -> list[FlagHit]:
        """The rules' hits, raised or lowered by what the whole message sounds like."""
        if message.get(VECTORS) is None or not text:
            return hits
        rule = any(h.state == NOW for h in hits)
        odds = float(self.opinions(message, hits) @ WEIGHTS + BIAS)
        chance = round(float(1.0 / (1.0 + np.exp(-odds))), 4)
        words = len((message.get(PIECES) or [text])[0].split())
        short, sure = words < 3, self.config["sure"]
        sounds = f"sounds like danger: {chance}"
        if rule and (short or chance >= sure):
            return [replace(h, score=chance) for h in hits]
        if chance >= (max(sure, TWO_WORDS) if short else sure) and words > 1:
            return [FlagHit("meaning", NOW, sounds, chance), *hits]
        lowered = [
            h if h.state == LOWERED else replace(h, state=LOWERED, because=f"{h.because}, {sounds}")
            for h in hits
        ]
        if not lowered and chance >= self.config["maybe"]:
            lowered = [FlagHit("meaning", LOWERED, sounds, chance)]
        return lowered

    def _set_intent(self, message: Message, danger: bool) -> None:
        """Danger leads the ranking, or gives way to what the message is otherwise."""
        ranking = message.get(INTENT_RANKING_KEY) or []
        rest = [one for one in ranking if one[INTENT_NAME_KEY] != DANGER_INTENT]
        share = sum(one["confidence"] for one in rest) or 1.0
        # What it is about beside the danger is told apart as if there were none.
        rest = [{**one, "confidence": one["confidence"] / share} for one in rest]
        ranking = rest
        if danger:
            first = {INTENT_NAME_KEY: DANGER_INTENT, "confidence": 1.0}
            ranking = [first, *({**one, "confidence": 0.9 * one["confidence"]} for one in rest)]
        if ranking:
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
