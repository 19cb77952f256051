"""A client as the widget is one: it gives each message an id and sends it again on doubt."""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
import uuid
from typing import Any

Messages = list[dict[str, Any]]


class Client:
    """One conversation through the proxy (or any other address)."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.sender = "chaos-" + uuid.uuid4().hex
        self.longest = 0.0
        self.fixed = 0

    def send(self, text: str, key: str | None = None) -> tuple[Messages, float]:
        """Once; messages and seconds.  An empty list where the connection broke."""
        body = {"sender": self.sender, "message": text, "id": key or uuid.uuid4().hex}
        request = urllib.request.Request(
            f"{self.address}/webhooks/rest/webhook",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        began = time.monotonic()
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                messages = list(json.load(answer))
        except (OSError, http.client.HTTPException, urllib.error.URLError):
            messages = []
        took = time.monotonic() - began
        self.longest = max(self.longest, took)
        return messages, took

    def say(self, text: str, seconds: float = 60) -> Messages:
        """Until it is answered properly, with one id."""
        key = uuid.uuid4().hex
        until = time.monotonic() + seconds
        while True:
            messages, _ = self.send(text, key)
            if messages and not is_fixed(messages):
                return messages
            self.fixed += 1
            assert time.monotonic() < until, f"no answer to {text!r}: {messages}"
            time.sleep(0.2)


def is_fixed(messages: Messages) -> bool:
    """Whether it is the fixed answer."""
    return any((m.get("custom") or {}).get("id") == "fallback-when-down" for m in messages)


def holds_the_numbers(messages: Messages) -> bool:
    """Whether 999 and both front doors are in it."""
    text = "\n".join(m.get("text") or "" for m in messages)
    ids = [c["id"] for m in messages for c in (m.get("custom") or {}).get("contacts", [])]
    return "999" in text and {"hackney-mash", "city-children-families"} <= set(ids)


def question_of(messages: Messages) -> str | None:
    """The question that the answer ends with."""
    asked = [m["custom"]["id"] for m in messages if m.get("custom", {}).get("type") == "question"]
    return asked[-1] if asked else None
