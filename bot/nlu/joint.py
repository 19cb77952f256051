"""Meaning and wording together: two linear classifiers whose opinions are added.

One reads the sentence vector, the other the words and letter groups.  On messages of
authors who had not seen the training data the pair is better than either
(docs/adr/0005).
"""

from __future__ import annotations

import hashlib
import json
import logging
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeGuard

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, SGDClassifier

from bot.nlu.letters import LetterGroups

# How strongly the weights of the wording are drawn to nothing.
ALPHA = 3e-6
logger = logging.getLogger(__name__)
Numbers = npt.NDArray[np.float32]
_VIEWS: tuple[tuple[type[TfidfVectorizer], dict[str, Any]], ...] = (
    (TfidfVectorizer, {"ngram_range": (1, 3), "min_df": 2, "max_features": 40000}),
    (LetterGroups, {"ngram_range": (3, 5), "min_df": 4, "max_features": 40000}),
)


@dataclass(frozen=True)
class _View:
    """A TF-IDF vectorizer for one text at a time: the same numbers without its overhead,
    which is ten times the work."""

    parts_of: Callable[[str], list[str]]
    column: dict[str, int]
    idf: Numbers

    def read(self, text: str) -> tuple[npt.NDArray[np.int64], Numbers]:
        """The columns that a text fills, and what with."""
        counts = Counter(self.column[p] for p in self.parts_of(text) if p in self.column)
        at = np.fromiter(counts.keys(), np.int64, len(counts))
        often = np.fromiter(counts.values(), np.float32, len(counts))
        value = (1 + np.log(often)) * self.idf[at]
        return at, value / (np.linalg.norm(value) or np.float32(1))


class Worded(NamedTuple):
    """A text's words and letters as numbers, for every classifier that learnt to see the same
    ones (`mark`): the columns of its weights, and what each counts for."""

    mark: str
    columns: npt.NDArray[np.int64]
    values: Numbers


def softmax(logits: Numbers) -> Numbers:
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    out: Numbers = shifted / shifted.sum(axis=1, keepdims=True)
    return out


def _log_softmax(logits: Numbers) -> Numbers:
    shifted = logits - logits.max(axis=1, keepdims=True)
    out: Numbers = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return out


@lru_cache(maxsize=1)
def _wording_of(texts: tuple[str, ...]) -> tuple[list[TfidfVectorizer], csr_matrix]:
    """What is learnt of the wording of texts: once, for two classifiers learn from the same."""
    made = [kind(sublinear_tf=True, dtype=np.float32, **given) for kind, given in _VIEWS]
    return made, hstack([one.fit_transform(texts) for one in made]).tocsr()


class JointClassifier:
    """Classes of short texts from their vectors and their wording.

    `scale` stretches the vectors (larger: less regularisation); `wording` weighs the
    second opinion against the first; `balance` says how far rare classes count for more
    when it learns, from 0 (not at all) to 1 (as much as the commonest).
    """

    def __init__(self, scale: float = 4.0, wording: float = 0.6, balance: float = 1.0) -> None:
        self.scale, self.wording, self.balance = scale, wording, balance
        self.classes: list[str] = []
        self._views: list[_View] = []
        self._mark = ""
        self._weights: dict[str, Numbers] = {}

    def fit(
        self,
        texts: Sequence[str],
        vectors: Numbers,
        labels: Sequence[str],
        more: Sequence[str] = (),
    ) -> None:
        """Learn; the same data gives the same classifier.

        `vectors` and `labels` are those of `texts` and of `more`; which words and letters
        count is learnt from `texts` alone.

        Raises:
            ValueError: fewer than two classes.
        """
        made, wording = _wording_of(tuple(texts))
        if more:
            wording = vstack([wording, hstack([one.transform(more) for one in made])]).tocsr()
        self._see(
            _View(one.build_analyzer(), one.vocabulary_, one.idf_.astype(np.float32))
            for one in made
        )
        counts = Counter(labels)
        even = len(labels) / len(counts)
        weight = {label: (even / count) ** self.balance for label, count in counts.items()}
        dense = LogisticRegression(C=1.0, class_weight=weight, max_iter=60)
        sparse = self._for_wording(weight)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # enough for its purpose
            dense.fit(vectors * self.scale, labels)
            sparse.fit(wording.astype(np.float64), labels)
        self.classes = [str(c) for c in dense.classes_]
        for name, model in (("dense", dense), ("sparse", sparse)):
            weights, bias = model.coef_, model.intercept_
            if len(self.classes) == 2:  # one row stands for both classes
                weights, bias = np.vstack([-weights, weights]) / 2, np.append(-bias, bias) / 2
            self._weights[f"{name}.weight"] = weights.astype(np.float32).T
            self._weights[f"{name}.bias"] = bias.astype(np.float32)

    @staticmethod
    def _for_wording(weight: dict[str, float]) -> LogisticRegression | SGDClassifier:
        """One class against all others, averaged over its steps: of many classes it takes a
        twelfth of the time of a logistic regression, and is better (docs/adr/0007)."""
        if len(weight) == 2:
            return LogisticRegression(C=3.0, class_weight=weight, max_iter=60)
        return SGDClassifier(
            loss="log_loss",
            alpha=ALPHA,
            max_iter=6,
            tol=None,
            class_weight=weight,
            average=True,
            random_state=0,
            n_jobs=2,
        )

    def by_meaning(self, vectors: Numbers) -> Numbers:
        """Logarithms of chances by the vectors alone, one row a vector."""
        w = self._weights
        return _log_softmax(vectors * self.scale @ w["dense.weight"] + w["dense.bias"])

    def _see(self, views: Iterable[_View]) -> None:
        self._views = list(views)
        digest = hashlib.sha256()
        for view in self._views:
            words = sorted(view.column, key=view.column.__getitem__)
            digest.update("\n".join(words).encode("utf-8", "surrogatepass"))
            digest.update(view.idf.tobytes())
        self._mark = digest.hexdigest()

    def words_of(self, text: str) -> Worded:
        """What is seen of the wording of a text."""
        columns, values, first = [], [], 0
        for view in self._views:
            at, value = view.read(text)
            columns.append(at + first)
            values.append(value)
            first += len(view.column)
        return Worded(self._mark, np.concatenate(columns), np.concatenate(values))

    def knows(self, worded: Worded | None) -> TypeGuard[Worded]:
        """Whether this was seen by a classifier that sees the same."""
        return worded is not None and worded.mark == self._mark

    def by_wording(self, seen: Sequence[str | Worded]) -> Numbers:
        """Logarithms of each class's chance by the wording alone, one row a text (or what was
        seen of it); of more than two classes against all others."""
        weight, bias = self._weights["sparse.weight"], self._weights["sparse.bias"]
        made = [self.words_of(one) if isinstance(one, str) else one for one in seen]
        logits = np.stack([one.values @ weight[one.columns] for one in made]) + bias
        if len(self.classes) == 2:
            return _log_softmax(logits)
        out: Numbers = -np.logaddexp(np.float32(0), -logits)
        return out

    def opinion(self, seen: Sequence[str | Worded], vectors: Numbers) -> Numbers:
        """Meaning and wording together, one row a text."""
        return self.by_meaning(vectors) + self.wording * self.by_wording(seen)

    def save(self, folder: Path, name: str) -> None:
        """Write it to `folder`: numbers and vocabularies, nothing that is code."""
        idf = {f"idf.{i}": view.idf for i, view in enumerate(self._views)}
        np.savez(folder / f"{name}.npz", **self._weights, **idf)
        words = [sorted(v.column, key=v.column.__getitem__) for v in self._views]
        about = {"classes": self.classes, "scale": self.scale, "wording": self.wording}
        text = json.dumps({**about, "vocabularies": words}, ensure_ascii=False)
        (folder / f"{name}.json").write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, name: str) -> JointClassifier:
        """Read what `save` wrote."""
        about = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        made = cls(about["scale"], about["wording"])
        made.classes = about["classes"]
        with np.load(folder / f"{name}.npz") as packed:
            made._weights = {k: packed[k] for k in packed.files if not k.startswith("idf.")}
            views = []
            for i, ((kind, given), words) in enumerate(
                zip(_VIEWS, about["vocabularies"], strict=True)
            ):
                parts_of = kind(ngram_range=given["ngram_range"]).build_analyzer()
                column = {word: at for at, word in enumerate(words)}
                views.append(_View(parts_of, column, packed[f"idf.{i}"]))
            made._see(views)
        return made
