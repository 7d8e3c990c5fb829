"""Providers' links, accounts, sessions, and the key that signs.

Revision ID: 0003
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables; the signing key is made here, once per database."""
    op.create_table(
        "account_tokens",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=20), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_account_tokens")),
    )
    op.create_index("ix_account_tokens_account", "account_tokens", ["account_id"], unique=False)

    op.create_table(
        "accounts",
        sa.Column("account_id", sa.String(length=20), nullable=False),
        sa.Column("login", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("county", sa.String(length=4), nullable=False),
        sa.Column("uat_siruta", sa.Integer(), nullable=True),
        sa.Column("password", sa.String(length=200), nullable=False),
        sa.Column("identity", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", TIME, nullable=True),
        sa.Column("made_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("login", name=op.f("uq_accounts_login")),
    )
    op.create_index("ix_accounts_identity", "accounts", ["identity"], unique=False)

    op.create_table(
        "links",
        sa.Column("link_id", sa.String(length=20), nullable=False),
        sa.Column("service_id", sa.String(length=120), nullable=False),
        sa.Column("referral_id", sa.String(length=20), nullable=False),
        sa.Column("county", sa.String(length=4), nullable=False),
        sa.Column("uat_siruta", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=True),
        sa.Column("revoked_at", TIME, nullable=True),
        sa.Column("hour", TIME, nullable=False),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("link_id", name=op.f("pk_links")),
    )
    op.create_index("ix_links_referral", "links", ["referral_id"], unique=False)
    op.create_index("ix_links_service", "links", ["service_id"], unique=False)

    op.create_table(
        "sessions",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=20), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sessions")),
    )
    op.create_index("ix_sessions_account", "sessions", ["account_id"], unique=False)

    op.create_table(
        "signing_keys",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_signing_keys")),
    )

    op.bulk_insert(
        sa.table("signing_keys", sa.column("name", sa.String), sa.column("key", sa.String)),
        [{"name": "web", "key": secrets.token_hex(32)}],
    )
