"""Prometheus numbers of a Rasa process: counts and times only, no content, no sender.

With PROMETHEUS_MULTIPROC_DIR set to a folder that the workers of one machine share, any of
them answers for all.
"""

from __future__ import annotations

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

_SECONDS = (0.005, 0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1.0, 1.5, 2.5, 5.0)

TURNS = Counter("waac_turns_total", "Turns by channel and how they ended", ["channel", "outcome"])
STAGES = Histogram(
    "waac_stage_seconds", "Time of each stage of a turn", ["stage"], buckets=_SECONDS
)
ROUTES = Counter("waac_routes_total", "Answers given, by route", ["route"])
RED_FLAGS = Counter("waac_red_flags_total", "Turns in which danger was seen", ["state"])
UNANSWERED = Counter("waac_unanswered_total", "Turns that the assistant did not understand")
ERRORS = Counter("waac_errors_total", "Logged errors by their code", ["code"])
REDIS_DOWN = Counter("waac_redis_down_total", "Times that Redis did not answer")


def exposition(metrics_dir: str) -> tuple[bytes, str]:
    """The text of `/metrics` and its content type."""
    registry: CollectorRegistry = REGISTRY
    if metrics_dir:
        registry = CollectorRegistry()
        MultiProcessCollector(registry, path=metrics_dir)  # type: ignore[no-untyped-call]
    return generate_latest(registry), CONTENT_TYPE_LATEST
