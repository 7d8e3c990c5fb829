"""Rare changes of cases made at a desk instead of a telephone: by the same exchange, rules, trail and versions.

Each account has a desk of its own, which the exchange knows as a device. What is pressed twice is one change: its id
comes of the key of the form. What speaks of something that is not there is refused at once and never waits.
"""

from __future__ import annotations

import hashlib
from datetime import UTC
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from cases.exchange.change_fields import code_of_digest
from cases.record.field_devices import desk_of
from cases.record.record_exchange import exchange
from core.errors import BadValueError, UnknownCodeError
from core.i18n import _
from referrals.database.tables import case_tables as t
from referrals.database.tables.exchange_tables import case_changes
from referrals.ledger.referral_request import validate_case_reference
from referrals.records import roles
from referrals.records.roles import Area

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from core.storage.home import Home
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

_NOTHING_NEW = 10**9  # as `since`: a desk keeps no copy of cases and is told of none
_SHELL = "birou"


def add_activity(
    ledger: Ledger,
    kind: str,
    on_day: str,
    members: Sequence[str],
    participants: int,
    *,
    actor: Actor,
    key: str,
    home: Home | None = None,
) -> None:
    """Write down work of a community without persons: kind one of ACTIVITIES, members of PROFESSIONS.

    Raises as `join_cases` does; a filed month stays as it is, the activity counts in the first open one.
    """
    body = {"kind": kind, "members": list(members), "on_day": on_day, "participants": participants}
    _send(ledger, "activity.add", {"activity_id": _id("T", actor, key), **body}, "", actor=actor, key=key, home=home)


def offer_move(ledger: Ledger, case_ref: str, to_uat: int, *, actor: Actor, key: str, home: Home | None = None) -> None:
    """Offer a case of the own community to the team of another, to which the person moved. Raises as `join_cases`."""
    ref = _own_case(ledger, case_ref, actor)
    body = {"move_id": _id("M", actor, key), "to_uat": to_uat, "on_day": _today(ledger)}
    _send(ledger, "move.offer", body, ref, actor=actor, key=key, home=home)


def withdraw_move(ledger: Ledger, move_id: str, *, actor: Actor, key: str, home: Home | None = None) -> None:
    """Take an offer of the own community back. Raises as `join_cases` does."""
    _answer_move(ledger, move_id, "from_uat", "move.withdraw", actor=actor, key=key, home=home)


def accept_move(ledger: Ledger, move_id: str, *, actor: Actor, key: str, home: Home | None = None) -> None:
    """Take a case over that is offered to the own community and confirmed. Raises as `join_cases` does."""
    _answer_move(ledger, move_id, "to_uat", "move.accept", actor=actor, key=key, home=home)


def _answer_move(
    ledger: Ledger, move_id: str, side: str, kind: str, *, actor: Actor, key: str, home: Home | None
) -> None:
    moves = t.case_moves.c
    query = select(moves.case_ref).where(moves.move_id == move_id, moves[side] == actor.uat_siruta)
    with ledger.store.read() as connection:
        ref = connection.execute(query).scalar()
    if actor.uat_siruta is None or ref is None:
        raise UnknownCodeError(_("Cazul nu este oferit acestei comunități."))
    _send(ledger, kind, {"move_id": move_id, "on_day": _today(ledger)}, ref, actor=actor, key=key, home=home)


def join_cases(ledger: Ledger, case_ref: str, into: str, *, actor: Actor, key: str, home: Home | None = None) -> None:
    """Join a case into the older one of the same person; for some days it can be undone.

    Parameters
    ----------
    ledger
        Where the record is kept.
    case_ref, into
        The newer case, and the older one that gets its facts; both open, of the own community.
    actor
        A member of a team.
    key
        Of the form: the same key is one change, however often it is sent.
    home
        Whose editions of the instrument are known.

    Raises
    ------
    NotAllowedError
        Where the actor is no member of a team.
    UnknownCodeError
        Where the community has no such case.
    BadValueError
        Where the rules of cases refuse it, in their words.
    """
    newer, older = (_own_case(ledger, each, actor) for each in (case_ref, into))
    _send(ledger, "case.join", {"into": older, "on_day": _today(ledger)}, newer, actor=actor, key=key, home=home)


def unjoin_case(ledger: Ledger, case_ref: str, *, actor: Actor, key: str, home: Home | None = None) -> None:
    """Part a case that was joined not long ago; each gets back what it had. Raises as `join_cases` does."""
    ref = _own_case(ledger, case_ref, actor)
    _send(ledger, "case.unjoin", {"on_day": _today(ledger)}, ref, actor=actor, key=key, home=home)


def _own_case(ledger: Ledger, case_ref: str, actor: Actor) -> str:
    tidy = validate_case_reference(case_ref)
    query = select(t.cases.c.county, t.cases.c.uat_siruta).where(
        t.cases.c.case_ref == tidy, t.cases.c.erased_at.is_(None)
    )
    with ledger.store.read() as connection:
        row = connection.execute(query).one_or_none()
    # Whether there is such a case elsewhere is nobody's business.
    if row is None or not roles.allows(actor, "case.write", Area(row.county, row.uat_siruta)):
        raise UnknownCodeError(_("Nu există niciun caz cu acest cod: nu a fost făcut aici, sau a fost deja șters."))
    return tidy


def _send(
    ledger: Ledger, kind: str, body: dict[str, Any], case_ref: str, *, actor: Actor, key: str, home: Home | None
) -> None:
    """Exchange one change; BadValueError where it is refused."""
    roles.require(actor, "case.write", Area(actor.county, actor.uat_siruta))
    device = desk_of(actor.account)
    with ledger.store.read() as connection:
        number = _next_number(connection, device)
    change = {
        "change_id": _id("K", actor, key),
        "device_no": number,
        "kind": kind,
        "at": ledger.clock().astimezone(UTC).isoformat(),
        "body": body,
        **({"case_ref": case_ref} if case_ref else {}),
    }
    values = {"device": device, "since": _NOTHING_NEW, "shell": _SHELL, "changes": [change]}
    (outcome,) = exchange(ledger, values, actor=actor, home=home).results
    if outcome.result in ("refused", "waiting") or outcome.reason in ("refused", "waiting"):
        raise BadValueError(outcome.reason if outcome.result != "repeated" else _("Schimbarea a fost deja refuzată."))


def _next_number(connection: Connection, device: str) -> int:
    changes = case_changes.c
    return (
        connection.execute(select(func.max(changes.device_no)).where(changes.device_id == device)).scalar() or 0
    ) + 1


def _today(ledger: Ledger) -> str:
    return ledger.today().isoformat()


def _id(letter: str, actor: Actor, key: str) -> str:
    return code_of_digest(letter, hashlib.sha256(f"{letter}:{actor.account}:{key}".encode()).digest())
