"""What the assistant does with each kind of activity, after the door has let it in."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import UserMessage
from sqlalchemy.exc import SQLAlchemyError

from actions import messages
from actions.library import library
from bot.channels.cards import choice_card, payload_of
from bot.channels.gate import button_payload, fallback_message, fallback_text, run_turn
from bot.channels.message_id import own_id
from bot.channels.teams_activity import Incoming
from bot.channels.teams_connector import Connector
from bot.channels.teams_output import TeamsOutput, address_of
from bot.channels.teams_reminders import OFFERS, Kind, Reminders, Wish, asked
from bot.channels.teams_store import FOREVER, Claims
from bot.statistics import record_feedback

logger = logging.getLogger(__name__)

Handler = Callable[[UserMessage], Awaitable[Any]]
Forget = Callable[[str, str], Awaitable[bool]]
HELPFUL = frozenset({"like", "heart", "laugh"})
UNHELPFUL = frozenset({"sad", "angry"})
_SHORT = {Kind.written: "confirm in writing", Kind.chase: "chase the outcome"}


class Talk:
    """Handles activities one after the other; `forget(key, message id)` deletes a talk."""

    def __init__(
        self,
        connector: Connector,
        claims: Claims,
        reminders: Reminders | None,
        on_new_message: Handler,
        forget: Forget,
    ) -> None:
        self._connector, self._claims, self._reminders = connector, claims, reminders
        self._on_new_message, self._forget = on_new_message, forget

    async def handle(self, incoming: Incoming) -> None:
        """Do what an activity asks for; one that came before is done once."""
        if incoming.id and not await self._claims.claim(f"{incoming.key}:{_what(incoming)}"):
            return
        output = TeamsOutput(
            self._connector,
            address_of(incoming),
            incoming.id if incoming.kind == "message" and not incoming.personal else "",
        )
        handlers: dict[str, Callable[[Incoming, TeamsOutput], Awaitable[None]]] = {
            "message": self._message,
            "invoke": self._message,
            "conversationUpdate": self._joined,
            "installationUpdate": self._joined,
            "messageUpdate": self._changed,
            "messageDelete": self._changed,
            "messageReaction": self._reaction,
        }
        handler = handlers.get(incoming.kind)
        if handler is not None:
            await handler(incoming, output)

    async def _message(self, incoming: Incoming, output: TeamsOutput) -> None:
        if not incoming.personal:
            await self._say(output, "teams-private", contacts=("police-emergency",))
            return
        payload = answer_of(incoming)
        text = payload or incoming.text or _offered(incoming.value)
        if not text:
            await self._say(output, "teams-no-files" if incoming.files else "help")
            return
        await output.typing()
        if payload and incoming.reply_to and (told := answered(payload)):
            await output.close_card(incoming.reply_to, *told)
        wish = None if payload else asked(text)
        if wish is not None and self._reminders is not None:
            try:
                await self._remind(wish, text, incoming, output, self._reminders)
            except (SQLAlchemyError, RuntimeError) as error:
                logger.error("B136 no reminder: %s", type(error).__name__)
                await _say_fixed(output)
            return
        await self._turn(incoming, output, text)
        if incoming.files:
            await self._say(output, "teams-no-files")
        if self._reminders is not None and calls_for_reminder(output.shown):
            await self._offer(output)

    async def _turn(self, incoming: Incoming, output: TeamsOutput, text: str) -> None:
        key = own_id(incoming.id)
        message = UserMessage(
            text,
            output,
            incoming.key,
            input_channel="teams",
            message_id=key,
            metadata={"own_id": bool(key)},
        )
        await run_turn(self._on_new_message, message)

    async def _joined(self, incoming: Incoming, output: TeamsOutput) -> None:
        if incoming.bot_removed or incoming.action.startswith("remove"):
            await self._claims.release(f"welcome:{incoming.conversation}")
            if self._reminders is not None:
                await asyncio.to_thread(self._reminders.cancel, incoming.key)
            return
        if not (incoming.bot_added or incoming.action.startswith("add")):
            return
        if not await self._claims.claim(f"welcome:{incoming.conversation}", FOREVER):
            return
        if incoming.personal:
            await self._turn(incoming, output, "/greet")
        else:
            await self._say(output, "teams-private", contacts=("police-emergency",))

    async def _changed(self, incoming: Incoming, output: TeamsOutput) -> None:
        """A message that was deleted or changed no longer counts, nor does what rests on it."""
        if incoming.event == "undeleteMessage" or not incoming.id:
            return
        if await self._forget(incoming.key, incoming.id):
            await self._say(output, "teams-redacted", contacts=("police-emergency",))

    async def _reaction(self, incoming: Incoming, _: TeamsOutput) -> None:
        for reaction in incoming.reactions:
            if reaction in HELPFUL | UNHELPFUL:
                record_feedback(reaction in HELPFUL)

    async def _remind(
        self,
        wish: Wish,
        text: str,
        incoming: Incoming,
        output: TeamsOutput,
        reminders: Reminders,
    ) -> None:
        if wish.do == "offer":
            await self._offer(output)
            return
        if wish.do == "cancel":
            had = await asyncio.to_thread(reminders.cancel, incoming.key)
            await self._say(output, "teams-reminder-cancelled" if had else "teams-reminder-none")
            return
        if incoming.reply_to and incoming.value:
            offer = await asyncio.to_thread(lambda: library().notice("teams-reminder-offer").text)
            await output.close_card(incoming.reply_to, offer, text)
        for kind in wish.kinds:
            await asyncio.to_thread(reminders.add, incoming.key, kind, address_of(incoming))
        waiting = await asyncio.to_thread(reminders.listed, incoming.key)
        times = "\n".join(f"{m:%A %-d %B, %H:%M}: {_SHORT[kind]}" for kind, m in waiting)
        await self._say(
            output, "teams-reminder-set" if times else "teams-reminder-none", text=times
        )

    async def _offer(self, output: TeamsOutput) -> None:
        text = await asyncio.to_thread(lambda: library().notice("teams-reminder-offer").text)
        await output.send_card(choice_card(text, OFFERS), text)

    async def remind(self, key: str, kind: str) -> None:
        """Send a reminder that is due."""
        if self._reminders is None:
            return
        address = await asyncio.to_thread(self._reminders.take_reference, key)
        if address is not None:
            output = TeamsOutput(self._connector, address)
            await self._say(output, "teams-reminder", text=library().step(kind).text)

    async def _say(
        self,
        output: TeamsOutput,
        notice: str,
        *,
        contacts: tuple[str, ...] = (),
        text: str = "",
    ) -> None:
        try:
            made = await asyncio.to_thread(messages.notice, library(), notice, contacts, text)
        except Exception as error:  # the store is away: 999 and the front doors all the same
            logger.error("B140 no notice `%s`: %s", notice, type(error).__name__)
            await _say_fixed(output)
            return
        await output.send_response("", {"custom": made})


async def _say_fixed(output: TeamsOutput) -> None:
    made = fallback_message()
    await output.send_response("", {"text": fallback_text(made), "custom": made})


def _what(incoming: Incoming) -> str:
    return f"{incoming.kind}:{incoming.event}:{incoming.id}"


def answer_of(incoming: Incoming) -> str | None:
    """The payload of a card's button or boxes, if that is what came, else None."""
    value = incoming.value
    if incoming.kind == "invoke":  # a card's `Action.Execute` keeps its data further in
        action = value.get("action")
        data = action.get("data") if isinstance(action, dict) else None
        return button_payload(payload_of(data) or "")
    return button_payload(payload_of(value) or incoming.text)


def _offered(value: dict[str, Any]) -> str:
    """The offer that was taken up, where a client sends a button's data and no text."""
    chosen = payload_of(value)
    return chosen if chosen in OFFERS else ""


def answered(payload: str) -> tuple[str, str] | None:
    """The question that a payload answers and the answer, in the content's own words."""
    try:
        ((key, value),) = json.loads(payload.removeprefix("/answer")).items()
        question = library().question(key)
        values = value if isinstance(value, list) else [value]
        titles = {option.value: option.title for option in question.options}
        titles |= {i.id: i.text for i in library().indicators(values)}
        return question.text, "; ".join(titles[v] for v in values if v in titles)
    except Exception as error:  # the card stays as it is; the answer itself is handled all the same
        logger.info("B139 no words for an answered card: %s", type(error).__name__)
        return None


def calls_for_reminder(shown: list[dict[str, Any]]) -> bool:
    """Whether some guidance has a step that a reminder helps with."""
    kinds = {kind.value for kind in Kind}
    return any(
        step["id"] in kinds for m in shown if m["type"] == "guidance" for step in m["do_now"]
    )
