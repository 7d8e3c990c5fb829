"""Call a chain of the audit log a chain, as the code and the documents do.

Revision ID: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Name the column `chain`, and the table of the chains' ends `audit_chains`; no row changes."""
    op.execute("ALTER TABLE audit RENAME COLUMN strand TO chain")  # both databases have these words
    op.create_table(
        "audit_chains",
        sa.Column("chain", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_audit_chains")),
    )
    op.execute("INSERT INTO audit_chains SELECT strand, length, head, events FROM audit_strands")
    op.drop_table("audit_strands")
