"""Unmet needs: where somebody found no place. A place, a need and a day; no person."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

from sqlalchemy import insert

from core.romanian_calendar import BUCHAREST
from referrals.database.models import unmet_needs

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


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
