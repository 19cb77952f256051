"""What outlives Rasa (docs/adr/0020-life-after-rasa.md) imports and works without it.

Runs with the other tests, where Rasa is hidden, and by scripts/without_rasa.sh on later
Pythons, where it is not installed.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

HIDE = """
import sys, importlib.abc
class Hidden(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split('.')[0] in {'rasa', 'rasa_sdk', 'tensorflow', 'spacy', 'sanic', 'sklearn'}:
            raise ImportError(name + ' is hidden')
sys.meta_path.insert(0, Hidden())
"""

# Modules that must not need Rasa.
PORTABLE = [
    *(f"knowledge.{p.stem}" for p in sorted((ROOT / "knowledge").glob("*.py"))),
    "actions.messages",
    "actions.library",
    "bot.channels.cards",
    "bot.channels.card_parts",
    "bot.plain_fallback",
    "bot.runtime.static_fallback",
    "bot.scenarios.format",
    "bot.scenarios.reader",
    "bot.scenarios.checks",
    "bot.scenarios.scoring",
    "bot.scenarios.debrief",
]


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", HIDE + code], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.mark.parametrize("module", PORTABLE)
def test_module_imports_without_rasa(module):
    loaded = run(f"import {module}; print('rasa' in sys.modules, {module}.__name__)")
    assert loaded.split() == ["False", module]


def test_a_module_that_needs_rasa_is_found_out():
    with pytest.raises(AssertionError, match="rasa is hidden"):
        run("import bot.runtime.agent")


def test_every_plan_becomes_a_valid_message_without_rasa(tmp_path):
    """Content to store to decision to message, and its plain text, with Rasa hidden."""
    made = run(
        f"""
import json
from actions.library import Library
from actions.messages import guidance, notice, question
from knowledge.content import load_content
from knowledge.plain_text import as_text
from knowledge.schema import Notice, Plan, Question
from knowledge.store import Store

store = Store("sqlite:///{tmp_path / "k.db"}")
store.load(load_content())
library = Library(store)
made = [guidance(library, plan, level=None, borough=None) for plan in store.all("plans", Plan)]
made += [notice(library, n.id) for n in store.all("notices", Notice)]
made += [question(library, str(q.question)) for q in store.all("questions", Question)]
print(json.dumps([[m, as_text(m)] for m in made]))
"""
    )
    import jsonschema

    schema = json.loads((ROOT / "bot" / "message.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    pairs = json.loads(made)
    assert len(pairs) > 50
    for message, text in pairs:
        validator.validate(message)
        assert text.strip()
