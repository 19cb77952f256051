"""Plays vignettes under a version of the content, in a process and folder of its own.

`python -m bot.editing.play REPORT FILE...` is that process: its environment names the
content, the store and the build folder.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bot.paths import ROOT
from knowledge.content import CONTENT_VARIABLE, write_dump
from knowledge.store import URL_VARIABLE

Tell = Callable[[str], None]
Report = dict[str, Any]


class PlayError(RuntimeError):
    """The vignettes could not be played under a version; the message says why."""


def play_under(
    name: str,
    dump: dict[str, dict[str, Any]],
    files: Sequence[Path],
    folder: Path,
    model: Path | None,
    tell: Tell,
) -> tuple[Report, Path]:
    """Play vignettes under a dump; returns the report and the model that was used.

    `model` is one trained on the same content for the understanding; None trains one.

    Raises:
        PlayError: the content cannot be loaded, trained or played.
    """
    build = folder / "build"
    build.mkdir(parents=True, exist_ok=True)
    write_dump(dump, folder / "content")
    if model is not None:
        shutil.copy(model, build / "model.tar.gz")
    report = folder / "report.json"
    environment = {
        **os.environ,
        CONTENT_VARIABLE: str(folder / "content"),
        URL_VARIABLE: f"sqlite:///{build / 'knowledge.db'}",
        "BOT_BUILD_DIR": str(build),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "bot.editing.play", str(report), *map(str, files)]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        for line in process.stdout or ():
            if line.startswith("play: "):
                tell(f"{name}: {line.removeprefix('play: ').rstrip()}")
        errors = process.stderr.read() if process.stderr else ""
    if process.returncode != 0 or not report.exists():
        last = errors.strip().splitlines()[-1:] or ["no message"]
        raise PlayError(f"{name} cannot be played: {last[0]}")
    return json.loads(report.read_text()), build / "model.tar.gz"


def compare(old: Report, new: Report) -> list[str]:
    """In words, each vignette whose outcome or verdict is another one."""
    before = {r["id"]: r for r in old["results"]}
    found = []
    for now in new["results"]:
        was = before.get(now["id"])
        if was is None:
            continue
        if was["outcome"] != now["outcome"]:
            text = f"{now['id']}: was {_outcome(was)}, now {_outcome(now)}"
        elif was["passed"] != now["passed"]:
            text = f"{now['id']}: the same outcome"
        else:
            continue
        if was["passed"] != now["passed"]:
            text += "; passes now" if now["passed"] else f"; FAILS now: {'; '.join(now['reasons'])}"
        if now["hazardous"] and not was["hazardous"]:
            text += "; HAZARDOUS under-triage"
        found.append(text)
    return found


def _outcome(result: dict[str, Any]) -> str:
    outcome = result["outcome"]
    if not outcome:
        return "no outcome"
    level = f", level {outcome['level']}" if outcome["level"] else ""
    contacts = ", ".join(outcome["contact_ids"]) or "no contact"
    return f"{outcome['route']}{level}, {outcome['deadline']} ({contacts})"


def main(arguments: Sequence[str]) -> None:
    """The process that plays: loads, trains if there is no model, plays, writes the report."""
    from bot.evaluate.judge import report_of
    from bot.evaluate.player import play_all
    from bot.evaluate.vignettes import read_vignettes
    from bot.paths import MODEL
    from bot.training import load_knowledge, train

    report, files = Path(arguments[0]), [Path(f) for f in arguments[1:]]
    vignettes = read_vignettes(files)
    load_knowledge()
    if not MODEL.exists():
        print("play: training a model (about a minute)", flush=True)
        train(force=True)
    step = max(1, len(vignettes) // 4)

    def tell(done: int) -> None:
        if done % step == 0 or done == len(vignettes):
            print(f"play: {done} of {len(vignettes)} vignettes played", flush=True)

    report.write_text(json.dumps(report_of(play_all(vignettes, tell))), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
