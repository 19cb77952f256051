"""Whether a message is written in another language than English, as far as that shows."""

from __future__ import annotations

import re
import unicodedata

from bot.privacy.words import is_word

_WORD = re.compile(r"[^\W\d_]{2,}")
# Fewer words than these say nothing about the language, above all when misspelt.
LEAST_WORDS = 4
MOST_ENGLISH = 0.34
MANY_NAMES = 3
# Short words of languages spoken in the two boroughs that stand in lists of English words too.
_FUNCTION_WORDS = frozenset(
    _WORD.findall("""
        un una de del mi el la los las en es que con por le les des est une du je ne pas dans et
        sa ses mon der das und ist nicht ein eine na sie nie jest ve bir bu ki ka ku iyo
        uma os seu sua nao em che di il non mio mia se su al
        bonjour bonsoir salut merci pour enfant enfants hola gracias ola obrigado obrigada ciao
        salam salaam merhaba shalom hallo czesc
    """)
)


def is_foreign(text: str) -> bool:
    """True where letters of another script prevail, or hardly a word is English."""
    letters = [c for c in text if c.isalpha()]
    if not letters:
        return False
    other = sum("LATIN" not in unicodedata.name(c, "") for c in letters)
    if other * 2 > len(letters):
        return True
    words = [w for w in _WORD.findall(text) if not w.isupper()]
    # Redaction takes words that it does not know for names: many of them are no names.
    names = text.count("[NAME]")
    english = sum(is_word(w) and w.lower() not in _FUNCTION_WORDS for w in words)
    if names and len(words) >= 2 and not english:
        return True
    count = len(words) + (names if names >= MANY_NAMES else 0)
    if count < LEAST_WORDS:
        return False
    return english / count < MOST_ENGLISH
