"""Elements of Adaptive Cards 1.5, and their packing into cards that Teams takes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]

SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
VERSION = "1.5"
# Teams takes 28 kB an activity; the rest is for the envelope and the fallback text.
CARD_BYTES = 24_000
FALLBACK_CHARACTERS = 6_000
SPOKEN_CHARACTERS = 2_000
SOURCES_A_FOLD = 20
LONGEST_RUN = 3_000
# Letters that fit on a telephone.
WIDEST_BUTTON = 36
CONTINUED = "The answer goes on."
_LINK = re.compile(r"^(https?://|tel:[+\d]|mailto:)[^\s<>\"]+$")


@dataclass
class Section:
    """Some blocks under a heading; a heading without blocks is left out."""

    blocks: list[Block]
    title: str = ""


def run(text: str, *, bold: bool = False, quiet: bool = False) -> Block:
    """Words as they are, without Markdown."""
    made: Block = {"type": "TextRun", "text": text}
    if bold:
        made["weight"] = "bolder"
    if quiet:
        made["isSubtle"] = True
    return made


def link_run(text: str, address: str, *, bold: bool = False) -> Block:
    """Words that open an address: http, https, tel or mailto; others stay words."""
    made = run(text, bold=bold)
    if _LINK.match(address):
        made["selectAction"] = {"type": "Action.OpenUrl", "url": address, "title": text}
        made["underline"] = True
    return made


def block(*runs: Block) -> Block:
    """One paragraph."""
    return {"type": "RichTextBlock", "inlines": list(runs)}


def lines(text: str, *, bold: bool = False) -> list[Block]:
    """One paragraph a line; a line that is too long for a card goes on in the next."""
    pieces: list[str] = []
    for line in filter(None, (part.strip() for part in text.splitlines())):
        rest = line
        while len(rest) > LONGEST_RUN:
            cut = rest.rfind(" ", 1, LONGEST_RUN)
            cut = cut if cut > 0 else LONGEST_RUN
            pieces.append(rest[:cut])
            rest = rest[cut:].strip()
        pieces.append(rest)
    return [block(run(piece, bold=bold and n == 0)) for n, piece in enumerate(pieces)]


def heading(text: str, *, level: int) -> Block:
    """A heading that screen readers know as one; level 1 is the card's title."""
    size = {1: "large", 2: "medium"}.get(level, "default")
    return {
        "type": "TextBlock",
        "text": text,
        "style": "heading",
        "size": size,
        "weight": "bolder",
        "wrap": True,
    }


def buttons(actions: Sequence[Block]) -> list[Block]:
    """Buttons one below the other: Teams shows six of a row at most, a phone fewer.

    A button's own words are cut off at the card's edge, so that a long title becomes a box
    to press whose words wrap.
    """
    return [_box(a) if len(a["title"]) > WIDEST_BUTTON else _button(a) for a in actions]


def _button(action: Block) -> Block:
    return {"type": "ActionSet", "spacing": "small", "actions": [action]}


def _box(action: Block) -> Block:
    return {
        "type": "Container",
        "style": "emphasis",
        "spacing": "small",
        "selectAction": action,
        "items": [block(run(action["title"], bold=True))],
    }


def listed(mark: str, runs: Sequence[Block]) -> Block:
    """One item of a list, its mark being part of what is read out."""
    return {**block(run(f"{mark} ", bold=True), *runs), "spacing": "small"}


def points(items: Iterable[Block]) -> list[Block]:
    """Items in no order."""
    return [listed("•", [run(i["text"] + unsure(i))]) for i in items]


def unsure(item: Block) -> str:
    """What is said after a fact that is not verified, or no longer holds."""
    state = item.get("status")
    return {"unverified": " (not confirmed)", "superseded": " (out of date)"}.get(str(state), "")


def tel(phone: str) -> str:
    """The address that rings a number."""
    return "tel:" + re.sub(r"[^\d+]", "", phone)


def contact_blocks(contacts: Iterable[Block]) -> list[Block]:
    """Each contact: name, number in large figures, a button that rings, ways to write, hours."""
    return [_contact(contact) for contact in contacts]


def _contact(contact: Block) -> Block:
    items = [block(run(contact["name"] + unsure(contact), bold=True))]
    phone = contact.get("phone")
    if phone:
        number = {**run(str(phone), bold=True), "size": "extraLarge"}
        items.append(block(number))
        call = {"type": "Action.OpenUrl", "title": f"Ring {phone}", "url": tel(phone)}
        items += buttons([{**call, "tooltip": f"Ring {contact['name']}"}])
    if contact.get("email"):
        items.append(block(link_run(contact["email"], f"mailto:{contact['email']}")))
    if contact.get("web"):
        items.append(block(link_run(contact["web"], contact["web"])))
    state = {True: " Open now.", False: " Closed now."}.get(contact["open_now"], "")
    hours = contact["hours_text"].rstrip(".") + "."
    items.append(block(run(hours + state)))
    if contact.get("note"):
        items.append(block(run(contact["note"], quiet=True)))
    return {"type": "Container", "separator": True, "spacing": "medium", "items": items}


def sources_section(message: Block) -> Iterable[Section]:
    """The sources, folded, and the content version, always to be seen."""
    sources = list(message.get("sources") or [])
    blocks: list[Block] = []
    for start in range(0, len(sources), SOURCES_A_FOLD):
        title = "Where this comes from" if start == 0 else "More sources"
        shown = [_source(s) for s in sources[start : start + SOURCES_A_FOLD]]
        blocks.append(folded(title, f"sources-{start}", shown))
    blocks.append(block(run(f"Content version {message['content_version']}", quiet=True)))
    yield Section(blocks)


def _source(source: Block) -> Block:
    title = str(source["title"])
    name = link_run(title, source["address"]) if source.get("address") else run(title)
    about = f", {source['publisher']}, {source['date']}; read {source['accessed']}"
    return {**block(run("• "), name, run(about)), "spacing": "small"}


def folded(title: str, key: str, items: list[Block]) -> Block:
    """A button that shows and hides some blocks; they stay together in one card."""
    fold = {"type": "Action.ToggleVisibility", "title": title, "targetElements": [key]}
    hidden = {"type": "Container", "id": key, "isVisible": False, "items": items}
    return together([*buttons([fold]), hidden])


def together(items: list[Block]) -> Block:
    """Blocks that no card's end may part."""
    return {"type": "Container", "items": items}


def size_of(card: Block) -> int:
    """Bytes of a card as it is sent."""
    return len(json.dumps(card).encode())


def _card(body: list[Block], speak: str, fallback: str) -> Block:
    return {
        "type": "AdaptiveCard",
        "$schema": SCHEMA,
        "version": VERSION,
        "lang": "en",
        "speak": speak[:SPOKEN_CHARACTERS],
        "fallbackText": fallback[:FALLBACK_CHARACTERS],
        "body": body,
    }


def pack(sections: Iterable[Section], *, speak: str, fallback: str) -> list[Block]:
    """Cards of at most `CARD_BYTES`, broken between blocks; a heading goes with its first."""
    cards: list[Block] = []
    body: list[Block] = []

    def room(more: list[Block]) -> bool:
        first = not cards
        said, plain = (speak, fallback) if first else (CONTINUED, CONTINUED)
        return size_of(_card(body + more, said, plain)) <= CARD_BYTES

    def close() -> None:
        said, plain = (speak, fallback) if not cards else (CONTINUED, CONTINUED)
        cards.append(_card(list(body), said, plain))
        body.clear()

    for section in sections:
        named = section.title
        for one in section.blocks:
            more = [_spaced(heading(named, level=2)), one] if named else [one]
            if body and not room(more):
                close()
                if section.title:
                    said = named or f"{section.title} (continued)"
                    more = [heading(said, level=2), one]
            body += more
            named = ""
    if body or not cards:
        close()
    return cards


def _spaced(made: Block) -> Block:
    return {**made, "spacing": "large"}
