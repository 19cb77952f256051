"""What a button sends: the only text that channels hand to Rasa as an intent."""

from __future__ import annotations

import json
from typing import Any


def answer_payload(question: str, value: Any) -> str:
    """The payload that answers `question` with a value, or a list of values."""
    return "/answer" + json.dumps({question: value})
