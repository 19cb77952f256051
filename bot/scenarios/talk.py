"""Training in any text channel: `start training CODE` plays a scenario by plain messages.

One hook in the gate, before Rasa: what a conversation in training says never reaches the
model, the tracker store or its figures.  Each message says that it is training and how to
leave it; a conversation that paused, or was silent for an hour, is out of it by itself, so that
nobody who comes back with a real worry is still in a game, and `resume training` goes on.
"""

from __future__ import annotations

import logging
import re
from collections import OrderedDict
from typing import Any

from bot.scenarios.debrief import day_of, of_learner, record_of
from bot.scenarios.format import Scenario, Write
from bot.scenarios.pages import RULES, shown_choices, talk_of, word
from bot.scenarios.player import Refused, scene_now
from bot.scenarios.scoring import decided
from bot.scenarios.service import serving_agent, shared_aid, shared_library, shared_training
from bot.scenarios.session import CODE_LENGTH, Session, Training, clean_code
from bot.scenarios.store import hashed

logger = logging.getLogger(__name__)

IDLE_SECONDS = 3600.0
OWN_CHANNEL = "training"  # the assistant as an aid: its turns are Rasa's
_START = re.compile(r"^\W*(?:start|begin|join) training(?:\s+(\S{3,64}))?\W*$", re.IGNORECASE)
_STOP = re.compile(r"^\W*(?:stop|end|leave|exit|quit) training\W*$", re.IGNORECASE)
_PAUSE = re.compile(r"^\W*pause(?: training)?\W*$", re.IGNORECASE)
_RESUME = re.compile(r"^\W*(?:resume|continue|go on with) training\W*$", re.IGNORECASE)
_ASK = re.compile(r"^\W*ask[\s:,]+(\S.{0,2000})$", re.IGNORECASE | re.DOTALL)
MAX_REMEMBERED = 500
_MARK = "[TRAINING]"
_BUTTONS = ("/answer{", "/start_again", "/greet")  # of the assistant's own messages
# Replies by conversation and message: one that is sent again must not play on.
_given: OrderedDict[tuple[str, str], list[str]] = OrderedDict()


async def answered_by_training(message: Any) -> bool:
    """Whether the message belongs to training, and was answered by it.

    Anything wrong with training leaves the message to the assistant.
    """
    if message.input_channel == OWN_CHANNEL or not isinstance(message.text, str):
        return False
    try:
        replies = await _replies(message)
    except Exception as error:
        logger.error("S021 training did not answer: %s", type(error).__name__)
        return False
    if replies is None:
        return False
    for text in replies:
        await message.output_channel.send_response(
            message.sender_id, {"text": text, "custom": _notice(text)}
        )
    return True


async def _replies(message: Any) -> list[str] | None:
    own = message.message_id if (message.metadata or {}).get("own_id") else None
    key = (message.sender_id, str(own))
    if own and key in _given:
        return _given[key]
    said = said_to_aid(message.sender_id, message.text)
    replies = await _aid(message.sender_id, said) if said else None
    replies = replies or replies_to(message.sender_id, message.text)
    if own and replies is not None:
        _given[key] = replies
        while len(_given) > MAX_REMEMBERED:
            _given.popitem(last=False)
    return replies


def said_to_aid(sender: str, text: str) -> str | None:
    """The words after 'ask', where the conversation is in training and nothing is written."""
    asked = _ASK.match(text)
    training = shared_training()
    found = training.of_learner(f"talk-{hashed(sender)}") if asked else None
    if asked is None or found is None or found[0].state.status != "running":
        return None
    session, learner = found
    scene = scene_now(session.scenario, session.state)
    writes = scene is not None and isinstance(scene.decision, Write) and _open(session, learner)
    silent = training.now() - session.state.last > IDLE_SECONDS
    return None if writes or silent else asked.group(1)


async def _aid(sender: str, said: str) -> list[str]:
    """What the assistant answers, its talk kept apart from real ones."""
    made = await shared_aid().say(serving_agent(), f"training-{hashed(sender)[:32]}", said)
    shown = []
    for one in made:
        options = "\n".join(f"- {option['title']}" for option in one["options"])
        shown.append(_framed(f"The assistant: {one['text']}\n{options}".rstrip(), foot=False))
    return [*shown, _framed("Type 'ask' and more words to go on with the assistant, or decide.")]


def _notice(text: str) -> dict[str, Any]:
    return {
        "type": "notice",
        "id": "training" if text.startswith(_MARK) else "training-over",
        "text": text,
        "contacts": [],
        "sources": [],
        "content_version": shared_library().version,
    }


def replies_to(sender: str, text: str) -> list[str] | None:
    """What training says to a message; None where the conversation is not in training."""
    start, stop = _START.match(text), _STOP.match(text)
    training = shared_training()
    token = f"talk-{hashed(sender)}"
    found = training.of_learner(token)
    silent = found and training.now() - found[0].state.last > IDLE_SECONDS
    if found and not start and (silent or text.startswith(_BUTTONS)):
        found = _left(training, token, found)
    if stop and found:
        training.store.forget_learner(token)
        return ["Training has ended. From now on the assistant answers: say what you saw or heard."]
    if start:
        if found:
            training.store.forget_learner(token)
        return _begin(training, token, (start.group(1) or "").strip(".,!?`'\""))
    if not found:
        return None
    session = found[0]
    if _paused_alone(session):
        if not _RESUME.match(text):
            return None
        training.act(session, "resume")
        return [_framed(_scene(session))]
    return [_answer(training, *found, text.strip())]


def _paused_alone(session: Session) -> bool:
    return session.state.status == "paused" and not session.state.group


def _left(training: Training, token: str, found: tuple[Session, int]) -> tuple[Session, int] | None:
    """Out of training after a long silence, or by a button of a real talk: alone it is paused, in
    a group or at the end left."""
    session = found[0]
    if _paused_alone(session):
        return found
    if session.state.status == "running" and not session.state.group:
        training.act(session, "pause")
        return found
    training.store.forget_learner(token)
    return None


def _begin(training: Training, token: str, code: str) -> list[str]:
    library = shared_library()
    scenario = library.scenarios.get(code.lower())
    if scenario is not None and not training.may_begin():
        return ["Too many have begun training just now. Try in a minute."]
    if scenario is not None:
        training.play_alone(scenario, library.version, token)
    elif len(clean_code(code)) == CODE_LENGTH and "-" not in code:
        try:
            training.join(code, token)
        except Refused as refused:
            return [f"{refused} {_foot()}"]
    else:
        names = "\n".join(f"- start training {key}" for key in sorted(library.scenarios))
        return [f"Type one of these, or the six letters of a trainer's session:\n{names}"]
    found = training.of_learner(token)
    if found is None:
        raise KeyError(code)
    session = found[0]
    warning = f"{session.scenario.title}\n{session.scenario.warning}"
    return [_framed(warning, foot=False), _framed(_scene(session))]


def _foot() -> str:
    return (
        "TRAINING, not a real case. For a real worry type 'stop training'. "
        f"In danger now? Ring {shared_library().emergency}."
    )


def _framed(text: str, *, foot: bool = True) -> str:
    return f"{_MARK} {text}" + (f"\n\n{_foot()}" if foot else "")


def _scene(session: Session) -> str:
    scenario, state = session.scenario, session.state
    scene = scene_now(scenario, state)
    if scene is None:
        return "You are in. Type 'next' when the trainer has begun."
    lines = [scene.when, scene.see]
    if scene.ending:
        lines += [f"{word(scene.ending.outcome)}. {scene.ending.text}"]
        lines.append("Type 'next' for your debrief.")
    elif scene.decision is None:
        lines.append("Type 'next' to go on.")
    else:
        lines += ["", scene.decision.question]
        if isinstance(scene.decision, Write):
            lines.append("Answer in your own words. No real names: it is not kept.")
        else:
            shown = shown_choices(scenario, scene)
            lines += [f"{n}. {c.text}" for n, c in enumerate(shown, start=1)]
            lines.append("Type the number.")
        if talk := talk_of(scenario, scene):
            lines.append(f"Ask the assistant first. You could begin with: ask {talk.says[0]}")
    if not state.group and not scene.ending:
        back = ", 'back' steps back" if state.at > 0 else ""
        lines.append(f"'pause' leaves it for later{back}.")
    return "\n".join(lines)


def _answer(training: Training, session: Session, learner: int, text: str) -> str:
    said = text.lower().strip(" .!`")
    scene = scene_now(session.scenario, session.state)
    waiting = scene is not None and scene.decision is not None and _open(session, learner)
    alone = not session.state.group
    try:
        if alone and said in {"again", "play again", "play it again"}:
            training.act(session, "again")
            return _framed(_scene(session))
        if _finished(session):
            return _framed(_debrief(session, learner))
        if alone and _PAUSE.match(said):
            training.act(session, "pause")
            return (
                "Training is paused. From now on the assistant answers: say what you saw or heard. "
                "Type 'resume training' to go on with the scenario."
            )
        if said in {"next", "go on"}:
            if not session.state.group:
                training.go_on(session, learner)
            if _finished(session):
                return _framed(_debrief(session, learner))
            if session.state.shows_feedback(learner) and session.state.group:
                return _framed(_feedback(session, learner))
            return _framed(_scene(session))
        if said in {"back", "go back", "step back"} and not session.state.group:
            training.act(session, "back")
            return _framed(_scene(session))
        if waiting and scene is not None and isinstance(scene.decision, Write):
            training.answer(session, learner, text=text)
            return _framed(_feedback(session, learner))
        if waiting and scene is not None and said.isdecimal():
            shown = shown_choices(session.scenario, scene)
            if 1 <= int(said) <= len(shown):
                training.answer(session, learner, choice=shown[int(said) - 1].id)
                return _framed(_feedback(session, learner))
        if not waiting and said.isdecimal():
            return _framed("That is answered. Type 'next' to go on.")
    except Refused as refused:
        return _framed(str(refused))
    return _framed("I did not take that as an answer. " + _scene(session))


def _finished(session: Session) -> bool:
    return session.state.status == "finished"


def _open(session: Session, learner: int) -> bool:
    state = session.state
    return state.status == "running" and not state.shows_feedback(learner)


def _feedback(session: Session, learner: int) -> str:
    state, visit = session.state, session.state.visit
    if visit is None or not state.shows_feedback(learner):
        return "Your answer is in. Type 'next' when the trainer goes on."
    answer = visit.latest(learner)
    row = decided(session.scenario, visit, answer) if answer else None
    if row is None:
        return "You gave no answer to this one. Type 'next'."
    lines = [f"{word(row.verdict)}. {row.feedback}"]
    library = shared_library()
    for ref in row.because:
        one = library.show(ref)
        source = f" ({one.source})" if one.source else ""
        unsure = " Not yet verified." if one.status == "unverified" else ""
        lines.append(f"- {one.label}: {one.text}{source}{unsure}")
    if row.missed:
        lines.append(f"The model answer: {'; '.join(row.missed)}")
    lines.append("Type 'next' to go on.")
    return "\n".join(lines)


def _debrief(session: Session, learner: int) -> str:
    scenario: Scenario = session.scenario
    state = session.state
    made = of_learner(scenario, state, learner)
    total = made.score
    lines = [f"{scenario.title}: the end."]
    for row in made.rows:
        lines.append(f"- {row.when}. You decided: {row.given} {word(row.verdict)}.")
        if row.missed:
            lines.append(f"  The model answer: {'; '.join(row.missed)}")
    lines += [f"{word(k)}: {got:g} of {of} points" for k, (got, of) in total.strands.items()]
    lines += [total.timely_text, *(f"Better not: you {RULES[b]}." for b in total.broken)]
    lines.append("To talk about:")
    lines += [f"- {q}" for q in scenario.debrief]
    lines.append("Read next:")
    lines += [f"- {shared_library().show(r).text}" for r in scenario.read]
    if made.complete:
        lines.append(
            f"Certificate of completion: {scenario.title}, {day_of(state, state.last)}, content "
            f"version {session.content_version}, record "
            f"{record_of(session.id, learner, state)}. It is no proof of identity."
        )
    again = "" if state.group else "'again' to play it again, or "
    lines.append(f"Type {again}'stop training' to end.")
    return "\n".join(lines)
