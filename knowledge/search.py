"""Search over resources and glossary: full text, spelling, old names, meaning.

`fuse` joins ranked lists by reciprocal rank, so that neither scores of full text nor
cosines have to be made comparable.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from knowledge.schema import Resource, Term
from knowledge.store import Store, searchable

_WORD = re.compile(r"[a-z0-9]+")
STOP = frozenset(
    [
        "a",
        "an",
        "and",
        "any",
        "anything",
        "are",
        "as",
        "at",
        "be",
        "can",
        "could",
        "do",
        "does",
        "for",
        "from",
        "get",
        "give",
        "got",
        "guide",
        "have",
        "hello",
        "hi",
        "how",
        "i",
        "if",
        "in",
        "info",
        "information",
        "is",
        "it",
        "its",
        "link",
        "looking",
        "me",
        "my",
        "need",
        "of",
        "on",
        "or",
        "our",
        "please",
        "pls",
        "resource",
        "resources",
        "send",
        "show",
        "some",
        "something",
        "that",
        "the",
        "there",
        "this",
        "to",
        "us",
        "want",
        "was",
        "we",
        "what",
        "whats",
        "where",
        "wheres",
        "which",
        "with",
        "you",
        "your",
        "find",
        "about",
        "stuff",
    ]
)
_RANK_CONSTANT = 20


@dataclass(frozen=True)
class Hit:
    """A resource found, with the reasons: which list named it at which rank."""

    id: str
    score: float
    because: tuple[str, ...]


def words_of(text: str) -> list[str]:
    """Lower-case words of a query without those that every query has."""
    found = _WORD.findall(text.lower().replace("'", "").replace("’", ""))
    return [w for w in found if w not in STOP]


def fuse(lists: Iterable[tuple[str, Sequence[str], float]]) -> list[Hit]:
    """Reciprocal rank fusion of (name, ids best first, weight)."""
    scores: dict[str, float] = {}
    because: dict[str, list[str]] = {}
    for name, ids, weight in lists:
        for rank, key in enumerate(ids, start=1):
            scores[key] = scores.get(key, 0.0) + weight / (_RANK_CONSTANT + rank)
            because.setdefault(key, []).append(f"{name} #{rank}")
    ordered = sorted(scores, key=lambda key: (-scores[key], key))
    return [Hit(key, scores[key], tuple(because[key])) for key in ordered]


def _corrected(words: list[str], known: set[str]) -> list[str]:
    out: list[str] = []
    for word in words:
        if word in known or len(word) < 4:
            continue
        match = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=82)
        if match:
            out.append(match[0])
    return out


def _renamed(text: str, terms: Sequence[Term]) -> list[str]:
    lowered = f" {' '.join(_WORD.findall(text.lower()))} "
    extra: list[str] = []
    for term in terms:
        names = [" ".join(_WORD.findall(n.lower())) for n in (term.term, *term.old_names)]
        if any(f" {name} " in lowered for name in names if name):
            for name in names:
                extra += _WORD.findall(name)
    return extra


def search_resources(
    store: Store, query: str, *, by_meaning: Sequence[str] = (), limit: int = 5
) -> list[Hit]:
    """The resources that fit `query` best; `by_meaning` are ids ranked by embedding."""
    resources = store.all("resources", Resource)
    texts = {r.id: searchable("resources", r) for r in resources}
    known = {w for parts in texts.values() if parts for w in words_of(" ".join(parts))}
    words = words_of(query)
    fixed = words + _corrected(words, known)
    renamed = [w for w in _renamed(query, store.all("glossary", Term)) if w not in STOP]
    joined = "".join(words)
    titles = [r.id for r in resources if len(joined) > 3 and joined in _squash(r)]
    lists = [
        ("title", titles[:5], 0.7),
        ("words", store.full_text("resources", fixed, 20), 1.0),
        ("other names", store.full_text("resources", renamed, 20), 0.4),
        ("meaning", [i for i in by_meaning if i in texts], 1.2),
    ]
    return fuse(lists)[:limit]


def _squash(resource: Resource) -> str:
    return "".join(_WORD.findall(resource.title.lower()))
