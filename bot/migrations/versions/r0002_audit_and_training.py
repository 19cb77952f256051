"""The tables of the audit log and of training; both also make themselves at their first use."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def there(table: str) -> bool:
    """Whether a worker made the table before."""
    return bool(sa.inspect(op.get_bind()).has_table(table))


def upgrade() -> None:
    """To this revision; what is there is taken as it is."""
    if not there("audit"):
        op.create_table(
            "audit",
            sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
            sa.Column("at", sa.String(length=32), nullable=False),
            sa.Column("turn", sa.String(length=32), nullable=False),
            sa.Column("channel", sa.String(length=32), nullable=False),
            sa.Column("event", sa.String(length=32), nullable=False),
            sa.Column("route", sa.String(length=64), nullable=False),
            sa.Column("level", sa.Integer(), nullable=True),
            sa.Column("borough", sa.String(length=16), nullable=False),
            sa.Column("contacts", sa.String(length=512), nullable=False),
            sa.Column("deadline", sa.String(length=48), nullable=False),
            sa.Column("danger", sa.String(length=16), nullable=False),
            sa.Column("content_version", sa.String(length=64), nullable=False),
            sa.Column("previous", sa.String(length=64), nullable=False),
            sa.Column("hash", sa.String(length=64), nullable=False),
            sa.PrimaryKeyConstraint("id"),
            sa.UniqueConstraint("hash"),
        )
    if not there("training_sessions"):
        op.create_table(
            "training_sessions",
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("code", sa.String(length=12), nullable=True),
            sa.Column("lead", sa.String(length=64), nullable=True),
            sa.Column("screen", sa.String(length=64), nullable=True),
            sa.Column("scenario", sa.Text(), nullable=False),
            sa.Column("content_version", sa.String(length=40), nullable=False),
            sa.Column("created", sa.Float(), nullable=False),
            sa.PrimaryKeyConstraint("id"),
            sa.UniqueConstraint("code"),
        )
        op.create_index("ix_training_sessions_lead", "training_sessions", ["lead"], unique=False)
        op.create_index(
            "ix_training_sessions_screen", "training_sessions", ["screen"], unique=False
        )
    if not there("training_events"):
        op.create_table(
            "training_events",
            sa.Column("session", sa.Integer(), nullable=False),
            sa.Column("number", sa.Integer(), nullable=False),
            sa.Column("at", sa.Float(), nullable=False),
            sa.Column("body", sa.Text(), nullable=False),
            sa.ForeignKeyConstraint(
                ["session"],
                ["training_sessions.id"],
            ),
            sa.PrimaryKeyConstraint("session", "number"),
        )
    if not there("training_learners"):
        op.create_table(
            "training_learners",
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("session", sa.Integer(), nullable=False),
            sa.Column("token", sa.String(length=64), nullable=False),
            sa.ForeignKeyConstraint(
                ["session"],
                ["training_sessions.id"],
            ),
            sa.PrimaryKeyConstraint("id"),
            sa.UniqueConstraint("token"),
        )
        op.create_index(
            "ix_training_learners_session", "training_learners", ["session"], unique=False
        )


def downgrade() -> None:
    """Back from it."""
    for table in ("training_learners", "training_events", "training_sessions", "audit"):
        op.drop_table(table)
