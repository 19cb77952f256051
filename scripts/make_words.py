"""Writes the word lists of the redaction: bot/data/english.txt and bot/data/everyday.txt.

`english.txt` is Debian's British word list (SCOWL, its licence in `english.LICENSE.txt`),
so that a word of the language is not taken for a name.  `everyday.txt` is what staff of
schools write: the words of the content, of the training data and of the lexicon, and the
common ones of the packages' prose.  Only these are thought of when a word may be a slip of
the keyboard.

Run by hand after the content or the training data gained words:
`.venv/bin/python -m scripts.make_words` (with `--british FILE` to renew english.txt from
/usr/share/dict/british-english of the package wbritish).
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "bot" / "data"
_WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?")
_PLACEHOLDER = re.compile(r"\[[A-Z]+\]")


def english(british: Path) -> set[str]:
    """The words of the list that are no proper nouns."""
    words = british.read_text(encoding="utf-8").split()
    return {w for w in words if w.isascii() and w.isalpha() and w.islower() and len(w) > 1}


def own_words() -> set[str]:
    """Every word that content, training data and lexicon write in lower case."""
    files = [
        *(ROOT / "knowledge/content").rglob("*.yml"),
        *(ROOT / "data/nlu").glob("*.yml"),
        ROOT / "bot/nlu/lexicon.py",
    ]
    text = "\n".join(f.read_text(encoding="utf-8") for f in files)
    text = _PLACEHOLDER.sub(" ", text)
    found = (w.replace("’", "'").removesuffix("'s") for w in _WORD.findall(text) if w.islower())
    return {w for w in found if len(w) > 1 and not w.endswith("'")}


def names() -> set[str]:
    """Every name that the redaction knows."""
    lines = (DATA / "names.txt").read_text(encoding="utf-8").splitlines()
    more = (DATA / "more_names.txt").read_text(encoding="utf-8").split("\n")
    extra = " ".join(line for line in more if not line.startswith("#"))
    return {line[2:] for line in lines} | set(extra.split())


def main() -> None:
    """Write both, sorted."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--british", type=Path)
    given = parser.parse_args()
    if given.british:
        (DATA / "english.txt").write_text(
            "\n".join(sorted(english(given.british))) + "\n", encoding="utf-8"
        )
    known = set((DATA / "english.txt").read_text(encoding="utf-8").split())
    before = set((DATA / "everyday.txt").read_text(encoding="utf-8").split())
    own, called = own_words(), names()
    # A word of ours that is no English word and is a name was a name that slipped in.
    kept = {w for w in own if w in known or "'" in w or w not in called}
    everyday = kept | (before & known)
    (DATA / "everyday.txt").write_text("\n".join(sorted(everyday)) + "\n", encoding="utf-8")
    print(f"{len(known)} English words, {len(everyday)} everyday words")
    print("not English and not a known name:", " ".join(sorted(kept - known)))


if __name__ == "__main__":
    main()
