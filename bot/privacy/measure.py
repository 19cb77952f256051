"""How much of what identifies is found, and how often a harmless message is changed."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from pathlib import Path
from statistics import quantiles
from typing import Any

from bot.paths import ROOT
from bot.privacy.engine import find, redact
from bot.privacy.words import first_names, fold, last_names

CORPUS = ROOT / "tests" / "privacy" / "corpus"
PARTS = ("dev", "held_out")
# Kinds that have a form of their own, whose recall must be higher than that of names.
WITH_FORM = frozenset(
    [
        "phone",
        "email",
        "postcode",
        "date_of_birth",
        "nhs",
        "nino",
        "upn",
        "passport",
        "plate",
        "address",
        "handle",
        "link",
        "age",
        "initials",
        "school",
    ]
)


class CorpusError(ValueError):
    """B108: the corpus cannot be read; the message names file, line and mend."""


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSONL file.

    Raises:
        CorpusError: it is missing, or a line is no row of the corpus.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise CorpusError(
            f"B108 {path} cannot be read. Mend: `python -m tests.privacy.build_corpus`"
        ) from error
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            ok = isinstance(row["text"], str) and row["part"] in PARTS
            spans = row.get("spans", [])
            ok = ok and all(0 <= s["start"] < s["end"] <= len(row["text"]) for s in spans)
        except (ValueError, KeyError, TypeError) as error:
            raise CorpusError(f"B108 {path}:{number} is no row ({type(error).__name__})") from error
        if not ok:
            raise CorpusError(f"B108 {path}:{number}: a field is missing or a span is outside")
        rows.append(row)
    return rows


def _uncovered(text: str, start: int, end: int) -> str:
    """The letters and digits of a span that no finding takes."""
    left = list(text[start:end])
    for found in find(text):
        for at in range(max(found.start, start), min(found.end, end)):
            left[at - start] = ""
    kept = "".join(left)
    return "" if kept in {"s", "'s", "’s"} else re.sub(r"[\W_]+", "", kept)


def _extra(row: dict[str, Any]) -> str:
    """What was taken that no label names."""
    labelled = [(s["start"], s["end"]) for s in row["spans"]]
    parts: list[str] = []
    for found in find(row["text"]):
        inside = any(found.start < end and start < found.end for start, end in labelled)
        if not inside and found.put != row["text"][found.start : found.end]:
            parts.append(row["text"][found.start : found.end])
    return ", ".join(parts)


def _listed(name: str) -> bool:
    """Whether the recogniser's lists hold every part of a name."""
    known = first_names() | last_names()
    words = re.findall(r"[^\W\d_]+", fold(name))
    return all(w in known or w.removesuffix("s") in known for w in words if len(w) > 1)


def _rate(found: int, of: int) -> dict[str, Any]:
    return {"found": found, "of": of, "recall": round(found / of, 4) if of else None}


def measure(part: str, corpus: Path = CORPUS) -> dict[str, Any]:
    """The figures of one part of the corpus, with what was missed and what was changed.

    Raises:
        CorpusError: see `read_rows`.
    """
    rows = [r for r in read_rows(corpus / "labelled.jsonl") if r["part"] == part]
    plain = [r for r in read_rows(corpus / "harmless.jsonl") if r["part"] == part]
    hit: Counter[str] = Counter()
    total: Counter[str] = Counter()
    missed: list[dict[str, str]] = []
    extra: list[dict[str, str]] = []
    for row in rows:
        for span in row["spans"]:
            inside = row["text"][span["start"] : span["end"]]
            keys = [f"kind:{span['kind']}"]
            if span["kind"] == "name":
                keys.append(f"language:{row['language']}")
                keys.append("listed" if _listed(inside) else "unlisted")
            left = _uncovered(row["text"], span["start"], span["end"])
            total.update(keys)
            hit.update(keys if not left else [])
            if left:
                missed.append({"kind": span["kind"], "missed": inside, "text": row["text"]})
        if taken := _extra(row):
            extra.append({"taken": taken, "text": row["text"]})
    changed = [r["text"] for r in plain if redact(r["text"]) != r["text"]]
    formed = [f"kind:{k}" for k in WITH_FORM]
    return {
        "part": part,
        "messages": len(rows) + len(plain),
        "by_kind": {k[5:]: _rate(hit[k], total[k]) for k in sorted(total) if k[:5] == "kind:"},
        "by_language": {k[9:]: _rate(hit[k], total[k]) for k in sorted(total) if k[:9] == "language:"},
        "with_form": _rate(sum(hit[k] for k in formed), sum(total[k] for k in formed)),
        "names": _rate(hit["kind:name"], total["kind:name"]),
        "names_in_lists": _rate(hit["listed"], total["listed"]),
        "names_in_no_list": _rate(hit["unlisted"], total["unlisted"]),
        "harmless_changed": {
            "changed": len(changed), "of": len(plain), "share": round(len(changed) / len(plain), 4)
        },
        "taken_beside_labels": {"messages": len(extra), "of": len(rows)},
        "missed": missed, "changed": changed, "extra": extra,
    }  # fmt: skip


def speed(corpus: Path = CORPUS) -> dict[str, float]:
    """Milliseconds a message over the whole corpus, once warm.

    Raises:
        CorpusError: see `read_rows`.
    """
    texts = [r["text"] for f in ("labelled", "harmless") for r in read_rows(corpus / f"{f}.jsonl")]
    redact("warm up Zorblaxian")
    times: list[float] = []
    for text in texts:
        began = time.perf_counter()
        redact(text)
        times.append((time.perf_counter() - began) * 1000)
    cuts = quantiles(times, n=100)
    return {
        "p50_ms": round(cuts[49], 3),
        "p95_ms": round(cuts[94], 3),
        "max_ms": round(max(times), 3),
    }
