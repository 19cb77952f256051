"""Which borough a school of content stands in, in words."""

from __future__ import annotations

from functools import lru_cache

from bot.privacy.public import read_places

_WORDS = {"hackney": "Hackney", "city": "the City of London"}


@lru_cache(maxsize=1)
def _settings() -> dict[str, str]:
    return {
        str(p["name"]).lower(): _WORDS.get(str(p["borough"]), str(p.get("authority") or ""))
        for p in read_places()
        if p["kind"] == "setting"
    }


def borough_of(school: str) -> str:
    """ "Hackney", "the City of London", another authority's name, or nothing."""
    return _settings().get(school.lower(), "")
