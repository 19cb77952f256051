"""Runs the recognisers in their order and puts the placeholders in."""

from __future__ import annotations

import re

from bot.privacy.finding import Finding, Recogniser
from bot.privacy.recognisers.address import AddressRecogniser
from bot.privacy.recognisers.age import AgeRecogniser
from bot.privacy.recognisers.date_of_birth import DateOfBirthRecogniser
from bot.privacy.recognisers.email import EmailRecogniser
from bot.privacy.recognisers.handle import HandleRecogniser
from bot.privacy.recognisers.initials import InitialsRecogniser
from bot.privacy.recognisers.link import LinkRecogniser
from bot.privacy.recognisers.name import NameRecogniser
from bot.privacy.recognisers.nhs import NhsRecogniser
from bot.privacy.recognisers.nino import NinoRecogniser
from bot.privacy.recognisers.number import NumberRecogniser
from bot.privacy.recognisers.passport import PassportRecogniser
from bot.privacy.recognisers.phone import PhoneRecogniser
from bot.privacy.recognisers.plate import PlateRecogniser
from bot.privacy.recognisers.postcode import PostcodeRecogniser
from bot.privacy.recognisers.school import SchoolRecogniser
from bot.privacy.recognisers.upn import UpnRecogniser

# Where two overlap, the earlier one has it.
RECOGNISERS: tuple[Recogniser, ...] = (
    EmailRecogniser(),
    LinkRecogniser(),
    HandleRecogniser(),
    NinoRecogniser(),
    UpnRecogniser(),
    PassportRecogniser(),
    DateOfBirthRecogniser(),
    PhoneRecogniser(),
    NhsRecogniser(),
    PlateRecogniser(),
    NumberRecogniser(),
    PostcodeRecogniser(),
    AgeRecogniser(),
    AddressRecogniser(),
    SchoolRecogniser(),
    InitialsRecogniser(),
    NameRecogniser(),
)
_PLACEHOLDER = re.compile(r"\[[A-Z]{3,10}\]")


def find(text: str) -> list[Finding]:
    """Every identifying detail of `text`, in order, none over another."""
    taken = bytearray(len(text))
    for match in _PLACEHOLDER.finditer(text):
        taken[match.start() : match.end()] = b"\1" * len(match.group())
    kept: list[Finding] = []
    for recogniser in RECOGNISERS:
        for found in recogniser.find(text):
            if found.start >= found.end or 1 in taken[found.start : found.end]:
                continue
            taken[found.start : found.end] = b"\1" * (found.end - found.start)
            kept.append(found)
    return sorted(kept, key=lambda one: one.start)


def redact(text: str) -> str:
    """The text with every identifying detail that is recognised put by its kind."""
    parts: list[str] = []
    at = 0
    for found in find(text):
        parts += [text[at : found.start], found.put]
        at = found.end
    return "".join([*parts, text[at:]])
