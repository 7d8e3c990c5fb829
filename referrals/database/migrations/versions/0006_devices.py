"""Known devices in place of the lock-out; an identity opens one account.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
IS_BOUND = sa.text("identity <> ''")


def upgrade() -> None:
    """Make the table of devices, drop the counts of failures, and let no identity open two accounts.

    Of an identity that opens two already nobody can tell whose it is: it opens neither any more. Such an account
    needs a new invitation (`harta account reset`) unless it has a password.
    """
    op.create_table(
        "known_devices",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=20), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_known_devices")),
    )
    op.create_index("ix_known_devices_account", "known_devices", ["account_id"], unique=False)

    op.execute(
        "UPDATE accounts SET identity = '', state = CASE WHEN password = '' THEN 'invited' ELSE state END "
        "WHERE identity <> '' AND identity IN (SELECT identity FROM accounts GROUP BY identity HAVING count(*) > 1)"
    )
    op.drop_index("ix_accounts_identity", table_name="accounts")
    op.create_index(
        "uq_accounts_identity",
        "accounts",
        ["identity"],
        unique=True,
        sqlite_where=IS_BOUND,
        postgresql_where=IS_BOUND,
    )
    op.drop_column("accounts", "failures")
    op.drop_column("accounts", "locked_until")
