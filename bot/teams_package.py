"""The app package that a Teams administrator uploads: manifest and two icons, in a zip."""

from __future__ import annotations

import io
import json
import re
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

SCHEMA_VERSION = "1.17"
SCHEMA_URL = "https://developer.microsoft.com/json-schemas/teams/v1.17/MicrosoftTeams.schema.json"
NAME = "Worried About a Child"
# One blue, with white on it: 8.6 to 1.
ACCENT = "#1d4f91"
COLOUR_SIZE, OUTLINE_SIZE = 192, 32
SCOPES = ["personal", "team", "groupChat"]
# What the menu of commands offers; each is also understood when typed.
COMMANDS = (
    ("I am worried about a child", "Tell me what you saw or heard"),
    ("I am worried about an adult", "About somebody who works with children"),
    ("Who do I call?", "Numbers of MASH, LADO and the out of hours team"),
    ("Find guidance", "Resources and training for schools and colleges"),
    ("Summary", "A summary without names for the referral form"),
    ("My reminders", "What I will remind you of, and how to cancel it"),
    ("Start again", "Put this talk aside"),
    ("Help", "What I can do"),
)
_GUID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")
_DOMAIN = re.compile(r"^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$")


class PackageError(ValueError):
    """B091: the package cannot be made; the message names the mend."""


def manifest(app_id: str, domain: str) -> dict[str, Any]:
    """The manifest of a bot that is registered as `app_id` and served at `domain`.

    Raises:
        PackageError: one of them is not of the form that Teams takes.
    """
    app_id, domain = app_id.lower(), domain.lower()
    if not _GUID.match(app_id):
        raise PackageError("B091 --app-id is no GUID. Mend: copy the bot's Application (client) ID")
    if not _DOMAIN.match(domain):
        raise PackageError(
            "B091 --domain is no public host. Mend: its name alone, such as bot.school.example"
        )
    site = f"https://{domain}"
    return {
        "$schema": SCHEMA_URL,
        "manifestVersion": SCHEMA_VERSION,
        "version": metadata.version("worried-about-a-child"),
        "id": app_id,
        "developer": {
            "name": "City of London and Hackney",
            "websiteUrl": site,
            "privacyUrl": f"{site}/webhooks/teams/privacy",
            "termsOfUseUrl": f"{site}/webhooks/teams/terms",
        },
        "name": {"short": NAME, "full": f"{NAME}: safeguarding for school and college staff"},
        "description": {
            "short": "Whom to tell when you worry about a child, in the City and Hackney",
            "full": (
                "For staff of schools and colleges in the City of London and Hackney. Tell it what "
                "you saw or heard, without names. It shows how serious that is by the local "
                "criteria, whom to tell, on which number and by when, what to write down and what "
                "not to do, each with its source. It supports the designated safeguarding lead and "
                "never replaces them. If anybody is in danger now, ring 999."
            ),
        },
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": ACCENT,
        "bots": [
            {
                "botId": app_id,
                "scopes": SCOPES,
                "supportsFiles": False,
                "isNotificationOnly": False,
                "commandLists": [
                    {
                        "scopes": ["personal"],
                        "commands": [{"title": t, "description": d} for t, d in COMMANDS],
                    }
                ],
            }
        ],
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [domain],
        "defaultInstallScope": "personal",
    }


def _drawn(size: int, ground: str | None) -> bytes:
    """A speech bubble with a heart's place left open: drawn large, then made small."""
    big = 8 * size
    image = Image.new("RGBA", (big, big), ground or (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    unit = big / 32
    white = (255, 255, 255, 255)
    clear: Any = ground or (0, 0, 0, 0)
    pen.rounded_rectangle((5 * unit, 6 * unit, 27 * unit, 22 * unit), radius=4 * unit, fill=white)
    pen.polygon([(9 * unit, 21 * unit), (9 * unit, 28 * unit), (16 * unit, 21 * unit)], fill=white)
    if ground is None:
        pen.rounded_rectangle(
            (7 * unit, 8 * unit, 25 * unit, 20 * unit), radius=2.5 * unit, fill=clear
        )
    mark = white if ground is None else clear
    pen.rounded_rectangle(
        (14.7 * unit, 9.5 * unit, 17.3 * unit, 15.2 * unit), radius=1.2 * unit, fill=mark
    )
    pen.ellipse((14.5 * unit, 16 * unit, 17.5 * unit, 19 * unit), fill=mark)
    small = image.resize((size, size), Image.Resampling.LANCZOS)
    if ground is None:  # white alone, as Teams asks of an outline: only how clear it is differs
        alpha = small.getchannel("A")
        small = Image.merge("RGBA", (*[Image.new("L", small.size, 255)] * 3, alpha))
    out = io.BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


def write_package(app_id: str, domain: str, output: Path) -> dict[str, Any]:
    """Write the zip, whole or not at all; returns its manifest.

    Raises:
        PackageError: an argument is wrong, or the file cannot be written.
    """
    made = manifest(app_id, domain)
    parts = {
        "manifest.json": json.dumps(made, indent=2, ensure_ascii=False).encode(),
        "color.png": _drawn(COLOUR_SIZE, ACCENT),
        "outline.png": _drawn(OUTLINE_SIZE, None),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            # The same input gives the same file, so that a change can be seen.
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content)
    try:
        output.write_bytes(packed.getvalue())
    except OSError as error:
        raise PackageError(
            f"B091 {output} cannot be written ({error.strerror}). Mend: name another --output"
        ) from error
    return made
