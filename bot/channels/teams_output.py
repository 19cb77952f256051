"""Messages of a turn as Teams shows them: cards, or text where cards are refused."""

from __future__ import annotations

import logging
from typing import Any

from rasa.core.channels.channel import OutputChannel

from bot.channels.card_parts import lines
from bot.channels.cards import answered_card, cards_for
from bot.channels.teams_activity import Incoming
from bot.channels.teams_connector import Connector, NotSent
from knowledge.plain_text import as_text

logger = logging.getLogger(__name__)

CARD = "application/vnd.microsoft.card.adaptive"
# What a telephone's lock screen shows: nothing of the case.
SUMMARY = "Worried About a Child has answered"
TEXT_CHARACTERS = 7_000
# Answers that mean "this card I will not show", after which text is tried.
NO_CARDS = frozenset({400, 406, 413, 415, 422})


def address_of(incoming: Incoming) -> dict[str, Any]:
    """What is needed to write to a talk later."""
    return {
        "service_url": incoming.service_url,
        "conversation": incoming.conversation,
        "bot": incoming.bot,
        "user": incoming.user,
    }


class TeamsOutput(OutputChannel):
    """Sends to one talk."""

    def __init__(self, connector: Connector, address: dict[str, Any], reply_to: str = "") -> None:
        self._connector = connector
        self._url = str(address["service_url"])
        self._conversation = str(address["conversation"])
        self._base = {
            "from": {"id": address["bot"]},
            "recipient": {"id": address["user"]},
            "conversation": {"id": self._conversation},
            "channelId": "msteams",
        }
        if reply_to:
            self._base["replyToId"] = reply_to
        self.shown: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        """Channel name."""
        return "teams"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """One message: as cards if it has JSON, else its text."""
        made = message.get("custom")
        if not isinstance(made, dict) or "type" not in made:
            if message.get("text"):
                await self._send_text(str(message["text"]))
            return
        self.shown.append(made)
        try:
            cards = cards_for(made, channel="teams")
        except (KeyError, TypeError) as error:
            logger.error("B137 no card for a message: %s", type(error).__name__)
            await self._send_text(str(message.get("text") or as_text(made)))
            return
        for card in cards:
            if not await self.send_card(card, as_text(made)):
                return  # the text holds everything, also what later cards would show

    async def send_card(self, card: dict[str, Any], text: str) -> bool:
        """One card; `text` where Teams refuses it, and then False.

        Raises:
            NotSent: neither was delivered.
        """
        try:
            await self._send({"attachments": [_attached(card)], "summary": SUMMARY})
        except NotSent as error:
            if error.status not in NO_CARDS:
                raise
            logger.warning("B138 Teams refused a card with %s: text instead", error.status)
            await self._send_text(text)
            return False
        return True

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Rasa's own texts, if it ever sends one."""
        await self._send_text(text)

    async def typing(self) -> None:
        """Show that an answer is coming; its failure is of no matter."""
        try:
            await self._connector.send(
                self._url, self._conversation, {**self._base, "type": "typing"}
            )
        except NotSent as error:
            logger.info("B133 no typing shown: %s", error.status)

    async def close_card(self, activity_id: str, question: str, answer: str) -> None:
        """Put the answer in the place of an answered card."""
        attached = [_attached(answered_card(question, answer))]
        body = {**self._base, "type": "message", "attachments": attached}
        try:
            await self._connector.update(self._url, self._conversation, activity_id, body)
        except NotSent as error:
            logger.warning("B139 an answered card stays open: %s", error.status)

    async def _send_text(self, text: str) -> None:
        piece = ""
        for line in _lines(text):
            if piece and len(piece) + len(line) > TEXT_CHARACTERS:
                await self._send({"text": piece, "textFormat": "plain", "summary": SUMMARY})
                piece = ""
            piece = f"{piece}\n{line}" if piece else line
        if piece:
            await self._send({"text": piece, "textFormat": "plain", "summary": SUMMARY})

    async def _send(self, more: dict[str, Any]) -> None:
        await self._connector.send(
            self._url, self._conversation, {**self._base, "type": "message", **more}
        )


def _attached(card: dict[str, Any]) -> dict[str, Any]:
    return {"contentType": CARD, "content": card}


def _lines(text: str) -> list[str]:
    return [run["inlines"][0]["text"] for run in lines(text)]
