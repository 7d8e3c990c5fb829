"""A need that comes of what is restricted stands apart from the same need of the team, and so do items for it.

Revision ID: 0026
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_RESTRICTED = "restricted"
_case_needs = sa.table("case_needs", *map(sa.column, ("case_ref", "need", "found_by", "sees", "codes")))
_findings = sa.table("findings", *map(sa.column, ("case_ref", "code", "sees", "by", "opened_on")))
_plan_items = sa.table("plan_items", *map(sa.column, ("case_ref", "need", "found_by")))
_conflicts = sa.table("case_conflicts", *map(sa.column, ("place", "row_key")))
_changes = sa.table("case_changes", *map(sa.column, ("change_id", "kind", "result", "body")))


def upgrade() -> None:
    """Say of each need and item that is hidden whose it is; nothing else changes."""
    with op.batch_alter_table("case_needs") as batch:
        batch.add_column(sa.Column("found_by", sa.String(length=80), nullable=False, server_default=""))
        batch.drop_constraint("pk_case_needs", type_="primary")
        batch.create_primary_key("pk_case_needs", ["case_ref", "need", "found_by"])
    with op.batch_alter_table("plan_items") as batch:
        batch.add_column(sa.Column("found_by", sa.String(length=80), nullable=False, server_default=""))
    connection = op.get_bind()
    hidden = connection.execute(
        sa.select(_case_needs.c.case_ref, _case_needs.c.need, _case_needs.c.codes).where(
            _case_needs.c.sees == _RESTRICTED
        )
    ).all()
    apart = {(ref, need): _finder(connection, ref, codes.split()) for ref, need, codes in map(tuple, hidden)}
    for (ref, need), finder in apart.items():
        for table in (_case_needs, _plan_items):
            where = (table.c.case_ref == ref, table.c.need == need)
            connection.execute(sa.update(table).where(*where).values(found_by=finder))
        of_need = (_conflicts.c.place == "case_needs", _conflicts.c.row_key == f"{ref} {need}")
        connection.execute(sa.update(_conflicts).where(*of_need).values(row_key=f"{ref} {need} {finder}"))
    _name_joined(connection, apart)
    for name in ("case_needs", "plan_items"):
        with op.batch_alter_table(name) as batch:
            batch.alter_column("found_by", existing_type=sa.String(length=80), server_default=None)


def _finder(connection: sa.Connection, case_ref: str, codes: list[str]) -> str:
    """Return who found first what a need comes of; what nobody is known to have found is the manager's alone."""
    found = _findings.c
    query = sa.select(found.by).where(found.case_ref == case_ref, found.sees == _RESTRICTED, found.by != "")
    of_codes = query.where(found.code.in_(codes)).order_by(found.opened_on, found.by)
    return connection.execute(of_codes).scalar() or connection.execute(query.order_by(found.opened_on)).scalar() or "-"


def _name_joined(connection: sa.Connection, apart: dict[tuple[str, str], str]) -> None:
    """Name the needs that went over with a joined case as they are found by now, so that the two can be parted."""
    query = sa.select(_changes.c.change_id, _changes.c.body)
    joins = connection.execute(query.where(_changes.c.kind == "case.join", _changes.c.result == "applied")).all()
    for change_id, text in map(tuple, joins):
        body = json.loads(text)
        went = body.get("moved", {}).get("case_needs", [])
        named = [f"{need} {apart.get((body.get('into'), need), '')}".strip() for need in went]
        if named != went:
            body["moved"]["case_needs"] = named
            said = json.dumps(body, ensure_ascii=False)
            connection.execute(sa.update(_changes).where(_changes.c.change_id == change_id).values(body=said))
