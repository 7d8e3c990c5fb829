"""Links that open several services, and campaigns that ask providers for their places.

Revision ID: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the three tables, empty."""
    op.create_table(
        "link_services",
        sa.Column("link_id", sa.String(length=20), nullable=False),
        sa.Column("service_id", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("link_id", "service_id", name=op.f("pk_link_services")),
    )
    op.create_index("ix_link_services_service", "link_services", ["service_id"])
    op.create_table(
        "campaigns",
        sa.Column("campaign_id", sa.String(length=20), nullable=False),
        sa.Column("county", sa.String(length=4), nullable=False),
        sa.Column("service_type", sa.String(length=40), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("stopped_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("campaign_id", name=op.f("pk_campaigns")),
    )
    op.create_index("ix_campaigns_county", "campaigns", ["county"])
    op.create_table(
        "campaign_asks",
        sa.Column("ask_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("campaign_id", sa.String(length=20), nullable=False),
        sa.Column("link_id", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("reminded_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("ask_id", name=op.f("pk_campaign_asks")),
    )
    op.create_index("ix_campaign_asks_campaign", "campaign_asks", ["campaign_id"])
    op.create_index("ix_campaign_asks_link", "campaign_asks", ["link_id"])
