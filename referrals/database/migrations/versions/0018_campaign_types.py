"""Campaigns of several types, addresses that a county keeps for providers, telephones and quiet hours, news read.

Revision ID: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Widen the types of a campaign, and add what is chosen of addresses; nothing is lost."""
    with op.batch_alter_table("campaigns") as batch:
        batch.alter_column(
            "service_type",
            new_column_name="service_types",
            existing_type=sa.String(length=40),
            type_=sa.String(length=600),
            existing_nullable=False,
        )
    op.add_column("account_addresses", sa.Column("phone", sa.String(length=20), nullable=True))
    op.add_column("mail_choices", sa.Column("quiet_from", sa.Integer(), nullable=True))
    op.add_column("mail_choices", sa.Column("quiet_until", sa.Integer(), nullable=True))
    op.create_table(
        "service_addresses",
        sa.Column("service_id", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_service_addresses")),
    )
    op.create_table(
        "news_read",
        sa.Column("reader", sa.String(length=80), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("read_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("reader", name=op.f("pk_news_read")),
    )
