"""Builds the widget with esbuild, once for the same inputs, into `build/widget/`."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.paths import BUILD, FALLBACK, WIDGET

OUT = BUILD / "widget"
NPM_SECONDS = 300
BUILD_SECONDS = 120
_SOURCES = ("build.mjs", "package-lock.json", "texts.json", "tsconfig.json")


class WidgetBuildError(RuntimeError):
    """The widget cannot be built; the page without scripts works all the same."""


@dataclass(frozen=True)
class Built:
    """What was built: file names by their role, and where they lie."""

    loader: str | None
    style: str
    files: frozenset[str]
    folder: Path

    def path(self, name: str) -> Path | None:
        """A file that may be served, or None."""
        if name == "style.css":
            return WIDGET / "src" / "style.css"
        return self.folder / name if name in self.files else None


def _inputs() -> list[Path]:
    src = sorted((WIDGET / "src").rglob("*"))
    files = [WIDGET / name for name in _SOURCES] + [p for p in src if p.is_file()]
    return [*files, FALLBACK]


def inputs_hash() -> str:
    """A hash of everything that the built files depend on, the cached numbers among them."""
    made = hashlib.sha256()
    for path in _inputs():
        data = path.read_bytes() if path.exists() else b""
        made.update(f"{path.name}\0{len(data)}\0".encode() + data)
    return made.hexdigest()[:16]


@lru_cache(maxsize=4)
def _read(manifest: Path, _stamp: int) -> Built:
    made = json.loads(manifest.read_text(encoding="utf-8"))
    return Built(made["loader"], made["style"], frozenset(made["files"]), manifest.parent)


def built_widget(out: Path = OUT) -> Built:
    """What can be served now; without a build, the page's style alone."""
    manifest = out / "manifest.json"
    try:
        return _read(manifest, manifest.stat().st_mtime_ns)
    except (OSError, ValueError, KeyError):
        return Built(None, "style.css", frozenset(), out)


def is_current(out: Path = OUT) -> bool:
    """Whether the build is of the present inputs."""
    try:
        made = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    whole = all((out / name).is_file() for name in made.get("files", []))
    return whole and made.get("inputs") == inputs_hash()


def _tool(name: str) -> str:
    """node or npm of the project's environment, else the machine's.

    Raises:
        WidgetBuildError: there is none.
    """
    own = Path(sys.executable).parent / name
    found = str(own) if own.exists() else shutil.which(name)
    if found is None:
        raise WidgetBuildError(f"B070 {name} is not there. Mend: run `make setup`")
    return found


def _run(command: list[str], seconds: int, code: str, mend: str) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    try:
        done = subprocess.run(
            command,
            cwd=WIDGET,
            env={**os.environ, "PATH": path, "CI": "1"},
            capture_output=True,
            text=True,
            timeout=seconds,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise WidgetBuildError(f"{code} {command[0]}: {type(error).__name__}. {mend}") from error
    if done.returncode:
        lines = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        raise WidgetBuildError(f"{code} {lines[0] if lines else 'no reason given'}. {mend}")


def install_packages(*, dev: bool = False) -> None:
    """The npm packages of the lock file; at once if they are there. `dev`: also for tests.

    Raises:
        WidgetBuildError: they cannot be had.
    """
    lock = hashlib.sha256((WIDGET / "package-lock.json").read_bytes()).hexdigest()[:16]
    modules = WIDGET / "node_modules"
    stamps = [modules / f".stamp-{lock}-dev", *([] if dev else [modules / f".stamp-{lock}"])]
    if any(stamp.exists() for stamp in stamps):
        return
    mend = "Mend: check the network and the npm registry, then run `bot widget build`"
    omit = [] if dev else ["--omit=dev"]
    command = [_tool("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund", *omit]
    _run(command, NPM_SECONDS, "B071", mend)
    (stamps[0] if dev else stamps[-1]).touch()


def build_widget(
    out: Path = OUT, *, force: bool = False, tell: Callable[[str], None] = lambda _: None
) -> bool:
    """Build where anything changed; returns whether it did.

    Raises:
        WidgetBuildError: it cannot be built; what was built before stays.
    """
    if not force and is_current(out):
        return False
    tell("building the widget ...")
    install_packages()
    part = out.with_name(f"{out.name}.{os.getpid()}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        command = [_tool("node"), "build.mjs", str(part), str(FALLBACK), inputs_hash()]
        _run(command, BUILD_SECONDS, "B072", "Mend: run `bot widget build` and read the error")
        old = out.with_name(f"{out.name}.{os.getpid()}.old")
        if out.exists():
            out.rename(old)
        part.rename(out)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return True
