"""A place that came free is told to one of those who were refused for lack of places: to the first who waits.

Who waits: a case whose referral this very service declined because it had no places, in the last 60 days, and that
has nothing else open or begun for the same need since. First comes the more urgent need (an immediate danger), then
the earlier day of refusal, then the earlier moment. Whoever is told has one working day; if the place is still free
then, the next one is told (docs/decisions/0049-messages-out.md).
"""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import bindparam, exists, func, select

from core.romanian_calendar import BUCHAREST
from referrals.database.models import messages, places, referrals
from referrals.outbox.message_writing import facts_of, team_of, write_message
from referrals.records.vocabulary import OPEN, Referral
from referrals.records.working_time import deadline

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Select

REFUSED_FOR = timedelta(days=14)  # so long a refusal for lack of places speaks louder than an older report
WAITS = timedelta(days=60)  # assumed: after two months a team has looked elsewhere
_TURN_WORKING_DAYS = 1
_FIELDS = tuple(each.name for each in fields(Referral))
_LONGEST_SPELL = timedelta(days=14)
# Built once: building a statement costs more than running it.
_REFUSALS = (
    select(referrals.c.service_id, func.max(referrals.c.closed_at).label("refused_at"))
    .where(referrals.c.state == "declined", referrals.c.reason == "no_places")
    .where(referrals.c.closed_at > bindparam("since"), referrals.c.service_id.in_(bindparam("some", expanding=True)))
    .group_by(referrals.c.service_id)
)
_WITH_PLACE = select(places.c.reported_at).where(
    places.c.service_id == bindparam("of_service"),
    places.c.status == "free",
    places.c.reported - places.c.held - places.c.taken >= 1,
)


class CapacityRow(Protocol):
    """A service's row of `places`, as far as a report or a step looks at it."""

    status: Any
    reported: Any
    reported_at: Any
    held: Any
    taken: Any
    clock: Any


def tell_if_freed(connection: Connection, service_id: str, before: CapacityRow, *, now: datetime) -> None:
    """Tell the first who waits where a service has a place now and had none. before: its row as it was."""
    had_place = leaves_place(before) and not refused_since(connection, {service_id: before.reported_at}, now)
    if not had_place and has_free_place(connection, service_id, now):
        tell_first(connection, service_id, now)


def leaves_place(row: CapacityRow) -> bool:
    """Whether a service's row leaves a place to promise."""
    return row.status == "free" and row.reported is not None and row.reported - row.held - row.taken >= 1


def tell_first(connection: Connection, service_id: str, now: datetime) -> bool:
    """Tell the first who waits that a place of a service came free; return whether somebody waits."""
    return _tell_next(connection, service_id, f"{now:%Y%m%dT%H%M%S%f}", (), now)


def tell_next_in_turn(connection: Connection, now: datetime) -> int:
    """Tell the next one wherever the one told before had a working day and the place is still free; give how many."""
    row = messages.c
    query = select(row.service_id, row.referral_id, row.event, row.made_at).where(
        row.kind == "place_freed", row.made_at > now - _LONGEST_SPELL
    )
    spells: dict[str, list[Any]] = {}
    for found in connection.execute(query.order_by(row.made_at, row.message_id)):
        spells.setdefault(found.service_id, []).append(found)
    count = 0
    for service_id, some in spells.items():
        spell = some[-1].event.partition(":")[2]
        if deadline(some[-1].made_at, _TURN_WORKING_DAYS) > now or not has_free_place(connection, service_id, now):
            continue
        before = [each.referral_id for each in some if each.event.endswith(f":{spell}")]
        count += _tell_next(connection, service_id, spell, before, now)
    return count


def has_free_place(connection: Connection, service_id: str, now: datetime) -> bool:
    """Whether the last report, less what was held and taken since, leaves a place, and nobody was refused since."""
    found = connection.execute(_WITH_PLACE, {"of_service": service_id}).one_or_none()
    return found is not None and not refused_since(connection, {service_id: found.reported_at}, now)


def last_refusals(now: datetime) -> Select[Any]:
    """Select when each service last refused somebody for lack of places, within REFUSED_FOR: `refused_at`."""
    return (
        select(referrals.c.service_id, func.max(referrals.c.closed_at).label("refused_at"))
        .where(referrals.c.state == "declined", referrals.c.reason == "no_places")
        .where(referrals.c.closed_at > now - REFUSED_FOR)
        .group_by(referrals.c.service_id)
    )


def refused_since(connection: Connection, reported_at: Mapping[str, datetime | None], now: datetime) -> set[str]:
    """Return which of these services refused somebody for lack of places after their last report."""
    wanted = {"since": now - REFUSED_FOR, "some": list(reported_at)}
    return {
        row.service_id
        for row in connection.execute(_REFUSALS, wanted)
        if (at := reported_at[row.service_id]) is None or row.refused_at > at
    }


def is_waiting(connection: Connection, referral: Referral) -> bool:
    """Whether a refused case still waits for a place."""
    query = _waiting(referrals.c.referral_id).where(referrals.c.referral_id == referral.referral_id)
    return connection.execute(query).first() is not None


def waited_for(connection: Connection, service_ids: Sequence[str], now: datetime) -> set[str]:
    """Return which of these services (some hundreds at most) somebody waits for."""
    query = _waiting(referrals.c.service_id).where(
        referrals.c.service_id.in_(service_ids), referrals.c.closed_at > now - WAITS
    )
    return set(connection.execute(query).scalars())


def _waiting(*columns: Any) -> Select[Any]:
    """Select columns of the referrals that were refused and still wait."""
    later = referrals.alias("later")
    begun = (*OPEN, "completed")
    has_other = exists().where(
        later.c.case_ref == referrals.c.case_ref,
        later.c.need == referrals.c.need,
        later.c.state.in_(begun),
        later.c.made_at >= referrals.c.made_at,
    )
    return select(*columns).where(
        referrals.c.state == "declined",
        referrals.c.reason == "no_places",
        referrals.c.case_ref != "",
        ~has_other,
    )


def _tell_next(connection: Connection, service_id: str, spell: str, before: Iterable[str], now: datetime) -> bool:
    query = _waiting(referrals).where(referrals.c.service_id == service_id, referrals.c.closed_at > now - WAITS)
    found = [Referral(**{name: row[name] for name in _FIELDS}) for row in connection.execute(query).mappings()]
    had_turn = set(before)
    cases = {one.case_ref for one in found if one.referral_id in had_turn}  # refused here twice, it waits once
    left = [one for one in found if one.case_ref not in cases]
    if not left:
        return False
    first = min(left, key=_turn)
    for recipient in team_of(connection, first):
        event = f"{first.referral_id}:{spell}"
        write_message(connection, "place_freed", event, recipient, facts_of(first), now=now)
    return True


def _turn(one: Referral) -> tuple[bool, str, datetime, str]:
    from providers.rules.needs import needs  # brings pandas along, which a ledger opens without

    need = needs().get(one.need)
    refused = one.closed_at or one.made_at
    return not (need and need.is_danger), refused.astimezone(BUCHAREST).date().isoformat(), refused, one.referral_id
