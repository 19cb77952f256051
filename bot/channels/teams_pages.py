"""The two pages that Teams shows beside the app: privacy and terms, from the content."""

from __future__ import annotations

import asyncio
import html
import logging

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from actions.library import library
from bot.channels.gate import fallback_message, fallback_text

logger = logging.getLogger(__name__)

PAGES = {
    "privacy": ("Privacy", ("teams-privacy", "privacy")),
    "terms": ("Terms of use", ("teams-terms",)),
}
_PAGE = """<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><title>{title} - Worried About a Child</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>{title}</h1>{body}</main></body></html>"""


def page(name: str) -> str:
    """A page as HTML; 999 and both front doors where the content is away."""
    title, notices = PAGES[name]
    try:
        texts = [library().notice(key).text for key in notices]
    except Exception as error:
        logger.error("B140 no page `%s`: %s", name, type(error).__name__)
        texts = fallback_text(fallback_message()).splitlines()
    body = "".join(f"<p>{html.escape(text)}</p>" for text in texts)
    return _PAGE.format(title=title, body=body)


def add_pages(blueprint: Blueprint) -> None:
    """Serve the pages beside the channel."""
    for name in PAGES:

        async def serve(_: Request, name: str = name) -> HTTPResponse:
            return response.html(await asyncio.to_thread(page, name))

        blueprint.add_route(serve, f"/{name}", methods=["GET"], name=name)
