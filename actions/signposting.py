"""Journey 3, signposting: resources, contacts, words of the field, rules."""

from __future__ import annotations

import re
from typing import Any

from actions import messages
from actions.replies import repeat_open_question, send, send_notice, send_question
from actions.turn import TalkAction, Turn
from knowledge.schema import Contact, Duty, Plan, Term
from knowledge.search import search_resources

_INITIALS = re.compile(r"\b[A-Z]{3,6}\b")
_ALSO_WORDS = frozenset(["FAST", "DASH"])
FEW_WORDS = 8
RULE_NEAR = 0.5
RESOURCE_NEAR = 0.62
_KINDS = (
    (r"\blado\b|designated officer|allegation", {"lado"}),
    (r"out of hours|out-of-hours|\bedt\b|emergency duty|after hours|weekend|saturday|sunday|evening|tonight|at night|overnight|christmas|new year|bank holiday|\b(?:[5-9]|1[01]) ?pm\b|\bclosed\b", {"out_of_hours"}),
    (r"\bmash\b|front door|\bfast\b|first response|social (?:services|care)|\bcsc\b|children'?s social|duty (?:team|desk|social)|child protection team|first access|early help hub|children and families|referral", {"front_door"}),
    (r"consult", {"consultation"}),
    (r"whistle", {"whistleblowing"}),
    (r"prevent|radicalis|terror|extremis", {"prevent"}),
    (r"\bpolice\b|\b101\b", {"police", "emergency"}),
    (r"\b999\b|emergency services|ambulance", {"emergency"}),
    (r"childline|nspcc|helpline|samaritans|ceop|slavery|papyrus|domestic abuse|stop it now|education support|report remove|fgm", {"helpline"}),
)  # fmt: skip


def contacts_for(turn: Turn) -> list[str]:
    """Ids of the contacts that a question asks for, the best first."""
    text = turn.said.text.lower().replace("’", "'")
    wanted: set[str] = set()
    for pattern, kinds in _KINDS:
        if re.search(pattern, text):
            wanted |= kinds
    contacts = [c for c in turn.library.store.all("contacts", Contact) if c.status != "superseded"]
    named = [c for c in contacts if _named(c, text)]
    boroughs = {p["borough"] for p in turn.said.facts.get("places", [])} & {"city", "hackney"}
    if not boroughs and re.search(r"\bcity\b", text):
        boroughs = {"city"}
    if "front_door" in wanted and not boroughs and "mash" in text:
        named = [c for c in contacts if c.kind == "front_door"]
    chosen = [c for c in contacts if c.kind in wanted and c.kind != "helpline"] + named
    if not chosen:
        chosen = [
            c for c in contacts if c.kind in {"emergency", "front_door", "out_of_hours", "lado"}
        ]
    if boroughs:
        local = [c for c in chosen if str(c.scope) in boroughs | {"both", "national"}]
        chosen = local or chosen
    chosen.sort(key=lambda c: c.id != "hackney-mash" if "mash" in text else False)
    return list(dict.fromkeys(c.id for c in chosen))[:6]


def _named(contact: Contact, text: str) -> bool:
    names = (contact.name, *contact.aliases)
    return any(
        re.search(rf"(?<!\w){re.escape(n.lower())}(?!\w)", text) for n in names if len(n) > 3
    )


def asks_for_contact(turn: Turn) -> bool:
    """Whether a few words name a service and nothing else, such as "out of hours?"."""
    text = turn.said.text.lower().replace("’", "'")
    return len(text.split()) <= 5 and any(re.search(pattern, text) for pattern, _ in _KINDS)


# "who do we call", "which number": asked beside a rule, the numbers are shown with it.
_WHOM = re.compile(
    r"\b(?:who|whom|which|what|where) (?:\w+ ){0,3}(?:call|ring|phone|contact|speak|talk|email|number|line)\b"
    r"|\b(?:call|ring|phone|contact|tell us to)\b"
)


def contacts_asked_for(turn: Turn) -> tuple[str, ...]:
    """The contacts that a question for a rule names, and asks how to reach; none otherwise."""
    text = turn.said.text.lower().replace("’", "'")
    if not _WHOM.search(text) or not any(re.search(pattern, text) for pattern, _ in _KINDS):
        return ()
    return tuple(contacts_for(turn))


def send_contacts(turn: Turn) -> None:
    """The contacts at once; then back to the open question."""
    if elsewhere := _other_council(turn):
        send(turn.dispatcher, elsewhere)
        repeat_open_question(turn.dispatcher, turn.case, turn.library)
        ask_of_worry(turn)
        return
    send_notice(turn.dispatcher, turn.library, "contact-intro", tuple(contacts_for(turn)))
    repeat_open_question(turn.dispatcher, turn.case, turn.library)
    ask_of_worry(turn)


def _other_council(turn: Turn) -> dict[str, Any] | None:
    """For the number of another council: that it is another's, and how to find it."""
    places = turn.said.facts.get("places", [])
    if not places or any(p["borough"] != "other" for p in places):
        return None
    library = turn.library
    about_adult = re.search(_KINDS[0][0], turn.said.text.lower()) is not None
    key = "other-borough-lado" if about_adult else "other-borough-contact"
    plan = library.get("plans", key, Plan)
    name = places[-1]["authority"]
    note = library.notice("other-authority").text.replace("[authority]", name) if name else ""
    return messages.guidance(
        library, plan, level=None, borough="other", notes=[note] if note else []
    )


def read_more(turn: Turn) -> None:
    """After a term or a rule: where to read on, unless a journey is under way."""
    if turn.case.asked and turn.case.topic in {"child", "adult"}:
        return
    near = [one["id"] for one in turn.said.near.get("resources", []) if one["score"] >= 0.3]
    hits = search_resources(turn.library.store, turn.said.text, by_meaning=near, limit=3)
    if hits:
        message = messages.resources(turn.library, [h.id for h in hits], "read-more")
        send(turn.dispatcher, message)


def resource_is_near(turn: Turn) -> bool:
    """Whether the words come so near to a resource that it is what is looked for, or name a
    body or a paper of the field by its initials."""
    near = turn.said.near.get("resources", [])
    if near and float(near[0]["score"]) >= RESOURCE_NEAR:
        return True
    named = set(_INITIALS.findall(turn.said.text))
    if turn.said.text.isupper() or len(turn.said.text.split()) <= FEW_WORDS:
        words = _INITIALS.findall(turn.said.text.upper())
        named = {w for w in words if len(w) > 3} - _ALSO_WORDS
    terms = turn.library.store.all("glossary", Term)
    known = {i for t in terms for name in (t.term, *t.old_names) for i in _INITIALS.findall(name)}
    return bool(named & known)


class AskContact(TalkAction):
    """A direct question for a number, an address or hours."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_contact"

    def reply(self, turn: Turn) -> None:
        """The contacts at once."""
        send_contacts(turn)


def ask_of_worry(turn: Turn) -> None:
    """A question with a clause that tells a worry: what it is about is asked after the answer."""
    if turn.said.worry_in_clause and turn.case.topic is None and not turn.case.asked:
        turn.keep_for_later()
        send_notice(turn.dispatcher, turn.library, "perhaps-a-worry")
        send_question(turn.dispatcher, turn.case, turn.library, "topic")


def find(turn: Turn) -> None:
    """Search the resources for the message, and send the hits."""
    near = [one["id"] for one in turn.said.near.get("resources", []) if one["score"] >= 0.3]
    hits = search_resources(turn.library.store, turn.said.text, by_meaning=near, limit=6)
    if not hits:
        send_notice(turn.dispatcher, turn.library, "resource-none")
        send_question(turn.dispatcher, turn.case, turn.library, "resource_topic")
        return
    message = messages.resources(turn.library, [h.id for h in hits], "resource-intro")
    if turn.case.topic not in {"child", "adult"} or turn.case.done:
        turn.case.outcome = message["outcome"]
    send(turn.dispatcher, message)


class FindResource(TalkAction):
    """A search for guidance, tools, training or reviews."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_find_resource"

    def reply(self, turn: Turn) -> None:
        """The hits; a lowered red flag is asked about, never passed over."""
        find(turn)
        if turn.said.doubtful_danger:
            send_notice(turn.dispatcher, turn.library, "maybe-danger", ("police-emergency",))
        repeat_open_question(turn.dispatcher, turn.case, turn.library)
        ask_of_worry(turn)


def ask_what_to_find(turn: Turn) -> None:
    """After the menu's "guidance and resources": search if a topic is known, else ask."""
    topic = turn.case.resource_topic
    if topic in {None, "unsure"} and turn.case.asked_times.get("resource_topic", 0) < 2:
        send_question(turn.dispatcher, turn.case, turn.library, "resource_topic")
        return
    words = (topic or "safeguarding").replace("_", " ").replace("-", " ")
    hits = search_resources(turn.library.store, words, limit=6)
    message = messages.resources(turn.library, [h.id for h in hits], "resource-intro")
    turn.case.topic, turn.case.asked, turn.case.resource_topic = None, None, None
    turn.case.outcome = message["outcome"]
    send(turn.dispatcher, message)


class AskDefinition(TalkAction):
    """What a word of the field means."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_definition"

    def reply(self, turn: Turn) -> None:
        """The glossary's words; without a term, the resources that come nearest."""
        term = _term_named(turn)
        if term is None:
            find(turn)
        else:
            contacts = (term.contact,) if term.contact else ()
            text = f"{term.term}: {term.text}"
            send_notice(turn.dispatcher, turn.library, "glossary-intro", contacts, text, (term,))
            read_more(turn)
        repeat_open_question(turn.dispatcher, turn.case, turn.library)
        ask_of_worry(turn)


def _term_named(turn: Turn) -> Term | None:
    text = turn.said.text.lower()
    best: tuple[int, Term] | None = None
    for term in turn.library.store.all("glossary", Term):
        names = [term.term, *re.findall(r"\(([^)]+)\)", term.term), *term.old_names]
        for name in names:
            plain = re.sub(r"\s*\([^)]*\)", "", name).lower().strip()
            if not plain or plain not in text or (best and len(plain) <= best[0]):
                continue
            if re.search(rf"(?<!\w){re.escape(plain)}s?(?!\w)", text):
                best = (len(plain), term)
    if best:
        return best[1]
    near = turn.said.near.get("glossary", [])
    if near and near[0]["score"] >= 0.6:
        return turn.library.get("glossary", near[0]["id"], Term)
    return None


class AskRule(TalkAction):
    """What the rules say on consent, time, telling parents, images, ..."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_rule"

    def reply(self, turn: Turn) -> None:
        """The duty that comes nearest, with its steps; else resources."""
        near = turn.said.near.get("duties", [])
        if near and near[0]["score"] >= RULE_NEAR:
            duty = turn.library.get("duties", near[0]["id"], Duty)
            steps = [turn.library.step(s) for s in duty.steps]
            lines = [duty.title, duty.text, *(f"- {s.text}" for s in steps)]
            lines += [f"- {turn.library.prohibition(p).text}" for p in duty.do_not]
            asked = contacts_asked_for(turn)
            contacts = tuple(dict.fromkeys([*asked, *(s.contact for s in steps if s.contact)]))
            text = "\n".join(lines)
            told = (duty, *steps)
            send_notice(turn.dispatcher, turn.library, "rule-intro", contacts, text, told)
            read_more(turn)
        elif contacts_asked_for(turn):
            send_contacts(turn)
            return
        else:
            find(turn)
        if turn.said.doubtful_danger:
            send_notice(turn.dispatcher, turn.library, "maybe-danger", ("police-emergency",))
        repeat_open_question(turn.dispatcher, turn.case, turn.library)
        ask_of_worry(turn)
