"""Whether texts to measure by are kept apart from texts that were learnt from.

Two texts are too near where the cosine of their sentence vectors, by the embedding as packaged
(without our own corrections, which were learnt from the data), is over 0.95, or where, with
case and punctuation taken away, less than 15% of the longer one must be edited to get the other
and the cosine is at least 0.6: "what does LADO stand for" is not "what does EDT stand for".
A text of at most three words is exempt: there are only so many ways to write "yes",
"hello", "mash number" or the name of a place, and every author writes the same ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from rapidfuzz.distance import Levenshtein

from bot.evaluate.messages import read_bank
from bot.nlu.embedder import Embedder
from knowledge.content import load_content

EDITS, COSINE, KIN = 0.15, 0.95, 0.6
EXEMPT_WORDS = 3
_MARKUP = re.compile(r"\[([^\]]+)\](?:\([^)]+\)|\{[^}]+\})")
_NOT_WORD = re.compile(r"[^\w\s]")
_BLOCK = 500


@dataclass(frozen=True)
class Learnt:
    """A text that was learnt from, and where it stands."""

    text: str
    where: str


@dataclass(frozen=True)
class Near:
    """A text to measure by that is too near to a learnt one; `edits` and `cosine` say how."""

    text: str
    learnt: Learnt
    edits: float
    cosine: float

    def __str__(self) -> str:
        return (
            f"{self.learnt.where}: {self.learnt.text!r} is too near to {self.text!r} "
            f"(edits {self.edits:.2f}, cosine {self.cosine:.3f})"
        )


def plain(text: str) -> str:
    """Lower case, words alone."""
    return " ".join(_NOT_WORD.sub(" ", text.lower().replace("'", "").replace("’", "")).split())


def is_exempt(text: str) -> bool:
    """Whether a text is too short to be anybody's own."""
    return len(plain(text).split()) <= EXEMPT_WORDS


def examples_of(path: Path) -> list[Learnt]:
    """Every training example of a file of Rasa's NLU data."""
    found = []
    for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
        for line in entry["examples"].splitlines():
            text = _MARKUP.sub(r"\1", line.strip().removeprefix("- ").strip())
            if text:
                found.append(Learnt(text, f"{path.name} {entry['intent']}"))
    return found


def learnt_examples(folder: Path) -> list[Learnt]:
    """Every training example of a folder of Rasa's NLU files."""
    return [one for path in sorted(folder.rglob("*.yml")) for one in examples_of(path)]


def signs_of(path: Path) -> list[Learnt]:
    """Every message of a file of `data/signs`, which stand under the sign that they show."""
    return [Learnt(text, sign) for sign, texts in read_bank(path).items() for text in texts]


def learnt_phrases() -> list[Learnt]:
    """Every phrase of the content by which an entry or a red flag is found."""
    content = load_content()
    found = []
    for kind in ("indicators", "resources", "duties", "glossary"):
        for key, entry in content.kinds[kind].items():
            asked = getattr(entry, "phrases", ())  # a title is a name, and no way of asking
            found += [Learnt(t, f"{kind} {key}") for t in asked]
    for key, flag in content.kinds["red_flags"].items():
        phrases = [*flag.phrases, *flag.not_phrases]  # type: ignore[attr-defined]
        found += [Learnt(t, f"red_flags {key}") for t in phrases]
    return found


def too_near(
    texts: Iterable[str], learnt: Sequence[Learnt], embedder: Embedder | None = None
) -> list[Near]:
    """Every pair that is too near, in the order of `texts`, exempt ones left out.

    Raises:
        ValueError: nothing was learnt from, so that nothing could be found.
    """
    if not learnt:
        raise ValueError("E030 no learnt texts. Mend: check the folder of the training data")
    own = [t for t in dict.fromkeys(texts) if not is_exempt(t)]
    others = [one for one in learnt if not is_exempt(one.text)]
    embedder = embedder or Embedder(adapter=Path("/nonexistent"))
    theirs = embedder.encode([one.text for one in others])
    plain_others = [plain(one.text) for one in others]
    found = []
    for start in range(0, len(own), _BLOCK):
        block = own[start : start + _BLOCK]
        plain_block = [plain(t) for t in block]
        cosines = embedder.encode(block) @ theirs.T
        # Only kin can be too near by edits, and the edits of all pairs take minutes.
        for i, j in zip(*np.nonzero(cosines >= KIN), strict=True):
            cosine = float(cosines[i, j])
            edit = Levenshtein.normalized_distance(
                plain_block[i], plain_others[j], score_cutoff=EDITS
            )
            if cosine > COSINE or edit < EDITS:
                edit = Levenshtein.normalized_distance(plain_block[i], plain_others[j])
                found.append(Near(block[i], others[j], float(edit), cosine))
    return found
