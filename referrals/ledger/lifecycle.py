"""The life of a referral: held or asked, then an answer, then the service itself.

    held | asked -> accepted | declined | expired | cancelled
    accepted     -> started | cancelled
    started      -> completed | broken_off

A provider that says „examine” leaves state, place and term as they are: examining holds nothing longer.

Every function takes an open writing transaction. The chain of the service (see `audit.lock`) is taken
first, so steps on one service happen one after the other and every path gives a place back exactly once.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import bindparam, func, select, update

from core.i18n import _
from referrals.database import audit, idempotency
from referrals.database.models import referrals
from referrals.ledger import unmet_needs
from referrals.outbox import freed_places, message_writing
from referrals.places import capacity
from referrals.records.ledger_errors import (
    BadReferralError,
    UnknownReferralError,
    WrongStateError,
)
from referrals.records.vocabulary import STATED_REASONS, SYSTEM, WAITING, Referral, state_label

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping

    from referrals.ledger.referral_request import ReferralRequest
    from referrals.records.vocabulary import Actor

_FIELDS = tuple(each.name for each in fields(Referral))
# Built once: building a statement costs more than running it.
_BY_ID = select(referrals).where(referrals.c.referral_id == bindparam("of_referral"))
_STEP = (
    update(referrals)
    .where(referrals.c.referral_id == bindparam("of_referral"), referrals.c.state == bindparam("from_state"))
    .returning(*referrals.c)
)
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


def unmet_of(of: ReferralRequest | Referral, service_type: str) -> unmet_needs.Unmet:
    """Describe the need of a request or a referral for which there was no place."""
    return unmet_needs.Unmet(of.need, service_type, of.county, of.uat_siruta, of.locality_siruta)


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
    connection: Connection, found: Referral, action: Action, *, reason: str, key: str, actor: Actor, now: datetime
) -> Referral:
    """Take one step of a referral's life. Where its time is over, the expiry is written instead: look at the state.

    Parameters
    ----------
    connection
        Inside a writing transaction.
    found
        The referral, read in this transaction.
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
    KeyReusedError
        Where the key was used for another request.
    """
    check_reason(action, reason)
    referral_id = found.referral_id
    others_may_have_changed_it = audit.lock(connection, [found.service_id])
    request = idempotency.fingerprint(action, {"referral_id": referral_id, "reason": reason})
    if idempotency.lookup(connection, key, request) is not None:
        return by_id(connection, referral_id)
    old = by_id(connection, referral_id) if others_may_have_changed_it else found
    if is_due(old, now):
        return take_step(connection, old, "expire", reason="", actor=SYSTEM, now=now)
    if old.state not in TRANSITIONS[action].sources:
        raise wrong_state_error(old)
    if action == "examine":
        _examine(connection, old, actor=actor, now=now)
        after = by_id(connection, referral_id)
    else:
        after = take_step(connection, old, action, reason=reason, actor=actor, now=now)
    if action == "decline" and reason == "no_places":
        unmet_needs.count(connection, "declined", unmet_of(old, old.service_type), now)
    idempotency.store_outcome(connection, key, request, referral_id, now)
    return after


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


def take_step(
    connection: Connection, old: Referral, action: Action, *, reason: str, actor: Actor, now: datetime
) -> Referral:
    """Change the state, the counts of the service and the audit log, together; give the referral as it is then."""
    target = TRANSITIONS[action].target
    places = capacity.row_of(connection, old.service_id, now)
    moment = capacity.next_timestamp(places.clock, now)
    values: dict[str, Any] = {"state": target, "reason": reason}
    if target in ("accepted", "started"):
        values |= {f"{target}_at": moment, "expires_at": None}
    else:
        values["closed_at"] = moment
    own = {"of_referral": old.referral_id, "from_state": old.state}
    after = connection.execute(_STEP, values | own).mappings().one_or_none()
    if after is None:  # the chain is ours, so this would be a fault and not a race: nothing is written
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
    return from_row(after)


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
        take_step(connection, old, "cancel", reason="erased", actor=actor, now=now)
    elif old.state == "started":
        take_step(connection, old, "break_off", reason="erased", actor=actor, now=now)


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
        take_step(connection, old, "expire", reason="", actor=SYSTEM, now=now)
    return len(due)


def due_services(connection: Connection, now: datetime) -> list[str]:
    """List services where something is due, some at a time."""
    return list(connection.execute(_DUE, {"now": now}).scalars())


def next_expiry(connection: Connection) -> datetime | None:
    """Return the moment when the next hold or request runs out."""
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
    return Referral(**{name: row[name] for name in _FIELDS})
