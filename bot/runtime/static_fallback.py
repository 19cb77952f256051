"""The fixed answer as files that a proxy can serve when everything behind it is dead."""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import Any

from bot.paths import BUILD
from bot.plain_fallback import fallback_message, fallback_text

STATIC = BUILD / "static"

_PAGE = """<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="15">
<title>Worried About a Child - not available just now</title>
<style>
body {{ font: 1.125rem/1.5 Arial, sans-serif; margin: 0; color: #0b0c0c; }}
main {{ max-width: 40rem; margin: 0 auto; padding: 1rem; }}
h1 {{ font-size: 1.75rem; line-height: 1.2; }}
li {{ margin: 0 0 1rem; padding: .75rem; border-left: .4rem solid #b10e1e; list-style: none; }}
ul {{ padding: 0; }}
a {{ color: #0b4f8a; font-weight: bold; font-size: 1.25rem; }}
a:focus {{ outline: 3px solid #ffdd00; background: #ffdd00; color: #0b0c0c; }}
</style></head><body><main>
<h1>The assistant is not available just now</h1>
<p>{text}</p>
<ul>
{contacts}
</ul>
<p>This page tries again every 15 seconds.</p>
</main></body></html>
"""


def fallback_messages() -> list[dict[str, Any]]:
    """The fixed answer in the form of the REST channel."""
    fixed = fallback_message()
    return [{"text": fallback_text(fixed), "custom": fixed}]


def _contact(contact: dict[str, Any]) -> str:
    lines = [f"<strong>{html.escape(contact['name'])}</strong>"]
    if phone := contact.get("phone"):
        digits = "".join(c for c in phone if c.isdigit() or c == "+")
        lines.append(f'<a href="tel:{digits}">{html.escape(phone)}</a>')
    lines.append(html.escape(contact.get("hours_text") or ""))
    return f"<li>{'<br>'.join(line for line in lines if line)}</li>"


def fallback_html() -> str:
    """The fixed answer as a page without scripts that tries again by itself."""
    fixed = fallback_message()
    contacts = "\n".join(_contact(c) for c in fixed["contacts"])
    return _PAGE.format(text=html.escape(fixed["text"]), contacts=contacts)


def write_static(folder: Path = STATIC) -> None:
    """Write the files; each replaces the old one in one step."""
    folder.mkdir(parents=True, exist_ok=True)
    fixed = fallback_message()
    files = {
        "fallback.html": fallback_html(),
        "fallback-rest.json": json.dumps(fallback_messages()),
        "fallback.json": json.dumps(fixed),
    }
    for name, text in files.items():
        part = folder / f"{name}.part"
        part.write_text(text, encoding="utf-8")
        part.replace(folder / name)
