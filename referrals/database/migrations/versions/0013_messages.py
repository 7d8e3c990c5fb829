"""Messages on their way, what owners of addresses chose, and where accounts get theirs.

Revision ID: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the three tables, empty."""
    op.create_table(
        "messages",
        sa.Column(
            "message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("event", sa.String(length=80), nullable=False),
        sa.Column("recipient", sa.String(length=140), nullable=False),
        sa.Column("service_id", sa.String(length=120), nullable=False),
        sa.Column("referral_id", sa.String(length=20), nullable=False),
        sa.Column("link_id", sa.String(length=20), nullable=False),
        sa.Column("county", sa.String(length=4), nullable=False),
        sa.Column("uat_siruta", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("lapses_at", TIME, nullable=False),
        sa.Column("done_at", TIME, nullable=True),
        sa.Column("lease", sa.String(length=32), nullable=False),
        sa.Column("leased_until", TIME, nullable=True),
        sa.Column("mail_id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_messages")),
    )
    op.create_index("uq_messages_once", "messages", ["kind", "event", "recipient"], unique=True)
    op.create_index("ix_messages_due", "messages", ["state", "due_at"])
    op.create_index("ix_messages_referral", "messages", ["referral_id"])
    op.create_index("ix_messages_recipient", "messages", ["recipient", "made_at"])
    op.create_table(
        "mail_choices",
        sa.Column("address_digest", sa.String(length=64), nullable=False),
        sa.Column("rhythm", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("address_digest", name=op.f("pk_mail_choices")),
    )
    op.create_table(
        "account_addresses",
        sa.Column("account_id", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account_addresses")),
    )
