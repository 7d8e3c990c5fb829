"""The tables for other programs: their tokens, what was last told of each public object, and where they are told."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, String, Table

from referrals.database.tables.table_base import UtcTime, metadata

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

# Where other programs are told. kinds: of what, `;` between. secret_number: of the secret, which is computed and kept
# nowhere; the one before it signs too until former_until. feed_*: how far the feed of services was told.
webhooks = Table(
    "webhooks",
    metadata,
    Column("webhook_id", String(20), primary_key=True),
    Column("token_id", String(20), nullable=False),
    Column("address", String(500), nullable=False),
    Column("kinds", String(80), nullable=False),
    Column("secret_number", Integer, nullable=False),
    Column("former_until", UtcTime),
    Column("state", String(10), nullable=False),
    Column("reason", String(20), nullable=False),
    Column("made_by", String(80), nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("feed_epoch", String(16), nullable=False),
    Column("feed_sequence", BigInteger, nullable=False),
    Column("failures", Integer, nullable=False),  # turns in a row in which nothing was taken
    Column("failing_since", UtcTime),
    Column("due_at", UtcTime, nullable=False),
    Column("delivered_at", UtcTime),
    Column("last_result", String(20), nullable=False),
    Column("lease", String(32), nullable=False),
    Column("leased_until", UtcTime),
    Index("ix_webhooks_token", "token_id"),
)

# How far the audit log, which is the outbox of referrals, was told: per chain, as each chain is in order.
webhook_cursors = Table(
    "webhook_cursors",
    metadata,
    Column("webhook_id", String(20), primary_key=True),
    Column("chain", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, nullable=False),
)

# What was not taken at its first try, and what waits behind it: ids and states alone.
webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("delivery_id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("webhook_id", String(20), nullable=False),
    Column("event_id", String(40), nullable=False),
    Column("kind", String(30), nullable=False),
    Column("subject", String(120), nullable=False),
    Column("detail", String(20), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("state", String(10), nullable=False),  # waiting | dead
    Column("attempts", Integer, nullable=False),
    Column("result", String(20), nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Index("uq_webhook_deliveries_event", "webhook_id", "event_id", unique=True),
    Index("ix_webhook_deliveries_state", "webhook_id", "state"),
)
