"""Both values of a conflict as JSON: a note at its full length has quotes around it, and signs written as two.

Revision ID: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Widen the two columns; nothing is lost."""
    with op.batch_alter_table("case_conflicts") as batch:
        for name in ("kept", "other"):
            batch.alter_column(
                name,
                existing_type=sa.String(length=500),
                type_=sa.String(length=1200),
                existing_nullable=False,
            )
