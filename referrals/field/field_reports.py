"""Reports from the field: "număr greșit", "s-a mutat", "nu mai există", "închis temporar", and what became of them.

A report doubts one published fact of one service, keyed by `service_id`, so it outlives every import. It
stands open, as a doubt beside the service, until the county unit accepts or rejects it. An accepted one is a
correction; it holds while the register still publishes what it was written against
(`referrals.field.corrected_catalogue`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Row, case, func, insert, select, update

from core.i18n import _
from providers.rules import protected_keys
from referrals.database import audit, refused_attempts
from referrals.database.models import field_reports
from referrals.outbox import message_writing
from referrals.records import roles
from referrals.records.free_text import refuse_personal
from referrals.records.ledger_errors import BadReportError, UnknownFieldReportError
from referrals.records.roles import Area

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

WHATS = ("phone", "address", "hours", "name", "conditions", "moved", "closed", "gone", "silent", "other")
TOLD = ("email", "ages", "waiting", "languages", "wheelchair")  # said by providers alone (`entry_statements`)
PROVIDER = "provider"
_NO_DAY = ".."  # in a period where its first or last day is not known, as ISO 8601-2 writes it
STATES = ("open", "accepted", "rejected", "withdrawn")
_PUBLISHED_LENGTH = 300
_VERSION = select(
    func.count(),
    func.count(field_reports.c.settled_at),
    func.coalesce(func.max(field_reports.c.value), ""),
    func.max(field_reports.c.settled_at),
    func.sum(case((field_reports.c.state == "withdrawn", 1), else_=0)),
)


@dataclass(frozen=True)
class Doubted:
    """The published fact that a report doubts: of which service, in whose county, as it stood then."""

    service_id: str
    county: str
    published: str


@dataclass(frozen=True)
class FieldReport:
    """One report from the field: what is published of a service is wrong.

    Attributes
    ----------
    report_id
        Its number.
    service_id, county
        The service and the letters of its county.
    what
        One of WHATS.
    published
        What was published then.
    value
        The right telephone, street and number or hours, the SIRUTA code of the new locality, or the period of a closure
        for a time (`format_period`); may be empty.
    note
        Free text without personal data.
    state
        `open`, `accepted`, `rejected` or, by the provider that said it, `withdrawn`.
    reported_at, settled_at
        Moments, UTC; None = not settled.
    role, account
        Who said it.
    settled_by
        Account that decided.
    """

    report_id: int
    service_id: str
    county: str
    what: str
    published: str
    value: str
    note: str
    state: str
    reported_at: datetime
    settled_at: datetime | None
    role: str = ""
    account: str = ""
    settled_by: str = ""


def what_label(what: str) -> str:
    """Return in words what a report says, as it stands on its button."""
    return {
        "phone": _("număr greșit"),
        "address": _("adresă greșită"),
        "hours": _("program greșit"),
        "name": _("nume greșit"),
        "conditions": _("alte condiții de primire"),
        "email": _("adresa de e-mail"),
        "ages": _("vârstele primite"),
        "waiting": _("lista de așteptare"),
        "languages": _("limbile vorbite"),
        "wheelchair": _("intrarea cu scaunul rulant"),
        "moved": _("s-a mutat"),
        "closed": _("închis temporar"),
        "gone": _("nu mai există"),
        "silent": _("nu răspunde"),
        "other": _("altceva"),
    }[what]


def format_period(first: date | None, last: date | None) -> str:
    """Write down a closure for a time, both days included, one that is not known as `..`; empty where none is.

    >>> format_period(date(2026, 12, 1), date(2026, 12, 10)), format_period(None, date(2026, 12, 10))
    ('2026-12-01/2026-12-10', '../2026-12-10')
    """
    if first is None and last is None:
        return ""
    return "/".join(_NO_DAY if day is None else day.isoformat() for day in (first, last))


def parse_period(text: str) -> tuple[date | None, date | None]:
    """Read what `format_period` wrote.

    >>> parse_period("../2026-12-10"), parse_period("")
    ((None, datetime.date(2026, 12, 10)), (None, None))
    """
    first, _slash, last = text.partition("/")
    days = [None if day in ("", _NO_DAY) else date.fromisoformat(day) for day in (first, last)]
    return days[0], days[1]


def state_label(state: str) -> str:
    """Format a state of a report in the language of the screen."""
    return {"open": _("de verificat"), "accepted": _("acceptat"), "rejected": _("respins"), "withdrawn": _("retras")}[
        state
    ]


def report(
    ledger: Ledger, doubted: Doubted, *, what: str, actor: Actor, value: str = "", note: str = ""
) -> FieldReport:
    """Queue a report for the county unit. A second one of the same service and kind is the same report.

    Parameters
    ----------
    ledger
        Where it is queued.
    doubted
        The service, its county and what is published of it.
    what
        One of WHATS.
    actor
        Who reports.
    value
        The right telephone, the SIRUTA code of the new locality or the period of a closure, where known.
    note
        Free text without personal data.

    Returns
    -------
    FieldReport
        The report that waits, new or earlier.

    Raises
    ------
    BadReportError
        For an unknown kind or a value that cannot be.
    PersonalDataError
        Where the note says who a person is.
    NotAllowedError
        Where the actor may not report on this service.
    """
    with refused_attempts.noted(ledger.store, "field.report", doubted.service_id, actor=actor, clock=ledger.clock):
        roles.require(actor, "field.report", Area(county=doubted.county, service_id=doubted.service_id))
    if what not in WHATS:
        raise BadReportError(
            _("Nu există sesizarea „{found}”. Sesizările sunt: {known}.").format(found=what, known=", ".join(WHATS))
        )
    text = refuse_personal(note, field=_("Observație"))
    with ledger.store.write() as connection:
        audit.lock(connection, [doubted.service_id])
        waiting = waiting_report(connection, doubted.service_id, what)
        if waiting is not None:
            if value and not waiting.value:
                change_report(connection, waiting.report_id, value=value)
            return read_report(connection, waiting.report_id)
        return store_report(connection, doubted, what, value=value, note=text, actor=actor, now=ledger.clock())


def store_report(
    connection: Connection,
    doubted: Doubted,
    what: str,
    *,
    value: str,
    note: str,
    actor: Actor,
    now: datetime,
    state: str = "open",
) -> FieldReport:
    """Write a report down, with its row of the audit log; the chain of the service is locked by the caller."""
    is_settled = state != "open"
    number = connection.execute(
        insert(field_reports)
        .values(
            service_id=doubted.service_id,
            county=doubted.county,
            what=what,
            published=doubted.published[:_PUBLISHED_LENGTH],
            value=value,
            note=note,
            state=state,
            role=actor.role,
            account=actor.account,
            reported_at=now,
            settled_by=actor.account if is_settled else "",
            settled_at=now if is_settled else None,
        )
        .returning(field_reports.c.report_id)
    ).scalar_one()
    step = audit.AuditEvent("field.report", doubted.service_id, after=f"{number}:{what}")
    audit.append(connection, doubted.service_id, step, actor=actor, at=now)
    return read_report(connection, int(number))


def settle(ledger: Ledger, report_id: int, *, accept: bool, actor: Actor, value: str | None = None) -> FieldReport:
    """Accept a report as a correction, with the right value where one is known, or reject it.

    Parameters
    ----------
    ledger
        Where the report waits.
    report_id
        Its number.
    accept
        Whether it becomes a correction.
    actor
        Who decides.
    value
        Goes before what was reported; None keeps it.

    Returns
    -------
    FieldReport
        The report as it stands now.

    Raises
    ------
    UnknownFieldReportError
        For a number that is none.
    NotAllowedError
        Where the actor may not settle reports of this county.
    BadReportError
        Where the report was settled before.
    """
    found = by_id(ledger, report_id)
    with refused_attempts.noted(ledger.store, "field.settle", found.service_id, actor=actor, clock=ledger.clock):
        roles.require(actor, "field.settle", Area(county=found.county, service_id=found.service_id))
    with ledger.store.write() as connection:
        audit.lock(connection, [found.service_id])
        found = read_report(connection, report_id)
        if found.state != "open":
            raise BadReportError(_("Sesizarea {n} a fost deja rezolvată.").format(n=report_id))
        right = found.value if value is None else value
        return close_report(
            connection, found, "accepted" if accept else "rejected", value=right, actor=actor, now=ledger.clock()
        )


def close_report(
    connection: Connection, found: FieldReport, state: str, *, value: str, actor: Actor, now: datetime
) -> FieldReport:
    """Write down how a report ended; whoever reported what was mended is told so, once."""
    change_report(connection, found.report_id, state=state, value=value, settled_by=actor.account, settled_at=now)
    step = audit.AuditEvent(
        "field.settle", found.service_id, before=f"{found.report_id}:{found.state}", after=state, reason=found.what
    )
    audit.append(connection, found.service_id, step, actor=actor, at=now)
    is_from_account = found.role != PROVIDER and found.account not in ("", actor.account)
    if state == "accepted" and is_from_account:
        facts = message_writing.MessageFacts(found.service_id, county=found.county)
        event, recipient = str(found.report_id), f"account:{found.account}"
        message_writing.write_message(connection, "fact_mended", event, recipient, facts, now=now)
    return read_report(connection, found.report_id)


def listed(ledger: Ledger, *, actor: Actor, county: str = "", states: Iterable[str] = STATES) -> list[FieldReport]:
    """List reports, open ones first and the oldest first; a county unit sees those of its own county.

    Those of a protected service only the county unit that answers for it sees.
    """
    if actor.role == "county" and not county:
        county = actor.county
    roles.require(actor, "field.read", Area(county=county))
    query = select(field_reports).where(field_reports.c.state.in_(tuple(states)))
    if county:
        query = query.where(field_reports.c.county == county)
    with ledger.store.read() as connection:
        found = [report_of(row) for row in connection.execute(query)]
    found = [each for each in found if _may_see(actor, each)]
    return sorted(found, key=lambda each: (STATES.index(each.state), each.reported_at, each.report_id))


def _may_see(actor: Actor, found: FieldReport) -> bool:
    area = Area(county=found.county, service_id=found.service_id)
    return not protected_keys.is_protected(found.service_id) or roles.allows(actor, "secret.read", area)


def version(ledger: Ledger) -> str:
    """Return a short text that changes with every report made or settled."""
    with ledger.store.read() as connection:
        return ":".join(map(str, connection.execute(_VERSION).one()))


def unsettled(ledger: Ledger) -> dict[str, tuple[str, ...]]:
    """Return what is doubted now: kinds of open reports (WHATS) by service; a closure that is over is no doubt."""
    columns = (field_reports.c.service_id, field_reports.c.what, field_reports.c.value)
    query = select(*columns).where(field_reports.c.state == "open")
    today = ledger.today()
    doubts: dict[str, set[str]] = {}
    with ledger.store.read() as connection:
        for row in connection.execute(query):
            if row.what != "closed" or (parse_period(row.value)[1] or today) >= today:
                doubts.setdefault(row.service_id, set()).add(row.what)
    return {service_id: tuple(what for what in (*WHATS, *TOLD) if what in said) for service_id, said in doubts.items()}


def accepted(ledger: Ledger) -> list[FieldReport]:
    """Return the corrections, in the order in which they were settled: a later one goes over an earlier one."""
    query = select(field_reports).where(field_reports.c.state == "accepted")
    with ledger.store.read() as connection:
        rows = [report_of(row) for row in connection.execute(query.order_by(field_reports.c.settled_at))]
    return sorted(rows, key=lambda each: (each.settled_at or each.reported_at, each.report_id))


def of_service(ledger: Ledger, service_id: str) -> list[FieldReport]:
    """Return the reports of one service that wait or were accepted, the latest first."""
    query = select(field_reports).where(
        field_reports.c.service_id == service_id, field_reports.c.state.in_(("open", "accepted"))
    )
    with ledger.store.read() as connection:
        return [report_of(row) for row in connection.execute(query.order_by(field_reports.c.report_id.desc()))]


def by_id(ledger: Ledger, report_id: int) -> FieldReport:
    """Return one report; UnknownFieldReportError where there is none."""
    with ledger.store.read() as connection:
        return read_report(connection, report_id)


def read_report(connection: Connection, report_id: int) -> FieldReport:
    """Return one report within a transaction; UnknownFieldReportError where there is none."""
    row = connection.execute(select(field_reports).where(field_reports.c.report_id == report_id)).one_or_none()
    if row is None:
        raise UnknownFieldReportError(_("Nu există sesizarea cu numărul {n}.").format(n=report_id))
    return report_of(row)


def waiting_report(
    connection: Connection, service_id: str, what: str, *, is_provider: bool = False
) -> FieldReport | None:
    """Return the report of a fact that waits: of people on the spot, or of the provider itself."""
    table = field_reports.c
    query = select(field_reports).where(table.service_id == service_id, table.what == what, table.state == "open")
    query = query.where((table.role == PROVIDER) if is_provider else (table.role != PROVIDER))
    row = connection.execute(query).one_or_none()
    return None if row is None else report_of(row)


def change_report(connection: Connection, report_id: int, **values: object) -> None:
    """Change columns of a report; the row of the audit log is the caller's."""
    connection.execute(update(field_reports).where(field_reports.c.report_id == report_id).values(values))


def report_of(row: Row[tuple[object, ...]]) -> FieldReport:
    """Make a report of a row of the table."""
    fields = row._asdict()
    return FieldReport(**{name: fields[name] for name in FieldReport.__dataclass_fields__})
