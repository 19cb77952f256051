"""The import rules of the layout, and the size of modules."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FORBIDDEN = {
    "knowledge": {"rasa", "rasa_sdk", "bot", "actions", "spacy", "tensorflow"},
    "actions": {"rasa", "bot", "spacy", "tensorflow", "sklearn"},
    "bot": {"actions"},
}
# What shows a decision or a message outside Rasa asks the actions' view of the content for
# it, so that nothing is said in two ways.
ALLOWED = {
    "bot/channels/teams_pages.py": {"actions"},
    "bot/channels/teams_talk.py": {"actions"},
    "bot/explain.py": {"actions"},
    "bot/retention.py": {"actions"},
}
MODULES = [p for name in FORBIDDEN for p in sorted((ROOT / name).rglob("*.py"))]


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_module_imports_one_way_and_is_small(path):
    layer = path.relative_to(ROOT).parts[0]
    allowed = ALLOWED.get(str(path.relative_to(ROOT)), set())
    assert (imported(path) & FORBIDDEN[layer]) - allowed == set()
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
