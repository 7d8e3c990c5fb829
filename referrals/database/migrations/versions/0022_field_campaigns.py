"""Campaigns of teams in a crisis: households to pass by, what was found and left there.

Revision ID: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the empty tables."""
    op.create_table(
        "field_campaigns",
        sa.Column("campaign_id", sa.String(length=24), nullable=False),
        sa.Column("county", sa.String(length=4), nullable=False),
        sa.Column("uat_siruta", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("begun_on", sa.String(length=10), nullable=False),
        sa.Column("ended_on", sa.String(length=10), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("campaign_id", name=op.f("pk_field_campaigns")),
    )
    op.create_index("ix_field_campaigns_area", "field_campaigns", ["uat_siruta", "begun_on"], unique=False)
    op.create_index("ix_field_campaigns_county", "field_campaigns", ["county", "begun_on"], unique=False)
    op.create_table(
        "campaign_households",
        sa.Column("campaign_id", sa.String(length=24), nullable=False),
        sa.Column("household_id", sa.String(length=24), nullable=False),
        sa.Column("uat_siruta", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("campaign_id", "household_id", name=op.f("pk_campaign_households")),
    )
    op.create_index("ix_campaign_households_household", "campaign_households", ["household_id"], unique=False)
    op.create_table(
        "campaign_stops",
        sa.Column("stop_id", sa.String(length=24), nullable=False),
        sa.Column("campaign_id", sa.String(length=24), nullable=False),
        sa.Column("household_id", sa.String(length=24), nullable=False),
        sa.Column("uat_siruta", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("needs", sa.String(length=400), nullable=False),
        sa.Column("food", sa.Integer(), nullable=False),
        sa.Column("medicines", sa.Integer(), nullable=False),
        sa.Column("protection", sa.Integer(), nullable=False),
        sa.Column("hygiene", sa.Integer(), nullable=False),
        sa.Column("leaflets", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("stop_id", name=op.f("pk_campaign_stops")),
    )
    op.create_index("ix_campaign_stops_campaign", "campaign_stops", ["campaign_id"], unique=False)
    op.create_index("ix_campaign_stops_household", "campaign_stops", ["household_id"], unique=False)
