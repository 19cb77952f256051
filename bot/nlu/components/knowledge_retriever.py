"""Likely indicators, resources and duties, found by meaning, carried with the message."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.components.base import ContentComponent
from bot.nlu.components.sentence_featurizer import PIECES, READINGS, VECTORS
from bot.nlu.embedder import shared_embedder
from bot.nlu.levels import chances, level_by, opinions
from bot.nlu.meaning import phrases_of as phrases_of
from bot.nlu.reader import LEVEL, SIGN, Numbers
from bot.nlu.retrieval import Near, PhraseIndex, best_of, less_of

# How many entries travel of each kind that is only looked up, not offered as a list.
FEW = 6
# How much the reader's opinion of a sign's level, and of the sign itself, adds to its nearness,
# for each e-fold over an even chance; and down to how many e-folds under it anything is taken off.
LEVEL_LEAN, SIGN_LEAN, LEAST = 0.05, 0.02, 1.0
LEVELS = ("1", "2", "3", "4")
OUT, WORRY = "out_of_scope", "worried_about_child"
CONCERNS = frozenset({WORRY, "allegation_against_adult"})
# What a concern outweighs in doubt; what was deleted cannot be had back.
QUESTIONS = frozenset(
    {"ask_rule", "ask_definition", "find_resource", "support_for_self", "delete_talk"}
)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class KnowledgeRetriever(ContentComponent):
    """Adds `near`: for each kind the nearest entries with their cosines."""

    KINDS_USED = ("indicators", "protective", "resources", "duties", "glossary")

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`limit`: how many entries of each kind travel with the message.  `worry`: what is
        this near to a sign of the criteria is never out of scope.  `concern`: a question, or
        what seems out of scope, is taken for a concern of at least this share of its chance."""
        return {"limit": 16, "worry": 0.66, "concern": 0.3}

    def prepare(self) -> None:
        """The vectors come from training or from the packed model."""
        self._signs = PhraseIndex([], np.zeros((0, 0), np.float32))
        self._others = self._signs
        self._parts: dict[str, tuple[list[str], slice]] = {}

    def learn(self, training_data: TrainingData) -> None:
        """Embeds every phrase of the content."""
        self._vectors: dict[str, np.ndarray[Any, Any]] = {}
        for kind, entries in self.kinds.items():
            texts = [text for e in entries for text in phrases_of(kind, e)]
            self._vectors[kind] = shared_embedder().encode_once(texts)
        self._build()

    def _build(self) -> None:
        signs = self.kinds["indicators"]
        owners = [e.id for e in signs for _ in phrases_of("indicators", e)]
        levels = [e.level for e in signs]
        self._signs = PhraseIndex(owners, self._vectors["indicators"], levels)
        self._levels = {e.id: e.level for e in signs}
        self._level_of_sign = np.array(levels, np.int64) - 1
        self._sign_names = tuple(self._signs.names)
        # All other kinds in one index: one product for the four of them.
        others = [(kind, e) for kind, es in self.kinds.items() if kind != "indicators" for e in es]
        owners = [f"{kind}/{e.id}" for kind, e in others for _ in phrases_of(kind, e)]
        kinds = [kind for kind in self.kinds if kind != "indicators"]
        vectors = np.concatenate([self._vectors[kind] for kind in kinds])
        self._others = PhraseIndex(owners, vectors)
        first = 0
        for kind in kinds:
            names = [e.id for e in self.kinds[kind]]
            self._parts[kind] = names, slice(first, first + len(names))
            first += len(names)

    def train(self, training_data: TrainingData) -> Resource:
        """Packs the vectors beside the content."""
        resource = super().train(training_data)
        with self._storage.write_to(self._resource) as folder:
            halves = {k: v.astype(np.float16) for k, v in self._vectors.items()}
            np.savez(folder / "vectors.npz", **halves)
        return resource

    @classmethod
    def load(cls, *args: Any, **kwargs: Any) -> KnowledgeRetriever:
        """Loads content and vectors."""
        component = super().load(*args, **kwargs)
        with (
            component._storage.read_from(component._resource) as folder,
            np.load(folder / "vectors.npz") as packed,
        ):
            component._vectors = {k: packed[k].astype(np.float32) for k in packed.files}
        component._build()
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Finds what is near to each message."""
        for message in messages:
            pieces = message.get(VECTORS)
            near: dict[str, list[dict[str, Any]]] = {}
            nearest = 0.0
            if pieces is not None:
                scores = self._scores(message)
                nearest = float(scores.max(initial=0.0))
                more = self._read(message)
                signs = best_of(self._sign_names, scores, self.config["limit"], more)
                signs += self._of_level(self._level(message, scores), signs, scores, more)
                near["indicators"] = [self._as_dict(one) for one in signs]
                scores = self._others.scores(pieces)
                for kind, (names, part) in self._parts.items():
                    found = best_of(names, scores[:, part], FEW)
                    near[kind] = [self._as_dict(one) for one in found]
            message.set("near", near, add_to_output=True)
            self._take_in(message, nearest)
        return messages

    def _scores(self, message: Message) -> Numbers:
        """How near each piece of a message is to each sign."""
        less = less_of(message.get(PIECES) or [""])
        scores: Numbers = self._signs.scores(message.get(VECTORS)) - less[:, None]
        return scores

    def opinions(self, message: Message, scores: Numbers | None = None) -> Numbers | None:
        """What the level of a message is judged by (`bot.nlu.levels`), if it was read."""
        readings, reader = message.get(READINGS), shared_embedder().reader
        if readings is None or reader is None:
            return None
        if scores is None:
            scores = self._scores(message)
        # Of a long message the gravest piece counts, not how the whole begins.
        of_each = [reader.told(one, LEVEL, LEVELS) for one in readings]
        gravest = int(np.argmax([np.exp(read) @ np.arange(len(LEVELS)) for read in of_each]))
        read, signs = of_each[gravest], reader.told(readings[gravest], SIGN, self._sign_names)
        return opinions(read, signs, scores.max(axis=0), self._level_of_sign)

    def _level(self, message: Message, scores: Numbers) -> int | None:
        """The level that a message sounds like; it travels with it."""
        judged = self.opinions(message, scores)
        if judged is None:
            return None
        level = level_by(judged)
        sure = [round(float(chance), 4) for chance in chances(judged)]
        message.set("level", {"level": level, "at_least": sure}, add_to_output=True)
        return level

    def _of_level(
        self, level: int | None, signs: list[Near], scores: Numbers, more: Numbers | None
    ) -> list[Near]:
        """The nearest sign of the level that the message sounds like, if none is among `signs`."""
        if level is None or any(self._levels[one.id] == level for one in signs):
            return []
        mine = self._level_of_sign == level - 1
        names = [name for name, its in zip(self._sign_names, mine, strict=True) if its]
        return best_of(names, scores[:, mine], 1, None if more is None else more[mine])

    def _as_dict(self, near: Near) -> dict[str, Any]:
        return {
            "id": near.id,
            "score": near.score,
            "best_for": list(near.best_for),
            "level": self._levels.get(near.id),
        }

    def _read(self, message: Message) -> Numbers | None:
        """What the reader adds to the nearness of each sign, by its level and by itself."""
        readings, reader = message.get(READINGS), shared_embedder().reader
        if readings is None or reader is None:
            return None
        signs = self._sign_names
        levels = reader.told(readings[0], LEVEL, LEVELS) + np.log(np.float32(len(LEVELS)))
        alike = reader.told(readings[0], SIGN, signs) + np.log(np.float32(len(signs)))
        level = levels[self._level_of_sign]
        leaning = LEVEL_LEAN * np.maximum(level, -LEAST) + SIGN_LEAN * np.maximum(alike, -LEAST)
        out: Numbers = leaning.astype(np.float32)
        return out

    def _take_in(self, message: Message, nearest: float) -> None:
        """In doubt up: what may as well be a concern about a child or an adult is one.

        `nearest` is how near the words are to a sign's, whatever the reader makes of it: that
        says which sign it would be, and not that it is one.
        """
        ranking = message.get(INTENT_RANKING_KEY) or []
        concern = self._concern(ranking, nearest) if ranking else None
        if concern is None:
            return
        top = ranking[0]
        chance = {one[INTENT_NAME_KEY]: one["confidence"] for one in ranking}
        # The two change places.
        first = {INTENT_NAME_KEY: concern, "confidence": top["confidence"]}
        second = {**top, "confidence": chance.get(concern, 0.0)}
        rest = [one for one in ranking[1:] if one[INTENT_NAME_KEY] != concern]
        both = [second, *rest]
        ranking = [first, *sorted(both, key=lambda one: -float(one["confidence"]))]
        message.set(INTENT, first, add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)

    def _concern(self, ranking: list[dict[str, Any]], nearest: float) -> str | None:
        """The concern to take a message for in place of the first of its ranking, if any."""
        name, chance = ranking[0][INTENT_NAME_KEY], ranking[0]["confidence"]
        if name == OUT and nearest >= self.config["worry"]:
            return WORRY
        if name not in QUESTIONS | {OUT}:
            return None
        close = (o for o in ranking if o["confidence"] >= self.config["concern"] * chance)
        return next((o[INTENT_NAME_KEY] for o in close if o[INTENT_NAME_KEY] in CONCERNS), None)
