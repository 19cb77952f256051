"""The table of anonymous counts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this revision; a table that a worker made before is taken as it is."""
    if sa.inspect(op.get_bind()).has_table("daily_counts"):
        return
    op.create_table(
        "daily_counts",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("measure", sa.String(24), primary_key=True),
        sa.Column("value", sa.String(64), primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    """Back from it."""
    op.drop_table("daily_counts")
