"""Bring the database of our own tables to the newest form, or tell which it has."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Engine

from bot.paths import ROOT

SCRIPTS: Path = ROOT / "bot" / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return config


def newest() -> str:
    """The revision that this code needs."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def revision(engine: Engine) -> str | None:
    """The revision of a database; None where it has none.

    Raises:
        SQLAlchemyError: it does not answer.
    """
    with engine.connect() as db:
        found = MigrationContext.configure(db).get_current_revision()
    return None if found is None else str(found)


def upgrade(engine: Engine, target: str = "head") -> str:
    """Run what is missing, in one transaction; returns the revision reached.

    Raises:
        SQLAlchemyError: the database refused; it stays as it was.
    """
    config = _config()
    with engine.begin() as db:
        config.attributes["connection"] = db
        command.upgrade(config, target)
    return str(revision(engine))


def downgrade(engine: Engine, target: str) -> None:
    """Back to an older revision, for tests and for going back after an upgrade."""
    config = _config()
    with engine.begin() as db:
        config.attributes["connection"] = db
        command.downgrade(config, target)
