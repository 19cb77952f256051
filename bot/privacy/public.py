"""What content publishes is no personal detail: its numbers, addresses, sites and places."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import yaml

from bot.paths import CONTENT

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_HOST = re.compile(r"https?://([\w.-]{3,200})")
_PHONE = re.compile(r"(?<![\w-])0(?:[ -]?\d){9,10}(?![\w-])")
_GOVERNMENT = (".gov.uk", ".nhs.uk", ".police.uk", ".parliament.uk", ".judiciary.uk")


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_places() -> list[dict[str, str]]:
    """The rows of `places.yml`."""
    text = (CONTENT / "places.yml").read_text(encoding="utf-8")
    loaded: list[dict[str, str]] = yaml.load(text, Loader=_LOADER)["places"]  # noqa: S506 - safe in C
    return loaded


@dataclass(frozen=True)
class Public:
    """The published details, in lower case; telephone numbers as digits alone."""

    emails: frozenset[str]
    hosts: frozenset[str]
    phones: frozenset[str]
    places: dict[str, str]

    def knows_host(self, host: str) -> bool:
        """Whether the site is one that content names, or a public authority's."""
        plain = host.lower().removeprefix("www.")
        return plain in self.hosts or f".{plain}".endswith(_GOVERNMENT)


@lru_cache(maxsize=1)
def public() -> Public:
    """Read once from the content files, before their check: a wrong file hides nothing."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(CONTENT.rglob("*.yml"))]
    everything = "\n".join(texts)
    return Public(
        emails=frozenset(e.lower().rstrip(".") for e in _EMAIL.findall(everything)),
        hosts=frozenset(h.lower().removeprefix("www.") for h in _HOST.findall(everything)),
        phones=frozenset(re.sub(r"\D", "", p) for p in _PHONE.findall(everything)),
        places={str(p["name"]).lower(): str(p["kind"]) for p in read_places()},
    )
