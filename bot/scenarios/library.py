"""The scenarios and the knowledge that they refer to, as one thing that stays up to date."""

from __future__ import annotations

import logging
from pathlib import Path

from bot.paths import ROOT
from bot.scenarios.checks import load_scenarios
from bot.scenarios.format import Scenario
from bot.scenarios.reader import ScenarioError
from bot.scenarios.references import Kinds, Shown, show
from knowledge.content import CONTENT_DIR, load_content
from knowledge.errors import StoreError
from knowledge.schema import Contact
from knowledge.store import Store

logger = logging.getLogger(__name__)

FOLDER = ROOT / "data" / "scenarios"
SCHEMA_FILE = FOLDER / "scenario.schema.json"


class Library:
    """Scenarios of a folder, and what their references mean now."""

    def __init__(self, folder: Path = FOLDER) -> None:
        """Reads the knowledge from its store, or from the content files where none is loaded.

        Raises:
            ScenarioError: a scenario is wrong.
        """
        self.folder = folder
        self._store = Store()
        self._files: tuple[Kinds, str] | None = None
        self._stamp: tuple[tuple[str, int], ...] = ()
        self._scenarios: dict[str, Scenario] = {}
        _ = self.scenarios

    @property
    def _knowledge(self) -> tuple[Kinds, str]:
        if self._files is None:
            try:
                return self._store.snapshot(), self._store.version()
            except StoreError:
                content = load_content(CONTENT_DIR)
                self._files = (content.kinds, content.version)
        return self._files

    @property
    def kinds(self) -> Kinds:
        """The knowledge entries."""
        return self._knowledge[0]

    @property
    def version(self) -> str:
        """Version of the knowledge in use."""
        return self._knowledge[1]

    @property
    def scenarios(self) -> dict[str, Scenario]:
        """Every scenario by id; read again when a file changed.

        Raises:
            ScenarioError: a scenario is wrong, and none was read before.
        """
        stamp = tuple((p.name, p.stat().st_mtime_ns) for p in sorted(self.folder.glob("*.yml")))
        if stamp != self._stamp:
            try:
                self._scenarios = load_scenarios(self.folder, self.kinds)
            except ScenarioError as error:
                if not self._scenarios:
                    raise
                logger.error("S021 scenarios changed and are wrong; the old ones stay: %s", error)
            self._stamp = stamp
        return self._scenarios

    @property
    def emergency(self) -> str:
        """The number for danger now, as the knowledge base has it."""
        contact = self.kinds["contacts"].get("police-emergency")
        phone = contact.phone if isinstance(contact, Contact) else None
        return phone or "999"  # must reach the reader even where the entry is gone

    def show(self, ref: str) -> Shown:
        """A reference as staff read it."""
        return show(self.kinds, ref)
