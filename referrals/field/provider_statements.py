"""What a provider says of its own service, through its link: said at once, or after the county unit's word.

A statement is a row of `field_reports` like a report from the field, so it outlives every edition in the same way and
ends by itself once the register publishes another fact. What leads people or tells who is taken waits for the county
unit; the rest is the provider's own to say. It may be taken back, and stays in the history.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.i18n import _
from referrals.database import audit, idempotency
from referrals.database.models import field_reports as reports
from referrals.field import field_reports
from referrals.field.field_reports import PROVIDER
from referrals.ledger import provider_tokens
from referrals.records import roles
from referrals.records.free_text import refuse_personal
from referrals.records.ledger_errors import BadReportError, LinkError
from referrals.records.roles import Area

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from referrals.field.field_reports import Doubted, FieldReport
    from referrals.ledger.ledger import Ledger
    from referrals.ledger.provider_tokens import Link
    from referrals.records.vocabulary import Actor

AT_ONCE = ("hours", "phone", "email", "closed", "waiting", "languages", "wheelchair")
AFTER_ACCEPTANCE = ("address", "ages", "conditions")  # place and rules
FACTS = (*AT_ONCE, *AFTER_ACCEPTANCE)
_MOST_HISTORY = 20


@dataclass(frozen=True)
class Statement:
    """What a provider says of one fact.

    Attributes
    ----------
    doubted
        The published fact that it stands against.
    what
        One of FACTS.
    value
        As `corrected_catalogue.validate_value` returns it; empty = there is none any more.
    note
        Words, where the fact is not a value.
    """

    doubted: Doubted
    what: str
    value: str
    note: str = ""


def state_facts(ledger: Ledger, token: str, nonce: str, items: Sequence[Statement]) -> list[FieldReport]:
    """Take in what a provider says of services of its link, all of it or nothing.

    Parameters
    ----------
    ledger
        Where it is written.
    token, nonce
        Of the link and of its page; one nonce says things once.
    items
        What differs from what stands.

    Returns
    -------
    list of FieldReport
        As they stand now, accepted or open; none where the nonce was used already.

    Raises
    ------
    LinkError
        Where the link does not open such a service, or opens nothing any more.
    BadReportError
        For a fact that is not a provider's to say.
    PersonalDataError
        Where a note says who a person is.
    """
    if unknown := {each.what for each in items} - set(FACTS):
        raise BadReportError(_("Nu există informația „{found}”.").format(found=min(unknown)[:20]))
    notes = [refuse_personal(each.note, field=field_reports.what_label(each.what)) for each in items]
    key, link_id = provider_tokens.take_post(ledger, token, nonce)
    request = idempotency.fingerprint(
        "entry", {"link": link_id, "said": [(e.doubted.service_id, e.what, e.value, e.note) for e in items]}
    )
    now = ledger.clock()
    with ledger.store.write() as connection:
        link = provider_tokens.valid_link(connection, link_id, now)
        for service_id in {each.doubted.service_id for each in items}:
            _require(connection, link, service_id)
        audit.lock(connection, sorted({each.doubted.service_id for each in items}))
        if idempotency.lookup(connection, key, request) is not None:
            return []
        made = [
            _store(connection, replace(each, note=note), link.actor, now)
            for each, note in zip(items, notes, strict=True)
        ]
        idempotency.store_outcome(connection, key, request, str(len(made)), now)
    return made


def _require(connection: Connection, link: Link, service_id: str) -> None:
    if link.referral_id or service_id not in provider_tokens.services_in(connection, link):
        raise LinkError(_("Acest link nu este pentru acest serviciu."))
    roles.require(replace(link.actor, service_id=service_id), "entry.correct", Area(service_id=service_id))


def _store(connection: Connection, each: Statement, actor: Actor, now: datetime) -> FieldReport:
    """Write a statement down; one of the same fact that waits still is brought up to date."""
    key, is_at_once = each.doubted.service_id, each.what in AT_ONCE
    if is_at_once:
        doubt = field_reports.waiting_report(connection, key, each.what)
        if doubt is not None:  # who doubted it was right: the provider says so itself
            field_reports.close_report(connection, doubt, "accepted", value=each.value, actor=actor, now=now)
    waiting = field_reports.waiting_report(connection, key, each.what, is_provider=True)
    if waiting is not None:
        field_reports.close_report(connection, waiting, "withdrawn", value=waiting.value, actor=actor, now=now)
    return field_reports.store_report(
        connection,
        each.doubted,
        each.what,
        value=each.value,
        note=each.note,
        actor=actor,
        now=now,
        state="accepted" if is_at_once else "open",
    )


def take_back(ledger: Ledger, token: str, nonce: str, report_id: int) -> FieldReport:
    """Take a statement back: what stood before it stands again.

    Parameters
    ----------
    ledger
        Where it stands.
    token, nonce
        Of a link to the service, and of its page.
    report_id
        Number of the statement.

    Returns
    -------
    FieldReport
        As it stands now.

    Raises
    ------
    LinkError
        Where the link does not open the service.
    BadReportError
        Where it is no statement of the provider, or was taken back or refused already.
    """
    key, link_id = provider_tokens.take_post(ledger, token, nonce)
    request = idempotency.fingerprint("entry.back", {"link": link_id, "report": report_id})
    now = ledger.clock()
    found = field_reports.by_id(ledger, report_id)
    with ledger.store.write() as connection:
        link = provider_tokens.valid_link(connection, link_id, now)
        _require(connection, link, found.service_id)
        audit.lock(connection, [found.service_id])
        found = field_reports.read_report(connection, report_id)
        if idempotency.lookup(connection, key, request) is not None:
            return found
        if found.role != PROVIDER or found.state not in ("open", "accepted"):
            raise BadReportError(_("Aceasta nu mai poate fi retrasă."))
        made = field_reports.close_report(connection, found, "withdrawn", value=found.value, actor=link.actor, now=now)
        idempotency.store_outcome(connection, key, request, str(report_id), now)
    return made


def statements_of(ledger: Ledger, service_id: str) -> list[FieldReport]:
    """Return what the provider of a service said of it, the latest first, at most twenty.

    Parameters
    ----------
    ledger
        Where it is written.
    service_id
        The key of the service in the ledger.

    Returns
    -------
    list of FieldReport
        In every state: the history.
    """
    query = select(reports).where(reports.c.service_id == service_id, reports.c.role == PROVIDER)
    with ledger.store.read() as connection:
        rows = connection.execute(query.order_by(reports.c.report_id.desc()).limit(_MOST_HISTORY)).all()
    return [field_reports.report_of(row) for row in rows]
