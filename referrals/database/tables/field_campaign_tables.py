"""The tables of a team's campaigns in a crisis: households to pass by, and what was found and left there.

Of households by code, never of a person: whoever needs a case gets one.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table

from referrals.database.tables.table_base import metadata

SUPPLIES = ("food", "medicines", "protection", "hygiene", "leaflets")  # what is left at a house, each counted

field_campaigns = Table(
    "field_campaigns",
    metadata,
    Column("campaign_id", String(24), primary_key=True),
    Column("county", String(4), nullable=False),
    Column("uat_siruta", Integer, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("begun_on", String(10), nullable=False),
    Column("ended_on", String(10), nullable=False),  # "" = it goes on
    Column("by", String(80), nullable=False),
    Index("ix_field_campaigns_area", "uat_siruta", "begun_on"),
    Index("ix_field_campaigns_county", "county", "begun_on"),
)

# Whom to pass by; an erased household stands here as a number that leads nowhere.
campaign_households = Table(
    "campaign_households",
    metadata,
    Column("campaign_id", String(24), primary_key=True),
    Column("household_id", String(24), primary_key=True),
    Column("uat_siruta", Integer, nullable=False),
    Index("ix_campaign_households_household", "household_id"),
)

campaign_stops = Table(
    "campaign_stops",
    metadata,
    Column("stop_id", String(24), primary_key=True),
    Column("campaign_id", String(24), nullable=False),
    Column("household_id", String(24), nullable=False),
    Column("uat_siruta", Integer, nullable=False),
    Column("on_day", String(10), nullable=False),
    Column("outcome", String(10), nullable=False),  # met | absent | declined
    Column("people", Integer, nullable=False),
    Column("needs", String(400), nullable=False),  # codes, a space between
    *(Column(name, Integer, nullable=False) for name in SUPPLIES),
    Column("by", String(80), nullable=False),
    Index("ix_campaign_stops_campaign", "campaign_id"),
    Index("ix_campaign_stops_household", "household_id"),
)

OF_CAMPAIGNS = (field_campaigns, campaign_households, campaign_stops)
