"""Training's pages alone, without Rasa: `bot scenario serve`, and the live preview."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.scenarios.checks import check_file
from bot.scenarios.library import FOLDER, Library
from bot.scenarios.reader import read_file
from bot.scenarios.web import TrainingWeb, register_training

LOOK_SECONDS = 0.5


def light_app(folder: Path = FOLDER, preview: Path | None = None) -> Sanic:
    """A server of training's pages; with `preview`, also of a file as it is written.

    Raises:
        ScenarioError: a scenario of the folder is wrong.
    """
    app = Sanic("training", configure_logging=False)
    web = register_training(app, Library(folder))
    if preview is not None:
        _add_preview(app, web, preview)
    return app


def _add_preview(app: Sanic, web: TrainingWeb, path: Path) -> None:
    @app.get("/preview")
    async def page(_: Request) -> HTTPResponse:
        file = read_file(path)
        check_file(file, web.library.kinds)
        problems = [str(p) for p in file.problems]
        if file.scenario is None:
            return web.html("preview.html", problems=problems, name=path.name)
        scenario = file.scenario
        try:
            return web.html("preview.html", problems=problems, name=path.name, s=scenario,
                            path=scenario.model_path())  # fmt: skip
        except KeyError:  # a way that leads nowhere: the problem is listed
            return web.html("preview.html", problems=problems, name=path.name)

    @app.get("/preview/events")
    async def events(request: Request) -> None:
        out = await request.respond(content_type="text/event-stream")
        seen = _stamp(path)
        while not web.closing:
            await asyncio.sleep(LOOK_SECONDS)
            if _stamp(path) != seen:
                seen = _stamp(path)
                await out.send(f"event: reload\ndata: {json.dumps(seen)}\n\n")


def _stamp(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0
