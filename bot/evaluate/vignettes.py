"""Reads vignettes: what staff say, what they answer if asked, what must come of it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Union

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from knowledge.vocabulary import QuestionId, Route


class VignetteError(ValueError):
    """A vignette file cannot be used; the message names file, entry and mend."""


Many = Union[str, list[str]]  # noqa: UP007 - pydantic evaluates it


class Expectation(BaseModel):
    """Any subset of the outcome: a value, or a list meaning any of it."""

    model_config = ConfigDict(extra="forbid")

    route: Many | None = None
    level: int | list[int] | None = None
    borough: Many | None = None
    deadline: Many | None = None
    contact_ids: Many | None = None
    asks: Many | None = None
    not_asks: Many | None = None


class Vignette(BaseModel):
    """One worked example; the keys are those of DESIGN.md."""

    model_config = ConfigDict(extra="forbid")

    id: str
    says: list[str] = Field(min_length=1)
    answers: dict[str, Any] = {}
    expect: Expectation = Expectation()
    never: Expectation = Expectation()
    within_turns: int | None = Field(default=None, ge=1)
    asks: list[str] = []
    not_asks: list[str] = []
    contact_any: list[str] = []
    resource_any: list[str] = []
    must_tell: list[str] = []
    must_not_tell: list[str] = []
    must_say_not: list[str] = []
    not_stored: list[str] = []
    note: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _lists(cls, data: Any) -> Any:
        """A single text is a list of one, wherever a list is meant; YAML's yes is "yes"."""
        if not isinstance(data, dict):
            return data
        out = dict(data)
        for key in ("says", "asks", "not_asks", "contact_any", "resource_any", "must_tell",
                    "must_not_tell", "must_say_not", "not_stored"):  # fmt: skip
            if isinstance(out.get(key), (str, int)):
                out[key] = [str(out[key])]
        words = {True: "yes", False: "no"}
        answers = out.get("answers") or {}
        out["answers"] = {
            k: words.get(v, v) if isinstance(v, bool) else v for k, v in answers.items()
        }
        return out

    @model_validator(mode="after")
    def _known(self) -> Vignette:
        questions = {str(q) for q in QuestionId}
        wrong = [q for q in (*self.answers, *self.asks, *self.not_asks) if q not in questions]
        routes = {str(r) for r in Route}
        for part in (self.expect, self.never):
            wrong += [r for r in as_list(part.route) if r not in routes]
        if wrong:
            raise ValueError(f"not in the vocabulary: {', '.join(map(str, wrong))}")
        return self


def as_list(value: Any) -> list[Any]:
    """None is empty, a scalar is a list of one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _files(paths: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(path.rglob("*.yml"))
        elif path.exists():
            found.append(path)
        else:
            raise VignetteError(f"E001 {path}: no such file. Mend: check the name")
    return found


def read_vignettes(paths: Iterable[Path]) -> list[Vignette]:
    """All vignettes of files and folders.

    Raises:
        VignetteError: a file is missing, no YAML, or an entry is wrong; ids twice.
    """
    vignettes: list[Vignette] = []
    seen: dict[str, Path] = {}
    for path in _files(paths):
        try:
            entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise VignetteError(f"E002 {path}: not valid YAML: {error}") from error
        if not isinstance(entries, list):
            raise VignetteError(f"E002 {path}: not a list. Mend: begin each entry with `- id:`")
        for number, entry in enumerate(entries, start=1):
            name = entry.get("id", f"entry {number}") if isinstance(entry, dict) else number
            try:
                vignette = Vignette(**entry)
            except (ValidationError, TypeError) as error:
                raise VignetteError(f"E003 {path} [{name}]: {error}") from error
            if vignette.id in seen:
                raise VignetteError(f"E004 {path} [{name}]: id also in {seen[vignette.id]}")
            seen[vignette.id] = path
            vignettes.append(vignette)
    return vignettes
