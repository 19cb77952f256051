"""Reading age of all fixed texts: Flesch-Kincaid grade 8 at most.

The formula is for sentences; labels of under eight words are measured together.  Titles of
documents of others (sources, resources) are theirs.
"""

from __future__ import annotations

import pytest
import textstat

from bot.channels.texts import texts
from bot.paths import CONTENT
from knowledge.content import Content, load_content

MOST = 8.0
SENTENCE = 8
FIELDS = ("text", "why", "title", "means")
NOT_OURS = frozenset(["sources", "resources"])
# How many sentences of each kind are over the limit: most name a thing that has one long
# name ("sexual exploitation", "discrimination").  May shrink, must not grow.
ALLOWED = {"indicators": 47, "combinations": 6, "steps": 6, "prohibitions": 1, "duties": 3,
           "glossary": 5, "notices": 1}  # fmt: skip


def grade(words: str) -> float:
    return float(textstat.flesch_kincaid_grade(words))


def together(parts: list[str]) -> str:
    return " ".join(p if p.rstrip()[-1:] in ".?!:" else f"{p}." for p in parts)


def ours(content: Content) -> dict[str, list[tuple[str, str]]]:
    """(id, text) of every fixed text by kind of entry."""
    found: dict[str, list[tuple[str, str]]] = {}
    for kind, entries in content.kinds.items():
        for key, entry in entries.items():
            for field in FIELDS:
                text = getattr(entry, field, None)
                if kind not in NOT_OURS and isinstance(text, str) and text:
                    found.setdefault(kind, []).append((f"{key}.{field}", text))
    return found


@pytest.fixture(scope="module")
def content() -> dict[str, list[tuple[str, str]]]:
    return ours(load_content(CONTENT))


def test_words_of_the_page_and_the_widget():
    words = [w for key, w in texts().items() if key != "exit_to"]
    assert len(words) > 60
    hard = {w: grade(w) for w in words if len(w.split()) >= SENTENCE and grade(w) > MOST}
    assert hard == {}
    assert grade(together(words)) <= MOST


def test_content_as_a_whole_and_by_kind(content):
    whole = [text for texts_of in content.values() for _, text in texts_of]
    assert len(whole) > 300
    assert grade(together(whole)) <= MOST
    for kind, entries in content.items():
        # Combinations are a few rules, made of the names of harms.
        limit = 8.5 if kind == "combinations" else MOST
        assert grade(together([text for _, text in entries])) <= limit, kind


def test_hard_sentences_of_the_content_get_fewer_and_not_more(content):
    hard = {
        kind: [
            f"{key} ({grade(text):.1f})"
            for key, text in entries
            if len(text.split()) >= SENTENCE and grade(text) > MOST
        ]
        for kind, entries in content.items()
    }
    over = {kind: found for kind, found in hard.items() if len(found) > ALLOWED.get(kind, 0)}
    assert over == {}
