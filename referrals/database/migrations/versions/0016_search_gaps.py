"""What people search and do not find: counts by week.

Revision ID: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the two tables, empty."""
    op.create_table(
        "search_gaps",
        sa.Column("week", sa.String(length=8), nullable=False),
        sa.Column("need", sa.String(length=60), nullable=False),
        sa.Column("county", sa.String(length=4), nullable=False),
        sa.Column("uat_siruta", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("week", "need", "county", "uat_siruta", name=op.f("pk_search_gaps")),
    )
    op.create_table(
        "unfound_words",
        sa.Column("week", sa.String(length=8), nullable=False),
        sa.Column("word", sa.String(length=24), nullable=False),
        sa.Column("typist", sa.String(length=16), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("week", "word", "typist", name=op.f("pk_unfound_words")),
    )
