"""Training's pages on the web server: `register_training(app)` adds all of it.

Pages are rendered here and work without JavaScript; a script adds live updates, sent as
server-sent events.  Whoever has a page's address may act on it: addresses hold secret tokens.
"""

from __future__ import annotations

import logging
import os
from functools import partial
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.scenarios.library import Library
from bot.scenarios.service import serves, shared_library, shared_training
from bot.scenarios.session import Training
from bot.scenarios.web_learner import LearnerPages
from bot.scenarios.web_trainer import TrainerPages

logger = logging.getLogger(__name__)


class TrainingWeb(LearnerPages, TrainerPages):
    """All of training's pages."""


def blueprint(web: TrainingWeb) -> Blueprint:
    """All routes under `/training`."""
    made = Blueprint("training", url_prefix="/training")
    key, token = "<key:[a-z0-9_-]{1,64}>", "<token:[A-Za-z0-9_-]{16,64}>"
    act = "<act:[a-z]{3,10}>"
    for method, path, handler in (
        ("GET", "/", web.index),
        ("GET", f"/scenario/{key}", web.scenario),
        ("GET", f"/notes/{key}", web.notes),
        ("GET", f"/handout/{key}", web.handout),
        ("GET", f"/play/{key}", web.start),
        ("POST", f"/play/{key}", web.begin),
        ("POST", "/join", web.join),
        ("GET", "/join", web.index),
        ("GET", "/join/<code:[A-Za-z0-9]{1,12}>", web.join_link),
        ("GET", f"/me/{token}", web.me),
        ("GET", f"/me/{token}/events", web.me_events),
        ("GET", f"/me/{token}/debrief", web.me_debrief),
        ("GET", f"/me/{token}/certificate", web.me_certificate),
        ("GET", f"/me/{token}/assistant", web.me_assistant),
        ("POST", f"/me/{token}/assistant", web.me_assistant),
        ("POST", f"/me/{token}/forget", web.me_forget),
        ("POST", f"/me/{token}/{act}", web.me_act),
        ("POST", f"/open/{key}", web.open),
        ("GET", f"/lead/{token}", web.lead),
        ("GET", f"/lead/{token}/events", web.lead_events),
        ("GET", f"/lead/{token}/debrief", web.lead_debrief),
        ("GET", f"/lead/{token}/<kind:export.csv|xapi.json>", web.lead_export),
        ("POST", f"/lead/{token}/{act}", web.lead_act),
        ("GET", f"/screen/{token}", web.screen),
        ("GET", f"/screen/{token}/events", web.screen_events),
        ("GET", "/static/<name:[a-z.]{1,40}>", web.file),
    ):
        name = f"{handler.__name__}_{method.lower()}_{path.count('/')}"
        made.add_route(partial(handler), path, methods=[method], name=name)
    return made


def register_training(
    app: Any, library: Library | None = None, training: Training | None = None
) -> TrainingWeb:
    """Add training's pages to a server, and lead `?mode=training&scenario=ID` to them.

    Raises:
        ScenarioError: a scenario is wrong.
        TrainingStoreError: training's database cannot be opened.
    """
    origins = [o for o in os.environ.get("BOT_ORIGINS", "").split(",") if o]
    web = TrainingWeb(library or shared_library(), training or shared_training(), origins)
    app.blueprint(blueprint(web))
    serves(app)

    async def training_mode(request: Request) -> HTTPResponse | None:
        if request.method == "GET" and request.args.get("mode") == "training":
            key = str(request.args.get("scenario") or "")
            known = key in web.library.scenarios
            return web.to(f"/training/play/{key}" if known else "/training")
        return None

    async def stop(*_: Any) -> None:
        web.closing = True
        for session in web.training.open_sessions():
            session.tell()

    app.register_middleware(training_mode, "request")
    app.register_listener(stop, "before_server_stop")
    return web


def offer_training(app: Any) -> None:
    """As `register_training`, where real talks come first: what is wrong with training is
    logged, and the assistant starts without it."""
    try:
        register_training(app)
    except Exception as error:
        logger.error("S021 training is not offered: %s", error)
