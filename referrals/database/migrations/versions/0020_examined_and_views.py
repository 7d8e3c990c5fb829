"""When a provider began to examine a referral, and sets of filters that an account gave a name.

Revision ID: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add what is not known of referrals made before, and an empty table; nothing is lost."""
    op.add_column("referrals", sa.Column("examined_at", TIME, nullable=True))
    op.create_table(
        "saved_views",
        sa.Column("account_id", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("filters", sa.String(length=400), nullable=False),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        sa.Column("saved_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "name", name=op.f("pk_saved_views")),
    )
