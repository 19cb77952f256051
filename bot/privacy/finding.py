"""What a recogniser returns, and the kinds of identifying details."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol


class Kind(str, Enum):
    """Kinds of identifying details, as the corpus labels them."""

    name = "name"
    initials = "initials"
    date_of_birth = "date_of_birth"
    age = "age"
    address = "address"
    postcode = "postcode"
    phone = "phone"
    email = "email"
    link = "link"
    handle = "handle"
    upn = "upn"
    nhs = "nhs"
    nino = "nino"
    passport = "passport"
    plate = "plate"
    school = "school"
    number = "number"


PLACEHOLDERS: dict[Kind, str] = {
    Kind.name: "[NAME]",
    Kind.initials: "[NAME]",
    Kind.date_of_birth: "[DATE]",
    Kind.address: "[ADDRESS]",
    Kind.phone: "[PHONE]",
    Kind.email: "[EMAIL]",
    Kind.link: "[LINK]",
    Kind.handle: "[HANDLE]",
    Kind.upn: "[UPN]",
    Kind.nhs: "[NHS]",
    Kind.nino: "[NINO]",
    Kind.passport: "[PASSPORT]",
    Kind.plate: "[PLATE]",
    Kind.school: "[SCHOOL]",
    Kind.number: "[NUMBER]",
}


@dataclass(frozen=True)
class Finding:
    """Characters `start` to `end` are of `kind`, and `put` is to stand in their place."""

    kind: Kind
    start: int
    end: int
    put: str

    @classmethod
    def of(cls, kind: Kind, start: int, end: int) -> Finding:
        """A finding that becomes the placeholder of its kind."""
        return cls(kind, start, end, PLACEHOLDERS[kind])


class Recogniser(Protocol):
    """Finds one kind of detail."""

    def find(self, text: str) -> Iterable[Finding]:
        """Every place of `text` that holds such a detail."""
