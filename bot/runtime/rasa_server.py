"""Process of Rasa: `python -m bot.runtime.rasa_server PORT ACTION_PORT`."""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import os
import signal
import socket
import sys
from typing import Any

import bot  # noqa: F401  (sets the environment)
from bot.channels.teams_settings import teams_settings
from bot.paths import MODEL
from bot.privacy.recognisers.school import check_school_settings
from bot.settings import Settings, SettingsError, retention_hours, settings
from bot.watch.logs import set_up_logging

logger = logging.getLogger(__name__)
# The supervisor trains anew on this code: the model file is damaged or missing.
NO_MODEL = 78
WRONG_SETTINGS = 77
# Longer than any turn, and done before the supervisor ends it by force (`Part.stop`).
DRAIN_SECONDS = 4


def leave_what_stays() -> None:
    """What is loaded stays to the end: the collector need not walk over it in every turn.

    A full collection stopped all turns for 0.1 to 0.3 s.  A turn makes some 20,000 objects.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def build_app(now: Settings, port: int, action_urls: list[str]) -> Any:
    """The Sanic application with channels, pages, health and the agent."""
    import rasa.core.run
    from rasa.core.utils import AvailableEndpoints
    from rasa.utils.log_utils import configure_structlog

    from bot.audit.record import record_audit
    from bot.channels.headers import secure_headers
    from bot.channels.rest import RestChannel
    from bot.channels.site import Site
    from bot.channels.teams_start import teams_channels
    from bot.channels.website import WebsiteChannel
    from bot.channels.website_page import ChatPage
    from bot.retention import keep_sweeping
    from bot.runtime.action_endpoint import QuickEndpoint
    from bot.runtime.agent import CarefulAgent
    from bot.scenarios.web import offer_training
    from bot.statistics import record_turn
    from bot.statistics_page import statistics_blueprint
    from bot.stores.locks import make_locks
    from bot.stores.trackers import SqlTrackers
    from bot.watch.health import Readiness, health_blueprint
    from bot.watch.traces import send_trace
    from bot.watch.turn import AT_END
    from knowledge.store import Store

    configure_structlog(logging.WARNING)
    set_up_logging(now.log_format)
    actions = QuickEndpoint(*action_urls)
    trackers = SqlTrackers(now.tracker_url)
    site = Site.from_environment()
    page = ChatPage(site)
    app = rasa.core.run.configure_app(
        input_channels=[RestChannel(), WebsiteChannel(site), *teams_channels(now)],
        enable_api=False,
        port=port,
        endpoints=AvailableEndpoints(),
    )
    app.blueprint(page.blueprint())
    app.register_middleware(page.front_page, "request")
    app.register_middleware(secure_headers, "response")
    AT_END.extend([record_turn, send_trace, record_audit])
    hours = retention_hours(os.environ)

    async def delete_idle(application: Any, _: Any) -> None:
        application.add_task(keep_sweeping(trackers.engine, hours))

    app.register_listener(delete_idle, "after_server_start")
    store = Store()

    async def content() -> bool:
        return bool(await asyncio.to_thread(store.version))

    async def model() -> bool:
        return bool(app.ctx.agent.is_ready())

    readiness: list[Readiness] = []
    app.blueprint(health_blueprint(lambda: readiness[0], now.metrics_dir, now.metrics_token))
    app.blueprint(statistics_blueprint(now))
    offer_training(app)

    async def load(application: Any, _: Any) -> None:
        agent = CarefulAgent(
            tracker_store=trackers, lock_store=make_locks(now.redis_url), action_endpoint=actions
        )
        agent.load_model(str(MODEL))
        application.ctx.agent = agent
        checks = {
            "store": trackers.alive,
            "model": model,
            "content": content,
            "actions": actions.alive,
        }
        readiness.append(Readiness(checks))
        leave_what_stays()

    app.register_listener(load, "before_server_start")
    app.register_listener(rasa.core.run.close_resources, "after_server_stop")
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = DRAIN_SECONDS
    return app


def main() -> None:
    """Serve the channels until stopped."""
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("action_port", type=int, help="0 where BOT_ACTION_URLS names them")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--socket", type=int, help="a listening socket inherited from the parent")
    parser.add_argument("--pulse", type=int, help="a pipe to write heartbeats to")
    args = parser.parse_args()
    try:
        now = settings()
        retention_hours(os.environ)
        check_school_settings(os.environ)
        teams_settings(os.environ)
    except SettingsError as error:
        print(error, file=sys.stderr)
        raise SystemExit(WRONG_SETTINGS) from error

    from bot.runtime.heartbeat import beat
    from bot.runtime.model_file import intact

    if not intact(MODEL):
        print(f"B013 {MODEL} is missing or damaged. Mend: `bot train`", file=sys.stderr)
        raise SystemExit(NO_MODEL)
    urls = list(now.action_urls) or [f"http://127.0.0.1:{args.action_port}/webhook"]
    app = build_app(now, args.port, urls)

    if args.pulse is not None:

        async def pulse(application: Any, _: Any) -> None:
            application.add_task(beat(args.pulse))

        app.register_listener(pulse, "after_server_start")
    shared = socket.socket(fileno=args.socket) if args.socket is not None else None
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    if shared is not None:
        app.run(sock=shared, workers=1, access_log=False)
    else:
        app.run(host=args.host, port=args.port, workers=1, access_log=False)


if __name__ == "__main__":
    main()
