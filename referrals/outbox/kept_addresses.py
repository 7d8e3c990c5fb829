"""Where providers get their messages, as their county keeps it: instead of what the register says, by service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from referrals.database.models import service_addresses

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


@dataclass(frozen=True)
class KeptAddress:
    """An e-mail or a mobile telephone (+40…) of one service, for messages; "" = not said."""

    email: str = ""
    phone: str = ""


def read_kept_addresses(connection: Connection) -> dict[str, KeptAddress]:
    """Read all that counties keep, by service."""
    return {row.service_id: KeptAddress(row.email, row.phone) for row in connection.execute(select(service_addresses))}


def read_kept_address(connection: Connection, service_id: str) -> KeptAddress:
    """Read what is kept of one service; empty where nothing is."""
    query = select(service_addresses).where(service_addresses.c.service_id == service_id)
    found = connection.execute(query).one_or_none()
    return KeptAddress() if found is None else KeptAddress(found.email, found.phone)


def write_kept_address(connection: Connection, service_id: str, kept: KeptAddress, *, by: str, now: datetime) -> None:
    """Keep an address in place of the one before; an empty one lets the register speak again."""
    connection.execute(delete(service_addresses).where(service_addresses.c.service_id == service_id))
    if kept.email or kept.phone:
        connection.execute(
            insert(service_addresses).values(
                service_id=service_id, email=kept.email, phone=kept.phone, changed_by=by, changed_at=now
            )
        )
