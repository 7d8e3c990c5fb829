"""Services that an edition protects, moved in the ledger from the register's key to their sealed key.

A service may become protected from one edition to the next, or change its type or county under the same key; a
ledger of an older version kept protected services under the register's own key. What was done with such a service
stays with it, under a key that finds no row; what people on the spot wrote of its telephone and place is blanked.
The audit log is never rewritten: it keeps the old key where the service was public then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, or_, select, update

from providers.rules import protected_keys
from referrals.database import audit
from referrals.database.models import field_reports, link_services, links, places, referrals, reports, service_addresses
from referrals.outbox import message_queue
from referrals.places import capacity
from referrals.records.ledger_errors import WRITING_REFUSED
from referrals.records.vocabulary import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from referrals.ledger.ledger import Ledger

ACTION = "service.seal"
_TABLES = (reports, places, referrals, field_reports, links)
_CHUNK = 500  # ids in one question


def to_sealed(ledger: Ledger, seals: Mapping[str, str]) -> int:
    """Move what the ledger holds of protected services under their sealed keys; give how many were moved.

    seals: sealed key by the register's own `service_id`. Where nothing can be written nothing moves.
    """
    with ledger.store.read() as connection:
        moves = _moves(connection, seals)
    if not moves:
        return 0
    try:
        with ledger.store.write() as connection:
            audit.lock(connection, [*moves, *moves.values()])
            for old, new in moves.items():
                _move(connection, old, new)
                message_queue.seal_service(connection, old, new, ledger.clock())
                audit.append(connection, new, audit.AuditEvent(ACTION, new), actor=SYSTEM, at=ledger.clock())
    except WRITING_REFUSED:
        return 0
    return len(moves)


def _moves(connection: Connection, seals: Mapping[str, str]) -> dict[str, str]:
    """Pair every id of the ledger that stands for a protected service under another key with the right key."""
    own = list(seals)
    by_tail = {protected_keys.tail_of(key): key for key in seals.values()}
    moves: dict[str, str] = {}
    for table in (*_TABLES, link_services, service_addresses):
        column = table.c.service_id
        for start in range(0, len(own) or 1, _CHUNK):
            some = or_(column.in_(own[start : start + _CHUNK]), column.like(f"{protected_keys.PREFIX}%"))
            for found in connection.execute(select(column).where(some).distinct()).scalars():
                right = seals.get(found) or by_tail.get(protected_keys.tail_of(found), found)
                if right != found:
                    moves[found] = right
    return moves


def _move(connection: Connection, old: str, new: str) -> None:
    rows = connection.execute(select(places).where(places.c.service_id.in_([old, new]))).all()
    if len(rows) > 1:  # both were reported on: the later report is the present one, as within one service
        first = min(rows, key=lambda row: (row.reported_at is not None, row.reported_at or row.clock, row.clock))
        connection.execute(delete(places).where(places.c.service_id == first.service_id))
    _take_out_of_links(connection, old)
    for table in _TABLES:
        connection.execute(update(table).where(table.c.service_id == old).values(service_id=new))
    unsaid = {"published": "", "value": "", "note": ""}
    connection.execute(update(field_reports).where(field_reports.c.service_id == new).values(unsaid))
    if len(rows) > 1:
        held, taken = capacity.recompute_counts(connection).get(new, (0, 0))
        connection.execute(update(places).where(places.c.service_id == new).values(held=held, taken=taken))


def _take_out_of_links(connection: Connection, old: str) -> None:
    """Let no link of several services open one of them any more; what is left of the link stands for the others."""
    row = link_services.c
    connection.execute(delete(link_services).where(row.service_id == old))
    first = select(func.min(row.service_id)).where(row.link_id == links.c.link_id).scalar_subquery()
    has_others = links.c.link_id.in_(select(row.link_id))
    connection.execute(update(links).where(links.c.service_id == old, has_others).values(service_id=first))
