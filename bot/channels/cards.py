"""Messages of `bot/message.schema.json` as Adaptive Cards 1.5: one builder for web and Teams.

Pure functions.  Words of content go into text runs, which know no Markdown, so that a `*` or
`[` of a content author shows as it is.  Nothing is told by colour alone: each urgency has its
words, each unconfirmed fact says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

from bot.channels.card_parts import (
    Block,
    Section,
    block,
    buttons,
    contact_blocks,
    folded,
    heading,
    lines,
    link_run,
    listed,
    pack,
    points,
    run,
    sources_section,
    tel,
    together,
    unsure,
)
from knowledge.payloads import answer_payload
from knowledge.plain_text import DEADLINES, as_text
from knowledge.vocabulary import QuestionId

Channel = Literal["web", "teams"]
Message = dict[str, Any]

ALONE = ("none", "unsure")
SEND = "Send my choice"
CHOOSE = "Choose one or more, or say that you are not sure."
LIKELY = "fits your words"
MY_CHOICE = "I have made my choice"
_LOOK = {
    "immediately": "attention",
    "same_day": "warning",
    "one_working_day": "warning",
    "forty_eight_hours_in_writing": "warning",
    "none": "emphasis",
}
_QUESTIONS = frozenset(str(q) for q in QuestionId)


def cards_for(message: Message, *, channel: Channel) -> list[Block]:
    """The cards of one message, in order; more than one only where one would be too big.

    Args:
        message: one message that fits `bot/message.schema.json`.
        channel: decides only what a choice sends: `{"payload": ...}` on the web, a
            `messageBack` in Teams.

    Raises:
        KeyError: the message is of no known kind, or lacks a required field.
    """
    sections = _KINDS[message["type"]](message, channel)
    return pack(sections, speak=spoken(message), fallback=as_text(message))


def payload_of(data: Any) -> str | None:
    """What a submitted card answers, as the payload that the gate knows; None if nothing.

    `data` is what the card's action submits: its `payload`, or an input named by its
    question.  Signs that were chosen beside "none" or "not sure" win over these.
    """
    if not isinstance(data, dict):
        return None
    if isinstance(data.get("payload"), str):
        return str(data["payload"])
    for question in sorted(_QUESTIONS & data.keys()):
        value = data[question]
        chosen = [v.strip() for v in value.split(",") if v.strip()] if _is_text(value) else []
        if chosen:
            return answer_payload(question, [v for v in chosen if v not in ALONE] or chosen[:1])
    return None


def spoken(message: Message) -> str:
    """What a screen reader or a voice says for the whole card: the gist, urgency first."""
    if message["type"] == "guidance":
        when = DEADLINES[message["outcome"]["deadline"]]
        steps = [f"{n}. {s['text']}" for n, s in enumerate(message["do_now"], start=1)]
        return " ".join(part for part in (message["title"] + ".", when, *steps) if part)
    if message["type"] == "question":
        choices = "; ".join(option["title"] for option in message["options"])
        return f"{message['text']} {choices}".strip()
    if message["type"] == "resources":
        return " ".join([message["text"], *(hit["title"] + "." for hit in message["hits"])])
    return str(message["text"])


def answered_card(question: str, answer: str) -> Block:
    """The card that takes the place of an answered question: readable, nothing to press."""
    section = Section([*lines(question), block(run("Your answer: ", bold=True), run(answer))])
    said = f"{question} Your answer: {answer}"
    return pack([section], speak=said, fallback=said)[0]


def choice_card(text: str, choices: Sequence[str]) -> Block:
    """A text and buttons that each say what is written on them; for Teams."""
    offered = [_submit(choice, choice, "teams") for choice in choices]
    said = f"{text} {'; '.join(choices)}"
    return pack([Section([*lines(text), *buttons(offered)])], speak=said, fallback=said)[0]


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _submit(title: str, payload: str, channel: Channel) -> Block:
    # Also for Teams: a client that does not know `messageBack` sends the data, and no text.
    data: Block = {"payload": payload}
    if channel == "teams":
        back = {"type": "messageBack", "text": payload, "displayText": title}
        data = {"msteams": back, **data}
    return {"type": "Action.Submit", "title": title, "data": data}


def _question(message: Message, channel: Channel) -> Iterable[Section]:
    asked = lines(message["text"], bold=True)
    if message["multiple"]:
        yield Section([together([*asked, *_several(message, channel)])])
    else:
        options = [_submit(o["title"], o["payload"], channel) for o in message["options"]]
        yield Section([*asked, *buttons(options)])
    if message.get("why"):
        yield Section([folded("Why I ask this", "why-asked", lines(message["why"]))])


def _several(message: Message, channel: Channel) -> list[Block]:
    """Check boxes.  None is ticked beforehand: the level follows from what staff confirm,
    and a box that ticked itself confirms nothing; the likely ones say in words that they are."""
    choices = [
        {
            "title": f"{o['title']} ({LIKELY})" if o.get("suggested") else o["title"],
            "value": o["value"],
        }
        for o in message["options"]
    ]
    box = {
        "type": "Input.ChoiceSet",
        "id": message["id"],
        "label": "Choose all that fit",
        "isMultiSelect": True,
        "style": "expanded",
        "wrap": True,
        "isRequired": True,
        "errorMessage": CHOOSE,
        "choices": choices,
    }
    data: Block = {"question": message["id"]}
    if channel == "teams":
        back = {"type": "messageBack", "text": "", "displayText": MY_CHOICE}
        data = {"msteams": back, **data}
    return [box, *buttons([{"type": "Action.Submit", "title": SEND, "data": data}])]


def _guidance(message: Message, _: Channel) -> Iterable[Section]:
    deadline = message["outcome"]["deadline"]
    top = [
        heading(DEADLINES[deadline], level=2) if DEADLINES[deadline] else None,
        heading(message["title"], level=1),
    ]
    level = message.get("level_name")
    if level:
        top.append(block(run(f"{level['own']} ({level['common']}). ", bold=True)))
        top += lines(level["means"])
    banner = {
        "type": "Container",
        "style": _LOOK[deadline],
        "bleed": True,
        "items": [item for item in top if item],
    }
    yield Section([banner])
    if message["contacts"]:
        yield Section(contact_blocks(message["contacts"]), "Who to ring")
    yield Section(_steps(message), "Do now, in this order")
    yield Section(points(message["do_not"]), "Do not")
    yield Section(points(message["record"]), "Write down")
    yield Section(points(message["why"]), "Why")
    yield Section(points(message.get("duties", [])), "Rules that apply")
    yield Section(points(message.get("next", [])), "What happens next")
    yield Section(points([{"text": note} for note in message.get("notes", [])]), "Please note")
    yield from sources_section(message)


def _steps(message: Message) -> list[Block]:
    phones = {c["id"]: c for c in message["contacts"] if c.get("phone")}
    items = []
    for number, step in enumerate(message["do_now"], start=1):
        runs = [run(step["text"] + unsure(step))]
        who = phones.get(step.get("contact_id"))
        if who:
            said = f" {who['name']}: "
            runs += [run(said), link_run(str(who["phone"]), tel(who["phone"]), bold=True)]
        items.append(listed(f"{number}.", runs))
    return items


def _resources(message: Message, _: Channel) -> Iterable[Section]:
    yield Section([heading(message["text"], level=1)])
    for hit in message["hits"]:
        title = str(hit["title"])
        name = link_run(title, hit["address"], bold=True) if hit.get("address") else run(title)
        details = [hit["publisher"], hit.get("date")]
        about = ", ".join(str(d) for d in details if d)
        audience = f". For: {hit['audience']}" if hit.get("audience") else ""
        yield Section(
            [
                {**block(name), "spacing": "medium", "separator": True},
                block(run(hit["purpose"] + unsure(hit))),
                block(run(about + audience, quiet=True)),
            ]
        )
    yield from sources_section(message)


def _notice(message: Message, _: Channel) -> Iterable[Section]:
    yield Section(lines(message["text"]))
    contacts = message.get("contacts") or []
    if contacts:
        yield Section(contact_blocks(contacts), "Who to ring")
        yield from sources_section(message)


_KINDS: dict[str, Callable[[Message, Channel], Iterable[Section]]] = {
    "question": _question,
    "guidance": _guidance,
    "resources": _resources,
    "notice": _notice,
}
