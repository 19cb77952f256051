"""Ours beside Presidio's recognisers: what it finds by a form, we find."""

from __future__ import annotations

import json
import subprocess
import sys

from bot.paths import ROOT
from bot.privacy import find
from bot.privacy.measure import CORPUS, read_rows


def test_whatever_presidio_finds_by_form_is_found():
    rows = [
        r
        for r in read_rows(CORPUS / "labelled.jsonl")
        if any(s["kind"] != "name" for s in r["spans"])
    ]
    texts = [r["text"] for r in rows]
    done = subprocess.run(
        [sys.executable, "-m", "tests.privacy.presidio_finds"], cwd=ROOT, text=True,
        input="".join(json.dumps(t) + "\n" for t in texts), capture_output=True, check=True,
    )  # fmt: skip
    counted, missed = 0, []
    for row, line in zip(rows, done.stdout.splitlines(), strict=True):
        text, spans = row["text"], row["spans"]
        ours = [(f.start, f.end) for f in find(text)]
        for kind, start, end in json.loads(line):
            # "y7 was" is a number plate to Presidio: only what is labelled counts.
            if not any(s["start"] < end and start < s["end"] for s in spans):
                continue
            counted += 1
            if not any(a < end and start < b for a, b in ours):
                missed.append((kind, text[start:end], text))
    assert counted > 150
    assert missed == []
