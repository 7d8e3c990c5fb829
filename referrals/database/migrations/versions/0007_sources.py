"""Sources in the ids of services: `social:2` becomes `social:mmps:2`, and an alias remembers it.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

from core.storage.import_kinds import REGISTRIES

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# A default source stands in ids and is never changed; a registry that came later has no ids of the old form.
SOURCES = {registry: kind.default_source for registry, kind in REGISTRIES.items()}
TABLES = ("capacity_reports", "places", "referrals", "field_reports", "links")


def upgrade() -> None:
    """Make the table of aliases, and move what the ledger holds of each service to its present id.

    The audit log and its chain stay as they are. Protected services stand under sealed keys, which do not change.
    """
    aliases = op.create_table(
        "service_aliases",
        sa.Column("old_id", sa.String(length=120), nullable=False),
        sa.Column("service_id", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("old_id", name=op.f("pk_service_aliases")),
    )
    op.create_index("ix_service_aliases_service", "service_aliases", ["service_id"], unique=False)

    places = [("service_id", sa.table(name, sa.column("service_id"))) for name in TABLES]
    subjects = [("subject", sa.table("audit", sa.column("subject")))]
    connection = op.get_bind()
    for registry, source in SOURCES.items():
        prefix = f"{registry}:"
        for name, table in (*places, *subjects):
            column = table.c[name]
            new = sa.literal(f"{prefix}{source}:") + sa.func.substr(column, len(prefix) + 1)
            known = sa.select(aliases.c.old_id)
            found = sa.select(column, new).where(column.startswith(prefix), column.not_in(known)).distinct()
            connection.execute(sa.insert(aliases).from_select(["old_id", "service_id"], found))
        for name, table in places:
            column = table.c[name]
            new = sa.literal(f"{prefix}{source}:") + sa.func.substr(column, len(prefix) + 1)
            connection.execute(sa.update(table).where(column.startswith(prefix)).values({name: new}))
