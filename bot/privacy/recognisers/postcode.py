"""Postcodes, cut to the district: "E9 6JP" becomes "E9", which tells the borough."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.finding import Finding, Kind
from bot.privacy.lists import word_list

AREAS = word_list("postcode_areas")
_POSTCODE = re.compile(
    r"(?<![\w£$])(?P<area>[A-Z]{1,2})(?P<district>\d{1,2}[A-Z]?)[ -]{0,2}(?P<unit>\d[ABD-HJLNP-UW-Z]{2})(?!\w)",
    re.IGNORECASE,
)
_ORDINAL = frozenset({"1st", "2nd", "3rd"})


class PostcodeRecogniser:
    """Whole postcodes of any spacing and case."""

    def find(self, text: str) -> Iterator[Finding]:
        """See `Recogniser`."""
        for match in _POSTCODE.finditer(text):
            area, unit = match.group("area").upper(), match.group("unit").lower()
            if (
                area not in AREAS
                or unit in _ORDINAL
                or (unit.endswith("th") and unit[0] in "4567890")
            ):
                continue
            put = area + match.group("district").upper()
            yield Finding(Kind.postcode, match.start(), match.end(), put)
