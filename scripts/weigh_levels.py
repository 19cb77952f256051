"""What each opinion of a message's level weighs: `python -m scripts.weigh_levels`.

Learns `WEIGHTS` and `BIAS` of bot.nlu.levels from the half of tests/messages/signs and of
the one-message vignettes that may be looked at, and prints what comes out under and over
its level on both halves at some settings of `SURE`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from scipy.optimize import minimize

from bot.channels.gate import clean
from bot.evaluate.expected import LEVEL_OF_ROUTE
from bot.evaluate.messages import read_bank
from bot.evaluate.vignettes import as_list, read_vignettes
from bot.nlu import levels
from bot.nlu.components.intent_classifier import IntentClassifier
from bot.nlu.components.knowledge_retriever import KnowledgeRetriever
from bot.nlu.components.sentence_featurizer import SentenceFeaturizer
from bot.paths import ROOT
from bot.runtime.talk import Assistant
from scripts.weigh_danger import component_of, seen

# How far weights are let go, and the opinions that say how grave it is.
RIDGE, HEARD = 0.1, frozenset({0, 1, 2, 8, 9, 10})
SETTINGS = (
    levels.SURE,
    (0.5, 0.5, 0.5), (0.3, 0.3, 0.3), (0.3, 0.25, 0.2), (0.25, 0.2, 0.2), (0.2, 0.2, 0.2),
    (0.2, 0.2, 0.15), (0.15, 0.15, 0.15), (0.1, 0.1, 0.1),
)  # fmt: skip


class Row(NamedTuple):
    """A message: the bank, whether it may be looked at, its lowest and highest level, opinions."""

    bank: str
    seen: bool
    lowest: int
    highest: int
    opinions: levels.Numbers


def messages(retriever: KnowledgeRetriever) -> Iterator[tuple[str, str, str, set[int]]]:
    """Bank, what tells the halves apart, text and levels of each."""
    for path in sorted((ROOT / "tests" / "messages" / "signs").glob("*.yml")):
        for sign, texts in read_bank(path).items():
            for text in texts:
                yield path.stem, text, text, {retriever._levels[sign]}
    for v in read_vignettes([ROOT / "tests" / "vignettes"]):
        routes = as_list(v.expect.route)
        right = {LEVEL_OF_ROUTE[route] for route in routes if route in LEVEL_OF_ROUTE}
        if right and len(v.says) == 1 and set(routes) != {"emergency"}:
            yield "vignettes", v.id, v.says[0], right


def rows() -> list[Row]:
    """Every message with its opinions."""
    assistant = Assistant()
    retriever = component_of(assistant, KnowledgeRetriever)
    before: list[Any] = [
        component_of(assistant, kind) for kind in (SentenceFeaturizer, IntentClassifier)
    ]
    found = []
    for bank, key, text, right in messages(retriever):
        message = Message({TEXT: clean(text)})
        for component in before:
            component.process([message])
        opinions = retriever.opinions(message)
        if opinions is not None:
            found.append(Row(bank, seen(key), min(right), max(right), opinions))
    return found


def fit(known: list[Row]) -> tuple[levels.Numbers, levels.Numbers]:
    """Weights and bias, one row each for at least level 2, 3 and 4.

    What is heard to be graver never counts for less: those weights are not under nothing.
    """
    weights, bias = [], []
    for level in levels.LEVELS[1:]:
        # Where both would be right, the message teaches nothing.
        told = [r for r in known if r.lowest >= level or r.highest < level]
        x = np.array([r.opinions for r in told], np.float64)
        sign = np.array([1.0 if r.lowest >= level else -1.0 for r in told])

        def loss(w: Any, x: Any = x, sign: Any = sign) -> tuple[float, Any]:
            margin = sign * (x @ w[:-1] + w[-1])
            slope = -sign / (1 + np.exp(margin))
            kept = np.append(w[:-1], 0.0) / RIDGE
            total = np.logaddexp(0, -margin).sum() + kept @ w / 2
            return float(total), np.append(x.T @ slope, slope.sum()) + kept

        width = x.shape[1]
        bounds = [(0.0 if at in HEARD else None, None) for at in range(width)]
        best = minimize(
            loss, np.zeros(width + 1), jac=True, bounds=[*bounds, (None, None)], method="L-BFGS-B"
        )
        weights.append(best.x[:-1].round(2))
        bias.append(round(float(best.x[-1]), 2))
    return np.array(weights), np.array(bias)


def main() -> None:
    """Fit and print."""
    found = rows()
    weights, bias = fit([r for r in found if r.seen])
    print("WEIGHTS", weights.tolist(), "BIAS", bias.tolist())
    vars(levels).update(WEIGHTS=weights, BIAS=bias)
    for sure in SETTINGS:
        vars(levels)["SURE"] = sure
        print(sure)
        for bank in sorted({r.bank for r in found}):
            for name, half in (("looked at", True), ("not looked at", False)):
                mine = [r for r in found if r.bank == bank and r.seen is half]
                got = [levels.level_by(r.opinions) for r in mine]
                under = np.mean([g < r.lowest for g, r in zip(got, mine, strict=True)])
                over = np.mean([g > r.highest for g, r in zip(got, mine, strict=True)])
                print(f"  {bank}, {name} ({len(mine)}): under {under:.3f}, over {over:.3f}")


if __name__ == "__main__":
    main()
