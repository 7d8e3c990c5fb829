"""How a referral is made: the case is the asker's own, a place is held or asked for, an earlier one replaced."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from core.i18n import _
from core.romanian_calendar import BUCHAREST
from providers.rules.wording import closure_words
from referrals.database import audit, idempotency
from referrals.database.models import referrals
from referrals.database.tables.case_tables import cases
from referrals.ledger import unmet_needs
from referrals.ledger.referral_request import new_case_reference, random_code
from referrals.outbox import message_writing
from referrals.places import capacity
from referrals.records import roles
from referrals.records.ledger_errors import (
    BadReferralError,
    ClosedServiceError,
    NoPlaceError,
    SecondPlaceError,
    UnknownCaseError,
)
from referrals.records.vocabulary import SYSTEM, WITH_A_PLACE, Referral
from referrals.records.working_time import deadline

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from referrals.ledger.referral_request import ReferralRequest
    from referrals.outbox.freed_places import CapacityRow
    from referrals.records.vocabulary import Actor, ServiceTerms

from referrals.ledger.lifecycle import TRANSITIONS, by_id, from_row, is_due, take_step, unmet_of, wrong_state_error

_REFUSED = "refused:no_places"
# Built once: building a statement costs more than running it.
_INSERT = insert(referrals).returning(*referrals.c)


def refer(
    connection: Connection, requested: ReferralRequest, *, key: str, actor: Actor, now: datetime
) -> Referral | None:
    """Make a referral; None where no place was left (an unmet need is then counted; commit it all the same).

    `wish` is checked already. Raises ClosedServiceError, UnknownCaseError, SecondPlaceError, KeyReusedError,
    BadReferralError, WrongStateError.
    """
    service_id = requested.terms.service_id
    old = by_id(connection, requested.replaces) if requested.replaces else None
    audit.lock(connection, [service_id, *([old.service_id] if old else [])])
    request = idempotency.fingerprint("refer", _essentials(requested))
    before = idempotency.lookup(connection, key, request)
    if before is not None:
        return None if before == _REFUSED else by_id(connection, before)

    _refuse_closed(requested.terms, now)
    if requested.case_ref:
        _require_own_case(connection, requested, actor)
    places = capacity.row_of(connection, service_id, now)
    moment = capacity.next_timestamp(places.clock, now)  # always after the service's last event
    if old is not None:
        old = _to_be_replaced(connection, requested, now)
        places = capacity.row_of(connection, service_id, now)  # an expiry may have given a place back
    if requested.case_ref and not requested.second_place:
        _refuse_second_place(connection, requested, now)
    state = _first_state(connection, requested, places, moment)
    if state is None:
        unmet_needs.count(connection, "refused", unmet_of(requested, requested.terms.service_type), now)
        idempotency.store_outcome(connection, key, request, _REFUSED, now)
        return None
    if old is not None:
        take_step(connection, old, "cancel", reason="", actor=actor, now=now)
    made = _insert(
        connection, replace(requested, case_ref=requested.case_ref or new_case_reference()), state, actor, moment
    )
    idempotency.store_outcome(connection, key, request, made.referral_id, now)
    step = audit.AuditEvent("referral.make", made.referral_id, after=state, moves_places=state == "held")
    audit.append(connection, service_id, step, actor=actor, at=moment)
    message_writing.tell_referral_made(connection, made, moment)
    return made


def _refuse_closed(terms: ServiceTerms, now: datetime) -> None:
    """Raise ClosedServiceError on a day on which the service is closed for a time."""
    if not terms.is_closed_on(now.astimezone(BUCHAREST).date()):
        return
    words = closure_words(terms.closed_from, terms.closed_until)
    raise ClosedServiceError(_("Serviciul este {words}. Alegeți altul.").format(words=words))


def _require_own_case(connection: Connection, requested: ReferralRequest, actor: Actor) -> None:
    """Raise UnknownCaseError unless the code is of a case of ours, and of the area that this actor answers for.

    Where there is a record of the case, its community counts: the referrals may have been made where it was before.
    """
    recorded = connection.execute(
        select(cases.c.county, cases.c.uat_siruta).where(
            cases.c.case_ref == requested.case_ref, cases.c.erased_at.is_(None)
        )
    ).first()
    if recorded is not None and roles.allows(actor, "referral.make", roles.Area(*recorded)):
        return
    areas = connection.execute(
        select(referrals.c.county, referrals.c.uat_siruta, func.min(referrals.c.referral_id).label("referral_id"))
        .where(referrals.c.case_ref == requested.case_ref)
        .group_by(referrals.c.county, referrals.c.uat_siruta)
    ).all()
    foreign = [
        row.referral_id
        for row in areas
        if not roles.allows(actor, "referral.make", roles.Area(row.county, row.uat_siruta))
    ]
    if recorded is None and not foreign and (areas or requested.is_new_case):
        return
    # One sentence for both: whether a code exists elsewhere is nobody's business.
    raise UnknownCaseError(
        _(
            "În comunitatea dumneavoastră nu există un caz cu acest cod. Verificați codul; pentru un caz nou, "
            "lăsați câmpul gol și programul face un cod."
        ),
        foreign[0] if foreign else "",
    )


def _essentials(requested: ReferralRequest) -> dict[str, object]:
    """Give what makes two requests the same one; the terms may have been reread from a newer edition meanwhile."""
    return {
        "service_id": requested.terms.service_id,
        "case_ref": requested.case_ref,
        "need": requested.need,
        "uat_siruta": requested.uat_siruta,
        "replaces": requested.replaces,
    }


def _insert(connection: Connection, requested: ReferralRequest, state: str, actor: Actor, at: datetime) -> Referral:
    referral_id = f"R-{random_code(10)}"
    days = requested.terms.hold_working_days if state == "held" else requested.terms.answer_working_days
    row = {
        "referral_id": referral_id,
        "service_id": requested.terms.service_id,
        "service_type": requested.terms.service_type,
        "service_county": requested.terms.county,
        "access_route": requested.terms.access_route,
        "case_ref": requested.case_ref,
        "need": requested.need,
        "county": requested.county,
        "uat_siruta": requested.uat_siruta,
        "locality_siruta": requested.locality_siruta,
        "state": state,
        "reason": "",
        "basis": requested.basis,
        "consent_at": requested.consent_at,
        "note": requested.note,
        "replaces": requested.replaces,
        "second_place": requested.second_place,
        "made_by": actor.account,
        "made_at": at,
        "expires_at": deadline(at, days),
    }
    return from_row(connection.execute(_INSERT, row).mappings().one())


def _first_state(
    connection: Connection, requested: ReferralRequest, places: CapacityRow, moment: datetime
) -> str | None:
    """Hold a place where that is how one gets in; else ask; None where there is no place.

    A type of which no place is held is asked as long as one is free. Only `free` and `full` count places: a
    service that is open, unknown, has a waiting list or tells after assessment is asked and promises nothing.
    """
    if requested.terms.access_route != "direct":
        return "asked"
    holds = requested.terms.hold_working_days > 0
    free = capacity.free_now(places.reported, places.held, places.taken)
    if holds and free and capacity.try_hold(connection, requested.terms.service_id, moment):
        return "held"
    if places.status not in ("free", "full"):
        return "asked"
    return "asked" if not holds and free else None


def _to_be_replaced(connection: Connection, requested: ReferralRequest, now: datetime) -> Referral | None:
    """Give the referral that this one replaces, if it is still to be cancelled."""
    old = by_id(connection, requested.replaces)  # read again, now that nobody else can change it
    if old.case_ref != requested.case_ref:
        raise BadReferralError(_("Referirea {number} nu este a acestui caz.").format(number=requested.replaces))
    if old.state in ("started", "completed"):
        raise wrong_state_error(old)
    if is_due(old, now):
        take_step(connection, old, "expire", reason="", actor=SYSTEM, now=now)
        return None
    return old if old.state in TRANSITIONS["cancel"].sources else None


def _refuse_second_place(connection: Connection, requested: ReferralRequest, now: datetime) -> None:
    query = select(referrals).where(
        referrals.c.case_ref == requested.case_ref,
        referrals.c.need == requested.need,
        referrals.c.state.in_(WITH_A_PLACE),
        referrals.c.referral_id != requested.replaces,
    )
    for row in connection.execute(query).mappings():
        if not is_due(from_row(row), now):
            raise second_place_error(row["referral_id"])


def second_place_error(other: str) -> SecondPlaceError:
    """Say that the case has a place for this need already."""
    return SecondPlaceError(
        _(
            "Cazul are deja un loc pentru această nevoie: referirea {number}. Anulați-o sau mutați-o, "
            "ori confirmați că este nevoie de două locuri."
        ).format(number=other)
    )


def no_place_error() -> NoPlaceError:
    """Say that the last place is gone."""
    return NoPlaceError(_("Serviciul nu mai are locuri libere. Alegeți următorul din listă."))
