"""Monthly figures of communities, and the reports made of them.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables of figures and of reports."""
    op.create_table(
        "monthly_figures",
        sa.Column("entry_id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("county", sa.String(length=4), nullable=False),
        sa.Column("uat_siruta", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("indicator", sa.String(length=30), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("entered_at", TIME, nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_monthly_figures")),
    )
    op.create_index("ix_monthly_figures_area", "monthly_figures", ["county", "uat_siruta", "month"], unique=False)
    op.create_table(
        "monthly_reports",
        sa.Column("uat_siruta", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("county", sa.String(length=4), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("remark", sa.String(length=500), nullable=False),
        sa.Column("filed_at", TIME, nullable=False),
        sa.Column("filed_by", sa.String(length=80), nullable=False),
        sa.Column("decided_at", TIME, nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("uat_siruta", "month", name=op.f("pk_monthly_reports")),
    )
    op.create_index("ix_monthly_reports_month", "monthly_reports", ["month", "county"], unique=False)
