"""Feedback: what is kept, and what is not."""

from __future__ import annotations

import json

import bot.feedback
from bot.feedback import record_feedback


def test_feedback_keeps_day_vote_route_and_redacted_reason(tmp_path, monkeypatch):
    monkeypatch.setattr(bot.feedback, "FEEDBACK", tmp_path / "deep" / "feedback.jsonl")
    record_feedback(False, "wrong number\nring 07700900461, born 14/02/2015", "lado")
    record_feedback(True, None, None)
    record_feedback(True, "", "<script>")
    lines = (tmp_path / "deep" / "feedback.jsonl").read_text().splitlines()
    first, second, third = map(json.loads, lines)
    assert set(first) == {"day", "useful", "route", "reason"}
    assert (first["useful"], first["route"]) == (False, "lado")
    assert "07700900461" not in lines[0]
    assert "14/02/2015" not in lines[0]
    assert first["reason"].startswith("wrong number ring")
    assert (second["useful"], second["route"], second["reason"]) == (True, None, None)
    assert third["route"] is None
