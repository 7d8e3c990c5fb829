"""The tables of the plan of community services: what a team chose to do about the needs of its community in a year.

Of a community, never of a person: texts name institutions and professions. Days are ISO texts, "" = none yet.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, text

from referrals.database.tables.table_base import metadata

community_plans = Table(
    "community_plans",
    metadata,
    Column("plan_id", String(24), primary_key=True),
    Column("county", String(4), nullable=False),
    Column("uat_siruta", Integer, nullable=False),
    Column("year", Integer, nullable=False),
    Column("number", Integer, nullable=False),  # of the year's plans: a revision is the next one
    Column("state", String(10), nullable=False),  # draft | adopted | replaced
    Column("made_on", String(10), nullable=False),
    Column("adopted_on", String(10), nullable=False),
    Column("returned_on", String(10), nullable=False),  # sent back by the county unit, and not adopted anew yet
    Column("by", String(80), nullable=False),
    Column("version", Integer, nullable=False),  # goes up with whatever changes in the plan
    Index("ix_community_plans_area", "uat_siruta", "year"),
    Index("ix_community_plans_county", "county", "year"),
)
# A community has one draft and one plan in force for a year, whatever the code above forgets.
_OF_YEAR = (community_plans.c.uat_siruta, community_plans.c.year)
_IS_DRAFT, _IS_ADOPTED = text("state = 'draft'"), text("state = 'adopted'")
Index("uq_community_plans_draft", *_OF_YEAR, unique=True, sqlite_where=_IS_DRAFT, postgresql_where=_IS_DRAFT)
Index("uq_community_plans_adopted", *_OF_YEAR, unique=True, sqlite_where=_IS_ADOPTED, postgresql_where=_IS_ADOPTED)

community_priorities = Table(
    "community_priorities",
    metadata,
    Column("priority_id", String(24), primary_key=True),
    Column("plan_id", String(24), nullable=False),
    Column("uat_siruta", Integer, nullable=False),
    Column("kind", String(10), nullable=False),  # need | category
    Column("code", String(60), nullable=False),
    Column("rank", Integer, nullable=False),
    Column("reason", String(500), nullable=False),
    Column("version", Integer, nullable=False),
    Index("uq_community_priorities_code", "plan_id", "kind", "code", unique=True),
)

community_actions = Table(
    "community_actions",
    metadata,
    Column("action_id", String(24), primary_key=True),
    Column("plan_id", String(24), nullable=False),
    Column("priority_id", String(24), nullable=False),
    Column("uat_siruta", Integer, nullable=False),
    Column("what", String(300), nullable=False),
    Column("responsible", String(20), nullable=False),  # an institution or a profession, by its code
    Column("due_on", String(10), nullable=False),
    Column("state", String(10), nullable=False),  # planned | begun | done | given_up
    Column("begun_on", String(10), nullable=False),
    Column("ended_on", String(10), nullable=False),
    Column("result", String(300), nullable=False),
    Column("follows", String(24), nullable=False),  # the action of the plan before that it goes on with
    Column("version", Integer, nullable=False),
    Index("ix_community_actions_plan", "plan_id"),
    Index("ix_community_actions_follows", "follows"),
)

community_plan_remarks = Table(
    "community_plan_remarks",
    metadata,
    Column("remark_id", String(24), primary_key=True),
    Column("plan_id", String(24), nullable=False),
    Column("uat_siruta", Integer, nullable=False),
    Column("remark", String(500), nullable=False),
    Column("made_on", String(10), nullable=False),
    Column("sends_back", Boolean, nullable=False),
    Column("state", String(10), nullable=False),  # open | done
    Column("by", String(80), nullable=False),
    Index("ix_community_plan_remarks_plan", "plan_id"),
)

OF_COMMUNITY_PLANS = (community_plans, community_priorities, community_actions, community_plan_remarks)
