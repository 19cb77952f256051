"""One pipeline: train it on our data, then let it read every message of the bank.

`scripts.compare` runs it in a process of its own for each peer, so that none warms or weighs
on another, and reads the JSON that it writes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FALLBACK, DANGER = "nlu_fallback", "immediate_danger"


def guess(parsed: dict[str, Any]) -> dict[str, Any]:
    """The intent as shipped, what stands under it before the fallback's threshold, and what
    the message is about where danger leads (`about`)."""
    intent = parsed.get("intent") or {}
    name, confidence = intent.get("name"), float(intent.get("confidence") or 0.0)
    raw, raw_confidence = name, confidence
    if name == FALLBACK:
        rest = [
            r for r in parsed.get("intent_ranking", []) if r.get("name") not in {FALLBACK, None}
        ]
        raw = rest[0]["name"] if rest else None
        raw_confidence = float(rest[0]["confidence"]) if rest else 0.0
    calm = [
        r for r in parsed.get("intent_ranking", []) if r.get("name") not in {FALLBACK, DANGER, None}
    ]
    return {
        "shipped": name,
        "raw": raw,
        "confidence": raw_confidence,
        "about": calm[0]["name"] if raw == DANGER and calm else raw,
    }


def bank() -> list[tuple[str, str]]:
    """Every text with its intent."""
    from bot.evaluate.messages import read_bank

    folder = ROOT / "tests" / "messages" / "intents"
    pairs = [p for f in sorted(folder.glob("*.yml")) for p in read_bank(f).items()]
    return [(text, intent) for intent, texts in pairs for text in texts]


def thinned(folder: Path, every: int) -> Path:
    """A folder with every nth message of each intent of our data, for the nths of `every`."""
    from rasa.shared.importers.utils import training_data_from_paths
    from rasa.shared.nlu.training_data.training_data import TrainingData

    whole = training_data_from_paths([str(ROOT / "data" / "nlu")], "en")
    met: Counter[str] = Counter()
    kept = []
    for example in sorted(whole.intent_examples, key=lambda e: str(e.get("text"))):
        if met[example.get("intent")] % every == 0:
            kept.append(example)
        met[example.get("intent")] += 1
    folder.mkdir(parents=True)
    TrainingData(kept).persist_nlu(str(folder / "nlu.yml"))
    return folder


def measure(config: Path, folder: Path, every: int) -> dict[str, Any]:
    """Train, load, read: guesses in the order of the bank, milliseconds each, seconds, bytes."""
    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu

    from bot.channels.gate import clean
    from bot.runtime.agent import CarefulAgent
    from bot.runtime.rasa_server import leave_what_stays

    data = ROOT / "data" / "nlu" if every == 1 else thinned(folder / "data", every)
    began = time.perf_counter()
    made = train_nlu(
        config=str(config),
        nlu_data=str(data),
        output=str(folder),
        fixed_model_name="peer",
        domain=str(ROOT / "domain.yml"),
    )
    seconds = time.perf_counter() - began
    if made is None:
        raise RuntimeError(f"{config}: training failed")
    # Ours as its servers run it; all of them without the collector in between.
    agent = (CarefulAgent if config.resolve() == ROOT / "config.yml" else Agent).load(made)
    leave_what_stays()
    loop = asyncio.new_event_loop()

    def read(text: str) -> dict[str, Any]:
        parsed: dict[str, Any] = loop.run_until_complete(agent.parse_message(text))
        return parsed

    texts = [clean(text) for text, _ in bank()]
    for text in texts[:: max(1, len(texts) // 20)]:
        read(text)
    guesses, took = [], []
    for text in texts:
        start = time.perf_counter()
        parsed = read(text)
        took.append((time.perf_counter() - start) * 1000)
        guesses.append(guess(parsed))
    return {
        "guesses": guesses,
        "milliseconds": took,
        "training_seconds": seconds,
        "model_bytes": Path(made).stat().st_size,
    }


def main() -> None:
    """Measures the config given, and writes JSON."""
    import bot  # noqa: F401 - sets the environment
    from bot.nlu import embedder
    from bot.settings import EMBEDDING_THREADS

    os.environ.setdefault(EMBEDDING_THREADS, str(min(2, os.cpu_count() or 1)))  # as served

    parser = argparse.ArgumentParser()
    parser.add_argument("config", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--every", type=int, default=1, help="learn from every nth message alone")
    parser.add_argument("--untuned", action="store_true", help="the embedding as published")
    given = parser.parse_args()
    if given.untuned:
        vars(embedder)["adapter_path"] = lambda: Path("untuned")  # no such file: no corrections
    folder = given.output.parent / given.output.stem
    folder.mkdir(parents=True, exist_ok=True)
    measured = measure(given.config, folder, given.every)
    given.output.write_text(json.dumps(measured), encoding="utf-8")
    shutil.rmtree(folder)  # the figures are kept, the model is not


if __name__ == "__main__":
    main()
