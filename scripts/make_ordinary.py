"""Writes bot/data/ordinary.txt: words that are no names by themselves.

From the content, the training data, the lexicon, and the English prose that comes with
the installed packages (words written in lower case there, far more often than not).
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?")


def own_words() -> set[str]:
    """Every word of the content, the training data and the lexicon."""
    files = [
        *(ROOT / "knowledge/content").rglob("*.yml"),
        *(ROOT / "data/nlu").glob("*.yml"),
        ROOT / "bot/nlu/lexicon.py",
    ]
    text = "\n".join(f.read_text(encoding="utf-8") for f in files)
    words = WORD.findall(text)
    small = {w for w in words if w.islower()}
    names = {n[2:] for n in (ROOT / "bot/data/names.txt").read_text(encoding="utf-8").split("\n")}
    kept = {w for w in words if w.lower() in small or w.lower() not in names}
    return {w.lower().replace("’", "'").removesuffix("'s") for w in kept}


def prose_words(folder: Path) -> set[str]:
    """Words that the packages' prose writes in lower case."""
    lower: Counter[str] = Counter()
    upper: Counter[str] = Counter()
    for file in [
        *folder.rglob("METADATA"),
        *folder.rglob("*.rst"),
        *folder.rglob("*.md"),
        *folder.rglob("*.txt"),
        *folder.rglob("topics.py"),
    ]:
        if file.stat().st_size > 2_000_000:
            continue
        for word in WORD.findall(file.read_text(encoding="utf-8", errors="ignore")):
            (lower if word.islower() else upper)[word.lower()] += 1
    names = (ROOT / "bot/data/names.txt").read_text(encoding="utf-8").split("\n")
    first = {n[2:] for n in names if n.startswith("f ")}
    last = {n[2:] for n in names if n.startswith("l ")}
    return {
        w for w, n in lower.items()
        if n >= 4 and n >= 2 * upper[w] and len(w) > 1
        and w not in first and (w not in last or n >= 60)
    }  # fmt: skip


def main() -> None:
    """Writes the list, sorted."""
    from faker.providers.lorem.en_US import Provider

    words = own_words() | set(Provider.word_list)
    for folder in map(Path, sys.argv[1:]):
        words |= prose_words(folder)
    (ROOT / "bot/data/ordinary.txt").write_text("\n".join(sorted(words)) + "\n", encoding="utf-8")
    print(len(words))


if __name__ == "__main__":
    main()
