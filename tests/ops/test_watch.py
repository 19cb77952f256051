"""Logs, numbers and traces: enough to find a fault, and never a word that somebody typed."""

from __future__ import annotations

import asyncio
import http.server
import json
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bot.settings import settings
from bot.watch import traces
from bot.watch.health import Readiness
from bot.watch.logs import JsonLines, PlainLines
from bot.watch.turn import AT_END, TurnLog, stage, turn_of

ROOT = Path(__file__).resolve().parents[2]
PRIVATE = "Amira told me her dad hit her"


def record(name: str, words: str, *args: object, error: bool = False) -> logging.LogRecord:
    info = None
    if error:
        try:
            raise ValueError(PRIVATE)
        except ValueError:
            info = sys.exc_info()
    return logging.LogRecord(name, logging.ERROR, "file.py", 7, words, args, info)


@pytest.mark.parametrize("form", [JsonLines(), PlainLines()])
def test_logs_never_hold_what_others_say_of_a_message(form):
    for name in ("rasa.core.processor", "sanic.error", "asyncio"):
        line = form.format(record(name, f"failed on {PRIVATE}", error=True))
        assert "Amira" not in line
        assert "ValueError" in line
    assert "Amira" not in form.format(record("bot.channels.gate", "B021 failed", error=True))


def test_logs_are_json_with_code_and_correlation():
    with turn_of("rest") as turn:
        line = json.loads(JsonLines().format(record("bot.channels.gate", "B020 %s", "late")))
    assert line["code"] == "B020"
    assert line["message"] == "B020 late"
    assert line["correlation"] == turn.correlation
    assert "correlation" not in json.loads(JsonLines().format(record("bot.x", "after")))


def test_turn_is_counted_even_where_counting_fails(caplog):
    def broken(_: TurnLog) -> None:
        raise RuntimeError("down")

    AT_END.append(broken)
    try:
        with turn_of("rest"):
            pass
    finally:
        AT_END.remove(broken)
    assert "B057" in caplog.text


def test_turn_danger_and_guess():
    turn = TurnLog("rest")
    turn.note_understanding(
        {
            "intent": {"name": "nlu_fallback"},
            "intent_ranking": [{"name": "nlu_fallback"}, {"name": "greet"}],
            "red_flags": [{"state": "lowered"}, {"state": "now"}],
        }
    )
    assert (turn.intent, turn.guess, turn.danger) == ("nlu_fallback", "greet", "now")


def test_metrics_of_two_processes_are_added_up(tmp_path):
    code = (
        "from bot.watch.metrics import TURNS, exposition; import sys\n"
        "TURNS.labels('rest', 'answered').inc(3)\n"
        "sys.stdout.write(exposition(sys.argv[1])[0].decode())"
    )
    env = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for wanted in ("3.0", "6.0"):
        done = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)],
            cwd=ROOT, env=env, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert f'waac_turns_total{{channel="rest",outcome="answered"}} {wanted}' in done.stdout


def test_readiness_optional_parts_never_make_it_unready():
    async def up() -> bool:
        return True

    async def down() -> bool:
        raise ConnectionError

    async def hang() -> bool:
        await asyncio.sleep(60)
        return True

    asked = Readiness({"store": up, "redis": down}, optional=("redis",))
    found = asyncio.run(asked.ask())
    assert found == {"store": True, "redis": False}
    assert asked.ready(found)
    hung = Readiness({"store": hang})
    assert asyncio.run(hung.ask()) == {"store": False}


def test_traces_reach_a_collector_with_a_span_a_stage(monkeypatch):
    got: list[dict] = []

    class Collector(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("BOT_TRACE_URL", f"http://127.0.0.1:{server.server_port}")
    settings.cache_clear()
    traces._tracer.cache_clear()
    try:
        AT_END.append(traces.send_trace)
        with turn_of("rest"), stage("understand"):
            pass
        tracer = traces._tracer()
        tracer.span_processor.force_flush()
    finally:
        AT_END.remove(traces.send_trace)
        server.shutdown()
        settings.cache_clear()
        traces._tracer.cache_clear()
    spans = got[0]["resourceSpans"][0]["scopeSpans"][0]["spans"]
    root = next(s for s in spans if s["name"] == "turn")
    child = next(s for s in spans if s["name"] == "understand")
    assert child["parentSpanId"] == root["spanId"]
    assert int(child["endTimeUnixNano"]) >= int(child["startTimeUnixNano"])


def test_traces_are_off_by_default():
    settings.cache_clear()
    traces._tracer.cache_clear()
    assert traces._tracer() is None
