"""REST channel: text and JSON of each message, through the gate."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.gate import run_turn
from bot.channels.message_id import own_id

MAX_SENDER = 128


class CollectingOutput(OutputChannel):
    """Keeps the messages of one turn."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        """Channel name."""
        return "rest"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep text and JSON of a message together."""
        kept: dict[str, Any] = {"recipient_id": recipient_id}
        if message.get("text"):
            kept["text"] = message["text"]
        if message.get("custom"):
            kept["custom"] = message["custom"]
        self.messages.append(kept)


class RestChannel(InputChannel):
    """`POST /webhooks/rest/webhook` {"sender", "message", "id"}: a list of messages.

    A message with the `id` of one that was answered gets the same answer again.
    """

    @classmethod
    def name(cls) -> str:
        """Channel name in addresses."""
        return "rest"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The endpoints."""
        blueprint = Blueprint("rest_webhook", __name__)

        @blueprint.route("/", methods=["GET"])
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @blueprint.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            try:
                body = request.json
            except Exception:
                body = None
            if not isinstance(body, dict) or not isinstance(body.get("message"), str):
                mend = 'send JSON such as {"sender": "an id", "message": "text"}'
                return response.json({"error": "B030 no message", "mend": mend}, status=400)
            sender = str(body.get("sender") or "")[:MAX_SENDER]
            if not sender:
                return response.json(
                    {"error": "B031 no sender", "mend": "send an id for the talk"}, status=400
                )
            output = CollectingOutput()
            key = own_id(body.get("id") or request.headers.get("x-request-id"))
            message = UserMessage(
                body["message"],
                output,
                sender,
                input_channel=self.name(),
                message_id=key,
                metadata={"own_id": bool(key)},
            )
            await run_turn(on_new_message, message)
            return response.json(output.messages)

        return blueprint
