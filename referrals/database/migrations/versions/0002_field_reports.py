"""Reports from the field: a wrong number, a service that moved or is gone.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table of reports from the field."""
    op.create_table(
        "field_reports",
        sa.Column("report_id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("service_id", sa.String(length=120), nullable=False),
        sa.Column("county", sa.String(length=4), nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("published", sa.String(length=300), nullable=False),
        sa.Column("value", sa.String(length=60), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("reported_at", TIME, nullable=False),
        sa.Column("settled_by", sa.String(length=80), nullable=False),
        sa.Column("settled_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_field_reports")),
    )
    op.create_index("ix_field_reports_queue", "field_reports", ["county", "state"], unique=False)
    op.create_index("ix_field_reports_service", "field_reports", ["service_id"], unique=False)
