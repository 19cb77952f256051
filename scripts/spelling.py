"""Writes bot/data/spelling.txt: the words of our messages and phrases, and how often they come."""

from __future__ import annotations

import re
from collections import Counter

from bot.privacy.hurried import WORDS
from bot.privacy.words import is_word
from knowledge.content import load_content
from knowledge.schema import Place
from scripts.tune_embedder import tasks

LEAST = 3
# Of a word that no dictionary has: less often it is somebody's slip.
LEAST_STRANGE = 8
_WORD = re.compile(r"(?<![\w'’])[a-z]{2,24}(?![\w'’])")


def counted() -> dict[str, int]:
    """Words of all texts that are learnt from, each text once."""
    texts = {text.lower() for task in tasks() for text in task.texts}
    counts = Counter(word for text in texts for word in _WORD.findall(text))
    # Places are never two words typed as one, however seldom they come.
    named = " ".join(place.name.lower() for place in load_content().all("places", Place))
    places = set(_WORD.findall(named))
    for word in places:
        counts[word] = max(counts[word], LEAST)
    return {
        word: n
        for word, n in sorted(counts.items())
        if n >= (LEAST if is_word(word) or word in places else LEAST_STRANGE)
    }


def main() -> None:
    """Write the file."""
    lines = [f"{word} {n}" for word, n in counted().items()]
    WORDS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} words")


if __name__ == "__main__":
    main()
