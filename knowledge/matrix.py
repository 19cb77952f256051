"""The matrix picture: how many signs the criteria name, by part of life and level."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from knowledge.schema import Indicator
from knowledge.vocabulary import Domain

_ROW, _HEAD, _LABEL, _CELL, _TOTAL = 19, 52, 214, 104, 62
_COLOURS = {1: "#3b7a57", 2: "#b58900", 3: "#c8611a", 4: "#a4262c"}
_LEVELS = {1: "no additional needs", 2: "early help", 3: "complex needs", 4: "significant harm"}
_ABBREVIATIONS = {
    "fgm": "Female genital mutilation",
    "elective_home_education": "Elective home education",
}


def words(value: Any) -> str:
    """A value of the vocabulary, or several, as a reader says it."""
    if isinstance(value, (tuple, list)):
        return ", ".join(map(words, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    if "-" in text:  # an id
        return text
    said = _ABBREVIATIONS.get(text, text.replace("_", " "))
    said = said.replace("lado", "LADO").replace("dsl", "DSL")
    return said[:1].upper() + said[1:]


def _ink(colour: str, strength: float) -> str:
    """Black or white, whichever stands out more on a colour laid on white so strongly."""
    parts = [int(colour[i : i + 2], 16) / 255 * strength + 1 - strength for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#fff" if 1.05 / (light + 0.05) > (light + 0.05) / 0.06 else "#1b1b1b"


def _cell(x: int, y: int, level: int, count: int, sure: int, most: int) -> str:
    if not count:
        return f'<text x="{x + _CELL / 2}" y="{y + 13}" class="none">–</text>'
    strength = 0.16 + 0.84 * count / most
    ink = _ink(_COLOURS[level], strength)
    width = (_CELL - 8) * sure / count
    bar = (
        f'<rect x="{x + 4}" y="{y + 14.5}" width="{width:.1f}" height="2" fill="{ink}"/>'
        if sure
        else ""
    )
    return (
        f'<rect x="{x + 1}" y="{y + 1}" width="{_CELL - 2}" height="{_ROW - 2}" rx="3" '
        f'fill="{_COLOURS[level]}" fill-opacity="{strength:.2f}"/>'
        f'<text x="{x + _CELL / 2}" y="{y + 12.5}" class="count" fill="{ink}">{count}</text>{bar}'
    )


def matrix_svg(indicators: Sequence[Indicator]) -> Markup:
    """The matrix as SVG: one row a part of life, one column a level, the number in each cell.

    Stronger colour is more signs; the bar in a cell is the share that is verified.
    """
    count = Counter((str(i.domain), i.level) for i in indicators)
    sure = Counter((str(i.domain), i.level) for i in indicators if i.status == "verified")
    most = max(count.values(), default=1)
    width, height = _LABEL + 4 * _CELL + _TOTAL, _HEAD + (len(Domain) + 1) * _ROW + 8
    parts = []
    for level in (1, 2, 3, 4):
        x = _LABEL + (level - 1) * _CELL
        parts.append(
            f'<rect x="{x + 1}" y="4" width="{_CELL - 2}" height="{_HEAD - 10}" rx="4" '
            f'fill="{_COLOURS[level]}"/>'
            f'<text x="{x + _CELL / 2}" y="22" class="level">Level {level}</text>'
            f'<text x="{x + _CELL / 2}" y="36" class="means">{_LEVELS[level]}</text>'
        )
    parts.append(f'<text x="{_LABEL + 4 * _CELL + _TOTAL / 2}" y="36" class="total">All</text>')
    for row, domain in enumerate(Domain):
        y = _HEAD + row * _ROW
        if row % 2 == 0:
            parts.append(f'<rect x="0" y="{y}" width="{width}" height="{_ROW}" fill="#f6f4ef"/>')
        parts.append(f'<text x="6" y="{y + 13}" class="domain">{words(domain)}</text>')
        for level in (1, 2, 3, 4):
            key = (str(domain), level)
            x = _LABEL + (level - 1) * _CELL
            parts.append(_cell(x, y, level, count[key], sure[key], most))
        total = sum(count[str(domain), level] for level in (1, 2, 3, 4))
        parts.append(f'<text x="{width - _TOTAL / 2}" y="{y + 13}" class="total">{total}</text>')
    y = _HEAD + len(Domain) * _ROW + 4
    parts.append(f'<line x1="0" x2="{width}" y1="{y - 2}" y2="{y - 2}" stroke="#1b1b1b"/>')
    parts.append(f'<text x="6" y="{y + 13}" class="sum">All parts of life</text>')
    for level in (1, 2, 3, 4):
        total = sum(n for (_, at), n in count.items() if at == level)
        parts.append(
            f'<text x="{_LABEL + (level - 0.5) * _CELL}" y="{y + 13}" class="total">{total}</text>'
        )
    parts.append(
        f'<text x="{width - _TOTAL / 2}" y="{y + 13}" class="total">{len(indicators)}</text>'
    )
    title = f"Signs of need by part of life and level: {len(indicators)} in all"
    body = "".join(parts)
    # Everything in it is a number or a word of our own vocabulary.
    return Markup(  # noqa: S704
        f'<svg class="matrix" role="img" aria-label="{title}" viewBox="0 0 {width} {height}" '
        f'xmlns="http://www.w3.org/2000/svg"><title>{title}</title>{body}</svg>'
    )
