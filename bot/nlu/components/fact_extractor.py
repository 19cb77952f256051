"""Entities and facts of a message by spaCy rules built from the knowledge base."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.components.base import ContentComponent
from bot.nlu.facts import read_facts
from bot.nlu.foreign import is_foreign
from bot.nlu.language import build_language
from knowledge.content import key_of

_SHOWN = {"PLACE": "place", "ROLE": "role"}
MAX_CHARACTERS = 5000


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class FactExtractor(ContentComponent):
    """Adds `entities` with knowledge ids, and `facts` for the actions."""

    KINDS_USED = ("places",)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """No settings."""
        return {}

    @staticmethod
    def required_packages() -> list[str]:
        """What must be installed."""
        return ["spacy"]

    def prepare(self) -> None:
        """Builds the spaCy pipeline."""
        self._places = {key_of(p): p for p in self.kinds["places"]}
        self._nlp = build_language(self._places.values())

    def process(self, messages: list[Message]) -> list[Message]:
        """Reads each message."""
        for message in messages:
            doc = self._nlp((message.get(TEXT) or "")[:MAX_CHARACTERS])
            found: list[dict[str, Any]] = [
                {
                    ENTITY_ATTRIBUTE_TYPE: _SHOWN[ent.label_],
                    ENTITY_ATTRIBUTE_START: ent.start_char,
                    ENTITY_ATTRIBUTE_END: ent.end_char,
                    ENTITY_ATTRIBUTE_VALUE: ent.text,
                    "knowledge_id": ent.ent_id_,
                }
                for ent in doc.ents
                if ent.label_ in _SHOWN
            ]
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
            facts = read_facts(doc, self._places)
            if is_foreign(doc.text):
                facts["foreign"] = True
            message.set("facts", facts, add_to_output=True)
        return messages
