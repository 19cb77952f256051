"""Pictures of a report as inline SVG: confusion tables and reliability."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

CELL, SIDE = 46, 260
LETTER = 7  # room for a letter of a label


def _text(x: float, y: float, words: object, extra: str = "") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" {extra}>{escape(str(words))}</text>'


def confusion(table: Mapping[str, Any], title: str) -> Markup:
    """Rows are what was expected, columns what came; right answers lie on the diagonal.

    Right cells are blue and wrong ones red, the darker the greater part of their row; every
    cell carries its number, so that nothing is told by colour alone.
    """
    labels: Sequence[Any] = table["labels"]
    counts: Sequence[Sequence[int]] = table["counts"]
    size = len(labels) * CELL
    longest = max((len(str(one)) for one in labels), default=1)
    left, top = 24 + LETTER * longest, 28 + LETTER * longest
    parts = [
        f'<svg role="img" viewBox="0 0 {left + size + 8} {top + size + 8}" '
        f'width="{left + size + 8}" aria-label="{escape(title)}">'
    ]
    for j, label in enumerate(labels):
        x, y = left + j * CELL + CELL / 2, top - 8
        parts.append(_text(x, y, label, f'transform="rotate(-50 {x:.0f} {y:.0f})"'))
    for i, label in enumerate(labels):
        y = top + i * CELL
        parts.append(_text(left - 8, y + CELL / 2 + 5, label, 'text-anchor="end"'))
        whole = sum(counts[i]) or 1
        for j in range(len(labels)):
            x, count = left + j * CELL, counts[i][j]
            depth = count / whole
            ink = "29,78,216" if i == j else "185,28,28"
            fill = f"rgba({ink},{0.12 + 0.78 * depth:.2f})" if count else "#f3f4f6"
            parts.append(
                f'<rect x="{x}" y="{y}" width="{CELL - 2}" height="{CELL - 2}" fill="{fill}">'
                f"<title>expected {escape(str(label))}, came {escape(str(labels[j]))}: "
                f"{count}</title></rect>"
            )
            if count:
                white = ' fill="#fff"' if depth > 0.45 else ""
                middle = 'text-anchor="middle"' + white
                parts.append(_text(x + CELL / 2 - 1, y + CELL / 2 + 5, count, middle))
    parts.append("</svg>")
    return Markup("".join(parts))  # noqa: S704 - every text in it was escaped


def reliability(calibration: Mapping[str, Any], title: str) -> Markup:
    """Confidence across, the share that was right upwards; on the dashed line it is honest.
    The area of a dot goes with the number of guesses."""
    pad = 50
    whole = SIDE + 2 * pad
    most = max((b["count"] for b in calibration["bins"]), default=1)

    def at(x: float, y: float) -> tuple[float, float]:
        return pad + x * SIDE, pad / 2 + (1 - y) * SIDE

    parts = [
        f'<svg role="img" viewBox="0 0 {whole} {whole}" width="{whole}" '
        f'aria-label="{escape(title)}">',
        f'<rect x="{pad}" y="{pad / 2}" width="{SIDE}" height="{SIDE}" fill="#f9fafb" '
        'stroke="#9ca3af"/>',
        f'<line x1="{pad}" y1="{pad / 2 + SIDE}" x2="{pad + SIDE}" y2="{pad / 2}" '
        'stroke="#6b7280" stroke-dasharray="5 5"/>',
    ]
    for tick in (0.0, 0.5, 1.0):
        x, y = at(tick, tick)
        parts.append(_text(x, pad / 2 + SIDE + 18, tick, 'text-anchor="middle"'))
        parts.append(_text(pad - 8, y + 5, tick, 'text-anchor="end"'))
    for one in calibration["bins"]:
        x, y = at(one["confidence"], one["accuracy"])
        radius = 3 + 11 * (one["count"] / most) ** 0.5
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="rgba(29,78,216,.65)">'
            f"<title>confidence {one['confidence']:.2f}, right {one['accuracy']:.2f}, "
            f"{one['count']} guesses</title></circle>"
        )
    parts.append(_text(pad + SIDE / 2, whole - 32, "confidence", 'text-anchor="middle"'))
    parts.append(
        _text(14, pad / 2 + SIDE / 2, "right", f'transform="rotate(-90 14 {pad / 2 + SIDE / 2})"')
    )
    parts.append("</svg>")
    return Markup("".join(parts))  # noqa: S704 - numbers and escaped texts alone
