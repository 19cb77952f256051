"""Everything that can be wrong with content, each with a code that can be looked up.

K001 file cannot be read        K006 unknown reference
K002 not valid YAML             K007 cycle of `supersedes`
K003 file too large or nested   K008 gap or conflict in a decision table
K004 wrong or missing field     K009 store cannot be used
K005 id used twice              K010 not a telephone number
K011 pattern that cannot be used K012 table that lowers urgency, or a rule without effect
K013 address that is no address K014 a link that could not be reached
K015 version or entry not known K016 schema files are not current
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing wrong: where it stands, what it is, and how to mend it."""

    code: str
    file: str
    line: int
    entry: str
    problem: str
    mend: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}"
        entry = f" [{self.entry}]" if self.entry else ""
        return f"{self.code} {where}{entry}: {self.problem}. Mend: {self.mend}"


class KnowledgeError(Exception):
    """Base of the errors of this package."""


class ContentError(KnowledgeError):
    """The content cannot be used; `problems` lists every reason found."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(p) for p in problems))


class StoreError(KnowledgeError):
    """K009: the store cannot be opened, or holds no content."""
