"""Training in any text channel: `start training CODE` plays a scenario by plain messages.

One hook in the gate, before Rasa: what a conversation in training says never reaches the
model, the tracker store or its figures.  Each message says that it is training and how to
leave it; a conversation that was silent for an hour is out of it by itself, so that nobody
who comes back with a real worry is still in a game.
"""

from __future__ import annotations

import logging
import re
from typing import Any

from bot.scenarios.format import Scenario, Write
from bot.scenarios.pages import shown_choices, word
from bot.scenarios.player import Refused, next_scene, scene_now
from bot.scenarios.scoring import decided, score
from bot.scenarios.service import shared_library, shared_training
from bot.scenarios.session import CODE_LENGTH, Session, Training, clean_code
from bot.scenarios.store import hashed

logger = logging.getLogger(__name__)

IDLE_SECONDS = 3600.0
OWN_CHANNEL = "training"  # the assistant as an aid: its turns are Rasa's
_START = re.compile(r"^\W*(?:start|begin|join) training(?:\s+(\S{3,64}))?\W*$", re.IGNORECASE)
_STOP = re.compile(r"^\W*(?:stop|end|leave|exit|quit) training\W*$", re.IGNORECASE)


async def answered_by_training(message: Any) -> bool:
    """Whether the message belongs to training, and was answered by it.

    Anything wrong with training leaves the message to the assistant.
    """
    if message.input_channel == OWN_CHANNEL or not isinstance(message.text, str):
        return False
    try:
        replies = replies_to(message.sender_id, message.text)
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


def _notice(text: str) -> dict[str, Any]:
    return {
        "type": "notice",
        "id": "training",
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
    if found and training.now() - found[0].state.last > IDLE_SECONDS and not start:
        training.store.forget_learner(token)
        found = None
    if stop and found:
        training.store.forget_learner(token)
        return ["Training has ended. From now on the assistant answers: say what you saw or heard."]
    if start:
        if found:
            training.store.forget_learner(token)
        return _begin(training, token, (start.group(1) or "").strip(".,!?`'\""))
    if not found:
        return None
    return [_answer(training, *found, text.strip())]


def _begin(training: Training, token: str, code: str) -> list[str]:
    library = shared_library()
    scenario = library.scenarios.get(code.lower())
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
        "TRAINING, not a real case. For a real worry type `stop training`. "
        f"In danger now? Ring {shared_library().emergency}."
    )


def _framed(text: str, *, foot: bool = True) -> str:
    return f"[TRAINING] {text}" + (f"\n\n{_foot()}" if foot else "")


def _scene(session: Session) -> str:
    scenario, state = session.scenario, session.state
    scene = scene_now(scenario, state)
    if scene is None:
        return "You are in. Type `next` when the trainer has begun."
    lines = [scene.when, scene.see]
    if scene.ending:
        lines += [f"{word(scene.ending.outcome)}. {scene.ending.text}"]
        lines.append("Type `next` for your debrief.")
    elif scene.decision is None:
        lines.append("Type `next` to go on.")
    else:
        lines += ["", scene.decision.question]
        if isinstance(scene.decision, Write):
            lines.append("Answer in your own words. No real names: it is not kept.")
        else:
            shown = shown_choices(scenario, scene)
            lines += [f"{n}. {c.text}" for n, c in enumerate(shown, start=1)]
            lines.append("Type the number.")
    return "\n".join(lines)


def _answer(training: Training, session: Session, learner: int, text: str) -> str:
    said = text.lower().strip(" .!`")
    scene = scene_now(session.scenario, session.state)
    waiting = scene is not None and scene.decision is not None and _open(session, learner)
    try:
        if _finished(session):
            return _framed(_debrief(session, learner))
        if said in {"next", "go on"}:
            if not session.state.group:
                training.go_on(session, learner)
            if _finished(session):
                return _framed(_debrief(session, learner))
            if session.state.shows_feedback(learner) and session.state.group:
                return _framed(_feedback(session, learner))
            return _framed(_scene(session))
        if said == "back" and not session.state.group:
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
            return _framed("That is answered. Type `next` to go on.")
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
        return "Your answer is in. Type `next` when the trainer goes on."
    answer = visit.latest(learner)
    row = decided(session.scenario, visit, answer) if answer else None
    if row is None:
        return "You gave no answer to this one. Type `next`."
    lines = [f"{word(row.verdict)}. {row.feedback}"]
    library = shared_library()
    for ref in row.because:
        one = library.show(ref)
        source = f" ({one.source})" if one.source else ""
        unsure = " Not yet verified." if one.status == "unverified" else ""
        lines.append(f"- {one.label}: {one.text}{source}{unsure}")
    if row.missed:
        lines.append(f"The model answer: {'; '.join(row.missed)}")
    lines.append("Type `next` to go on.")
    return "\n".join(lines)


def _debrief(session: Session, learner: int) -> str:
    scenario: Scenario = session.scenario
    total = score(scenario, session.state.visits(), learner)
    lines = [f"{scenario.title}: the end."]
    lines += [f"{word(k)}: {got:g} of {of} points" for k, (got, of) in total.strands.items()]
    lines += [total.timely_text, "To talk about:"]
    lines += [f"- {q}" for q in scenario.debrief]
    lines.append("Read next:")
    lines += [f"- {shared_library().show(r).text}" for r in scenario.read]
    if next_scene(scenario, session.state, learner) is None:
        lines.append("Type `stop training` to end.")
    return "\n".join(lines)
