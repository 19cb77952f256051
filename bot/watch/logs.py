"""Structured logs, one JSON object a line, that cannot hold what anybody typed.

Only our own modules' words are written, and those name codes and counts.  Of other
packages (Rasa quotes messages in its errors) only place and kind are written.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import time
import traceback
from pathlib import Path

from bot.watch.metrics import ERRORS
from bot.watch.turn import correlation

_OURS = ("bot", "actions", "knowledge", "__main__")
_CODE = re.compile(r"^([BK]\d{3})\b")
FRAMES = 6


def is_ours(name: str) -> bool:
    """Whether a logger belongs to this project."""
    return name.split(".", 1)[0] in _OURS


def frames_of(record: logging.LogRecord) -> list[str]:
    """Where an exception came from, innermost last: file, line and function, no values."""
    if not record.exc_info or record.exc_info[2] is None:
        return []
    stack = traceback.extract_tb(record.exc_info[2])[-FRAMES:]
    return [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in stack]


def entry_of(record: logging.LogRecord) -> dict[str, object]:
    """What is written of a record."""
    words = record.getMessage() if is_ours(record.name) else ""
    code = _CODE.match(words)
    entry: dict[str, object] = {
        "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        + f".{int(record.msecs):03d}Z",
        "level": record.levelname,
        "logger": record.name,
        "at": f"{record.filename}:{record.lineno}",
        "process": os.getpid(),
    }
    if words:
        entry["message"] = words
    if code:
        entry["code"] = code.group(1)
    if turn := correlation():
        entry["correlation"] = turn
    if record.exc_info and record.exc_info[0]:
        entry["error"] = record.exc_info[0].__name__
        entry["frames"] = frames_of(record)
    return entry


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """See `entry_of`."""
        return json.dumps(entry_of(record), ensure_ascii=False)


class PlainLines(logging.Formatter):
    """The same fields for a person at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """See `entry_of`."""
        entry = entry_of(record)
        rest = " ".join(f"{k}={entry[k]}" for k in ("correlation", "error", "frames") if k in entry)
        words = entry.get("message", f"({record.name})")
        return f"{entry['time']} {record.levelname} {entry['at']} {words} {rest}".rstrip()


class CountErrors(logging.Handler):
    """Counts each logged error by its code."""

    def emit(self, record: logging.LogRecord) -> None:
        """One error more."""
        code = _CODE.match(record.getMessage()) if is_ours(record.name) else None
        ERRORS.labels(code.group(1) if code else "other").inc()


def set_up_logging(log_format: str) -> None:
    """Send all logs of the process to the error stream in our form."""
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(JsonLines() if log_format == "json" else PlainLines())
    root.addHandler(lines)
    counts = CountErrors(level=logging.ERROR)
    root.addHandler(counts)
    root.setLevel(logging.WARNING)
    for name in ("sanic.root", "sanic.error", "sanic.access", "engineio", "socketio"):
        other = logging.getLogger(name)
        other.handlers.clear()
        other.propagate = True
        other.setLevel(logging.WARNING)
    logging.getLogger("bot").setLevel(logging.INFO)
    logging.raiseExceptions = False  # a full disk must not end a turn
