"""The life of a referral: held or asked, then an answer, then the service itself.

    held | asked -> accepted | declined | expired | cancelled
    accepted     -> started | cancelled
    started      -> completed | broken_off

A provider that says „examine” leaves state, place and term as they are: examining holds nothing longer.

Every function takes an open writing transaction. The chain of the service (see `audit.lock`) is taken
first, so steps on one service happen one after the other and every path gives a place back exactly once.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import bindparam, func, insert, select, update

from core.i18n import _
from core.romanian_calendar import BUCHAREST
from providers.rules.wording import closure_words
from referrals.database import audit, idempotency
from referrals.database.models import referrals
from referrals.ledger import unmet_needs
from referrals.ledger.referral_request import new_case_reference, random_code
from referrals.outbox import freed_places, message_writing
from referrals.places import capacity
from referrals.records import roles
from referrals.records.ledger_errors import (
    BadReferralError,
    ClosedServiceError,
    NoPlaceError,
    SecondPlaceError,
    UnknownCaseError,
    UnknownReferralError,
    WrongStateError,
)
from referrals.records.vocabulary import STATED_REASONS, SYSTEM, WAITING, WITH_A_PLACE, Referral, state_label
from referrals.records.working_time import deadline

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping

    from referrals.ledger.referral_request import ReferralRequest
    from referrals.records.vocabulary import Actor, ServiceTerms

_REFUSED = "refused:no_places"

# Built once: building a statement costs more than running it.
_INSERT = insert(referrals)
_BY_ID = select(referrals).where(referrals.c.referral_id == bindparam("of_referral"))
_NEXT_EXPIRY = select(func.min(referrals.c.expires_at)).where(referrals.c.state.in_(WAITING))
_DUE = (
    select(referrals.c.service_id)
    .where(referrals.c.state.in_(WAITING), referrals.c.expires_at <= bindparam("now"))
    .distinct()
    .limit(200)
)

Action = Literal["accept", "examine", "decline", "start", "complete", "break_off", "cancel", "expire"]


@dataclass(frozen=True)
class Transition:
    """One step of a referral's life.

    Attributes
    ----------
    sources, target
        States from which it may be taken, and the state after it; "" = the same.
    reason
        Whether a reason must be, may be or cannot be given.
    permission
        An action of `referrals.records.roles`; empty where nobody asks for it and the clock alone takes it.
    """

    sources: tuple[str, ...]
    target: str
    reason: Literal["must", "may", "none"]
    permission: str


TRANSITIONS: dict[Action, Transition] = {
    "accept": Transition(WAITING, "accepted", "none", "referral.answer"),
    "examine": Transition(WAITING, "", "none", "referral.answer"),
    "decline": Transition(WAITING, "declined", "must", "referral.answer"),
    "start": Transition(("accepted",), "started", "none", "referral.follow"),
    "complete": Transition(("started",), "completed", "none", "referral.follow"),
    "break_off": Transition(("started",), "broken_off", "must", "referral.follow"),
    "cancel": Transition((*WAITING, "accepted"), "cancelled", "may", "referral.cancel"),
    "expire": Transition(WAITING, "expired", "none", ""),
}


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
    moment = _next_moment(connection, service_id, now)
    if old is not None:
        old = _to_be_replaced(connection, requested, now)
    if requested.case_ref and not requested.second_place:
        _refuse_second_place(connection, requested, now)
    state = _first_state(connection, requested, moment)
    if state is None:
        unmet_needs.count(connection, "refused", _unmet(requested, requested.terms.service_type), now)
        idempotency.store_outcome(connection, key, request, _REFUSED, now)
        return None
    if old is not None:
        _step(connection, old, "cancel", reason="", actor=actor, now=now)
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
    """Raise UnknownCaseError unless the code is of a case of ours, and of the area that this actor answers for."""
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
    if not foreign and (areas or requested.is_new_case):
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
    connection.execute(_INSERT, row)
    return by_id(connection, referral_id)


def _unmet(of: ReferralRequest | Referral, service_type: str) -> unmet_needs.Unmet:
    return unmet_needs.Unmet(of.need, service_type, of.county, of.uat_siruta, of.locality_siruta)


def _next_moment(connection: Connection, service_id: str, now: datetime) -> datetime:
    """Give the moment of the service's next event: always after its last one."""
    return capacity.next_timestamp(capacity.row_of(connection, service_id, now).clock, now)


def _first_state(connection: Connection, requested: ReferralRequest, moment: datetime) -> str | None:
    """Hold a place where that is how one gets in; else ask; None where there is no place.

    A type of which no place is held is asked as long as one is free. Only `free` and `full` count places: a
    service that is open, unknown, has a waiting list or tells after assessment is asked and promises nothing.
    """
    if requested.terms.access_route != "direct":
        return "asked"
    holds = requested.terms.hold_working_days > 0
    if holds and capacity.try_hold(connection, requested.terms.service_id, moment):
        return "held"
    places = capacity.row_of(connection, requested.terms.service_id, moment)
    if places.status not in ("free", "full"):
        return "asked"
    return "asked" if not holds and capacity.free_now(places.reported, places.held, places.taken) else None


def _to_be_replaced(connection: Connection, requested: ReferralRequest, now: datetime) -> Referral | None:
    """Give the referral that this one replaces, if it is still to be cancelled."""
    old = by_id(connection, requested.replaces)  # read again, now that nobody else can change it
    if old.case_ref != requested.case_ref:
        raise BadReferralError(_("Referirea {number} nu este a acestui caz.").format(number=requested.replaces))
    if old.state in ("started", "completed"):
        raise wrong_state_error(old)
    if is_due(old, now):
        _step(connection, old, "expire", reason="", actor=SYSTEM, now=now)
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


def wrong_state_error(referral: Referral) -> WrongStateError:
    """Say that a step comes too late or too early."""
    return WrongStateError(
        _("Referirea {number} este {state}; acest pas nu se poate face.").format(
            number=referral.referral_id, state=state_label(referral.state)
        )
    )


def is_due(referral: Referral, now: datetime) -> bool:
    """Whether its time to be answered is over, written down or not."""
    return referral.state in WAITING and referral.expires_at is not None and referral.expires_at <= now


def transition(
    connection: Connection, referral_id: str, action: Action, *, reason: str, key: str, actor: Actor, now: datetime
) -> Referral:
    """Take one step of a referral's life. Where its time is over, the expiry is written instead: look at the state.

    Parameters
    ----------
    connection
        Inside a writing transaction.
    referral_id
        Its number.
    action
        A key of TRANSITIONS.
    reason
        Code of a reason, where the step takes one; else "".
    key
        Idempotency key; "" = none.
    actor
        Who takes the step; permissions were looked at before.
    now
        The moment, UTC.

    Returns
    -------
    Referral
        As it stands after the step.

    Raises
    ------
    WrongStateError
        Where the step cannot be taken from the state that it is in.
    BadReferralError
        For a reason that is missing or does not belong.
    UnknownReferralError
        For a number that is none.
    KeyReusedError
        Where the key was used for another request.
    """
    check_reason(action, reason)
    audit.lock(connection, [by_id(connection, referral_id).service_id])
    request = idempotency.fingerprint(action, {"referral_id": referral_id, "reason": reason})
    if idempotency.lookup(connection, key, request) is not None:
        return by_id(connection, referral_id)
    old = by_id(connection, referral_id)  # again, now that nobody else can change it
    if is_due(old, now):
        _step(connection, old, "expire", reason="", actor=SYSTEM, now=now)
        return by_id(connection, referral_id)
    if old.state not in TRANSITIONS[action].sources:
        raise wrong_state_error(old)
    if action == "examine":
        _examine(connection, old, actor=actor, now=now)
    else:
        _step(connection, old, action, reason=reason, actor=actor, now=now)
    if action == "decline" and reason == "no_places":
        unmet_needs.count(connection, "declined", _unmet(old, old.service_type), now)
    idempotency.store_outcome(connection, key, request, referral_id, now)
    return by_id(connection, referral_id)


def asked_for(action: str) -> Action:
    """Return the action of this name; BadReferralError unless it is one that somebody may ask for."""
    asked = [name for name, transition in TRANSITIONS.items() if transition.permission]
    if action not in asked:
        raise BadReferralError(
            _("Pas necunoscut: „{found}”. Pașii sunt: {known}.").format(found=action, known=", ".join(asked))
        )
    return action


def check_reason(action: Action, reason: str) -> None:
    """Raise BadReferralError unless the reason is a coded one and fits the step."""
    rule = TRANSITIONS[action].reason
    if reason and reason not in STATED_REASONS:
        raise BadReferralError(
            _("Motiv necunoscut: „{found}”. Motivele sunt: {known}.").format(
                found=reason, known=", ".join(STATED_REASONS)
            )
        )
    if rule == "must" and not reason:
        raise BadReferralError(_("Alegeți motivul."))
    if rule == "none" and reason:
        raise BadReferralError(_("La acest pas nu se dă un motiv."))


def _examine(connection: Connection, old: Referral, *, actor: Actor, now: datetime) -> None:
    """Write that the provider examines the case, the first time that it says so; nothing moves."""
    if old.examined_at is not None:
        return
    own = referrals.c.referral_id == old.referral_id
    connection.execute(update(referrals).where(own).values(examined_at=now))
    step = audit.AuditEvent("referral.examine", old.referral_id, old.state, old.state)
    audit.append(connection, old.service_id, step, actor=actor, at=now)


def _step(connection: Connection, old: Referral, action: Action, *, reason: str, actor: Actor, now: datetime) -> None:
    """Change the state, the counts of the service and the audit log, together."""
    target = TRANSITIONS[action].target
    places = capacity.row_of(connection, old.service_id, now)
    moment = capacity.next_timestamp(places.clock, now)
    values: dict[str, Any] = {"state": target, "reason": reason}
    if target in ("accepted", "started"):
        values |= {f"{target}_at": moment, "expires_at": None}
    else:
        values["closed_at"] = moment
    done = connection.execute(
        update(referrals)
        .where(referrals.c.referral_id == old.referral_id, referrals.c.state == old.state)
        .values(values)
    )
    if done.rowcount != 1:  # the chain is ours, so this would be a fault and not a race: nothing is written
        raise wrong_state_error(old)
    held, taken = _movement(old, target, places.reported_at)
    capacity.move(connection, old.service_id, held=held, taken=taken, clock=moment)
    is_full = reason == "no_places"  # screens show the service as full from now on, also where it held nothing
    moves = is_full or bool(held or taken)
    step = audit.AuditEvent(f"referral.{action}", old.referral_id, old.state, target, reason, moves_places=moves)
    audit.append(connection, old.service_id, step, actor=actor, at=moment)
    message_writing.tell_referral_answered(connection, old, action, actor=actor, now=moment)
    if not is_full:  # who says so has no place to give back, whatever was reported
        freed_places.tell_if_freed(connection, old.service_id, places, now=moment)


def _movement(old: Referral, target: str, reported_at: datetime | None) -> tuple[int, int]:
    """By how much `held` and `taken` change: the arithmetic of free places."""
    held = -1 if old.state == "held" else 0
    if target == "accepted":
        return held, 1
    if old.state == "accepted" and target == "cancelled" and old.accepted_at is not None:
        # Only an acceptance made after the last report gives its place back: an older one is in its number.
        return 0, -1 if reported_at is None or old.accepted_at > reported_at else 0
    return held, 0


def close_for_erasure(connection: Connection, old: Referral, *, actor: Actor, now: datetime) -> None:
    """End a referral whose case is to be forgotten: a place not begun with comes back."""
    if old.state in TRANSITIONS["cancel"].sources:
        _step(connection, old, "cancel", reason="erased", actor=actor, now=now)
    elif old.state == "started":
        _step(connection, old, "break_off", reason="erased", actor=actor, now=now)


def expire_due(connection: Connection, service_ids: list[str], now: datetime) -> int:
    """Write down the expiry of everything due at these services; give how many."""
    audit.lock(connection, service_ids)
    query = (
        select(referrals)
        .where(referrals.c.state.in_(WAITING), referrals.c.expires_at <= now, referrals.c.service_id.in_(service_ids))
        .order_by(referrals.c.expires_at, referrals.c.referral_id)
    )
    due = [from_row(row) for row in connection.execute(query).mappings()]
    for old in due:
        _step(connection, old, "expire", reason="", actor=SYSTEM, now=now)
    return len(due)


def due_services(connection: Connection, now: datetime) -> list[str]:
    """List services where something is due, some at a time."""
    return list(connection.execute(_DUE, {"now": now}).scalars())


def next_expiry(connection: Connection) -> datetime | None:
    """Give the moment when the next hold or request runs out."""
    moment: datetime | None = connection.execute(_NEXT_EXPIRY).scalar()
    return moment


def by_id(connection: Connection, referral_id: str) -> Referral:
    """Read one referral as it is written; UnknownReferralError where there is none."""
    row = connection.execute(_BY_ID, {"of_referral": referral_id}).mappings().one_or_none()
    if row is None:
        raise UnknownReferralError(_("Nu există referirea {number}.").format(number=referral_id))
    return from_row(row)


def from_row(row: RowMapping) -> Referral:
    """Make a Referral of a row of the table."""
    return Referral(**{f.name: row[f.name] for f in fields(Referral)})
