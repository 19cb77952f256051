"""Postcodes, cut to the district: "E9 6JP" becomes "E9", which tells the borough."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.finding import Finding, Kind

AREAS = frozenset(
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH "
    "EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME "
    "MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY "
    "TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE".split()
)
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
            if area not in AREAS or unit in _ORDINAL or (unit.endswith("th") and unit[0] in "4567890"):
                continue
            put = area + match.group("district").upper()
            yield Finding(Kind.postcode, match.start(), match.end(), put)
