"""Alembic's entry: runs the migrations over the connection that `bot db` hands in."""

from __future__ import annotations

from alembic import context

from bot.statistics import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
