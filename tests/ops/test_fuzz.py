"""Anything at every way in: the open addresses, the gate, redaction, the content reader."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
import schemathesis
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import validate_spec
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError

from bot.channels.gate import button_payload, clean
from bot.channels.message_id import own_id
from bot.runtime.standby import answer_to
from knowledge.content import load_content
from knowledge.errors import ContentError
from knowledge.plain_text import as_text

ROOT = Path(__file__).resolve().parents[2]
API = ROOT / "docs" / "openapi.yml"
schema = schemathesis.openapi.from_path(str(API))
SLOW = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=150)


def test_openapi_is_valid():
    described = yaml.safe_load(API.read_text(encoding="utf-8"))
    validate_spec(described)
    described["paths"]["/health/live"]["get"].pop("responses")
    with pytest.raises(OpenAPIValidationError):
        validate_spec(described)


@schema.parametrize()
@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
def test_api_keeps_its_description(case, server):
    """Whatever is sent, a worker answers as docs/openapi.yml says and never with a 500."""
    answer = case.call(base_url=server[0], timeout=20)
    assert answer.status_code < 500 or case.path == "/health/ready"
    known = {int(code) for code in case.operation.definition.raw["responses"]}
    assert answer.status_code in known | {405, 404}
    if answer.status_code == 200:
        case.validate_response(answer, checks=[schemathesis.checks.response_schema_conformance])


@SLOW
@given(st.text(max_size=400))
def test_gate_never_lets_a_command_or_a_control_through(text):
    cleaned = clean(text)
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e]", cleaned)
    if cleaned.startswith("/"):
        assert button_payload(cleaned) == cleaned


@SLOW
@given(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.binary(), st.lists(st.text()),
        st.dictionaries(st.text(), st.text()),
    )
)  # fmt: skip
def test_gate_takes_what_is_no_text(value):
    assert clean(value) == ""
    assert own_id(value) is None


@SLOW
@given(st.recursive(st.one_of(st.text(), st.integers(), st.none()), st.lists, max_leaves=20))
def test_gate_button_payloads_are_ours_or_nothing(value):
    payload = "/answer" + json.dumps({"child_borough": value})
    made = button_payload(payload)
    assert made is None or made.startswith('/answer{"child_borough"')


@SLOW
@given(st.binary(max_size=300))
def test_standby_answers_any_bytes(head):
    assert answer_to(head).startswith(b"HTTP/1.1 ")


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(st.one_of(st.text(max_size=300).map(str.encode), st.binary(max_size=300)))
def test_reader_refuses_or_reads_but_never_falls(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("content")
    (folder / "contacts.yml").write_bytes(data)
    try:
        load_content(folder)
    except ContentError as error:
        assert all(p.code.startswith("K") and p.mend for p in error.problems)


@SLOW
@given(st.sampled_from(["question", "guidance", "resources", "notice"]), st.text(max_size=200))
def test_plain_text_shows_any_text_of_a_message(kind, text):
    message = {
        "type": kind, "id": "x", "text": text, "title": text, "options": [], "hits": [],
        "contacts": [], "do_now": [], "do_not": [], "record": [], "why": [], "sources": [],
        "duties": [], "next": [], "notes": [], "level_name": None, "content_version": "v",
        "outcome": {"route": "lado", "level": None, "borough": None, "deadline": "none"},
    }  # fmt: skip
    assert isinstance(as_text(message), str)


# Every compiled pattern of the project against texts that make a careless one run away.
GUARD = """
import importlib, json, pkgutil, re, sys, time
import bot, knowledge, actions
SKIP = ("bot.cli", "bot.migrations", "bot.scenarios.web", "actions.__main__", "scripts")
for package in (bot, knowledge, actions):
    for info in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not info.name.startswith(SKIP):
            try:
                importlib.import_module(info.name)
            except ImportError:
                pass
from knowledge.content import load_content
from knowledge.patterns import compile_pattern
content = load_content()
ours = {}
for name, module in list(sys.modules.items()):
    if name.split(".")[0] not in {"bot", "knowledge", "actions"}:
        continue
    stack = [(name + "." + k, v) for k, v in vars(module).items()]
    while stack:
        label, value = stack.pop()
        if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
            ours.setdefault(value.pattern, (label, value))
        elif isinstance(value, (list, tuple, set, frozenset)):
            stack += [(label, v) for v in value]
        elif isinstance(value, dict):
            stack += [(label, v) for v in value.values()]
for flag in content.kinds["red_flags"].values():
    for text in getattr(flag, "patterns", ()):
        made = compile_pattern(text)
        ours.setdefault(made.pattern, ("red_flags:" + flag.id, made))
SIZE = 20000
UNITS = ["a", " ", "0", "A", "-", ".", "@", "a ", "a.", "A b ", "0 ", "07", "' ", "aB1 ", "x@"]
UNITS += ["\\n", "he said she said ", "not ", "mr ", "http://a.", "/answer{", "1/", "born "]
slow = []
for label, pattern in ours.values():
    letters = re.sub(r"[^A-Za-z0-9 ]", " ", re.sub(r"\\\\.", " ", pattern.pattern)).split()[:6]
    for unit in UNITS + [w + " " for w in letters]:
        text = (unit * (SIZE // len(unit) + 1))[:SIZE] + "!"
        began = time.process_time()
        for _ in pattern.finditer(text):
            if time.process_time() - began > 2:
                break
        took = time.process_time() - began
        if took > 0.5:
            slow.append([label, unit, round(took, 2)])
            break
print(json.dumps({"count": len(ours), "slow": slow}))
"""


def test_no_pattern_of_the_project_runs_away():
    """The longest message that the gate lets in takes no pattern half a second."""
    done = subprocess.run(
        [sys.executable, "-c", GUARD], cwd=ROOT, capture_output=True, text=True, timeout=280
    )
    assert done.returncode == 0, done.stderr[-2000:]
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["count"] > 30
    assert report["slow"] == []


def test_redaction_and_gate_of_the_longest_message_are_quick():
    for unit in ("a ", "Amira ", "07 ", "a@", "1/1/", "Mr. ", "x"):
        began = time.process_time()
        clean(unit * (20_000 // len(unit)))
        assert time.process_time() - began < 1.5, unit
