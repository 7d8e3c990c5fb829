"""A step of a referral taken by mistake: taken back by whoever took it, while nothing rests on it.

What a step gave away is asked for again and not taken: a place that was given back holds only if it is still there, and
nobody was told of it. Steps that others heard of (an acceptance, a refusal) are not taken back: their team goes on from
them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from core.i18n import _
from referrals.database import audit, refused_attempts
from referrals.database.models import audit as audit_rows
from referrals.database.models import messages, referrals
from referrals.field.withdrawn_reports import WITHIN
from referrals.ledger import lifecycle
from referrals.places import capacity
from referrals.records import roles
from referrals.records.ledger_errors import WrongStateError
from referrals.records.roles import Area
from referrals.records.vocabulary import WAITING

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from referrals.ledger.ledger import Ledger
    from referrals.ledger.lifecycle import Action
    from referrals.records.vocabulary import Actor, Referral

UNDOABLE: tuple[Action, ...] = ("start", "complete", "break_off", "cancel")
_STEPS = (*(f"referral.{step}" for step in lifecycle.TRANSITIONS), "referral.make", "referral.undo")
_ENDED = {"start": "started_at", "complete": "closed_at", "break_off": "closed_at", "cancel": "closed_at"}


def undo_step(ledger: Ledger, referral_id: str, *, actor: Actor) -> Referral:
    """Take the last step of a referral back.

    Parameters
    ----------
    ledger
        Where the referral stands.
    referral_id
        Its number.
    actor
        Who took the step, at most `withdrawn_reports.WITHIN` ago.

    Returns
    -------
    Referral
        As it stood before the step.

    Raises
    ------
    UnknownReferralError
        For a number that is none.
    NotAllowedError
        Where the actor may not take that step with this referral.
    WrongStateError
        Where the last step is another's, older or none of UNDOABLE, or its place is gone.
    SecondPlaceError
        Where the case has a place for this need elsewhere since.
    """
    with ledger.store.read() as connection:
        found = lifecycle.by_id(connection, referral_id)
        step = _step_of(_last_row(connection, referral_id))
    permission = lifecycle.TRANSITIONS[step].permission if step else "referral.follow"
    area = Area(found.county, found.uat_siruta, found.service_id, referral_id)
    with refused_attempts.noted(ledger.store, "referral.undo", referral_id, actor=actor, clock=ledger.clock):
        roles.require(actor, permission, area)
    with ledger.store.write() as connection:
        audit.lock(connection, [found.service_id])
        return _undo(connection, referral_id, actor=actor, now=ledger.clock())


def _undo(connection: Connection, referral_id: str, *, actor: Actor, now: datetime) -> Referral:
    old, row = lifecycle.by_id(connection, referral_id), _last_row(connection, referral_id)
    step = _step_of(row)
    is_own = row is not None and (row.role, row.account) == (actor.role, actor.account)
    if row is None or step is None or not is_own or now - row.at > WITHIN or not old.case_ref:
        raise _too_late_error(referral_id)
    before = str(row.before)
    if before in WAITING and (old.expires_at is None or old.expires_at <= now):
        raise _too_late_error(referral_id)
    if step == "cancel" and _is_moved_on(connection, old):
        raise _too_late_error(referral_id)
    places = capacity.row_of(connection, old.service_id, now)
    moment = capacity.next_timestamp(places.clock, now)
    moves = step == "cancel" and _take_place_again(connection, old, before, row.at, places, moment)
    connection.execute(
        update(referrals)
        .where(referrals.c.referral_id == referral_id)
        .values({"state": before, "reason": "", _ENDED[step]: None})
    )
    event = audit.AuditEvent("referral.undo", referral_id, old.state, before, moves_places=moves)
    audit.append(connection, old.service_id, event, actor=actor, at=moment)
    return lifecycle.by_id(connection, referral_id)


def _take_place_again(
    connection: Connection, old: Referral, before: str, stepped_at: datetime, places: Any, moment: datetime
) -> bool:
    """Take the place again that was given back; False where it gave none. WrongStateError where it is gone."""
    if before == "asked":
        return False
    is_newer = places.reported_at is not None and places.reported_at > stepped_at
    if is_newer or _was_told(connection, old.service_id, stepped_at):
        raise _gone_error(old.referral_id)
    if before == "held":
        if not capacity.try_hold(connection, old.service_id, moment):
            raise _gone_error(old.referral_id)
        return True
    if old.accepted_at is None or (places.reported_at is not None and old.accepted_at <= places.reported_at):
        return False  # its place is in the number that was reported: nothing was given back
    if places.reported is not None:
        if not capacity.try_hold(connection, old.service_id, moment):
            raise _gone_error(old.referral_id)
        capacity.move(connection, old.service_id, held=-1, taken=1, clock=moment)
    else:
        capacity.move(connection, old.service_id, taken=1, clock=moment)
    return True


def _last_row(connection: Connection, referral_id: str) -> Any:
    """Return the row of the audit log of a referral's last step, refused attempts aside; None where there is none."""
    rows = audit_rows.c
    query = (
        select(rows.at, rows.role, rows.account, rows.action, rows.before)
        .where(rows.subject == referral_id, rows.action.in_(_STEPS), rows.after != refused_attempts.REFUSED)
        .order_by(rows.at.desc(), rows.position.desc())
        .limit(1)
    )
    return connection.execute(query).one_or_none()


def _step_of(row: Any) -> Action | None:
    action = "" if row is None else str(row.action).removeprefix("referral.")
    return next((step for step in UNDOABLE if step == action), None)


def _is_moved_on(connection: Connection, old: Referral) -> bool:
    query = select(referrals.c.referral_id).where(referrals.c.replaces == old.referral_id).limit(1)
    return connection.execute(query).first() is not None


def _was_told(connection: Connection, service_id: str, since: datetime) -> bool:
    """Whether somebody who waits was told of a place of a service since a moment."""
    row = messages.c
    query = select(row.message_id).where(
        row.kind == "place_freed", row.service_id == service_id, row.made_at >= since - timedelta(seconds=1)
    )
    return connection.execute(query.limit(1)).first() is not None


def _too_late_error(referral_id: str) -> WrongStateError:
    return WrongStateError(
        _("{number}: pasul nu mai poate fi anulat. Notați ce este adevărat acum.").format(number=referral_id)
    )


def _gone_error(referral_id: str) -> WrongStateError:
    return WrongStateError(
        _("{number}: locul a fost dat sau anunțat altcuiva între timp. Faceți o referire nouă.").format(
            number=referral_id
        )
    )
