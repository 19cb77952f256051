"""Migrations: forward, back, and what they make is what the code declares."""

from __future__ import annotations

import datetime as dt

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from bot.audit.log import metadata as audit_tables
from bot.channels.teams_store import make_tables
from bot.channels.teams_store import metadata as teams_tables
from bot.scenarios.store import metadata as training_tables
from bot.statistics import daily_counts, metadata
from bot.stores.engines import make_engine
from bot.stores.migrate import downgrade, newest, revision, upgrade


def test_migrations_reach_the_newest_form_and_make_what_the_code_declares(database):
    engine = make_engine(database)
    assert revision(engine) is None
    assert upgrade(engine) == newest()
    assert upgrade(engine) == newest()
    with engine.connect() as db:
        context = MigrationContext.configure(db, opts={"compare_type": True})
        for declared in (metadata, audit_tables, training_tables, teams_tables):
            found = compare_metadata(context, declared)
            assert [d for d in found if d[0] not in {"remove_table", "remove_index"}] == []


def test_migrations_go_back(database):
    engine = make_engine(database)
    upgrade(engine)
    downgrade(engine, "base")
    assert revision(engine) is None


def test_migrations_take_a_table_that_a_worker_made(database):
    engine = make_engine(database)
    metadata.create_all(engine)
    make_tables(engine)
    with engine.begin() as db:
        row = {"day": dt.date(2026, 1, 1), "measure": "turns"}
        db.execute(daily_counts.insert(), [{**row, "value": "answered", "count": 7}])
    upgrade(engine)
    with engine.connect() as db:
        assert [r.count for r in db.execute(daily_counts.select())] == [7]
