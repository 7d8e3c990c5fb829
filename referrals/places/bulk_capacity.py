"""Many reports of places in one transaction: what `capacity.report` would write one by one, in a few statements."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, select, update

from referrals.database import audit
from referrals.database.models import places, referrals, reports
from referrals.outbox import freed_places
from referrals.places import capacity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from referrals.records.vocabulary import Actor

_CHUNK = 500  # ids in one question
_CHANGED = ("status", "reported", "reported_at", "places_max", "source", "taken", "clock")


@dataclass
class _Service:
    """A service's row of `places` while reports come in. accepted: when referrals that still count were accepted."""

    status: str
    reported: int | None
    reported_at: datetime | None
    places_max: int | None
    source: str
    taken: int
    clock: datetime
    held: int = 0
    is_new: bool = False
    accepted: list[datetime] = field(default_factory=list)


def report_many(
    connection: Connection, items: Iterable[dict[str, Any]], *, source: str, actor: Actor, now: datetime
) -> int:
    """Append reports, all of one moment and source; give how many. Each: `capacity.report`'s own arguments."""
    lines = list(items)
    ids = list(dict.fromkeys(str(line["service_id"]) for line in lines))
    audit.lock(connection, ids)
    services = _services(connection, ids, now)
    had_none = _without_place(connection, services, now)
    written, steps, alone = [], [], []
    for line in lines:
        service_id, reported_at = str(line["service_id"]), line.get("reported_at")
        kept = capacity.validate_report(
            line["places_free"],
            line.get("places_max"),
            line.get("status"),
            source=source,
            reported_at=reported_at,
            now=now,
        )
        service = services[service_id]
        if capacity.is_from_future(service.clock, now):
            alone.append(line)
            continue
        moment = capacity.next_timestamp(service.clock, now)
        at = reported_at or moment
        who = {"role": actor.role, "account": actor.account}
        written.append({"service_id": service_id, "reported_at": at, "recorded_at": now, **who, **kept})
        is_present = capacity.is_latest(service, at)
        steps.append((service_id, capacity.step_of(service_id, service, kept, is_late=not is_present), moment))
        if is_present:
            for name, value in capacity.current_values(kept, at).items():
                setattr(service, name, value)
            service.taken = sum(accepted > at for accepted in service.accepted)
        service.clock = max(moment, at)
    if written:
        connection.execute(insert(reports), written)
        _write(connection, services)
        audit.append_many(connection, steps, actor=actor)
        for some in _chunks(had_none):  # hardly ever does somebody wait
            waited_for = freed_places.waited_for(connection, some, now)
            for service_id in some:
                if service_id in waited_for and freed_places.has_free_place(connection, service_id, now):
                    freed_places.tell_first(connection, service_id, services[service_id].clock)
    for line in alone:  # where a clock ran ahead, what counts is derived from all reports: rare, so one by one
        said_alone = {"places_max": None, "status": None, "reported_at": None, **line}
        capacity.report(connection, **said_alone, source=source, actor=actor, now=now)
    return len(lines)


def _services(connection: Connection, ids: list[str], now: datetime) -> dict[str, _Service]:
    """Read how the services stand; one without a row stands as an empty one."""
    found: dict[str, _Service] = {}
    for some in _chunks(ids):
        columns = (places.c[name] for name in ("service_id", *_CHANGED, "held"))
        query = select(*columns).where(places.c.service_id.in_(some))
        found |= {row[0]: _Service(*row[1:]) for row in connection.execute(query)}
    for service_id in ids:
        if service_id not in found:
            found[service_id] = _Service("unknown", None, None, None, "", 0, now - capacity.TIMESTAMP_STEP, is_new=True)
    for some in _chunks(ids):
        taken = select(referrals.c.service_id, referrals.c.accepted_at).where(
            referrals.c.service_id.in_(some), referrals.c.accepted_at.is_not(None), referrals.c.state != "cancelled"
        )
        for service_id, accepted_at in connection.execute(taken):
            found[service_id].accepted.append(accepted_at)
    return found


def _without_place(connection: Connection, services: Mapping[str, _Service], now: datetime) -> list[str]:
    """List the services that have no place to promise before these reports."""
    have = {key: service.reported_at for key, service in services.items() if freed_places.leaves_place(service)}
    for some in _chunks(list(have)):
        for refused in freed_places.refused_since(connection, {key: have[key] for key in some}, now):
            del have[refused]
    return [service_id for service_id in services if service_id not in have]


def _write(connection: Connection, services: dict[str, _Service]) -> None:
    rows = {key: {name: getattr(service, name) for name in _CHANGED} for key, service in services.items()}
    new = [{"service_id": key, "held": 0, **row} for key, row in rows.items() if services[key].is_new]
    old = [{"of_service": key, **row} for key, row in rows.items() if not services[key].is_new]
    if new:
        connection.execute(insert(places), new)
    if old:
        connection.execute(update(places).where(places.c.service_id == bindparam("of_service")), old)


def _chunks(ids: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]
