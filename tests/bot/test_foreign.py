"""Messages in another language are known after redaction, which takes odd words for names."""

from __future__ import annotations

import pytest

from bot.channels.gate import clean
from bot.nlu.foreign import is_foreign


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour, je suis inquiet pour un enfant",
        "Hola, estoy preocupada por un niño",
        "Merhaba, okulda bir çocuk için endişeliyim",
        "আমি একটি শিশুর জন্য চিন্তিত",
    ],
)
def test_other_languages(text):
    assert is_foreign(clean(text))


@pytest.mark.parametrize(
    "text",
    ["Amir hit Beth", "Kasia n Tomek", "salaam, worried about a boy", "yes", "chldline no"],
)
def test_short_english_with_names_or_slips(text):
    assert not is_foreign(clean(text))
