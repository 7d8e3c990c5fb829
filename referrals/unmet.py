"""Unmet needs: where somebody found no place. A place, a need and a day; no person."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

from sqlalchemy import insert

from referrals import answers, audit
from referrals.models import unmet_needs
from referrals.worktime import BUCHAREST

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from referrals.facts import Actor

_INSERT = insert(unmet_needs)

# refused: the last place went while somebody asked; declined: the provider had none; none_found: nobody had one.
Kind = Literal["refused", "declined", "none_found"]


@dataclass(frozen=True)
class Unmet:
    """One need that found no place."""

    need: str
    service_type: str
    county: str
    uat_siruta: int
    locality_siruta: int | None = None


def count(connection: Connection, kind: Kind, unmet: Unmet, now: datetime) -> None:
    """Add one unmet need, dated by the day in Bucharest."""
    day = now.astimezone(BUCHAREST).date().isoformat()
    connection.execute(_INSERT, {"kind": kind, "on_day": day, **asdict(unmet)})


def record(connection: Connection, unmet: Unmet, *, key: str, actor: Actor, now: datetime) -> None:
    """Record that nobody at all had a place, once per key."""
    subject = f"{unmet.county}:{unmet.uat_siruta}"
    audit.lock(connection, [subject])
    request = answers.seal("unmet", asdict(unmet))
    if answers.earlier(connection, key, request) is not None:
        return
    count(connection, "none_found", unmet, now)
    answers.remember(connection, key, request, "unmet", now)
    audit.append(connection, subject, audit.Step("unmet.record", subject, after=unmet.need), actor=actor, at=now)
