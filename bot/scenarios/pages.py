"""Training's pages as HTML: templates and what they are given."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import segno
from jinja2 import Environment, FileSystemLoader, select_autoescape

from bot.scenarios.debrief import of_group, of_learner, results
from bot.scenarios.format import Scenario, Write, best_of
from bot.scenarios.library import Library
from bot.scenarios.player import choice_of, next_scene, scene_now
from bot.scenarios.scoring import decided, span
from bot.scenarios.session import Session

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"
WORDS = {
    "best": "Model answer",
    "fair": "Partly right",
    "weak": "Better not",
    "harmful": "This can do harm",
    "recognise": "Recognise",
    "respond": "Respond",
    "record": "Record",
    "refer": "Refer",
    "good": "A good ending",
    "mixed": "A mixed ending",
    "poor": "A poor ending",
    "all": "All phases",
    "early_years": "Early years",
    "primary": "Primary",
    "secondary": "Secondary",
    "post_16": "Post-16",
    "city": "City of London",
    "hackney": "Hackney",
    "other": "Another borough",
    "unknown": "Borough not known",
    "dsl": "Safeguarding leads",
    "csa": "CSA",
    "fgm": "FGM",
}
RULES = {
    "investigate": "investigated",
    "tell_the_adult": "warned the adult it is about",
    "promise_confidentiality": "promised to keep it secret",
    "question_the_child": "pressed the child with questions",
    "delay": "waited",
    "tell_the_family": "told the family first",
    "view_images": "looked at or deleted images",
    "contact_other_parties": "told people who need not know",
}


def word(key: Any) -> str:
    """A word of the format as people read it."""
    text = str(key)
    return WORDS.get(text) or text.replace("_", " ").capitalize()


def shown_choices(scenario: Scenario, scene: Any) -> list[Any]:
    """A decision's choices in an order that gives nothing away, the same for everybody."""

    def place(choice: Any) -> str:
        return hashlib.sha256(f"{scenario.id}.{scene.id}.{choice.id}".encode()).hexdigest()

    return sorted(scene.decision.choices, key=place)


def qr(address: str) -> str:
    """A QR code as a data address."""
    return str(segno.make(address, error="m").svg_data_uri(scale=6, border=2))


class Pages:
    """Renders; knows the scenarios and the knowledge behind them."""

    def __init__(self, library: Library) -> None:
        """Loads the templates."""
        self.library = library
        self._jinja = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=select_autoescape(["html"]),
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._jinja.filters["word"] = word
        self._jinja.filters["span"] = span
        self._jinja.filters["rule"] = lambda key: RULES.get(str(key), word(key))
        self._jinja.globals["ref"] = library.show
        self._jinja.globals["shown_choices"] = shown_choices
        self._jinja.globals["emergency"] = lambda: library.emergency

    def render(self, template: str, /, **values: Any) -> str:
        """A page by the name of its template."""
        values.setdefault("content_version", self.library.version)
        return self._jinja.get_template(template).render(**values)

    def learner_values(self, session: Session, learner: int, now: float) -> dict[str, Any]:
        """What a learner's page shows."""
        scenario, state = session.scenario, session.state
        scene, visit = scene_now(scenario, state), state.visit
        answer = visit.answers.get(learner) if visit else None
        latest = visit.latest(learner) if visit else None
        feedback = state.shows_feedback(learner)
        made = decided(scenario, visit, latest) if visit and latest and feedback else None
        return {
            "scenario": scenario,
            "session": session,
            "state": state,
            "scene": scene,
            "answer": answer,
            "latest": latest,
            "chosen": choice_of(scene, latest) if scene else None,
            "is_write": scene is not None and isinstance(scene.decision, Write),
            "feedback": feedback,
            "made": made,
            "model": best_of(scene.decision)
            if scene and scene.decision and not isinstance(scene.decision, Write) else None,
            "can_go_on": not state.group
            and scene is not None
            and (scene.ending is not None or next_scene(scenario, state, learner) is not None),
            "time_left": state.time_left(now),
            "talk": talk_of(scenario, scene),
            "answered": len(visit.answers) if visit else 0,
            "debrief": of_learner(scenario, state, learner)
            if state.status == "finished" else None,
        }  # fmt: skip

    def lead_values(self, session: Session, now: float) -> dict[str, Any]:
        """What the trainer's page and the screen show."""
        scenario, state = session.scenario, session.state
        scene, visit = scene_now(scenario, state), state.visit
        result = results(scenario, visit) if visit else None
        onward = []
        if scene is not None:
            counts = {b.key: b.count for b in result.bars} if result else {}
            model = next_scene(scenario, state, None)
            for target in scene.targets():
                leads = [c for c in getattr(scene.decision, "choices", ()) if c.goes_to == target]
                count = sum(counts.get(c.id, 0) for c in leads)
                onward.append((scenario.scene(target), count, target == model))
        return {
            "scenario": scenario,
            "session": session,
            "state": state,
            "scene": scene,
            "result": result,
            "onward": onward,
            "feedback": state.shows_feedback(None),
            "time_left": state.time_left(now),
            "answered": len(visit.answers) if visit else 0,
            "group": of_group(scenario, state) if state.status == "finished" else None,
            "is_write": scene is not None and isinstance(scene.decision, Write),
        }


def talk_of(scenario: Scenario, scene: Any) -> Any:
    """The model answer whose first words a scene offers, or None."""
    key = getattr(getattr(scene, "decision", None), "talk", None)
    return next((t for t in scenario.assistant if t.id == key), None)
