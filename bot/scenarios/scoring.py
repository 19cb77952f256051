"""Scores by the rubric: four strands, timeliness, and what must not be done."""

from __future__ import annotations

from dataclasses import dataclass

from bot.scenarios.format import FULL, POINTS, STRANDS, Scenario, Write, best_of
from bot.scenarios.player import Answer, Visit, choice_of


@dataclass(frozen=True)
class Decided:
    """One scored decision of one learner, against the model answer."""

    scene: str
    when: str
    strand: str
    question: str
    given: str
    verdict: str
    points: float
    feedback: str
    because: tuple[str, ...]
    model: str
    model_because: tuple[str, ...]
    missed: tuple[str, ...]
    breaks: tuple[str, ...]
    seconds: float
    at: float


@dataclass(frozen=True)
class Score:
    """Points by strand (reached, of), timeliness in [0, 1] with its words, rules broken."""

    strands: dict[str, tuple[float, int]]
    timely: float
    timely_text: str
    broken: tuple[str, ...]
    decided: int
    of: int

    @property
    def scaled(self) -> float:
        """All strands together, from 0 to 1."""
        reached = sum(p for p, _ in self.strands.values())
        possible = sum(n for _, n in self.strands.values())
        return reached / possible if possible else 0.0


def written_points(decision: Write, found: tuple[str, ...]) -> float:
    """Up to full points for what was found, one off for each thing better left out."""
    wanted = [k.id for k in decision.look_for if not k.avoid]
    said = [k.id for k in decision.look_for if k.avoid and k.id in found]
    share = sum(k in found for k in wanted) / len(wanted)
    return max(0.0, round(FULL * share - len(said), 2))


def verdict_of(points: float) -> str:
    """The word for points of a written answer."""
    return next((v for v, p in POINTS.items() if points >= p - 0.5), "harmful")


def decided(scenario: Scenario, visit: Visit, answer: Answer) -> Decided | None:
    """A scored answer beside the model answer; None where nothing was to decide."""
    scene = scenario.scene(visit.scene)
    decision = scene.decision
    if decision is None:
        return None
    head = (scene.id, scene.when, decision.strand, decision.question)
    if isinstance(decision, Write):
        points = written_points(decision, answer.found)
        wanted = [k for k in decision.look_for if not k.avoid]
        missed = tuple(k.text for k in wanted if k.id not in answer.found)
        said = [k for k in decision.look_for if k.avoid and k.id in answer.found]
        feedback = f"{len(wanted) - len(missed)} of {len(wanted)} points found."
        if said:
            feedback += " Better left out: " + "; ".join(k.text for k in said) + "."
        refs = tuple(dict.fromkeys(r for k in decision.look_for for r in k.because))
        # What was written is never kept: only which points it held.
        given = "Written in your own words"
        return Decided(*head, given, verdict_of(points), points, feedback, refs,
                       decision.example, refs, missed, (), answer.seconds, answer.at)  # fmt: skip
    chosen, model = choice_of(scene, answer), best_of(decision)
    if chosen is None:
        return None
    missed = () if chosen is model else (model.text,)
    return Decided(*head, chosen.text, chosen.verdict, POINTS[chosen.verdict], chosen.feedback,
                   chosen.because, model.text, model.because, missed,
                   tuple(str(b) for b in chosen.breaks), answer.seconds, answer.at)  # fmt: skip


def decisions(scenario: Scenario, visits: list[Visit], learner: int) -> list[Decided]:
    """All scored decisions of a learner, in order."""
    rows = [(v, v.answers.get(learner)) for v in visits]
    made = [decided(scenario, visit, answer) for visit, answer in rows if answer is not None]
    return [d for d in made if d is not None]


def score(scenario: Scenario, visits: list[Visit], learner: int) -> Score:
    """The learner's score over the scenes shown. A decision shown and not answered counts
    in what was possible; one on a branch never seen does not."""
    strands: dict[str, tuple[float, int]] = {}
    asked = [v for v in visits if scenario.scene(v.scene).decision is not None]
    rows = {id(v): decided(scenario, v, v.answers[learner]) for v in asked if learner in v.answers}
    for visit in asked:
        strand = scenario.scene(visit.scene).decision.strand  # type: ignore[union-attr]
        reached, possible = strands.get(strand, (0.0, 0))
        row = rows.get(id(visit))
        strands[strand] = (reached + (row.points if row else 0.0), possible + FULL)
    made = [r for r in rows.values() if r is not None]
    timely, text = _timeliness(scenario, asked, learner)
    ordered: dict[str, tuple[float, int]] = {s: strands[s] for s in STRANDS if s in strands}
    broken = tuple(dict.fromkeys(b for r in made for b in r.breaks))
    return Score(ordered, timely, text, broken, len(made), len(asked))


def _timeliness(scenario: Scenario, asked: list[Visit], learner: int) -> tuple[float, str]:
    passed = 0
    limit = scenario.rubric.in_time
    for visit in asked:
        scene = scenario.scene(visit.scene)
        answer = visit.answers.get(learner)
        if isinstance(scene.decision, Write):
            passed += scene.decision.takes
            continue
        chosen = choice_of(scene, answer)
        if chosen is None:
            continue
        passed += chosen.takes
        if chosen.protects:
            words = f"Somebody who acts knew after {span(passed)}; the aim was {span(limit)}."
            return (1.0 if passed <= limit else 0.5), words
    needed = any(
        c.protects
        for s in scenario.scenes
        if s.decision is not None and not isinstance(s.decision, Write)
        for c in s.decision.choices
    )
    if not needed:
        return 1.0, "Nothing had to be passed on at once."
    return 0.0, f"Nobody who acts was told on this path; the aim was {span(limit)}."


def span(minutes: int) -> str:
    """Minutes in words: `40 minutes`, `3 hours`, `2 days`."""
    for size, word in ((10080, "week"), (1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size and (minutes % size == 0 or minutes >= 3 * size):
            number = round(minutes / size)
            return f"{number} {word}{'' if number == 1 else 's'}"
    return f"{minutes} minutes"
