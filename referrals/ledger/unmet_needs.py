"""Unmet needs: where somebody found no place. A place, a need and a day; no person."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

from sqlalchemy import insert

from core.romanian_calendar import BUCHAREST
from referrals.database import audit, idempotency
from referrals.database.models import unmet_needs

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from referrals.records.vocabulary import Actor

_INSERT = insert(unmet_needs)

# refused: the last place went while somebody asked; declined: the provider had none; none_found: nobody had one.
UnmetKind = Literal["refused", "declined", "none_found"]


@dataclass(frozen=True)
class Unmet:
    """One need that found no place."""

    need: str
    service_type: str
    county: str
    uat_siruta: int
    locality_siruta: int | None = None


def count(connection: Connection, kind: UnmetKind, unmet: Unmet, now: datetime) -> None:
    """Add one unmet need, dated by the day in Bucharest."""
    day = now.astimezone(BUCHAREST).date().isoformat()
    connection.execute(_INSERT, {"kind": kind, "on_day": day, **asdict(unmet)})


def record(connection: Connection, unmet: Unmet, *, key: str, actor: Actor, now: datetime) -> bool:
    """Count a need for which somebody looked and nobody had a place; False where a try with this key counted it."""
    subject = f"{unmet.county}:{unmet.uat_siruta}"
    audit.lock(connection, [subject])
    request = idempotency.fingerprint("unmet.record", asdict(unmet))
    if idempotency.lookup(connection, key, request) is not None:
        return False
    count(connection, "none_found", unmet, now)
    idempotency.store_outcome(connection, key, request, "counted", now)
    step = audit.AuditEvent("unmet.record", subject, after=unmet.service_type)
    audit.append(connection, subject, step, actor=actor, at=now)
    return True
