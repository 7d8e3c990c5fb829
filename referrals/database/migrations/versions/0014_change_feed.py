"""What other programs follow: the feed of changed public objects.

Revision ID: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of the feed."""
    op.create_table(
        "feed_rows",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_feed_rows")),
    )
    op.create_index("ix_feed_rows_sequence", "feed_rows", ["sequence"], unique=False)
    op.create_table(
        "feed_state",
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.String(length=16), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("slot = 1", name=op.f("ck_feed_state_slot")),
        sa.PrimaryKeyConstraint("slot", name=op.f("pk_feed_state")),
    )
