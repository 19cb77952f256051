"""Search over resources, glossary and contacts: words, spelling, old names, meaning.

`fuse` joins ranked lists by reciprocal rank, so that neither scores of full text nor
cosines have to be made comparable.  Nearness of meaning comes from outside, as a ranked
list: this package knows no embedding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import log

from rapidfuzz import fuzz, process

from knowledge.schema import Contact, Resource, Term
from knowledge.store import Store, searchable

Key = tuple[str, str]
KINDS_SEARCHED = ("resources", "glossary", "contacts")
_WORD = re.compile(r"[a-z0-9]+")
# Words that every query has, and that tell nothing about what is looked for.
_STOP_WORDS = (
    "a about an and any anything are as at be can could do does find for from get give got "
    "guide have hello hi how i if in info information is it its link looking me my need of on "
    "or our please pls resource resources send show some something stuff that the there this "
    "to us want was we what whats where wheres which with you your "
)
STOP = frozenset(_STOP_WORDS.split())
_RANK_CONSTANT = 20
# How alike two words must be (0 to 100) for one to be a slip of the other, by length.
_ALIKE_SHORT, _ALIKE_LONG = 86.0, 78.0


@dataclass(frozen=True)
class Hit:
    """An entry found, with the reasons: which list named it at which rank."""

    id: str
    score: float
    because: tuple[str, ...]
    kind: str = "resources"


@dataclass(frozen=True)
class _Lexicon:
    """What the searched entries in force are called; made once a version and day."""

    names: tuple[tuple[Key, str, bool], ...]
    words: frozenset[str]
    squashed: tuple[tuple[Key, str], ...]
    pairs: dict[str, str]
    holders: dict[str, frozenset[Key]]
    renames: tuple[tuple[str, tuple[str, ...]], ...]


def words_of(text: str) -> list[str]:
    """Lower-case words of a query without those that every query has."""
    found = _WORD.findall(text.lower().replace("'", "").replace("’", ""))
    return [w for w in found if w not in STOP]


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.lower().replace("'", "").replace("’", "")))


def fuse(lists: Iterable[tuple[str, Sequence[Key], float]]) -> list[Hit]:
    """Reciprocal rank fusion of (name, keys best first, weight)."""
    scores: dict[Key, float] = {}
    because: dict[Key, list[str]] = {}
    for name, keys, weight in lists:
        for rank, key in enumerate(keys, start=1):
            scores[key] = scores.get(key, 0.0) + weight / (_RANK_CONSTANT + rank)
            because.setdefault(key, []).append(f"{name} #{rank}")
    ordered = sorted(scores, key=lambda key: (-scores[key], key))
    return [Hit(key[1], scores[key], tuple(because[key]), key[0]) for key in ordered]


def _own_names(entry: Resource | Term | Contact) -> tuple[list[str], list[str]]:
    """What an entry is called, and what else leads to it."""
    title = (
        entry.title
        if isinstance(entry, Resource)
        else (entry.term if isinstance(entry, Term) else entry.name)
    )
    names = [title, re.sub(r"\([^)]*\)", "", title), *re.findall(r"\(([^)]+)\)", title)]
    if isinstance(entry, Resource):
        return names, list(entry.phrases)
    return names, list(entry.old_names if isinstance(entry, Term) else entry.aliases)


@lru_cache(maxsize=4)
def _lexicon_of(store: Store, version: str, day: object, kinds: tuple[str, ...]) -> _Lexicon:
    names: list[tuple[Key, str, bool]] = []
    squashed: list[tuple[Key, str]] = []
    words: set[str] = set()
    pairs: dict[str, str] = {}
    holders: dict[str, set[Key]] = {}
    for kind in kinds:
        for key, entry in store.snapshot()[kind].items():
            if not isinstance(entry, (Resource, Term, Contact)):
                continue
            own, other = _own_names(entry)
            names += [((kind, key), plain, True) for n in own if (plain := _plain(n))]
            names += [((kind, key), plain, False) for n in other if (plain := _plain(n))]
            squashed.append(((kind, key), "".join(_WORD.findall(own[0].lower()))))
            words.update(words_of(" ".join(searchable(kind, entry) or ())))
            for name in (*own, *other):
                said = _plain(name).split()
                pairs.update({a + b: f"{a} {b}" for a, b in pairwise(said)})
            for word in map(_stem, words_of(" ".join((*own, *other)))):
                holders.setdefault(word, set()).add((kind, key))
    renames = [
        (plain, tuple(dict.fromkeys(w for n in every for w in words_of(n))))
        for term in store.all("glossary", Term)
        for every in [[n for part in _own_names(term) for n in part]]
        for plain in dict.fromkeys(map(_plain, every))
        if plain
    ]
    frozen = {word: frozenset(keys) for word, keys in holders.items()}
    return _Lexicon(tuple(names), frozenset(words), tuple(squashed), pairs, frozen, tuple(renames))


def _stem(word: str) -> str:
    """A word without its commonest endings, so that plural and singular meet."""
    for ending in ("ing", "ies", "es", "ed", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def _covered(words: Sequence[str], lexicon: _Lexicon) -> list[Key]:
    """Entries by how much of the query their names hold, rare words weighing more."""
    total = len(lexicon.squashed) or 1
    scores: dict[Key, float] = {}
    for word in dict.fromkeys(map(_stem, words)):
        keys = lexicon.holders.get(word, frozenset())
        for key in keys:
            scores[key] = scores.get(key, 0.0) + log(1 + total / len(keys))
    return sorted(scores, key=lambda key: (-scores[key], key))


def _corrected(
    words: Sequence[str], known: frozenset[str], pairs: dict[str, str]
) -> dict[str, str]:
    """The known word that each unknown one is a slip of, where there is one."""
    out: dict[str, str] = {}
    for word in words:
        if word in known or len(word) < 4 or word.isdigit():
            continue
        if word in pairs:
            out[word] = pairs[word]
            continue
        cutoff = _ALIKE_SHORT if len(word) < 6 else _ALIKE_LONG
        match = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=cutoff)
        if match:
            out[word] = match[0]
    return out


def _named(text: str, words: Sequence[str], lexicon: _Lexicon) -> list[Key]:
    """Entries that the query calls by name, the fullest and longest name first."""
    padded, bare = f" {text} ", " ".join(words)
    found: dict[Key, tuple[float, int]] = {}
    for key, name, own in lexicon.names:
        whole = name in {text, bare}
        if not whole and (f" {name} " not in padded or name in STOP):
            continue
        rank = (2.0 if whole else 0.0) + (0.5 if own else 0.0), len(name)
        found[key] = max(found.get(key, (-1.0, 0)), rank)
    return sorted(found, key=lambda key: (tuple(-x for x in found[key]), key))


def _renamed(text: str, lexicon: _Lexicon) -> list[str]:
    padded = f" {text} "
    extra = [w for name, others in lexicon.renames if f" {name} " in padded for w in others]
    return list(dict.fromkeys(extra))


def search(
    store: Store,
    query: str,
    *,
    by_meaning: Sequence[Key] = (),
    kinds: tuple[str, ...] = KINDS_SEARCHED,
    limit: int = 5,
) -> list[Hit]:
    """The entries in force that fit `query` best; `by_meaning` are ranked by embedding."""
    lexicon = _lexicon_of(store, store.version(), store.day, kinds)
    words = words_of(query)
    slips = _corrected(words, lexicon.words, lexicon.pairs)
    mended = [part for w in words for part in slips.get(w, w).split()]
    text = _plain(query)
    mended_text = " ".join(slips.get(w, w) for w in text.split())
    named = _named(mended_text, mended, lexicon)
    joined = "".join(mended)
    titled = [key for key, title in lexicon.squashed if len(joined) > 3 and joined in title]
    both = list(dict.fromkeys([*mended, *words]))
    renamed = [w for w in _renamed(mended_text, lexicon) if w not in words]
    lists: list[tuple[str, Sequence[Key], float]] = [
        ("name", named[:5], 1.2),
        ("title", titled[:5], 0.5),
        ("covered", _covered(mended, lexicon)[:20], 0.5),
        ("words", store.full_text(kinds, both, 20), 1.0),
        ("other names", store.full_text(kinds, renamed, 20), 0.4),
        ("meaning", by_meaning, 1.2),
    ]
    present = store.snapshot()
    found = fuse((name, _in_force(store, keys), weight) for name, keys, weight in lists)
    note = tuple(f"{slip} read as {word}" for slip, word in slips.items())
    return [
        Hit(h.id, h.score, (*h.because, *note, *_replaces(store, h)), h.kind)
        for h in found
        if h.kind in kinds and h.id in present[h.kind]
    ][:limit]


def _in_force(store: Store, keys: Iterable[Key]) -> list[Key]:
    """The keys, each replaced by what answers for it today, and once only."""
    return list(dict.fromkeys((kind, store.current_id(kind, key)) for kind, key in keys))


def _replaces(store: Store, hit: Hit) -> tuple[str, ...]:
    older = getattr(store.snapshot()[hit.kind][hit.id], "supersedes", None)
    return (f"in force instead of {older}",) if older else ()


def search_resources(
    store: Store, query: str, *, by_meaning: Sequence[str] = (), limit: int = 5
) -> list[Hit]:
    """The resources that fit `query` best; `by_meaning` are ids ranked by embedding."""
    near = [("resources", key) for key in by_meaning]
    return search(store, query, by_meaning=near, kinds=("resources",), limit=limit)
