"""The tables of the ledger: one set for SQLite and PostgreSQL.

A change here needs a revision under `migrations/versions` and a new `HEAD`; a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Index, Integer, String, Table, text

from referrals.database.tables import (
    case_tables,
    community_plan_tables,
    exchange_tables,
    field_campaign_tables,
    gap_tables,
    message_tables,
    program_tables,
    table_base,
)
from referrals.database.tables.table_base import UtcTime

HEAD = "0026"

metadata = table_base.metadata
api_tokens = program_tables.api_tokens
messages = message_tables.messages
mail_choices = message_tables.mail_choices
account_addresses = message_tables.account_addresses
service_addresses = message_tables.service_addresses
news_read = message_tables.news_read
feed_rows = program_tables.feed_rows
feed_state = program_tables.feed_state
webhooks = program_tables.webhooks
webhook_cursors = program_tables.webhook_cursors
webhook_deliveries = program_tables.webhook_deliveries
link_services = message_tables.link_services
campaigns = message_tables.campaigns
campaign_asks = message_tables.campaign_asks
search_gaps = gap_tables.search_gaps
unfound_words = gap_tables.unfound_words
CASE_TABLES = (
    *case_tables.OF_A_CASE,
    *exchange_tables.OF_A_CASE,
    *field_campaign_tables.OF_CAMPAIGNS,
)  # of which erasure leaves counts alone
PLAN_TABLES = community_plan_tables.OF_COMMUNITY_PLANS  # of communities; retention deletes what is over

# SQLite counts rows by INTEGER only; PostgreSQL gets the wider kind.
_Serial = BigInteger().with_variant(Integer, "sqlite")

reports = Table(
    "capacity_reports",
    metadata,
    Column("report_id", _Serial, primary_key=True, autoincrement=True),
    Column("service_id", String(120), nullable=False),
    Column("status", String(10), nullable=False),
    Column("places_free", Integer),
    Column("places_max", Integer),
    Column("source", String(60), nullable=False),
    Column("reported_at", UtcTime, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Column("role", String(10), nullable=False),
    Column("account", String(80), nullable=False),
    Index("ix_capacity_reports_service", "service_id", "reported_at"),
)

# The state that follows from reports and referrals, kept so that one conditional UPDATE can hold a place.
# `held` counts referrals in state held; `taken` those accepted after `reported_at` and not undone.
places = Table(
    "places",
    metadata,
    Column("service_id", String(120), primary_key=True),
    Column("status", String(10), nullable=False),
    Column("reported", Integer),
    Column("places_max", Integer),
    Column("reported_at", UtcTime),
    Column("source", String(60), nullable=False),
    Column("held", Integer, nullable=False),
    Column("taken", Integer, nullable=False),
    Column("clock", UtcTime, nullable=False),
    CheckConstraint("held >= 0", name="held"),
    CheckConstraint("taken >= 0", name="taken"),
)

referrals = Table(
    "referrals",
    metadata,
    Column("referral_id", String(20), primary_key=True),
    Column("service_id", String(120), nullable=False),
    Column("service_type", String(40), nullable=False),
    Column("service_county", String(4), nullable=False),
    Column("access_route", String(10), nullable=False),
    Column("case_ref", String(40), nullable=False),
    Column("need", String(60), nullable=False),
    Column("county", String(4), nullable=False),
    Column("uat_siruta", Integer, nullable=False),
    Column("locality_siruta", Integer),
    Column("state", String(12), nullable=False),
    Column("reason", String(20), nullable=False),
    Column("basis", String(20), nullable=False),
    Column("consent_at", UtcTime),
    Column("note", String(500), nullable=False),
    Column("replaces", String(20), nullable=False),
    Column("second_place", Boolean, nullable=False),
    Column("made_by", String(80), nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime),
    Column("accepted_at", UtcTime),
    Column("started_at", UtcTime),
    Column("closed_at", UtcTime),
    Column("examined_at", UtcTime),
    Index("ix_referrals_service", "service_id", "state"),
    Index("ix_referrals_due", "state", "expires_at"),
    Index("ix_referrals_area", "county", "uat_siruta"),
    Index("ix_referrals_case", "case_ref"),
)
# The same case cannot hold two places for the same need, whatever the code above forgets.
_ONE_PLACE = text("state IN ('held', 'accepted', 'started') AND case_ref <> '' AND NOT second_place")
Index(
    "uq_referrals_one_place",
    referrals.c.case_ref,
    referrals.c.need,
    unique=True,
    sqlite_where=_ONE_PLACE,
    postgresql_where=_ONE_PLACE,
)

# Where somebody was refused for lack of places: a place, a need and a day, and no person.
unmet_needs = Table(
    "unmet_needs",
    metadata,
    Column("unmet_id", _Serial, primary_key=True, autoincrement=True),
    Column("kind", String(12), nullable=False),
    Column("need", String(60), nullable=False),
    Column("service_type", String(40), nullable=False),
    Column("county", String(4), nullable=False),
    Column("uat_siruta", Integer, nullable=False),
    Column("locality_siruta", Integer),
    Column("on_day", String(10), nullable=False),
    Index("ix_unmet_needs_day", "on_day"),
)

# What people on the spot found wrong with a service, and what the county unit made of it: no person.
field_reports = Table(
    "field_reports",
    metadata,
    Column("report_id", _Serial, primary_key=True, autoincrement=True),
    Column("service_id", String(120), nullable=False),
    Column("county", String(4), nullable=False),
    Column("what", String(10), nullable=False),
    Column("published", String(300), nullable=False),
    Column("value", String(60), nullable=False),
    Column("note", String(500), nullable=False),
    Column("state", String(10), nullable=False),
    Column("role", String(10), nullable=False),
    Column("account", String(80), nullable=False),
    Column("reported_at", UtcTime, nullable=False),
    Column("settled_by", String(80), nullable=False),
    Column("settled_at", UtcTime),
    Index("ix_field_reports_service", "service_id"),
    Index("ix_field_reports_queue", "county", "state"),
)

# A request already answered: its retry gets the same answer and changes nothing.
answered = Table(
    "answered_requests",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("request", String(64), nullable=False),
    Column("outcome", String(80), nullable=False),
    Column("answered_at", UtcTime, nullable=False),
)

# The audit log: ids, roles, states. Never an attribute of a person.
audit = Table(
    "audit",
    metadata,
    Column("chain", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("role", String(10), nullable=False),
    Column("account", String(80), nullable=False),
    Column("action", String(30), nullable=False),
    Column("subject", String(120), nullable=False),
    Column("before", String(120), nullable=False),
    Column("after", String(120), nullable=False),
    Column("reason", String(30), nullable=False),
    Column("digest", String(64), nullable=False),
    Index("ix_audit_subject", "subject"),
    Index("ix_audit_at", "at"),
)

# One row per chain of the audit log: its length, its last digest, and how many of its rows moved a place.
chains = Table(
    "audit_chains",
    metadata,
    Column("chain", Integer, primary_key=True, autoincrement=False),
    Column("length", Integer, nullable=False),
    Column("head", String(64), nullable=False),
    Column("events", BigInteger, nullable=False),
)

# Whose ledger this is: the one home, demonstration or live, that may open it. One row, or none until the first opening.
identity = Table(
    "ledger_identity",
    metadata,
    Column("slot", Integer, primary_key=True, autoincrement=False),
    Column("home_id", String(32), nullable=False),
    Column("kind", String(4), nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    CheckConstraint("slot = 1", name="slot"),
    CheckConstraint("kind IN ('demo', 'live')", name="kind"),
)

# What signs links and cookies; made with the database, kept with it, changed by nobody.
keys = Table(
    "signing_keys",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("key", String(64), nullable=False),
)

# A provider's link: to one referral, or (revocable) to report one service's places.
links = Table(
    "links",
    metadata,
    Column("link_id", String(20), primary_key=True),
    Column("service_id", String(120), nullable=False),
    Column("referral_id", String(20), nullable=False),
    Column("county", String(4), nullable=False),
    Column("uat_siruta", Integer),
    Column("made_by", String(80), nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime),
    Column("revoked_at", UtcTime),
    Column("hour", UtcTime, nullable=False),
    Column("posts", Integer, nullable=False),
    Index("ix_links_service", "service_id"),
    Index("ix_links_referral", "referral_id"),
)

# What a provider said by its link beside the answer: for when it sees the person; that it wants to be called.
provider_answers = Table(
    "provider_answers",
    metadata,
    Column("referral_id", String(20), primary_key=True),
    Column("visit_at", UtcTime),
    Column("call_at", UtcTime),
)

accounts = Table(
    "accounts",
    metadata,
    Column("account_id", String(20), primary_key=True),
    Column("login", String(120), nullable=False, unique=True),
    Column("role", String(10), nullable=False),
    Column("county", String(4), nullable=False),
    Column("uat_siruta", Integer),
    Column("password", String(200), nullable=False),
    Column("identity", String(300), nullable=False),
    Column("state", String(10), nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("profession", String(12), nullable=False, server_default=""),  # of a team: social | medical | educational
)
# Who is known elsewhere opens one account: two would be nobody's.
_IS_BOUND = text("identity <> ''")
Index("uq_accounts_identity", accounts.c.identity, unique=True, sqlite_where=_IS_BOUND, postgresql_where=_IS_BOUND)

# Invitations and resets: of the secret itself only a digest is kept.
account_tokens = Table(
    "account_tokens",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("account_id", String(20), nullable=False),
    Column("purpose", String(10), nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Index("ix_account_tokens_account", "account_id"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("account_id", String(20), nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Index("ix_sessions_account", "account_id"),
)

# What a person decided of two services that may be one; ids of the two, the lower first.
duplicate_decisions = Table(
    "duplicate_decisions",
    metadata,
    Column("service_a", String(120), primary_key=True),
    Column("service_b", String(120), primary_key=True),
    Column("verdict", String(10), nullable=False),
    Column("kept", String(120), nullable=False),
    Column("decided_at", UtcTime, nullable=False),
)

# What teams know beside the registers, and what comes on some days: offices and groups, never a person served.
local_entries = Table(
    "local_entries",
    metadata,
    Column("entry_id", _Serial, primary_key=True, autoincrement=True),
    Column("name", String(120), nullable=False),
    Column("offers", String(500), nullable=False),
    Column("taken", String(200), nullable=False),
    Column("needs", String(300), nullable=False),  # codes, `;` between them
    Column("county", String(4), nullable=False),
    Column("uat_siruta", Integer, nullable=False),
    Column("locality_siruta", Integer),
    Column("serves", String(6), nullable=False),
    Column("keeper_uat", Integer),  # community of the team that keeps it; NULL = of a county unit or an administrator
    Column("hours", String(120), nullable=False),
    Column("phone", String(60), nullable=False),
    Column("days", String(800), nullable=False),  # rule of `providers.local.visit_days`
    Column("review_on", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    Column("role", String(10), nullable=False),
    Column("account", String(80), nullable=False),
    Column("entered_at", UtcTime, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("settled_by", String(80), nullable=False),
    Column("settled_at", UtcTime),
    Index("ix_local_entries_county", "county", "state"),
)

# Sets of filters of a queue that an account gave a name; filters: JSON of codes. One of an account may come first.
saved_views = Table(
    "saved_views",
    metadata,
    Column("account_id", String(80), primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("filters", String(400), nullable=False),
    Column("is_first", Boolean, nullable=False),
    Column("saved_at", UtcTime, nullable=False),
)

# Devices on which an account signed in before: a number of the browser's own, of which a digest is kept.
devices = Table(
    "known_devices",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("account_id", String(20), nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Index("ix_known_devices_account", "account_id"),
)

# What a community says of a month: figures appended and never changed, the newest of each counts.
monthly_figures = Table(
    "monthly_figures",
    metadata,
    Column("entry_id", _Serial, primary_key=True, autoincrement=True),
    Column("county", String(4), nullable=False),
    Column("uat_siruta", Integer, nullable=False),
    Column("month", String(7), nullable=False),
    Column("indicator", String(30), nullable=False),
    Column("value", Integer),
    Column("source", String(20), nullable=False),
    Column("entered_at", UtcTime, nullable=False),
    Column("role", String(10), nullable=False),
    Column("account", String(80), nullable=False),
    Index("ix_monthly_figures_area", "county", "uat_siruta", "month"),
)

# The report of a community for a month, as it stands: filed, returned with a remark, accepted.
monthly_reports = Table(
    "monthly_reports",
    metadata,
    Column("uat_siruta", Integer, primary_key=True, autoincrement=False),
    Column("month", String(7), primary_key=True),
    Column("county", String(4), nullable=False),
    Column("state", String(10), nullable=False),
    Column("remark", String(500), nullable=False),
    Column("filed_at", UtcTime, nullable=False),
    Column("filed_by", String(80), nullable=False),
    Column("decided_at", UtcTime),
    Column("decided_by", String(80), nullable=False),
    Index("ix_monthly_reports_month", "month", "county"),
)

# What was typed of a month and is not filed yet: by role and community, the figures as JSON, erased by filing.
monthly_drafts = Table(
    "monthly_drafts",
    metadata,
    Column("role", String(10), primary_key=True),
    Column("uat_siruta", Integer, primary_key=True, autoincrement=False),
    Column("month", String(7), primary_key=True),
    Column("county", String(4), nullable=False),
    Column("figures", String(4000), nullable=False),
    Column("saved_at", UtcTime, nullable=False),
)
