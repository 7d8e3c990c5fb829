"""The tables for other programs: their tokens, and what was last told of each public object."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, String, Table

from referrals.database.table_base import UtcTime, metadata

# Tokens of other programs: of the secret itself only a digest is kept. services: of a provider's token, `;` between.
api_tokens = Table(
    "api_tokens",
    metadata,
    Column("token_id", String(20), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("role", String(10), nullable=False),
    Column("county", String(4), nullable=False),
    Column("uat_siruta", Integer),
    Column("services", String(2000), nullable=False),
    Column("scopes", String(80), nullable=False),
    Column("made_by", String(80), nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
    Column("used_on", String(10), nullable=False),
)

# What is public of each object, by a digest, and when that last changed: a row an object, kept when it is gone.
feed_rows = Table(
    "feed_rows",
    metadata,
    Column("key", String(120), primary_key=True),
    Column("digest", String(32), nullable=False),  # "" = it is gone
    Column("created", BigInteger, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Index("ix_feed_rows_sequence", "sequence"),
)

# Which feed this is, and how far it has come: one row, or none until it is first asked for.
feed_state = Table(
    "feed_state",
    metadata,
    Column("slot", Integer, primary_key=True, autoincrement=False),
    Column("epoch", String(16), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    CheckConstraint("slot = 1", name="slot"),
)
