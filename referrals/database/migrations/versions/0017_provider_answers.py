"""What a provider says by its link beside its answer.

Revision ID: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the table, empty."""
    op.create_table(
        "provider_answers",
        sa.Column("referral_id", sa.String(length=20), nullable=False),
        sa.Column("visit_at", TIME, nullable=True),
        sa.Column("call_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("referral_id", name=op.f("pk_provider_answers")),
    )
