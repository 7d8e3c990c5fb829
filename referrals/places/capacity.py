"""Free places: what providers report, what was held and taken since, and what is free now.

A report at time t gives the places the provider could give to a new person at t, with every referral
it had accepted by t already counted out. Hence

    free now = max(0, reported - open holds, whenever made - referrals accepted after t and not undone)

The last report by t counts, but one whose t lies in the future of a report that was recorded after it: the
clock by which it was made was wrong, so the first report by a right clock replaces it.

The table `places` keeps the three numbers per service, so that one conditional UPDATE can hold a place;
`recount` derives them again from reports and referrals. docs/free-places.md works the cases.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Row, and_, bindparam, case, func, insert, literal_column, or_, select, update

from core.i18n import _
from providers.rules.freshness import CLOCK_TOLERANCE_S
from referrals.database import audit
from referrals.database.models import places, referrals, reports
from referrals.outbox import freed_places
from referrals.records.free_text import refuse_personal
from referrals.records.ledger_errors import BadReportError
from referrals.records.vocabulary import STATUSES, CapacityReport

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Subquery

    from referrals.outbox.freed_places import CapacityRow
    from referrals.records.vocabulary import Actor, CapacityStatus

TIMESTAMP_STEP = timedelta(microseconds=1)
# Clocks of two machines may differ by this much before a report counts as one from the future.
CLOCK_TOLERANCE = timedelta(seconds=CLOCK_TOLERANCE_S)
# Built once: building a statement costs more than running it.
_ROW = select(places).where(places.c.service_id == bindparam("of_service"))
_HOLD = (
    update(places)
    .where(
        places.c.service_id == bindparam("of_service"),
        places.c.status == "free",
        places.c.reported - places.c.held - places.c.taken >= 1,
    )
    .values(held=places.c.held + 1, clock=bindparam("at"))
)
_MOVE = (
    update(places)
    .where(places.c.service_id == bindparam("of_service"))
    .values(
        held=places.c.held + bindparam("more_held"),
        taken=places.c.taken + bindparam("more_taken"),
        clock=bindparam("at"),
    )
)


def validate_status(places_free: int | None, places_max: int | None, status: str | None) -> CapacityStatus:
    """Derive or check the status of a report; BadReportError where number and status contradict each other."""
    if places_free is not None and places_free < 0:
        raise BadReportError(_("Locuri libere: {found}. Numărul nu poate fi negativ.").format(found=places_free))
    if places_max is not None and places_max < 0:
        raise BadReportError(_("Locuri în total: {found}. Numărul nu poate fi negativ.").format(found=places_max))
    if places_free is not None and places_max is not None and places_free > places_max:
        raise BadReportError(
            _("Locuri libere: {free}, dar în total sunt {most}. Verificați numerele.").format(
                free=places_free, most=places_max
            )
        )
    if status is None:
        status = "unknown" if places_free is None else "free" if places_free else "full"
    if status not in STATUSES:
        raise BadReportError(
            _("Stare necunoscută: „{found}”. Stările sunt: {known}.").format(found=status, known=", ".join(STATUSES))
        )
    if status == "free" and not places_free:
        raise BadReportError(_("Pentru „locuri libere” scrieți câte sunt, cel puțin unul."))
    if status != "free" and places_free:
        raise BadReportError(
            _("Starea „{status}” nu se potrivește cu {free} locuri libere.").format(status=status, free=places_free)
        )
    return status


def next_timestamp(clock: datetime, now: datetime) -> datetime:
    """Return the next moment of a service: `now`, or just after its last event where a clock went backwards.

    So the order of events of one service is never in doubt, whatever the machines' clocks say.
    """
    return now if now > clock else clock + TIMESTAMP_STEP


def row_of(connection: Connection, service_id: str, now: datetime) -> Row[Any]:
    """Read the service's row of `places`, made empty where there is none (its chain is locked already)."""
    found = connection.execute(_ROW, {"of_service": service_id}).one_or_none()
    if found is None:
        connection.execute(
            insert(places).values(
                service_id=service_id, status="unknown", source="", held=0, taken=0, clock=now - TIMESTAMP_STEP
            )
        )
        found = connection.execute(_ROW, {"of_service": service_id}).one()
    return found


def report(
    connection: Connection,
    service_id: str,
    *,
    places_free: int | None,
    places_max: int | None,
    status: str | None,
    source: str,
    actor: Actor,
    reported_at: datetime | None,
    now: datetime,
) -> CapacityReport:
    """Append a report; it becomes the present one unless a later report (by `reported_at`) is there already."""
    kept = validate_report(places_free, places_max, status, source=source, reported_at=reported_at, now=now)
    audit.lock(connection, [service_id])
    row = row_of(connection, service_id, now)
    is_ahead = is_from_future(row.clock, now)
    moment = now if is_ahead else next_timestamp(row.clock, now)
    at = reported_at or moment
    number = connection.execute(
        insert(reports)
        .values(
            service_id=service_id,
            reported_at=at,
            recorded_at=now,
            role=actor.role,
            account=actor.account,
            **kept,
        )
        .returning(reports.c.report_id)
    ).scalar_one()
    values: dict[str, object] = {"clock": max(moment, at)}
    if is_ahead:
        draw_to_now(connection, service_id, now)
        values |= latest(connection, service_id)
    elif is_latest(row, at):
        values |= current_values(kept, at) | {"taken": taken_after(connection, service_id, at)}
    connection.execute(update(places).where(places.c.service_id == service_id).values(values))
    is_late = values.get("reported_at") != at
    audit.append(connection, service_id, step_of(service_id, row, kept, is_late=is_late), actor=actor, at=moment)
    freed_places.tell_if_freed(connection, service_id, row, now=moment)
    return CapacityReport(
        int(number),
        service_id,
        cast("CapacityStatus", kept["status"]),
        cast("int | None", kept["places_free"]),
        places_max,
        cast("str", kept["source"]),
        at,
    )


def report_by_id(connection: Connection, report_id: int) -> CapacityReport:
    """Return a report made before; BadReportError where it was withdrawn."""
    row = connection.execute(select(reports).where(reports.c.report_id == report_id)).one_or_none()
    if row is None:
        raise BadReportError(_("Nota aceasta a fost anulată. Deschideți din nou „Am sunat” și notați ce este acum."))
    return CapacityReport(
        row.report_id, row.service_id, row.status, row.places_free, row.places_max, row.source, row.reported_at
    )


def validate_report(
    places_free: int | None,
    places_max: int | None,
    status: str | None,
    *,
    source: str,
    reported_at: datetime | None,
    now: datetime,
) -> dict[str, object]:
    """Return what is kept of a report, or raise BadReportError."""
    stated = validate_status(places_free, places_max, status)
    source = refuse_personal(source, field=_("Sursa"))
    if not source:
        raise BadReportError(_("Scrieți sursa: de unde se știe câte locuri sunt."))
    if reported_at is not None and reported_at > now + CLOCK_TOLERANCE:
        raise BadReportError(_("Raportul este din viitor: {at}.").format(at=reported_at.isoformat(timespec="minutes")))
    return {
        "status": stated,
        "places_free": 0 if stated == "full" else places_free,
        "places_max": places_max,
        "source": source,
    }


def is_from_future(moment: datetime | None, now: datetime) -> bool:
    """Whether a moment that was written down lies further ahead than clocks may differ: its clock was wrong."""
    return moment is not None and moment > now + CLOCK_TOLERANCE


def draw_to_now(connection: Connection, service_id: str, now: datetime) -> None:
    """Let what was accepted by a clock that ran ahead count as accepted now: it was there before this report."""
    connection.execute(
        update(referrals)
        .where(referrals.c.service_id == service_id, referrals.c.accepted_at > now)
        .values(accepted_at=now)
    )


def latest(connection: Connection, service_id: str) -> dict[str, object]:
    """Derive what `places` says of a service from all its reports, without those from the future."""
    ranked = _latest_reports(connection, service_id)
    found = connection.execute(select(ranked).where(ranked.c.rank == 1)).one()
    by_name = {"status": found.status, "reported": found.places_free, "reported_at": found.reported_at}
    taken = taken_after(connection, service_id, found.reported_at)
    values = by_name | {"source": found.source, "taken": taken}
    return values if found.places_max is None else values | {"places_max": found.places_max}


def from_future(connection: Connection, now: datetime) -> list[str]:
    """List the services whose last report lies in the future: a clock was wrong, and nobody has reported since."""
    query = select(places.c.service_id).where(places.c.reported_at > now + CLOCK_TOLERANCE)
    return list(connection.execute(query.order_by(places.c.service_id)).scalars())


def is_latest(row: CapacityRow, at: datetime) -> bool:
    """Whether a report of this moment is the present one: no later report is there already."""
    return row.reported_at is None or at >= row.reported_at


def current_values(kept: dict[str, object], at: datetime) -> dict[str, object]:
    """Name what of `places` a report changes that is the present one, beside `taken`."""
    values = {"status": kept["status"], "reported": kept["places_free"], "reported_at": at, "source": kept["source"]}
    return values if kept["places_max"] is None else values | {"places_max": kept["places_max"]}


def step_of(service_id: str, row: CapacityRow, kept: dict[str, object], *, is_late: bool) -> audit.AuditEvent:
    """Make the row of the audit log for a report. row: as the service stood before it."""
    return audit.AuditEvent(
        "capacity.report",
        service_id,
        before=_said(row.status, row.reported),
        after=_said(kept["status"], kept["places_free"]),
        reason="late" if is_late else "",
        moves_places=True,
    )


def _said(status: object, number: object) -> str:
    return str(status) if number is None else f"{status}:{number}"


def taken_after(connection: Connection, service_id: str, at: datetime) -> int:
    """Count the referrals accepted after `at` whose acceptance was not undone."""
    query = select(func.count()).where(
        referrals.c.service_id == service_id, referrals.c.accepted_at > at, referrals.c.state != "cancelled"
    )
    return int(connection.execute(query).scalar_one())


def try_hold(connection: Connection, service_id: str, now: datetime) -> bool:
    """Hold one place if one is free: one conditional UPDATE, so nobody can slip in between."""
    return connection.execute(_HOLD, {"of_service": service_id, "at": now}).rowcount == 1


def move(connection: Connection, service_id: str, *, held: int = 0, taken: int = 0, clock: datetime) -> None:
    """Change a service's counts; the table refuses a negative one."""
    counts = {"more_held": held, "more_taken": taken}
    connection.execute(_MOVE, {"of_service": service_id, "at": clock, **counts})


def free_now(reported: int | None, held: int, taken: int) -> int | None:
    """Return the places free now.

    Parameters
    ----------
    reported
        Places reported; None = no number.
    held
        Open holds.
    taken
        Referrals accepted since the report and not undone.

    Returns
    -------
    int or None
        Never negative; None where no number was reported: unknown is never 0.

    Examples
    --------
    >>> free_now(3, held=1, taken=1), free_now(1, held=2, taken=0), free_now(None, held=0, taken=4)
    (1, 0, None)
    """
    return None if reported is None else max(0, reported - held - taken)


def _latest_reports(connection: Connection, service_id: str | None = None) -> Subquery:
    """Select every service's reports (or one's), the one that counts with rank 1."""
    recorded_after = func.min(reports.c.recorded_at).over(
        partition_by=reports.c.service_id, order_by=reports.c.report_id.desc(), rows=(None, -1)
    )
    query = select(reports, recorded_after.label("recorded_after"))
    each = (query if service_id is None else query.where(reports.c.service_id == service_id)).subquery()
    is_doubted = case((_with_tolerance(connection, each.c.recorded_after) < each.c.reported_at, 1), else_=0)
    return select(
        each,
        func.row_number()
        .over(
            partition_by=each.c.service_id,
            order_by=[is_doubted, each.c.reported_at.desc(), each.c.report_id.desc()],
        )
        .label("rank"),
    ).subquery()


def _with_tolerance(connection: Connection, moment: ColumnElement[Any]) -> ColumnElement[Any]:
    seconds = int(CLOCK_TOLERANCE.total_seconds())
    if connection.dialect.name == "sqlite":  # moments are text of fixed width there
        return func.strftime("%Y-%m-%d %H:%M:%f000", moment, f"+{seconds} seconds")
    return moment.op("+")(literal_column(f"interval '{seconds} seconds'"))


def recompute_counts(connection: Connection) -> dict[str, tuple[int, int]]:
    """Count each service's places held, and taken since its last report, from the referrals themselves."""
    latest = _latest_reports(connection)
    held = func.count().filter(referrals.c.state == "held")
    taken = func.count().filter(
        referrals.c.accepted_at.is_not(None),
        referrals.c.state != "cancelled",
        or_(latest.c.reported_at.is_(None), referrals.c.accepted_at > latest.c.reported_at),
    )
    return {
        row.service_id: (row.held, row.taken)
        for row in connection.execute(
            select(referrals.c.service_id, held.label("held"), taken.label("taken"))
            .outerjoin(latest, and_(latest.c.service_id == referrals.c.service_id, latest.c.rank == 1))
            .group_by(referrals.c.service_id)
        )
    }


def recount(connection: Connection) -> list[str]:
    """Derive every service's counts anew from reports and referrals; give the ids of those that disagree."""
    ranked, counted = _latest_reports(connection), recompute_counts(connection)
    reported = {
        row.service_id: (row.status, row.places_free, row.reported_at)
        for row in connection.execute(select(ranked).where(ranked.c.rank == 1))
    }
    wrong = []
    for row in connection.execute(select(places).order_by(places.c.service_id)):
        items = reported.pop(row.service_id, ("unknown", None, None))
        if counted.pop(row.service_id, (0, 0)) != (row.held, row.taken) or items != (
            row.status,
            row.reported,
            row.reported_at,
        ):
            wrong.append(row.service_id)
    return sorted({*wrong, *counted, *reported})
