"""Takes identifying details out of a text before anybody else sees it.

Each kind is found by a recogniser of its own (`bot.privacy.recognisers`) and becomes a
placeholder such as `[NAME]`; a postcode is cut to its district, which tells the borough,
an age to its years, and an address to the street where the street is known to content.
Ages, school years and the places of `places.yml` stay.
"""

from __future__ import annotations

from bot.privacy.engine import find, redact
from bot.privacy.finding import Finding, Kind

__all__ = ["Finding", "Kind", "find", "redact"]
