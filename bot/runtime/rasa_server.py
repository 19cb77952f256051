"""Process of Rasa: `python -m bot.runtime.rasa_server PORT ACTION_PORT`."""

from __future__ import annotations

import argparse
import logging
from functools import partial

import bot  # noqa: F401  (sets the environment)
from bot.paths import MODEL, TRACKERS


def main() -> None:
    """Serve the channels until stopped."""
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("action_port", type=int)
    parser.add_argument("--host", default="127.0.0.1")
    args = parser.parse_args()

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    import rasa.core.run
    from rasa.core.utils import AvailableEndpoints
    from rasa.utils.endpoints import EndpointConfig
    from rasa.utils.log_utils import configure_structlog

    from bot.channels.rest import RestChannel
    from bot.channels.site import Site
    from bot.channels.website import WebsiteChannel
    from bot.channels.website_page import ChatPage
    from bot.runtime.action_endpoint import QuickEndpoint

    configure_structlog(logging.WARNING)
    endpoints = AvailableEndpoints(
        action=QuickEndpoint(url=f"http://127.0.0.1:{args.action_port}/webhook"),
        tracker_store=EndpointConfig(type="sql", dialect="sqlite", db=str(TRACKERS)),
    )
    site = Site.from_environment()
    page = ChatPage(site)
    app = rasa.core.run.configure_app(
        input_channels=[RestChannel(), WebsiteChannel(site)],
        enable_api=False,
        port=args.port,
        endpoints=endpoints,
    )
    app.blueprint(page.blueprint())
    app.register_middleware(page.front_page, "request")
    app.register_listener(
        partial(rasa.core.run.load_agent_on_start, str(MODEL), endpoints, None),
        "before_server_start",
    )
    app.register_listener(rasa.core.run.close_resources, "after_server_stop")
    app.run(host=args.host, port=args.port, workers=1, access_log=False)


if __name__ == "__main__":
    main()
