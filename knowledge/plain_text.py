"""A message of the assistant as plain text, for the shell, REST and print.

Works on the JSON alone, so that every channel can use it.
"""

from __future__ import annotations

from typing import Any

DEADLINES = {
    "immediately": "Do this now.",
    "same_day": "Do this today.",
    "one_working_day": "Do this within one working day. Sooner is better.",
    "forty_eight_hours_in_writing": "Confirm in writing within 48 hours.",
    "none": "",
}


def contact_lines(contact: dict[str, Any]) -> list[str]:
    """Name, ways to reach, hours, and what is not verified, of a contact."""
    ways = [contact.get(way) for way in ("phone", "email", "web") if contact.get(way)]
    state = {True: "Open now.", False: "Closed now.", None: ""}[contact["open_now"]]
    head = f"{contact['name']}: {', '.join(str(w) for w in ways)}"
    tail = " ".join(part for part in (contact["hours_text"], state) if part)
    lines = [head, f"  {tail}"]
    if contact.get("note"):
        lines.append(f"  {contact['note']}")
    if contact["status"] == "unverified":
        lines.append("  Not yet verified: check before you rely on it.")
    if contact["status"] == "superseded":
        lines.append("  Out of date: use the newer contact.")
    return lines


def _question(message: dict[str, Any]) -> list[str]:
    lines = [message["text"]]
    lines += [f"  {n}. {o['title']}" for n, o in enumerate(message["options"], start=1)]
    return lines


def _sources(message: dict[str, Any]) -> list[str]:
    lines = ["Where this comes from:"]
    for source in message["sources"]:
        where = f", {source['address']}" if source["address"] else ""
        newer = source.get("replaced_by")
        lines.append(
            f"  - {source['title']} ({source['publisher']}, {source['date']}"
            f"{where}; seen {source['accessed']})" + (f". Now in force: {newer}" if newer else "")
        )
    return [*lines, f"Content version {message['content_version']}"]


def _guidance(message: dict[str, Any]) -> list[str]:
    contacts = {c["id"]: c for c in message["contacts"]}
    lines = [message["title"].upper(), DEADLINES[message["outcome"]["deadline"]]]
    if level := message.get("level_name"):
        lines += [f"{level['own']} ({level['common']})", level["means"]]
    lines.append("Do now:")
    named: set[str] = set()
    for number, step in enumerate(message["do_now"], start=1):
        lines.append(f"  {number}. {step['text']}")
        key = step.get("contact_id")
        if key in contacts and key not in named:
            named.add(key)
            lines += ["     " + line for line in contact_lines(contacts[key])]
    rest = [c for key, c in contacts.items() if key not in named]
    if rest:
        lines.append("If nobody answers, or out of hours:")
        lines += ["  " + line for c in rest for line in contact_lines(c)]
    for heading, key in (
        ("Do not:", "do_not"),
        ("Write down:", "record"),
        ("Special duties:", "duties"),
        ("Why:", "why"),
        ("What happens next:", "next"),
    ):
        if message.get(key):
            lines += [heading, *(f"  - {point['text']}" for point in message[key])]
    return [line for line in [*lines, *message.get("notes", []), *_sources(message)] if line]


def as_text(message: dict[str, Any]) -> str:
    """The whole message as text with one fact a line."""
    kind = message["type"]
    if kind == "question":
        return "\n".join(_question(message))
    if kind == "guidance":
        return "\n".join(_guidance(message))
    if kind == "resources":
        lines = [message["text"]]
        for hit in message["hits"]:
            where = hit.get("address") or "no address on record"
            lines += [
                f"- {hit['title']} ({hit['publisher']}, {hit['date']})",
                f"  {hit['purpose']}",
                f"  {where}",
            ]
        return "\n".join([*lines, *_sources(message)])
    lines = [message["text"]]
    lines += [line for c in message.get("contacts", []) for line in contact_lines(c)]
    return "\n".join(lines)
