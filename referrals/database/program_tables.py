"""The tables for other programs: their tokens."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table

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
