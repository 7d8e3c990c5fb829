"""What a provider says through its link: an answer to a referral, a call asked for, free places."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import delete, insert

from core.i18n import _
from referrals.database import audit, idempotency
from referrals.database.models import provider_answers
from referrals.ledger import lifecycle
from referrals.places import bulk_capacity, capacity
from referrals.records import roles
from referrals.records.ledger_errors import BadReferralError, LinkError
from referrals.records.roles import Area
from referrals.records.vocabulary import WAITING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import CapacityReport, Referral

from referrals.ledger.provider_tokens import Link, link_id_of, services_in, take_post, valid_link

VISIT_AHEAD = timedelta(days=184)
LinkAnswer = Literal["accept", "examine", "decline", "start", "complete", "break_off"]


@dataclass(frozen=True)
class ProviderView:
    """What a link shows of a referral: enough to answer, and nothing that says who the person is."""

    referral_id: str
    service_id: str
    service_type: str
    need: str
    county: str
    uat_siruta: int
    state: str
    note: str
    made_at: datetime
    expires_at: datetime | None
    examined_at: datetime | None


def report_several(
    ledger: Ledger, token: str, nonce: str, values: Mapping[str, tuple[int | None, str | None]]
) -> int | None:
    """Report the places of several services of a link in one step; give how many (None: taken already by this nonce).

    values: places free and status by `service_id`; LinkError for one that the link does not open.
    """
    lines = [{"service_id": key, "places_free": free, "status": status} for key, (free, status) in values.items()]
    return report_lines(ledger, token, nonce, lines)


def report_lines(ledger: Ledger, token: str, nonce: str, lines: Sequence[Mapping[str, Any]]) -> int | None:
    """Report as `report_several`. lines: arguments of `Ledger.report_capacity`, one a service."""
    key, link_id = take_post(ledger, token, nonce)
    now = ledger.clock()
    ids = [str(line["service_id"]) for line in lines]
    items = sorted(repr(sorted(line.items())) for line in lines)
    request = idempotency.fingerprint("report_several", {"link": link_id, "said": items})
    with ledger.store.write() as connection:
        link = valid_link(connection, link_id, now)
        if link.referral_id or set(ids) - set(services_in(connection, link)):
            raise LinkError(_("Acest link nu este pentru toate aceste servicii."))
        for service_id in ids:
            roles.require(replace(link.actor, service_id=service_id), "capacity.report", Area(service_id=service_id))
        audit.lock(connection, ids)
        if idempotency.lookup(connection, key, request) is not None:
            return None
        some = [dict(line) for line in lines]
        done = bulk_capacity.report_many(connection, some, source="furnizor", actor=link.actor, now=now)
        idempotency.store_outcome(connection, key, request, str(done), now)
    return done


def look(ledger: Ledger, token: str) -> tuple[Link, ProviderView | None]:
    """Open a link: give what it opens and, for a referral, what the provider may see. Changes nothing."""
    link_id = link_id_of(ledger, token)
    now = ledger.clock()
    with ledger.store.read() as connection:
        link = valid_link(connection, link_id, now)
        if not link.referral_id:
            return link, None
        found = lifecycle.by_id(connection, link.referral_id)
        roles.require(link.actor, "referral.read", Area(referral_id=found.referral_id))
    view = ProviderView(**{name: getattr(found, name) for name in ProviderView.__dataclass_fields__})
    return link, replace(view, state="expired") if lifecycle.is_due(found, now) else view


def answer(
    ledger: Ledger, token: str, nonce: str, step: LinkAnswer, *, reason: str = "", visit_at: datetime | None = None
) -> Referral:
    """Answer a referral through its link; the same nonce again gives the same answer, and does no other step.

    visit_at: for when the person is expected, where that is said with an acceptance. BadReferralError for a moment that
    is over or too far away.
    """
    key, link_id = take_post(ledger, token, nonce)
    with ledger.store.write_together() as connection:
        link = valid_link(connection, link_id, ledger.clock())
        found = lifecycle.by_id(connection, link.referral_id) if link.referral_id else None
        if found is None:
            raise LinkError(_("Acest link este numai pentru raportarea locurilor."))
        permission = lifecycle.TRANSITIONS[lifecycle.asked_for(step)].permission
        roles.require(link.actor, permission, Area(referral_id=found.referral_id))
        now = ledger.clock()
        if visit_at is not None and not now < visit_at <= now + VISIT_AHEAD:
            raise BadReferralError(_("Programarea trebuie să fie de acum înainte, în cel mult 6 luni."))
        after = lifecycle.transition(connection, found, step, reason=reason, key=key, actor=link.actor, now=now)
        if step == "accept" and visit_at is not None and after.state == "accepted":
            _keep_words(connection, found.referral_id, visit_at=visit_at)
    if after.state == "expired":
        raise lifecycle.wrong_state_error(after)
    return after


def ask_for_call(ledger: Ledger, token: str, nonce: str) -> None:
    """Let the provider of a referral ask to be called instead of answering; the referral stays as it is.

    Parameters
    ----------
    ledger
        Where the link and its referral are.
    token, nonce
        Of the link, and of the page that was sent.

    Raises
    ------
    LinkError
        For a link that opens no referral, or a page that is too old.
    WrongStateError
        Where the referral waits for no answer any more.
    """
    key, link_id = take_post(ledger, token, nonce)
    now = ledger.clock()
    request = idempotency.fingerprint("call_me", {"link": link_id})
    with ledger.store.write_together() as connection:
        link = valid_link(connection, link_id, now)
        if not link.referral_id:
            raise LinkError(_("Acest link este numai pentru raportarea locurilor."))
        found = lifecycle.by_id(connection, link.referral_id)
        roles.require(link.actor, "referral.answer", Area(referral_id=found.referral_id))
        audit.lock(connection, [found.service_id])
        if idempotency.lookup(connection, key, request) is not None:
            return
        if found.state not in WAITING or lifecycle.is_due(found, now):
            raise lifecycle.wrong_state_error(found)
        _keep_words(connection, found.referral_id, call_at=now)
        idempotency.store_outcome(connection, key, request, found.referral_id, now)
        step = audit.AuditEvent("referral.call_me", found.referral_id, found.state, found.state)
        audit.append(connection, found.service_id, step, actor=link.actor, at=now)


def _keep_words(
    connection: Connection, referral_id: str, *, visit_at: datetime | None = None, call_at: datetime | None = None
) -> None:
    connection.execute(delete(provider_answers).where(provider_answers.c.referral_id == referral_id))
    connection.execute(insert(provider_answers).values(referral_id=referral_id, visit_at=visit_at, call_at=call_at))


def report_places(
    ledger: Ledger, token: str, nonce: str, *, places_free: int | None, status: str | None = None
) -> CapacityReport | None:
    """Report the places of the link's service, once per nonce (None: this report was taken already)."""
    key, link_id = take_post(ledger, token, nonce)
    now = ledger.clock()
    request = idempotency.fingerprint("report", {"link": link_id, "places_free": places_free, "status": status})
    with ledger.store.write_together() as connection:
        link = valid_link(connection, link_id, now)
        if link.referral_id:
            raise LinkError(_("Acest link este numai pentru răspunsul la o referire."))
        roles.require(link.actor, "capacity.report", Area(service_id=link.service_id))
        audit.lock(connection, [link.service_id])
        if idempotency.lookup(connection, key, request) is not None:
            return None
        report = capacity.report(
            connection,
            link.service_id,
            places_free=places_free,
            places_max=None,
            status=status,
            source="furnizor",
            actor=link.actor,
            reported_at=None,
            now=now,
        )
        idempotency.store_outcome(connection, key, request, str(report.report_id), now)
    return report
