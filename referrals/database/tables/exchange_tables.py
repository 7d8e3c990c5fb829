"""The tables of the exchange with the telephones of teams: what came, what stands against what, the devices."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text, literal_column, text

from referrals.database.tables.table_base import UtcTime, metadata

# Every change as it came, whatever became of it; `seq` orders them. One that waited gets its row anew when it is done.
case_changes = Table(
    "case_changes",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("change_id", String(24), nullable=False, unique=True),
    Column("device_id", String(24), nullable=False),
    Column("device_no", Integer, nullable=False),
    Column("account", String(80), nullable=False),
    Column("uat_siruta", Integer, nullable=False),
    Column("case_ref", String(24), nullable=False),
    Column("household_id", String(24), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("base", Integer),
    Column("body", Text, nullable=False),  # JSON
    Column("at_client", UtcTime, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("result", String(10), nullable=False),  # applied | conflict | refused | waiting
    Column("reason", String(300), nullable=False),
    Column("has_waited", Boolean, nullable=False),
    Index("ix_case_changes_area", "uat_siruta", "seq"),
    Index("ix_case_changes_case", "case_ref"),
)
# The few that wait. Said as a literal in a query: a database takes the index only where it sees its condition.
WAITS = case_changes.c.result == literal_column("'waiting'")
_IS_WAITING = text("result = 'waiting'")
Index("ix_case_changes_waiting", case_changes.c.uat_siruta, sqlite_where=_IS_WAITING, postgresql_where=_IS_WAITING)

# Two values for one field: the one that stands and the other, until the case manager chooses.
case_conflicts = Table(
    "case_conflicts",
    metadata,
    Column("conflict_id", String(24), primary_key=True),
    Column("case_ref", String(24), nullable=False),
    Column("household_id", String(24), nullable=False),
    Column("uat_siruta", Integer, nullable=False),
    Column("place", String(20), nullable=False),  # the table
    Column("row_key", String(90), nullable=False),
    Column("field", String(30), nullable=False),
    Column("kept", String(1200), nullable=False),  # JSON, in which a sign may be written as two
    Column("other", String(1200), nullable=False),
    Column("kept_change", String(24), nullable=False),
    Column("other_change", String(24), nullable=False),
    Column("state", String(10), nullable=False),  # open | settled
    Column("made_at", UtcTime, nullable=False),
    Column("settled_by", String(80), nullable=False),
    Column("settled_at", UtcTime),
    Index("ix_case_conflicts_case", "case_ref"),
    Index("ix_case_conflicts_area", "uat_siruta", "state"),
)

case_devices = Table(
    "case_devices",
    metadata,
    Column("device_id", String(24), primary_key=True),
    Column("account", String(80), nullable=False),
    Column("county", String(4), nullable=False),
    Column("uat_siruta", Integer, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("last_seen", UtcTime, nullable=False),
    Column("state", String(10), nullable=False),  # active | lost | revoked
    Column("shell", String(20), nullable=False),
    Column("unsent", Integer, nullable=False),
    Column("unsent_since", UtcTime),
    Index("ix_case_devices_area", "county", "uat_siruta"),
)

# A case that a county unit opened for some hours, with its reason; the team of the case sees it.
case_access = Table(
    "case_access",
    metadata,
    Column("access_id", String(24), primary_key=True),
    Column("case_ref", String(24), nullable=False),
    Column("county", String(4), nullable=False),
    Column("account", String(80), nullable=False),
    Column("reason", String(200), nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("until", UtcTime, nullable=False),
    Index("ix_case_access_case", "case_ref"),
)

OF_A_CASE = (case_changes, case_conflicts, case_access)
