"""Rasa's keyword classifier for much training data, as one of the peers.

Its own check of every example against every other takes hours on 18,000 of them, and it
reads each as a regular expression, which "??" or "(sorry)" is not.
"""

from __future__ import annotations

import re

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.keyword_intent_classifier import KeywordIntentClassifier


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Keywords(KeywordIntentClassifier):  # type: ignore[misc]
    """The first example that stands word for word in a text gives its intent."""

    def _validate_keyword_map(self) -> None:
        """Leaves the examples as they are."""

    def _map_keyword_to_intent(self, text: str) -> str | None:
        lowered = text.lower()
        for keyword, intent in self.intent_keyword_map.items():
            plain = str(keyword).lower()
            if plain in lowered and re.search(rf"(?<!\w){re.escape(plain)}(?!\w)", lowered):
                return str(intent)
        return None
