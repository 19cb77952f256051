"""An activity of Teams, read into what the channel needs, and refused where it is not sound."""

from __future__ import annotations

import hashlib
import html
import json
import re
from dataclasses import dataclass, field
from typing import Any

from microsoft_agents.activity import Activity
from pydantic import ValidationError

from bot.channels.teams_settings import TeamsSettings

_AT = re.compile(r"<at\b[^>]*>.*?</at>", re.DOTALL | re.IGNORECASE)
# Only the tags that Teams writes: an arrow or a "<" that was typed is part of what was said.
_TAG = re.compile(
    r"</?(?:at|p|div|br|span|b|i|em|strong|u|a|ul|ol|li)(?:\s[^<>]{0,400})?/?>", re.IGNORECASE
)
# The only files that come with plain text: Teams' own HTML copy of it.
_OWN_COPY = frozenset({"text/html"})
LONGEST_ID = 1_000


class Unsound(ValueError):
    """The body is no activity that we can answer; the words are for the log."""


@dataclass(frozen=True)
class Incoming:
    """One activity: who, where, and what."""

    kind: str
    id: str
    service_url: str
    channel: str
    tenant: str
    conversation: str
    personal: bool
    user: str
    bot: str
    key: str
    text: str = ""
    value: dict[str, Any] = field(default_factory=dict)
    reply_to: str = ""
    name: str = ""
    action: str = ""
    event: str = ""
    bot_added: bool = False
    bot_removed: bool = False
    files: bool = False
    reactions: tuple[str, ...] = ()


def read_activity(body: bytes, settings: TeamsSettings) -> Incoming:
    """What a body holds.

    Raises:
        Unsound: it is no JSON, no activity, or lacks what an answer needs.
    """
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unsound("no JSON") from error
    if not isinstance(found, dict) or not isinstance(found.get("type"), str):
        raise Unsound("no activity")
    try:
        activity = Activity.model_validate(found)
    except (ValidationError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise Unsound(f"no activity: {type(error).__name__}") from error
    return _incoming(activity, found, settings)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _need(value: Any, name: str) -> str:
    text = _text(value)
    if not text or len(text) > LONGEST_ID:
        raise Unsound(f"{name} is missing or too long")
    return text


def _incoming(activity: Activity, raw: dict[str, Any], settings: TeamsSettings) -> Incoming:
    talk, sender = _object(raw.get("conversation")), _object(raw.get("from"))
    data, bot = _object(raw.get("channelData")), _object(raw.get("recipient"))
    conversation = _need(talk.get("id"), "conversation.id")
    user = _text(sender.get("aadObjectId")) or _need(sender.get("id"), "from.id")
    tenants = {
        _text(_object(data.get("tenant")).get("id")).lower(),
        _text(talk.get("tenantId")).lower(),
    } - {""}
    if len(tenants) > 1:
        raise Unsound("two tenants")
    kind = _text(talk.get("conversationType"))
    # Without a type Teams means a personal chat, unless it says that it is a group.
    personal = kind == "personal" or (not kind and talk.get("isGroup") is not True)
    bot_id = _need(bot.get("id"), "recipient.id")
    value = raw.get("value")
    return Incoming(
        kind=raw["type"],
        id=_text(raw.get("id"))[:LONGEST_ID],
        service_url=_need(raw.get("serviceUrl"), "serviceUrl"),
        channel=_text(raw.get("channelId")),
        tenant=next(iter(tenants), ""),
        conversation=conversation,
        personal=personal,
        user=_need(sender.get("id"), "from.id"),
        bot=bot_id,
        key=sender_key(settings.app_id, conversation, user),
        text=plain(activity.text or ""),
        value=_object(value),
        reply_to=_text(raw.get("replyToId"))[:LONGEST_ID],
        name=_text(raw.get("name")),
        action=_text(raw.get("action")),
        event=_text(data.get("eventType")),
        bot_added=_names(activity.members_added, bot_id),
        bot_removed=_names(activity.members_removed, bot_id),
        files=_has_files(raw.get("attachments")),
        reactions=tuple(str(r.type) for r in activity.reactions_added or []),
    )


def _names(members: Any, bot: str) -> bool:
    return any(getattr(member, "id", None) == bot for member in members or [])


def _has_files(attachments: Any) -> bool:
    if not isinstance(attachments, list):
        return False
    kinds = [_text(_object(a).get("contentType")) for a in attachments]
    return any(kind not in _OWN_COPY for kind in kinds)


def sender_key(app_id: str, conversation: str, user: str) -> str:
    """The tracker's name of a talk: a hash, so that no store holds a user's id.

    A private chat and a channel of the same user differ, as do two users of a channel.
    """
    told = "\n".join((conversation, user)).encode(errors="replace")
    return "teams-" + hashlib.blake2b(told, key=app_id.encode()[:64], digest_size=20).hexdigest()


def plain(text: str) -> str:
    """What was typed: mentions, tags and HTML's escapes removed."""
    return html.unescape(_TAG.sub(" ", _AT.sub(" ", text))).strip()
