"""Messages of every kind, made by the actions' own builders from the real content."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from actions import messages
from actions.library import Library
from knowledge.content import load_content
from knowledge.decisions import Reason
from knowledge.schema import Contact, Duty, Indicator, Plan, Question, Resource
from knowledge.store import Store

SCHEMAS = Path(__file__).parent / "schemas"


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('cards') / 'knowledge.db'}")
    store.load(load_content())
    yield Library(store)
    store.close()


@pytest.fixture(scope="session")
def card_schema() -> dict[str, Any]:
    return json.loads((SCHEMAS / "adaptive-card-1.5.json").read_text())


@pytest.fixture(scope="session")
def every_message(library: Library) -> dict[str, dict[str, Any]]:
    """Each plan with every duty and many reasons, each question, hits, contacts, notices."""
    store = library.store
    indicators = store.all("indicators", Indicator)
    reasons = [Reason(i.id, i.text, i.source, str(i.status)) for i in indicators[:15]]
    duties = [d.id for d in store.all("duties", Duty)]
    made: dict[str, dict[str, Any]] = {}
    for plan in store.all("plans", Plan):
        for level in (None, 4):
            made[f"plan {plan.id} {level}"] = messages.guidance(
                library,
                plan,
                level=level,
                borough="hackney",
                reasons=reasons if level else (),
                duties=duties if level else (),
                level_name={"own": "Statutory", "common": "level 4", "means": "Acute need."}
                if level
                else None,
            )
    for question in store.all("questions", Question):
        key = str(question.question)
        options = [(i.id, i.text) for i in indicators[:12]] if question.multiple else None
        likely = [i.id for i in indicators[:3]]
        made[f"question {key}"] = messages.question(library, key, options, likely)
    hits = [r.id for r in store.all("resources", Resource)]
    made["resources"] = messages.resources(library, hits[:6], "resource-intro")
    made["resources all"] = messages.resources(library, hits, "resource-intro")
    contacts = [c.id for c in store.all("contacts", Contact)]
    made["notice contacts"] = messages.notice(library, "unverified", contacts)
    made["notice plain"] = messages.notice(library, "unverified")
    return made


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    """A Redis of its own, on a socket in a folder."""
    command = shutil.which("redis-server")
    if command is None:
        if os.environ.get("CI") == "true":
            pytest.fail("redis-server is not installed")
        pytest.skip("redis-server is not installed")
    path = tmp_path / "redis.sock"
    process = subprocess.Popen(
        [command, "--port", "0", "--unixsocket", str(path), "--save", "", "--dir", str(tmp_path)],
        stdout=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 20
        while not path.exists():
            assert process.poll() is None and time.monotonic() < until, "no Redis"
            time.sleep(0.05)
        yield f"unix://{path}"
    finally:
        process.terminate()
        process.wait(10)
