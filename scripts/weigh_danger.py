"""What each opinion of the red-flag detector weighs: `python -m scripts.weigh_danger`.

Learns the few weights (`WEIGHTS` and `BIAS` of bot.nlu.components.red_flag_detector) from
the half of tests/messages/red_flags that may be looked at, and prints what they miss and
wrongly alarm on both halves at some chances.  The detector's classifiers are learnt from
data/nlu and the content alone, so that these texts are as new to them as a user's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from sklearn.linear_model import LogisticRegression

from bot.channels.gate import clean
from bot.evaluate.messages import read_bank
from bot.nlu.components.intent_classifier import IntentClassifier
from bot.nlu.components.red_flag_detector import RedFlagDetector
from bot.nlu.components.sentence_featurizer import SentenceFeaturizer
from bot.paths import ROOT
from bot.runtime.talk import Assistant

C = TypeVar("C")
BANKS = ROOT / "tests" / "messages" / "red_flags"
CHANCES = (0.08, 0.12, 0.16, 0.2, 0.25, 0.3, 0.4)


def seen(text: str) -> bool:
    """Whether a text is of the half that may be looked at."""
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % 2 == 0


def component_of(assistant: Assistant, kind: type[C]) -> C:
    """The component of that kind in a loaded model."""
    runner: Any = assistant.agent.processor.graph_runner
    for node in runner.nodes.values():
        if isinstance(node._component, kind):
            return node._component
    raise LookupError(f"the model has no {kind.__name__}")


def rows(
    detector: RedFlagDetector, before: Sequence[Any], bank: Path, danger: bool
) -> list[tuple[bool, bool, Any]]:
    """(seen, danger, opinions) of each text of a bank."""
    found = []
    for text in (t for texts in read_bank(bank).values() for t in texts):
        message = Message({TEXT: clean(text)})
        for component in before:
            component.process([message])
        hits = detector._rules.find(message.get(TEXT))
        found.append((seen(text), danger, detector.opinions(message, hits)))
    return found


def main() -> None:
    """Fit and print."""
    assistant = Assistant()
    detector = component_of(assistant, RedFlagDetector)
    before = [component_of(assistant, kind) for kind in (SentenceFeaturizer, IntentClassifier)]
    every = [
        row
        for path in sorted(BANKS.glob("*.yml"))
        for row in rows(detector, before, path, path.stem.startswith("emergencies"))
    ]
    x = np.array([opinions for _, _, opinions in every])
    danger = np.array([wanted for _, wanted, _ in every])
    looked = np.array([half for half, _, _ in every])
    model = LogisticRegression(C=1.0, max_iter=2000).fit(x[looked], danger[looked])
    print("WEIGHTS", model.coef_[0].round(2).tolist(), "BIAS", round(float(model.intercept_[0]), 2))
    chances = model.predict_proba(x)[:, 1]
    for least in CHANCES:
        told = chances >= least
        parts = [f"from {least:.2f}:"]
        for name, half in (("looked at", looked), ("not looked at", ~looked)):
            missed = np.mean(~told[half & danger])
            alarmed = np.mean(told[half & ~danger])
            parts.append(f"{name}: missed {missed:.3f}, alarmed {alarmed:.3f};")
        print(" ".join(parts))


if __name__ == "__main__":
    main()
