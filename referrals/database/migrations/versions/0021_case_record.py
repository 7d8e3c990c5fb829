"""The case record: households, cases, what was asked, found, planned and done, and the exchange with telephones.

Revision ID: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the empty tables, and say of each account that its profession is not known."""
    op.add_column("accounts", sa.Column("profession", sa.String(length=12), nullable=False, server_default=""))
    op.create_table(
        "households",
        sa.Column("household_id", sa.String(length=24), nullable=False),
        sa.Column("county", sa.String(length=4), nullable=False),
        sa.Column("uat_siruta", sa.Integer(), nullable=False),
        sa.Column("locality_siruta", sa.Integer(), nullable=True),
        sa.Column("people_0_2", sa.Integer(), nullable=False),
        sa.Column("people_3_5", sa.Integer(), nullable=False),
        sa.Column("people_6_17", sa.Integer(), nullable=False),
        sa.Column("people_18_64", sa.Integer(), nullable=False),
        sa.Column("people_65", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("touched", sa.String(length=1000), nullable=False),
        sa.PrimaryKeyConstraint("household_id", name=op.f("pk_households")),
    )
    op.create_index("ix_households_area", "households", ["uat_siruta"], unique=False)
    op.create_table(
        "cases",
        sa.Column("case_ref", sa.String(length=24), nullable=False),
        sa.Column("household_id", sa.String(length=24), nullable=False),
        sa.Column("relation", sa.String(length=12), nullable=False),
        sa.Column("county", sa.String(length=4), nullable=False),
        sa.Column("uat_siruta", sa.Integer(), nullable=False),
        sa.Column("locality_siruta", sa.Integer(), nullable=True),
        sa.Column("born", sa.String(length=7), nullable=False),
        sa.Column("sex", sa.String(length=1), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("opened_on", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("level_at_least", sa.Boolean(), nullable=False),
        sa.Column("level_said", sa.String(length=8), nullable=False),
        sa.Column("level_reason", sa.String(length=200), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("owner_profession", sa.String(length=12), nullable=False),
        sa.Column("owner_seen", sa.String(length=10), nullable=False),
        sa.Column("next_review", sa.String(length=10), nullable=False),
        sa.Column("closed_on", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("joined_into", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("touched", sa.String(length=1000), nullable=False),
        sa.Column("erased_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("case_ref", name=op.f("pk_cases")),
    )
    op.create_index("ix_cases_area", "cases", ["uat_siruta", "state"], unique=False)
    op.create_index("ix_cases_household", "cases", ["household_id"], unique=False)
    op.create_table(
        "case_spells",
        sa.Column("spell_id", sa.String(length=30), nullable=False),
        sa.Column("case_ref", sa.String(length=24), nullable=False),
        sa.Column("uat_siruta", sa.Integer(), nullable=False),
        sa.Column("begun_as", sa.String(length=10), nullable=False),
        sa.Column("begun_on", sa.String(length=10), nullable=False),
        sa.Column("begun_in", sa.String(length=7), nullable=False),
        sa.Column("ended_as", sa.String(length=10), nullable=False),
        sa.Column("ended_on", sa.String(length=10), nullable=False),
        sa.Column("ended_in", sa.String(length=7), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("is_counted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("spell_id", name=op.f("pk_case_spells")),
    )
    op.create_index("ix_case_spells_area", "case_spells", ["uat_siruta", "begun_in"], unique=False)
    op.create_index("ix_case_spells_case", "case_spells", ["case_ref"], unique=False)
    op.create_table(
        "assessments",
        sa.Column("assessment_id", sa.String(length=24), nullable=False),
        sa.Column("case_ref", sa.String(length=24), nullable=False),
        sa.Column("household_id", sa.String(length=24), nullable=False),
        sa.Column("uat_siruta", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("on_day", sa.String(length=10), nullable=False),
        sa.Column("place", sa.String(length=10), nullable=False),
        sa.Column("edition", sa.String(length=80), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("gaps", sa.String(length=2000), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("members", sa.String(length=40), nullable=False),
        sa.Column("agreement", sa.String(length=12), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("finished_at", TIME, nullable=False),
        sa.Column("counted_in", sa.String(length=7), nullable=False),
        sa.Column("corrects", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("assessment_id", name=op.f("pk_assessments")),
    )
    op.create_index("ix_assessments_case", "assessments", ["case_ref", "on_day"], unique=False)
    op.create_index("ix_assessments_household", "assessments", ["household_id"], unique=False)
    op.create_table(
        "findings",
        sa.Column("finding_id", sa.String(length=60), nullable=False),
        sa.Column("case_ref", sa.String(length=24), nullable=False),
        sa.Column("uat_siruta", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("member", sa.String(length=12), nullable=False),
        sa.Column("sees", sa.String(length=12), nullable=False),
        sa.Column("assessment_id", sa.String(length=24), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("word", sa.String(length=200), nullable=False),
        sa.Column("opened_on", sa.String(length=10), nullable=False),
        sa.Column("opened_in", sa.String(length=7), nullable=False),
        sa.Column("ended_on", sa.String(length=10), nullable=False),
        sa.Column("ended_in", sa.String(length=7), nullable=False),
        sa.Column("ending", sa.String(length=14), nullable=False),
        sa.PrimaryKeyConstraint("finding_id", name=op.f("pk_findings")),
    )
    op.create_index("ix_findings_area", "findings", ["uat_siruta", "opened_in"], unique=False)
    op.create_index("ix_findings_case", "findings", ["case_ref"], unique=False)
    op.create_table(
        "case_needs",
        sa.Column("case_ref", sa.String(length=24), nullable=False),
        sa.Column("need", sa.String(length=60), nullable=False),
        sa.Column("uat_siruta", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("codes", sa.String(length=200), nullable=False),
        sa.Column("sees", sa.String(length=12), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("opened_on", sa.String(length=10), nullable=False),
        sa.Column("ended_on", sa.String(length=10), nullable=False),
        sa.Column("declined", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("touched", sa.String(length=1000), nullable=False),
        sa.PrimaryKeyConstraint("case_ref", "need", name=op.f("pk_case_needs")),
    )
    op.create_index("ix_case_needs_area", "case_needs", ["uat_siruta", "need"], unique=False)
    op.create_table(
        "plans",
        sa.Column("plan_id", sa.String(length=24), nullable=False),
        sa.Column("case_ref", sa.String(length=24), nullable=False),
        sa.Column("uat_siruta", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("goal", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_on", sa.String(length=10), nullable=False),
        sa.Column("agreed_on", sa.String(length=10), nullable=False),
        sa.Column("agreed_in", sa.String(length=7), nullable=False),
        sa.Column("agreed_how", sa.String(length=12), nullable=False),
        sa.Column("review_on", sa.String(length=10), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("touched", sa.String(length=1000), nullable=False),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_plans")),
    )
    op.create_index("ix_plans_area", "plans", ["uat_siruta", "agreed_in"], unique=False)
    op.create_index("ix_plans_case", "plans", ["case_ref"], unique=False)
    op.create_table(
        "plan_items",
        sa.Column("item_id", sa.String(length=24), nullable=False),
        sa.Column("plan_id", sa.String(length=24), nullable=False),
        sa.Column("case_ref", sa.String(length=24), nullable=False),
        sa.Column("uat_siruta", sa.Integer(), nullable=False),
        sa.Column("need", sa.String(length=60), nullable=False),
        sa.Column("action", sa.String(length=120), nullable=False),
        sa.Column("member", sa.String(length=12), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("due_on", sa.String(length=10), nullable=False),
        sa.Column("due_in", sa.String(length=7), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("begun_on", sa.String(length=10), nullable=False),
        sa.Column("done_on", sa.String(length=10), nullable=False),
        sa.Column("done_in", sa.String(length=7), nullable=False),
        sa.Column("result", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("service_type", sa.String(length=40), nullable=False),
        sa.Column("referral_id", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("touched", sa.String(length=1000), nullable=False),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_plan_items")),
    )
    op.create_index("ix_plan_items_area", "plan_items", ["uat_siruta", "state", "due_on"], unique=False)
    op.create_index("ix_plan_items_case", "plan_items", ["case_ref"], unique=False)
    op.create_index("ix_plan_items_referral", "plan_items", ["referral_id"], unique=False)
    _make_work()


def _make_work() -> None:
    op.create_table(
        "visits",
        sa.Column("visit_id", sa.String(length=24), nullable=False),
        sa.Column("case_ref", sa.String(length=24), nullable=False),
        sa.Column("household_id", sa.String(length=24), nullable=False),
        sa.Column("uat_siruta", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.String(length=10), nullable=False),
        sa.Column("minutes", sa.String(length=6), nullable=False),
        sa.Column("place", sa.String(length=10), nullable=False),
        sa.Column("members", sa.String(length=40), nullable=False),
        sa.Column("found", sa.Boolean(), nullable=False),
        sa.Column("services", sa.String(length=200), nullable=False),
        sa.Column("items", sa.String(length=500), nullable=False),
        sa.Column("next_on", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("counted_in", sa.String(length=7), nullable=False),
        sa.PrimaryKeyConstraint("visit_id", name=op.f("pk_visits")),
    )
    op.create_index("ix_visits_area", "visits", ["uat_siruta", "counted_in"], unique=False)
    op.create_index("ix_visits_case", "visits", ["case_ref", "on_day"], unique=False)
    op.create_table(
        "case_notes",
        sa.Column("note_id", sa.String(length=24), nullable=False),
        sa.Column("case_ref", sa.String(length=24), nullable=False),
        sa.Column("uat_siruta", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.String(length=10), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("note_id", name=op.f("pk_case_notes")),
    )
    op.create_index("ix_case_notes_case", "case_notes", ["case_ref"], unique=False)
    op.create_table(
        "case_moves",
        sa.Column("move_id", sa.String(length=24), nullable=False),
        sa.Column("case_ref", sa.String(length=24), nullable=False),
        sa.Column("from_uat", sa.Integer(), nullable=False),
        sa.Column("to_uat", sa.Integer(), nullable=False),
        sa.Column("to_county", sa.String(length=4), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("offered_on", sa.String(length=10), nullable=False),
        sa.Column("offered_by", sa.String(length=80), nullable=False),
        sa.Column("confirmed_by", sa.String(length=80), nullable=False),
        sa.Column("accepted_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("move_id", name=op.f("pk_case_moves")),
    )
    op.create_index("ix_case_moves_case", "case_moves", ["case_ref"], unique=False)
    op.create_index("ix_case_moves_to", "case_moves", ["to_uat", "state"], unique=False)
    op.create_table(
        "activities",
        sa.Column("activity_id", sa.String(length=24), nullable=False),
        sa.Column("county", sa.String(length=4), nullable=False),
        sa.Column("uat_siruta", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("participants", sa.Integer(), nullable=False),
        sa.Column("members", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("counted_in", sa.String(length=7), nullable=False),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_activities")),
    )
    op.create_index("ix_activities_area", "activities", ["uat_siruta", "counted_in"], unique=False)
    op.create_table(
        "supervisions",
        sa.Column("supervision_id", sa.String(length=24), nullable=False),
        sa.Column("county", sa.String(length=4), nullable=False),
        sa.Column("on_day", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("supervision_id", name=op.f("pk_supervisions")),
    )
    op.create_index("ix_supervisions_county", "supervisions", ["county", "on_day"], unique=False)
    op.create_table(
        "supervised",
        sa.Column("remark_id", sa.String(length=24), nullable=False),
        sa.Column("supervision_id", sa.String(length=24), nullable=False),
        sa.Column("uat_siruta", sa.Integer(), nullable=False),
        sa.Column("case_ref", sa.String(length=24), nullable=False),
        sa.Column("remark", sa.String(length=500), nullable=False),
        sa.Column("asks", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("counted_in", sa.String(length=7), nullable=False),
        sa.PrimaryKeyConstraint("remark_id", name=op.f("pk_supervised")),
    )
    op.create_index("ix_supervised_area", "supervised", ["uat_siruta", "counted_in"], unique=False)
    op.create_index("ix_supervised_case", "supervised", ["case_ref"], unique=False)
    op.create_table(
        "case_months",
        sa.Column("uat_siruta", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("filed_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("uat_siruta", "month", name=op.f("pk_case_months")),
    )
    op.create_table(
        "case_changes",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("change_id", sa.String(length=24), nullable=False),
        sa.Column("device_id", sa.String(length=24), nullable=False),
        sa.Column("device_no", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("uat_siruta", sa.Integer(), nullable=False),
        sa.Column("case_ref", sa.String(length=24), nullable=False),
        sa.Column("household_id", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("base", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at_client", TIME, nullable=False),
        sa.Column("received_at", TIME, nullable=False),
        sa.Column("result", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("has_waited", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_case_changes")),
        sa.UniqueConstraint("change_id", name=op.f("uq_case_changes_change_id")),
    )
    op.create_index("ix_case_changes_area", "case_changes", ["uat_siruta", "seq"], unique=False)
    op.create_index("ix_case_changes_case", "case_changes", ["case_ref"], unique=False)
    op.create_index("ix_case_changes_waiting", "case_changes", ["result", "uat_siruta"], unique=False)
    op.create_table(
        "case_conflicts",
        sa.Column("conflict_id", sa.String(length=24), nullable=False),
        sa.Column("case_ref", sa.String(length=24), nullable=False),
        sa.Column("household_id", sa.String(length=24), nullable=False),
        sa.Column("uat_siruta", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("row_key", sa.String(length=90), nullable=False),
        sa.Column("field", sa.String(length=30), nullable=False),
        sa.Column("kept", sa.String(length=500), nullable=False),
        sa.Column("other", sa.String(length=500), nullable=False),
        sa.Column("kept_change", sa.String(length=24), nullable=False),
        sa.Column("other_change", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("settled_by", sa.String(length=80), nullable=False),
        sa.Column("settled_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("conflict_id", name=op.f("pk_case_conflicts")),
    )
    op.create_index("ix_case_conflicts_area", "case_conflicts", ["uat_siruta", "state"], unique=False)
    op.create_index("ix_case_conflicts_case", "case_conflicts", ["case_ref"], unique=False)
    op.create_table(
        "case_devices",
        sa.Column("device_id", sa.String(length=24), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("county", sa.String(length=4), nullable=False),
        sa.Column("uat_siruta", sa.Integer(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("last_seen", TIME, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("shell", sa.String(length=20), nullable=False),
        sa.Column("unsent", sa.Integer(), nullable=False),
        sa.Column("unsent_since", TIME, nullable=True),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_case_devices")),
    )
    op.create_index("ix_case_devices_area", "case_devices", ["county", "uat_siruta"], unique=False)
    op.create_table(
        "case_access",
        sa.Column("access_id", sa.String(length=24), nullable=False),
        sa.Column("case_ref", sa.String(length=24), nullable=False),
        sa.Column("county", sa.String(length=4), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("opened_at", TIME, nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.PrimaryKeyConstraint("access_id", name=op.f("pk_case_access")),
    )
    op.create_index("ix_case_access_case", "case_access", ["case_ref"], unique=False)
