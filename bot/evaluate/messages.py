"""Single messages by kind: what the first reply to each is, for danger and for its look-alikes.

A bank is a YAML mapping of a kind to its texts, as in `tests/messages/`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.evaluate.judge import upper95
from bot.evaluate.player import Speaker
from bot.evaluate.vignettes import VignetteError

Bank = dict[str, list[str]]


def read_bank(path: Path) -> Bank:
    """The texts of a file by kind.

    Raises:
        VignetteError: no such file, no YAML, or no mapping of kinds to lists of texts.
    """
    try:
        bank = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise VignetteError(f"E001 {path}: no such file. Mend: check the name") from error
    except yaml.YAMLError as error:
        raise VignetteError(f"E002 {path}: not valid YAML: {error}") from error
    if not isinstance(bank, dict):
        raise VignetteError(f"E002 {path}: not a mapping. Mend: write `kind:` above its texts")
    for kind, texts in bank.items():
        wrong = [t for t in texts if not isinstance(t, str)] if isinstance(texts, list) else texts
        if wrong or not texts:
            raise VignetteError(
                f"E003 {path} [{kind}]: {wrong} is no text. Mend: put quotes round it"
            )
    return {str(kind): list(texts) for kind, texts in bank.items()}


def is_emergency(messages: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a reply is the answer to an emergency."""
    return any(m.get("outcome", {}).get("route") == "emergency" for m in messages)


@dataclass
class Tally:
    """How many texts of a kind were answered as an emergency, and the others of note."""

    of: int = 0
    emergencies: int = 0
    wrong: list[str] = field(default_factory=list)


def tally(speaker: Speaker, bank: Bank, *, emergency: bool) -> dict[str, Tally]:
    """Send each text as the first message of a talk; `emergency` is what is right for all."""
    rows: dict[str, Tally] = {}
    for kind, texts in bank.items():
        row = rows.setdefault(kind, Tally())
        for text in texts:
            found = is_emergency(speaker.say(speaker.new_sender(), text))
            row.of += 1
            row.emergencies += found
            if found != emergency:
                row.wrong.append(text)
    return rows


def totals(rows: Mapping[str, Tally]) -> dict[str, Any]:
    """All kinds together; `upper95` bounds the share that was answered wrongly."""
    of, wrong = sum(r.of for r in rows.values()), sum(len(r.wrong) for r in rows.values())
    return {
        "of": of,
        "wrong": wrong,
        "rate": wrong / of if of else 0.0,
        "upper95": upper95(wrong, of),
    }
