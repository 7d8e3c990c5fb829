"""Drafts of monthly reports.

Revision ID: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of drafts."""
    op.create_table(
        "monthly_drafts",
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("uat_siruta", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("county", sa.String(length=4), nullable=False),
        sa.Column("figures", sa.String(length=4000), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("role", "uat_siruta", "month", name=op.f("pk_monthly_drafts")),
    )
