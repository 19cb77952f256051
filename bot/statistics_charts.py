"""Plain pages with bar charts as inline SVG, each beside the table that says the same."""

from __future__ import annotations

import html
from collections.abc import Sequence

from bot.statistics_report import Row

_LABEL, _BAR, _HEIGHT = 190, 360, 26

CSS = """
body { font: 1rem/1.5 Arial, sans-serif; color: #0b0c0c; margin: 0; }
main { max-width: 46rem; margin: 0 auto; padding: 1rem; }
section { border-top: 1px solid #b1b4b6; margin-top: 2rem; }
svg { max-width: 100%; height: auto; display: block; }
svg rect { fill: #1d4e89; }
svg rect.hidden { fill: #b1b4b6; }
svg text { font: 14px Arial, sans-serif; fill: #0b0c0c; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { text-align: left; padding: .3rem 1.5rem .3rem 0; border-bottom: 1px solid #b1b4b6; }
td:last-child { text-align: right; }
label { font-weight: bold; }
input, select, button { font: inherit; padding: .4rem .8rem; }
:focus-visible { outline: 3px solid #ffdd00; box-shadow: 0 0 0 5px #0b0c0c; }
.error { color: #b10e1e; font-weight: bold; }
"""


def words(value: str) -> str:
    """An id as words."""
    return value.replace("_", " ")


def bars(title: str, rows: Sequence[Row]) -> str:
    """A bar chart; hidden counts are a short grey bar."""
    most = max((r.shown or 0 for r in rows), default=0) or 1
    height = _HEIGHT * len(rows) + 8
    parts = [
        f'<svg viewBox="0 0 {_LABEL + _BAR + 110} {height}" role="img" '
        f'aria-label="{html.escape(title)}: the table below holds the numbers">'
    ]
    for at, row in enumerate(rows):
        y = at * _HEIGHT + 4
        long = 8 if row.shown is None else max(2, round(_BAR * row.shown / most))
        kind = ' class="hidden"' if row.shown is None else ""
        parts += [
            f'<text x="{_LABEL - 8}" y="{y + 16}" text-anchor="end">'
            f"{html.escape(words(row.value))}</text>",
            f'<rect{kind} x="{_LABEL}" y="{y + 3}" width="{long}" height="{_HEIGHT - 9}"/>',
            f'<text x="{_LABEL + long + 6}" y="{y + 16}">{row.text}</text>',
        ]
    return "".join([*parts, "</svg>"])


def table(title: str, rows: Sequence[Row]) -> str:
    """The same numbers as a table."""
    lines = "".join(
        f'<tr><th scope="row">{html.escape(words(r.value))}</th><td>{r.text}</td></tr>'
        for r in rows
    )
    head = f'<tr><th scope="col">{html.escape(title)}</th><th scope="col">Count</th></tr>'
    return f"<table><thead>{head}</thead><tbody>{lines}</tbody></table>"


def page(title: str, body: str) -> str:
    """A whole page."""
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(title)} - Worried About a Child</title>"
        '<link rel="stylesheet" href="/statistics/style.css"></head>'
        f"<body><main>{body}</main></body></html>"
    )
