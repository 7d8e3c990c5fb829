"""Sources in the ids of services: `social:2` becomes `social:mmps:2`.

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
    """Move what the ledger holds of each service to its present id.

    The audit log and its chain stay as they are: `core.storage.service_ids.current_id` leads from an id of that time.
    Protected services stand under sealed keys, which do not change.
    """
    connection = op.get_bind()
    for registry, source in SOURCES.items():
        prefix = f"{registry}:"
        for name in TABLES:
            table = sa.table(name, sa.column("service_id"))
            column = table.c.service_id
            new = sa.literal(f"{prefix}{source}:") + sa.func.substr(column, len(prefix) + 1)
            connection.execute(sa.update(table).where(column.startswith(prefix)).values(service_id=new))
