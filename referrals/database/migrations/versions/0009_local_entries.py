"""What teams know beside the registers, and what comes on some days.

Revision ID: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table of local knowledge."""
    op.create_table(
        "local_entries",
        sa.Column("entry_id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("offers", sa.String(length=500), nullable=False),
        sa.Column("taken", sa.String(length=200), nullable=False),
        sa.Column("needs", sa.String(length=300), nullable=False),
        sa.Column("county", sa.String(length=4), nullable=False),
        sa.Column("uat_siruta", sa.Integer(), nullable=False),
        sa.Column("locality_siruta", sa.Integer(), nullable=True),
        sa.Column("serves", sa.String(length=6), nullable=False),
        sa.Column("keeper_uat", sa.Integer(), nullable=True),
        sa.Column("hours", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=60), nullable=False),
        sa.Column("days", sa.String(length=800), nullable=False),
        sa.Column("review_on", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("entered_at", TIME, nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.Column("settled_by", sa.String(length=80), nullable=False),
        sa.Column("settled_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_local_entries")),
    )
    op.create_index("ix_local_entries_county", "local_entries", ["county", "state"], unique=False)
