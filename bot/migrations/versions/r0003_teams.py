"""The tables of Teams: what was handled, and where reminders go; both also make themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.migrations.versions.r0002_audit_and_training import there

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this revision; what is there is taken as it is."""
    if not there("teams_claims"):
        op.create_table(
            "teams_claims",
            sa.Column("key", sa.String(length=64), nullable=False),
            sa.Column("until", sa.BigInteger(), nullable=False),
            sa.PrimaryKeyConstraint("key"),
        )
        op.create_index("ix_teams_claims_until", "teams_claims", ["until"], unique=False)
    if not there("teams_references"):
        op.create_table(
            "teams_references",
            sa.Column("key", sa.String(length=64), nullable=False),
            sa.Column("reference", sa.Text(), nullable=False),
            sa.PrimaryKeyConstraint("key"),
        )


def downgrade() -> None:
    """Back, without what the tables hold."""
    op.drop_table("teams_references")
    op.drop_table("teams_claims")
