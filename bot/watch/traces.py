"""OpenTelemetry traces, only where BOT_TRACE_URL names a collector.

A span a turn with a span a stage below it, sent as OTLP in JSON.  The official exporter
needs a protobuf that TensorFlow's pin forbids, so the few lines of encoding are ours.
"""

from __future__ import annotations

import json
import logging
import time
import urllib.request
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Tracer, set_span_in_context

from bot.settings import settings
from bot.watch.turn import TurnLog

logger = logging.getLogger(__name__)
SERVICE = "worried-about-a-child"
SECONDS = 2


def _attribute(key: str, value: Any) -> dict[str, Any]:
    return {"key": key, "value": {"stringValue": str(value)}}


def encoded(span: ReadableSpan) -> dict[str, Any]:
    """One span as OTLP's JSON."""
    context = span.get_span_context()
    assert context is not None  # noqa: S101 - a span that ended has one
    made: dict[str, Any] = {
        "traceId": f"{context.trace_id:032x}",
        "spanId": f"{context.span_id:016x}",
        "name": span.name,
        "kind": 1,
        "startTimeUnixNano": str(span.start_time),
        "endTimeUnixNano": str(span.end_time),
        "attributes": [_attribute(k, v) for k, v in (span.attributes or {}).items()],
    }
    if span.parent:
        made["parentSpanId"] = f"{span.parent.span_id:016x}"
    return made


class OtlpJson(SpanExporter):
    """Posts spans to a collector's /v1/traces."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/") + "/v1/traces"

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send; a collector that is away costs the spans and nothing else."""
        scope = {"scope": {"name": SERVICE}, "spans": [encoded(s) for s in spans]}
        resource = {"attributes": [_attribute("service.name", SERVICE)]}
        body = {"resourceSpans": [{"resource": resource, "scopeSpans": [scope]}]}
        request = urllib.request.Request(  # noqa: S310 - an operator's own setting
            self._url, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=SECONDS):  # noqa: S310
                return SpanExportResult.SUCCESS
        except OSError as error:
            logger.warning("B055 no trace collector: %s", type(error).__name__)
            return SpanExportResult.FAILURE


@lru_cache(maxsize=1)
def _tracer() -> Tracer | None:
    url = settings().trace_url
    if not url:
        return None
    provider = TracerProvider(resource=Resource.create({"service.name": SERVICE}))
    provider.add_span_processor(BatchSpanProcessor(OtlpJson(url), schedule_delay_millis=1000))
    return provider.get_tracer(SERVICE)


def send_trace(turn: TurnLog) -> None:
    """Hand the finished turn over to be sent."""
    tracer = _tracer()
    if tracer is None:
        return

    def at(steady: float) -> int:
        return int((turn.began_at + steady - turn.began) * 1e9)

    attributes = {
        "channel": turn.channel,
        "outcome": turn.outcome,
        "intent": turn.intent,
        "correlation": turn.correlation,
        "content.version": turn.content_version,
    }
    root = tracer.start_span("turn", start_time=at(turn.began), attributes=attributes)
    for name, began, took in turn.stages:
        child = tracer.start_span(name, set_span_in_context(root), start_time=at(began))
        child.end(at(began + took))
    root.end(at(time.perf_counter()))
