"""Plans of community services: priorities, actions, remarks of the county unit.

Revision ID: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the empty tables."""
    op.create_table(
        "community_plans",
        sa.Column("plan_id", sa.String(length=24), nullable=False),
        sa.Column("county", sa.String(length=4), nullable=False),
        sa.Column("uat_siruta", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_on", sa.String(length=10), nullable=False),
        sa.Column("adopted_on", sa.String(length=10), nullable=False),
        sa.Column("returned_on", sa.String(length=10), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_community_plans")),
    )
    op.create_index("ix_community_plans_area", "community_plans", ["uat_siruta", "year"], unique=False)
    op.create_index("ix_community_plans_county", "community_plans", ["county", "year"], unique=False)
    for state in ("draft", "adopted"):
        only = sa.text(f"state = '{state}'")
        op.create_index(
            f"uq_community_plans_{state}",
            "community_plans",
            ["uat_siruta", "year"],
            unique=True,
            sqlite_where=only,
            postgresql_where=only,
        )
    op.create_table(
        "community_priorities",
        sa.Column("priority_id", sa.String(length=24), nullable=False),
        sa.Column("plan_id", sa.String(length=24), nullable=False),
        sa.Column("uat_siruta", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("priority_id", name=op.f("pk_community_priorities")),
    )
    op.create_index("uq_community_priorities_code", "community_priorities", ["plan_id", "kind", "code"], unique=True)
    op.create_table(
        "community_actions",
        sa.Column("action_id", sa.String(length=24), nullable=False),
        sa.Column("plan_id", sa.String(length=24), nullable=False),
        sa.Column("priority_id", sa.String(length=24), nullable=False),
        sa.Column("uat_siruta", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=300), nullable=False),
        sa.Column("responsible", sa.String(length=20), nullable=False),
        sa.Column("due_on", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("begun_on", sa.String(length=10), nullable=False),
        sa.Column("ended_on", sa.String(length=10), nullable=False),
        sa.Column("result", sa.String(length=300), nullable=False),
        sa.Column("follows", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("action_id", name=op.f("pk_community_actions")),
    )
    op.create_index("ix_community_actions_plan", "community_actions", ["plan_id"], unique=False)
    op.create_index("ix_community_actions_follows", "community_actions", ["follows"], unique=False)
    op.create_table(
        "community_plan_remarks",
        sa.Column("remark_id", sa.String(length=24), nullable=False),
        sa.Column("plan_id", sa.String(length=24), nullable=False),
        sa.Column("uat_siruta", sa.Integer(), nullable=False),
        sa.Column("remark", sa.String(length=500), nullable=False),
        sa.Column("made_on", sa.String(length=10), nullable=False),
        sa.Column("sends_back", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("remark_id", name=op.f("pk_community_plan_remarks")),
    )
    op.create_index("ix_community_plan_remarks_plan", "community_plan_remarks", ["plan_id"], unique=False)
