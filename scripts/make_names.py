"""Writes bot/data/names.txt: given and family names of many origins, from Faker's lists.

Run by hand when Faker changes: `.venv/bin/python scripts/make_names.py`.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import unicodedata
from pathlib import Path

import faker
import faker.providers.person as person

OUT = Path(__file__).resolve().parent.parent / "bot" / "data" / "names.txt"
_LATIN = re.compile(r"^[a-z][a-z'-]{2,}$")
_LISTS = (
    "first_names",
    "first_names_male",
    "first_names_female",
    "first_names_nonbinary",
    "last_names",
)


def plain(name: str) -> str:
    """Lower case without accents, as the redaction compares."""
    folded = unicodedata.normalize(
        "NFKD", name.lower().replace("ı", "i").replace("ł", "l").replace("ø", "o")
    )
    return "".join(c for c in folded if not unicodedata.combining(c))


def main() -> None:
    """Collect and write."""
    first: set[str] = set()
    last: set[str] = set()
    for module in pkgutil.iter_modules(person.__path__):
        provider = importlib.import_module(f"{person.__name__}.{module.name}").Provider
        made = provider(faker.Generator())
        for name in _LISTS:
            found = getattr(made, name, ())
            target = last if name == "last_names" else first
            for entry in found:
                target.update(w for w in plain(str(entry)).split() if _LATIN.match(w))
    OUT.parent.mkdir(exist_ok=True)
    lines = [f"f {n}" for n in sorted(first)] + [f"l {n}" for n in sorted(last - first)]
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(first)} given names, {len(last - first)} family names -> {OUT}")


if __name__ == "__main__":
    main()
