"""Decisions of people on services that may be one.

Revision ID: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of decisions on pairs."""
    op.create_table(
        "duplicate_decisions",
        sa.Column("service_a", sa.String(length=120), nullable=False),
        sa.Column("service_b", sa.String(length=120), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("kept", sa.String(length=120), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("service_a", "service_b", name=op.f("pk_duplicate_decisions")),
    )
