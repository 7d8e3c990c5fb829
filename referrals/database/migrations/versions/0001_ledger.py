"""The ledger: reports, places, referrals, unmet needs, the trail.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STRANDS = 16


def upgrade() -> None:
    """Make the tables of the ledger."""
    op.create_table(
        "answered_requests",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("request", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.String(length=80), nullable=False),
        sa.Column("answered_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_answered_requests")),
    )
    op.create_table(
        "audit",
        sa.Column("strand", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=30), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("before", sa.String(length=120), nullable=False),
        sa.Column("after", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("strand", "position", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_at", "audit", ["at"], unique=False)
    op.create_index("ix_audit_subject", "audit", ["subject"], unique=False)

    op.create_table(
        "audit_strands",
        sa.Column("strand", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("strand", name=op.f("pk_audit_strands")),
    )
    op.create_table(
        "capacity_reports",
        sa.Column("report_id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("service_id", sa.String(length=120), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("places_free", sa.Integer(), nullable=True),
        sa.Column("places_max", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("reported_at", TIME, nullable=False),
        sa.Column("recorded_at", TIME, nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_capacity_reports")),
    )
    op.create_index("ix_capacity_reports_service", "capacity_reports", ["service_id", "reported_at"], unique=False)

    op.create_table(
        "places",
        sa.Column("service_id", sa.String(length=120), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("reported", sa.Integer(), nullable=True),
        sa.Column("places_max", sa.Integer(), nullable=True),
        sa.Column("reported_at", TIME, nullable=True),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("clock", TIME, nullable=False),
        sa.CheckConstraint("held >= 0", name=op.f("ck_places_held")),
        sa.CheckConstraint("taken >= 0", name=op.f("ck_places_taken")),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_places")),
    )
    op.create_table(
        "referrals",
        sa.Column("referral_id", sa.String(length=20), nullable=False),
        sa.Column("service_id", sa.String(length=120), nullable=False),
        sa.Column("service_type", sa.String(length=40), nullable=False),
        sa.Column("service_county", sa.String(length=4), nullable=False),
        sa.Column("access_route", sa.String(length=10), nullable=False),
        sa.Column("case_ref", sa.String(length=40), nullable=False),
        sa.Column("need", sa.String(length=60), nullable=False),
        sa.Column("county", sa.String(length=4), nullable=False),
        sa.Column("uat_siruta", sa.Integer(), nullable=False),
        sa.Column("locality_siruta", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("basis", sa.String(length=20), nullable=False),
        sa.Column("consent_at", TIME, nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("replaces", sa.String(length=20), nullable=False),
        sa.Column("second_place", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=True),
        sa.Column("accepted_at", TIME, nullable=True),
        sa.Column("started_at", TIME, nullable=True),
        sa.Column("closed_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("referral_id", name=op.f("pk_referrals")),
    )
    op.create_index("ix_referrals_area", "referrals", ["county", "uat_siruta"], unique=False)
    op.create_index("ix_referrals_case", "referrals", ["case_ref"], unique=False)
    op.create_index("ix_referrals_due", "referrals", ["state", "expires_at"], unique=False)
    op.create_index("ix_referrals_service", "referrals", ["service_id", "state"], unique=False)
    op.create_index(
        "uq_referrals_one_place",
        "referrals",
        ["case_ref", "need"],
        unique=True,
        sqlite_where=sa.text("state IN ('held', 'accepted', 'started') AND case_ref <> '' AND NOT second_place"),
        postgresql_where=sa.text("state IN ('held', 'accepted', 'started') AND case_ref <> '' AND NOT second_place"),
    )

    op.create_table(
        "unmet_needs",
        sa.Column("unmet_id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("need", sa.String(length=60), nullable=False),
        sa.Column("service_type", sa.String(length=40), nullable=False),
        sa.Column("county", sa.String(length=4), nullable=False),
        sa.Column("uat_siruta", sa.Integer(), nullable=False),
        sa.Column("locality_siruta", sa.Integer(), nullable=True),
        sa.Column("on_day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("unmet_id", name=op.f("pk_unmet_needs")),
    )
    op.create_index("ix_unmet_needs_day", "unmet_needs", ["on_day"], unique=False)

    op.bulk_insert(
        sa.table(
            "audit_strands",
            sa.column("strand", sa.Integer),
            sa.column("length", sa.Integer),
            sa.column("head", sa.String),
            sa.column("events", sa.BigInteger),
        ),
        [{"strand": strand, "length": 0, "head": "", "events": 0} for strand in range(STRANDS)],
    )
