"""The tables of what people search and do not find: counts by week, no person and no phrase."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table

from referrals.database.tables.table_base import metadata

# Searches for a need that nobody within reach answers. uat_siruta: 0 where the need is a sensitive one.
search_gaps = Table(
    "search_gaps",
    metadata,
    Column("week", String(8), primary_key=True),  # ISO 8601: 2026-W49
    Column("need", String(60), primary_key=True),
    Column("county", String(4), primary_key=True),
    Column("uat_siruta", Integer, primary_key=True, autoincrement=False),
    Column("times", Integer, nullable=False),
)

# Single words that found no need, folded, by who typed them: `typist` is a keyed digest that tells two accounts apart
# and names none; "" = a word of the vocabulary, whoever typed it.
unfound_words = Table(
    "unfound_words",
    metadata,
    Column("week", String(8), primary_key=True),
    Column("word", String(24), primary_key=True),
    Column("typist", String(16), primary_key=True),
    Column("times", Integer, nullable=False),
)
