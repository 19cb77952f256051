"""NHS numbers: ten digits, mostly written 3-3-4.  A wrong check digit is still somebody's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.finding import Finding, Kind

_NHS = re.compile(r"(?<![\w-])[1-9]\d{2}[ .-]?\d{3}[ .-]?\d{4}(?![\w-])")
_CUED = re.compile(
    r"\bnhs\s?(?:number|num|no\.?|id|#)?(?:\sis|\s?[:=-])?\s{0,2}(?P<id>\d(?:[ .-]?\d){6,11})(?!\w)",
    re.IGNORECASE,
)


class NhsRecogniser:
    """Any ten digits that are no telephone number, and digits after "NHS"."""

    def find(self, text: str) -> Iterator[Finding]:
        """See `Recogniser`."""
        for match in _CUED.finditer(text):
            yield Finding.of(Kind.nhs, *match.span("id"))
        for match in _NHS.finditer(text):
            yield Finding.of(Kind.nhs, *match.span())
