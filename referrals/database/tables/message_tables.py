"""The tables of messages on their way out, and of campaigns that ask providers for their places."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from referrals.database.tables.table_base import UtcTime, metadata

# News of the ledger on their way to whoever they are for: numbers and codes, no address and nothing about a person.
# `recipient` is whom it is for (service:…, account:…, team:…, county:…); its address is looked up when it is sent.
messages = Table(
    "messages",
    metadata,
    Column("message_id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("kind", String(20), nullable=False),
    Column("event", String(80), nullable=False),
    Column("recipient", String(140), nullable=False),
    Column("service_id", String(120), nullable=False),
    Column("referral_id", String(20), nullable=False),
    Column("link_id", String(20), nullable=False),
    Column("county", String(4), nullable=False),
    Column("uat_siruta", Integer),
    Column("state", String(10), nullable=False),
    Column("reason", String(20), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("lapses_at", UtcTime, nullable=False),
    Column("done_at", UtcTime),
    Column("lease", String(32), nullable=False),
    Column("leased_until", UtcTime),
    Column("mail_id", String(32), nullable=False),  # of the e-mail that carries it: the same at every try
    Index("uq_messages_once", "kind", "event", "recipient", unique=True),
    Index("ix_messages_due", "state", "due_at"),
    Index("ix_messages_referral", "referral_id"),
    Index("ix_messages_recipient", "recipient", "made_at"),
)

# What the owner of an address chose, under a keyed digest of the address.
mail_choices = Table(
    "mail_choices",
    metadata,
    Column("address_digest", String(64), primary_key=True),
    Column("rhythm", String(10), nullable=False),
    Column("language", String(2), nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("quiet_from", Integer),  # hours of Bucharest; both or neither: then those of the home
    Column("quiet_until", Integer),
)

# Where an account gets its messages, if that is not its login. phone: for short ones, where it has no e-mail.
account_addresses = Table(
    "account_addresses",
    metadata,
    Column("account_id", String(20), primary_key=True),
    Column("email", String(200), nullable=False),
    Column("phone", String(20)),
)

# Where a provider gets the messages of one service, as its county knows it better than the register; "" = not said.
service_addresses = Table(
    "service_addresses",
    metadata,
    Column("service_id", String(120), primary_key=True),
    Column("email", String(200), nullable=False),
    Column("phone", String(20), nullable=False),
    Column("changed_by", String(80), nullable=False),
    Column("changed_at", UtcTime, nullable=False),
)

# Up to which message an account has read its news.
news_read = Table(
    "news_read",
    metadata,
    Column("reader", String(80), primary_key=True),
    Column("message_id", BigInteger, nullable=False),
    Column("read_at", UtcTime, nullable=False),
)

# Services that a provider's link opens beside the one that stands in the link itself.
link_services = Table(
    "link_services",
    metadata,
    Column("link_id", String(20), primary_key=True),
    Column("service_id", String(120), primary_key=True),
    Index("ix_link_services_service", "service_id"),
)

# A county's providers asked for their places. service_types: codes, `;` between; "" = of all types.
campaigns = Table(
    "campaigns",
    metadata,
    Column("campaign_id", String(20), primary_key=True),
    Column("county", String(4), nullable=False),
    Column("service_types", String(600), nullable=False),
    Column("made_by", String(80), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("stopped_at", UtcTime),
    Index("ix_campaigns_county", "county"),
)

# One provider asked by a campaign, at one address: by message, or by what is printed, or by telephone.
campaign_asks = Table(
    "campaign_asks",
    metadata,
    Column("ask_id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("campaign_id", String(20), nullable=False),
    Column("link_id", String(20), nullable=False),
    Column("channel", String(10), nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    Column("reminded_at", UtcTime),
    Index("ix_campaign_asks_campaign", "campaign_id"),
    Index("ix_campaign_asks_link", "link_id"),
)
