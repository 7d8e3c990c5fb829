"""Whose ledger this is: the identity and the kind of its home.

The row itself is written by `referrals.database.home_identity`, which knows the home that opens the database.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "ledger_identity",
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("home_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("slot = 1", name=op.f("ck_ledger_identity_slot")),
        sa.CheckConstraint("kind IN ('demo', 'live')", name=op.f("ck_ledger_identity_kind")),
        sa.PrimaryKeyConstraint("slot", name=op.f("pk_ledger_identity")),
    )
