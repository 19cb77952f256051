"""Checks of scenarios as a whole: ways through, references, expectations, names, draft marks."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.evaluate.vignettes import as_list
from bot.privacy import redact
from bot.scenarios.format import Scenario, UseAssistant, Write
from bot.scenarios.reader import Place, ScenarioError, ScenarioFile, read_folder
from bot.scenarios.references import Kinds, entry_of
from knowledge.schema import Contact, Entry
from knowledge.schema import Place as Place_
from knowledge.vocabulary import DoNot, Tell

DRAFT = "TO DO"
# A capital inside a sentence, of three letters or more.
_CAPITAL = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]{2,}\b")
# Days, months and names of places are no people.
_PLAIN = frozenset(
    [name for names in (calendar.day_name, calendar.month_name) for name in names]
    + [f"{day}s" for day in calendar.day_name]
    + ["London", "English", "British"]
)
_NUMBER = re.compile(r"\+?\d[\d ()-]{5,}\d")


def _ways(file: ScenarioFile, scenario: Scenario) -> None:
    ids = [s.id for s in scenario.scenes]
    for n, scene in enumerate(scenario.scenes):
        if ids.index(scene.id) != n:
            file.fail("S003", ("scenes", n, "id"), f"scene `{scene.id}` twice", "rename one")
        for place, target in _targets(scenario, n):
            if target not in ids:
                file.fail("S004", place, f"no scene `{target}`", f"use one of {', '.join(ids)}")
    if file.problems:
        return
    reached = {scenario.first.id}
    queue = [scenario.first]
    while queue:
        for target in queue.pop().targets():
            if target not in reached:
                reached.add(target)
                queue.append(scenario.scene(target))
    ends = {s.id for s in scenario.scenes if s.ending}
    while True:
        more = {s.id for s in scenario.scenes if set(s.targets()) & ends} - ends
        if not more:
            break
        ends |= more
    for n, scene in enumerate(scenario.scenes):
        if scene.id not in reached:
            mend = "let a choice lead here, or remove it"
            file.fail("S005", ("scenes", n), f"scene `{scene.id}` cannot be reached", mend)
        elif scene.id not in ends:
            fault = f"from scene `{scene.id}` no ending can be reached"
            file.fail("S004", ("scenes", n), fault, "let one choice lead on to an ending")


def _targets(scenario: Scenario, n: int) -> Iterator[tuple[Place, str]]:
    scene = scenario.scenes[n]
    if scene.goes_to:
        yield ("scenes", n, "goes_to"), scene.goes_to
    if isinstance(scene.decision, Write):
        yield ("scenes", n, "decision", "goes_to"), scene.decision.goes_to
    elif scene.decision is not None:
        for m, choice in enumerate(scene.decision.choices):
            yield ("scenes", n, "decision", "choices", m, "goes_to"), choice.goes_to


def _model_answer(file: ScenarioFile, scenario: Scenario) -> None:
    talks = [t.id for t in scenario.assistant]
    used: set[str] = set()
    for n, scene in enumerate(scenario.scenes):
        where: Place = ("scenes", n, "decision")
        if isinstance(scene.decision, Write):
            keys = [look.id for look in scene.decision.look_for]
            if all(look.avoid for look in scene.decision.look_for):
                mend = "add a point without `avoid`"
                file.fail("S007", where, "nothing to find in the written answer", mend)
            example = scene.decision.example
            missed = [k.id for k in scene.decision.look_for
                      if not k.avoid and not found_in(example, k.words)]  # fmt: skip
            said = [k.id for k in scene.decision.look_for
                    if k.avoid and found_in(example, k.words)]  # fmt: skip
            if missed or said:
                fault = f"the example misses {missed} and says {said}"
                file.fail("S007", (*where, "example"), fault, "mend the example or the words")
        elif scene.decision is not None:
            keys = [c.id for c in scene.decision.choices]
            best = [c for c in scene.decision.choices if c.verdict == "best"]
            if len(best) != 1:
                file.fail("S007", where, f"{len(best)} choices are `best`", "let exactly one be")
            for m, choice in enumerate(scene.decision.choices):
                if choice.breaks and choice.verdict in {"best", "fair"}:
                    place: Place = (*where, "choices", m)
                    mend = "judge it weak or harmful, or drop `breaks`"
                    file.fail("S007", place, f"`{choice.verdict}` breaks a rule", mend)
        else:
            continue
        if len(set(keys)) != len(keys):
            file.fail("S003", where, "an id stands twice in this decision", "rename one")
        if isinstance(scene.decision, UseAssistant):
            used.add(scene.decision.talk)
            if scene.decision.talk not in talks:
                mend = f"use one of {', '.join(talks)}"
                file.fail("S008", (*where, "talk"), f"no talk `{scene.decision.talk}`", mend)
    if len(set(talks)) != len(talks):
        file.fail("S003", ("assistant",), "a talk's id stands twice", "rename one")
    if file.problems:
        return
    last = scenario.scene(scenario.model_path()[-1])
    if last.ending is None or last.ending.outcome != "good":
        fault = f"the best choices end at `{last.id}`, which is no good ending"
        file.fail("S007", ("scenes",), fault, "let the best choices lead to a good ending")
    path = [scenario.scene(key) for key in scenario.model_path()]
    made = [s.decision for s in path if s.decision is not None]
    broken = [str(b) for d in made if not isinstance(d, Write)
              for c in d.choices if c.verdict == "best" for b in c.breaks]  # fmt: skip
    needs_refuge = scenario.level in {3, 4}
    safe = any(c.protects and c.verdict == "best"
               for d in made if not isinstance(d, Write) for c in d.choices)  # fmt: skip
    if needs_refuge and not safe:
        mend = "set `protects: true` on the choice that brings it to somebody who acts"
        file.fail("S007", ("scenes",), "no best choice protects the child", mend)
    for rule in broken:
        file.fail("S007", ("scenes",), f"a best choice breaks {rule}", "mend it")


def _expectations(file: ScenarioFile, scenario: Scenario, kinds: Kinds) -> None:
    tells, rules = {str(t) for t in Tell}, {str(d) for d in DoNot}
    for n, talk in enumerate(scenario.assistant):
        named = [*talk.contact_any, *as_list(talk.expect.contact_ids),
                 *as_list(talk.never.contact_ids)]  # fmt: skip
        for key in named:
            if key not in kinds["contacts"]:
                place: Place = ("assistant", n)
                file.fail("S006", place, f"no contact `{key}`", "use `bot knowledge contacts`")
        wrong = [t for t in (*talk.must_tell, *talk.must_not_tell) if t not in tells]
        wrong += [d for d in talk.must_say_not if d not in rules]
        if wrong:
            fault = f"not in the vocabulary: {', '.join(wrong)}"
            file.fail("S008", ("assistant", n), fault, "see docs/training.md")
        if not talk.expect.model_dump(exclude_none=True) and not (
            talk.contact_any or talk.resource_any
        ):
            mend = "add `expect`"
            file.fail("S008", ("assistant", n), "the talk expects nothing of the assistant", mend)


def _references(file: ScenarioFile, scenario: Scenario, kinds: Kinds) -> None:
    for place, ref in scenario.references():
        entry = entry_of(kinds, ref)
        if entry is None:
            file.fail("S006", place, f"no entry `{ref}`", "look for it by `bot knowledge search`")
        elif isinstance(entry, Entry) and entry.status == "superseded":
            file.fail("S006", place, f"`{ref}` is superseded", "name the entry that replaced it")


def texts(value: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """(place, text) of every text that somebody reads, ids and references left out."""
    if isinstance(value, dict):
        for key, one in value.items():
            if key not in {"because", "read", "id", "goes_to", "owner", "review_by"}:
                yield from texts(one, (*place, key))
    elif isinstance(value, (list, tuple)):
        for number, one in enumerate(value):
            yield from texts(one, (*place, number))
    elif isinstance(value, str):
        yield place, value


def _names(file: ScenarioFile, scenario: Scenario, kinds: Kinds) -> None:
    numbers = {
        re.sub(r"\D", "", c.phone)
        for c in kinds["contacts"].values()
        if isinstance(c, Contact) and c.phone
    }
    known = _PLAIN | {
        word
        for place in kinds["places"].values()
        if isinstance(place, Place_)
        for word in re.findall(r"[A-Z][a-z]+", f"{place.name} {place.authority or ''}")
    }
    for place, text in texts(scenario.model_dump(mode="json")):
        if DRAFT in text:
            file.fail("S009", place, f"`{DRAFT}` is left in the text", "finish it")
        for word in dict.fromkeys(_CAPITAL.findall(text)):
            if word not in known and "[NAME]" in redact(f"I spoke to {word} today"):
                mend = "use a role or an initial"
                file.fail("S010", place, f"looks like a person's name: {word}", mend)
        for found in _NUMBER.findall(text):
            if re.sub(r"\D", "", found) not in numbers:
                mend = "name the contact by `because`"
                file.fail("S010", place, f"a number that is no contact's: {found}", mend)


def found_in(text: str, words: tuple[str, ...]) -> bool:
    """Whether any of the words or phrases stands in the text, as whole words."""
    plain = " ".join(re.findall(r"[a-z0-9']+", text.lower().replace("\u2019", "'")))
    for word in words:
        wanted = " ".join(re.findall(r"[a-z0-9'*]+", word.lower()))
        pattern = re.escape(wanted).replace(r"\*", r"[a-z0-9']*").replace(r"\ ", " ")
        if re.search(rf"(?<![a-z0-9']){pattern}(?![a-z0-9'])", plain):
            return True
    return False


def check_file(file: ScenarioFile, kinds: Kinds) -> None:
    """Add to `file.problems` everything that is wrong with its scenario."""
    scenario = file.scenario
    if scenario is None:
        return
    if scenario.id != file.path.stem:
        fault = f"id `{scenario.id}` in a file named `{file.path.name}`"
        file.fail("S003", ("id",), fault, f"name the file {scenario.id}.yml")
    _ways(file, scenario)
    if not file.problems:
        _model_answer(file, scenario)
    _expectations(file, scenario, kinds)
    _references(file, scenario, kinds)
    _names(file, scenario, kinds)


def check_folder(folder: Path, kinds: Kinds) -> list[ScenarioFile]:
    """Every scenario of a folder, checked; faults are in each file's `problems`."""
    files = read_folder(folder)
    for file in files:
        check_file(file, kinds)
    return files


def load_scenarios(folder: Path, kinds: Kinds) -> dict[str, Scenario]:
    """Every scenario by id.

    Raises:
        ScenarioError: any of them is wrong.
    """
    files = check_folder(folder, kinds)
    problems = [p for f in files for p in f.problems]
    if problems:
        raise ScenarioError(problems)
    return {f.scenario.id: f.scenario for f in files if f.scenario}
