"""The widget's own unit tests (vitest) and types (tsc), and its build."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import bot.widget_build as widget_build
from bot.paths import WIDGET
from bot.widget_build import WidgetBuildError, build_widget, built_widget, is_current


def node(*command: str) -> subprocess.CompletedProcess[str]:
    tool = str(Path(sys.executable).parent / "node")
    return subprocess.run([tool, *command], cwd=WIDGET, capture_output=True, text=True, timeout=240)


def test_typescript_has_no_type_errors(npm_packages):
    done = node("node_modules/typescript/bin/tsc", "--noEmit")
    assert done.returncode == 0, done.stdout


def test_unit_tests_of_the_widget(npm_packages):
    done = node("node_modules/vitest/vitest.mjs", "run", "--reporter=json")
    report = json.loads(done.stdout[done.stdout.index("{") :])
    failed = [
        f"{one['fullName']}: {one['failureMessages']}"
        for file in report["testResults"]
        for one in file["assertionResults"]
        if one["status"] != "passed"
    ]
    assert failed == []
    assert report["numPassedTests"] >= 25


def test_build_is_made_once_and_anew_when_an_input_changes(npm_packages, tmp_path, monkeypatch):
    out = tmp_path / "widget"
    assert build_widget(out)
    assert not build_widget(out)
    built = built_widget(out)
    assert built.loader == "loader.js"
    assert all((out / f"{name}.gz").exists() for name in built.files)
    assert "litHtmlVersions" not in "".join(
        (out / name).read_text() for name in built.files if name.startswith(("app", "chunk"))
    )
    monkeypatch.setattr(widget_build, "FALLBACK", tmp_path / "other.json")
    (tmp_path / "other.json").write_text('{"text": "", "contacts": [], "content_version": "x"}')
    assert not is_current(out)
    assert build_widget(out)
    assert is_current(out)


def test_a_failed_build_names_the_mend_and_keeps_what_was_built(
    npm_packages, tmp_path, monkeypatch
):
    out = tmp_path / "widget"
    build_widget(out)
    before = built_widget(out)
    monkeypatch.setattr(widget_build, "_tool", lambda name: "/bin/false")
    with pytest.raises(WidgetBuildError, match="Mend"):
        build_widget(out, force=True)
    assert built_widget(out) == before
    assert [p.name for p in tmp_path.iterdir()] == ["widget"]


def test_lock_file_names_no_address():
    text = (WIDGET / "package-lock.json").read_text()
    assert '"resolved"' not in text
    assert "registry" not in text
