"""The tables of the case record: codes, days and states; no name, number, telephone or address of a person.

Days are ISO texts, "" = none yet; months likewise. `counted_in`, `opened_in` and their like are the month in whose
figures a fact counts: the first, from its own, that was not filed when the fact arrived. `touched` is JSON: for each
field that was ever changed, the version that changed it and the device.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text, case

from referrals.database.tables.table_base import UtcTime, metadata


def _code(name: str, length: int = 24) -> Column[str]:
    return Column(name, String(length), nullable=False)


def _uat(name: str = "uat_siruta") -> Column[int]:
    return Column(name, Integer, nullable=False)


def _versioned() -> tuple[Column[int], Column[str]]:
    return Column("version", Integer, nullable=False), Column("touched", String(1000), nullable=False)


households = Table(
    "households",
    metadata,
    Column("household_id", String(24), primary_key=True),
    _code("county", 4),
    _uat(),
    Column("locality_siruta", Integer),
    # Who lives there and has no case of their own.
    *(Column(f"people_{band}", Integer, nullable=False) for band in ("0_2", "3_5", "6_17", "18_64", "65")),
    *_versioned(),
    Index("ix_households_area", "uat_siruta"),
)

cases = Table(
    "cases",
    metadata,
    Column("case_ref", String(24), primary_key=True),
    _code("household_id"),
    _code("relation", 12),
    _code("county", 4),
    _uat(),
    Column("locality_siruta", Integer),
    _code("born", 7),
    _code("sex", 1),
    _code("source", 16),
    _code("opened_on", 10),
    _code("state", 10),
    _code("level", 8),
    Column("level_at_least", Boolean, nullable=False),
    _code("level_said", 8),
    _code("level_reason", 200),
    _code("owner", 80),
    _code("owner_profession", 12),
    _code("owner_seen", 10),
    _code("next_review", 10),
    _code("closed_on", 10),
    _code("outcome", 16),
    _code("note", 500),
    _code("joined_into"),
    *_versioned(),
    Column("erased_at", UtcTime),
    Index("ix_cases_area", "uat_siruta", "state"),
    Index("ix_cases_household", "household_id"),
)
# The level that counts: what the team said, else what its answers gave.
LEVEL_IN_FORCE = case((cases.c.level_said != "", cases.c.level_said), else_=cases.c.level)

# For how long a case was open in a community: from an opening, a reopening or a move to a closing or a move.
case_spells = Table(
    "case_spells",
    metadata,
    Column("spell_id", String(30), primary_key=True),  # the case, a point and a number
    _code("case_ref"),
    _uat(),
    _code("begun_as", 10),  # opened | reopened | moved
    _code("begun_on", 10),
    _code("begun_in", 7),
    _code("ended_as", 10),  # closed | moved
    _code("ended_on", 10),
    _code("ended_in", 7),
    _code("outcome", 16),
    Column("is_counted", Boolean, nullable=False),
    Index("ix_case_spells_case", "case_ref"),
    Index("ix_case_spells_area", "uat_siruta", "begun_in"),
)

# What was asked and answered; a row is written once, when it is finished.
assessments = Table(
    "assessments",
    metadata,
    Column("assessment_id", String(24), primary_key=True),
    _code("case_ref"),
    _code("household_id"),
    _uat(),
    _code("kind", 10),
    _code("on_day", 10),
    _code("place", 10),
    _code("edition", 80),
    Column("answers", Text, nullable=False),  # JSON of codes and numbers
    _code("gaps", 2000),
    Column("complete", Boolean, nullable=False),
    _code("level", 8),
    _code("members", 40),
    _code("agreement", 12),
    _code("by", 80),
    Column("finished_at", UtcTime, nullable=False),
    _code("counted_in", 7),
    _code("corrects"),
    Index("ix_assessments_case", "case_ref", "on_day"),
    Index("ix_assessments_household", "household_id"),
)

findings = Table(
    "findings",
    metadata,
    Column("finding_id", String(60), primary_key=True),  # of an assessment: its number, `:` and the code
    _code("case_ref"),
    _uat(),
    _code("code", 12),
    _code("level", 8),
    _code("member", 12),
    _code("sees", 12),
    _code("assessment_id"),
    _code("by", 80),
    _code("word", 200),
    _code("opened_on", 10),
    _code("opened_in", 7),
    _code("ended_on", 10),
    _code("ended_in", 7),
    _code("ending", 14),
    Index("ix_findings_case", "case_ref"),
    Index("ix_findings_area", "uat_siruta", "opened_in"),
)

case_needs = Table(
    "case_needs",
    metadata,
    Column("case_ref", String(24), primary_key=True),
    Column("need", String(60), primary_key=True),
    # Who found what it comes of, where that is restricted; "" = the team's. One need may stand for several.
    Column("found_by", String(80), primary_key=True),
    _uat(),
    _code("origin", 10),
    _code("codes", 200),  # of the findings that it comes from, a space between
    _code("sees", 12),
    Column("priority", Integer, nullable=False),
    _code("opened_on", 10),
    _code("ended_on", 10),
    Column("declined", Boolean, nullable=False),
    *_versioned(),
    Index("ix_case_needs_area", "uat_siruta", "need"),
)

plans = Table(
    "plans",
    metadata,
    Column("plan_id", String(24), primary_key=True),
    _code("case_ref"),
    _uat(),
    Column("number", Integer, nullable=False),
    _code("kind", 12),
    _code("goal", 200),
    _code("state", 10),
    _code("made_on", 10),
    _code("agreed_on", 10),
    _code("agreed_in", 7),
    _code("agreed_how", 12),
    _code("review_on", 10),
    _code("by", 80),
    *_versioned(),
    Index("ix_plans_case", "case_ref"),
    Index("ix_plans_area", "uat_siruta", "agreed_in"),
)

plan_items = Table(
    "plan_items",
    metadata,
    Column("item_id", String(24), primary_key=True),
    _code("plan_id"),
    _code("case_ref"),
    _uat(),
    _code("need", 60),
    _code("action", 120),
    _code("member", 12),
    _code("account", 80),
    _code("due_on", 10),
    _code("due_in", 7),
    _code("state", 10),
    _code("begun_on", 10),
    _code("done_on", 10),  # the day on which it ended, however it ended
    _code("done_in", 7),
    _code("result", 8),
    _code("reason", 200),
    _code("service_type", 40),
    _code("referral_id"),
    _code("found_by", 80),  # as of the need that it was made for
    *_versioned(),
    Index("ix_plan_items_case", "case_ref"),
    Index("ix_plan_items_area", "uat_siruta", "state", "due_on"),
    Index("ix_plan_items_referral", "referral_id"),
)

visits = Table(
    "visits",
    metadata,
    Column("visit_id", String(24), primary_key=True),
    _code("case_ref"),
    _code("household_id"),
    _uat(),
    _code("on_day", 10),
    _code("minutes", 6),
    _code("place", 10),
    _code("members", 40),
    Column("found", Boolean, nullable=False),
    _code("services", 200),
    _code("items", 500),
    _code("next_on", 10),
    _code("note", 500),
    _code("by", 80),
    _code("counted_in", 7),
    Index("ix_visits_case", "case_ref", "on_day"),
    Index("ix_visits_area", "uat_siruta", "counted_in"),
)

case_notes = Table(
    "case_notes",
    metadata,
    Column("note_id", String(24), primary_key=True),
    _code("case_ref"),
    _uat(),
    _code("on_day", 10),
    _code("text", 500),
    _code("by", 80),
    Index("ix_case_notes_case", "case_ref"),
)

case_moves = Table(
    "case_moves",
    metadata,
    Column("move_id", String(24), primary_key=True),
    _code("case_ref"),
    _uat("from_uat"),
    _uat("to_uat"),
    _code("to_county", 4),
    _code("state", 10),  # offered | confirmed | accepted | withdrawn
    _code("offered_on", 10),
    _code("offered_by", 80),
    _code("confirmed_by", 80),
    _code("accepted_by", 80),
    Index("ix_case_moves_case", "case_ref"),
    Index("ix_case_moves_to", "to_uat", "state"),
)

# Work of a community without persons: campaigns, work in the office.
activities = Table(
    "activities",
    metadata,
    Column("activity_id", String(24), primary_key=True),
    _code("county", 4),
    _uat(),
    _code("on_day", 10),
    _code("kind", 20),
    Column("participants", Integer, nullable=False),
    _code("members", 40),
    _code("by", 80),
    _code("counted_in", 7),
    Index("ix_activities_area", "uat_siruta", "counted_in"),
)

supervisions = Table(
    "supervisions",
    metadata,
    Column("supervision_id", String(24), primary_key=True),
    _code("county", 4),
    _code("on_day", 10),
    _code("kind", 10),
    _code("by", 80),
    Index("ix_supervisions_county", "county", "on_day"),
)

# What was said at a session: of a community, or of one of its cases.
supervised = Table(
    "supervised",
    metadata,
    Column("remark_id", String(24), primary_key=True),
    _code("supervision_id"),
    _uat(),
    _code("case_ref"),
    _code("remark", 500),
    Column("asks", Boolean, nullable=False),
    _code("due_on", 10),
    _code("state", 10),  # open | done
    _code("counted_in", 7),
    Index("ix_supervised_area", "uat_siruta", "counted_in"),
    Index("ix_supervised_case", "case_ref"),
)

# The figures of a month as they were filed: JSON, frozen until the report is returned.
case_months = Table(
    "case_months",
    metadata,
    Column("uat_siruta", Integer, primary_key=True, autoincrement=False),
    Column("month", String(7), primary_key=True),
    Column("figures", Text, nullable=False),
    Column("filed_at", UtcTime, nullable=False),
)

OF_A_CASE = (
    households, cases, case_spells, assessments, findings, case_needs, plans, plan_items, visits, case_notes,
    case_moves, supervised,
)  # fmt: skip
