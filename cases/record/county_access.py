"""A county unit and a single case: opened with a reason, for three hours, told to the team; moves confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, insert, select, update

from cases.record.record_exchange import instruments_of
from cases.record.team_bundle import cases_shown
from cases.rules.case_sight import Onlooker
from cases.rules.case_terms import term
from core.errors import BadValueError, NotAllowedError, UnknownCodeError
from core.i18n import _
from referrals.case_erasure import case_digest
from referrals.case_erasure.record_erasure import note_row
from referrals.database import audit
from referrals.database.tables.case_tables import case_moves, cases
from referrals.database.tables.exchange_tables import case_access, case_changes
from referrals.ledger.referral_request import random_code, validate_case_reference
from referrals.records import roles
from referrals.records.free_text import refuse_personal
from referrals.records.roles import Area

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from core.storage.home import Home
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor


@dataclass(frozen=True)
class CaseView:
    """A case as somebody may see it."""

    case: dict[str, Any]

    def as_json(self) -> dict[str, object]:
        """Return it for programs."""
        return self.case

    def lines(self) -> list[str]:
        """Format it in lines: what is set of the case itself, and how many facts there are."""
        plain = [
            f"{name}: {value}" for name, value in self.case.items() if value and not isinstance(value, (list, dict))
        ]
        return [*plain, *(f"{name}: {len(value)}" for name, value in self.case.items() if isinstance(value, list))]


def request_access(ledger: Ledger, case_ref: str, reason: str, *, actor: Actor) -> str:
    """Let a county unit look at one case for three hours; give until when (ISO, UTC). The team of the case sees it.

    Raises NotAllowedError for others, BadValueError without a reason, PersonalDataError for one that names a person,
    UnknownCodeError where the county has no such case.
    """
    text = tidy_reason(reason)
    now = ledger.clock()
    until = now + timedelta(hours=term("access_hours"))
    with ledger.store.write() as connection:
        row = _case(connection, case_ref, actor)
        if actor.role != "county":
            raise NotAllowedError(_("Rolul dumneavoastră nu permite această acțiune."))
        audit.lock(connection, [f"cases:{row['uat_siruta']}"])
        tell_team(connection, [row], text, actor=actor, now=now, until=until)
        _log(connection, row, "case.access", actor, ledger)
    return until.isoformat(timespec="seconds")


def tidy_reason(reason: str) -> str:
    """Return why cases are opened; BadValueError where nothing is said, PersonalDataError where a person is named."""
    text = refuse_personal(reason, field=_("Motivul"))
    if not text or len(text) > 200:  # noqa: PLR2004  the width of the column
        raise BadValueError(_("Scrieți de ce deschideți cazul, în cel mult 200 de caractere."))
    return text


def reason_of(actor: Actor, reason: str) -> str:
    """Return why a county unit opens many cases at once, as `tidy_reason` does; blank for a team."""
    return tidy_reason(reason) if actor.role == "county" else ""


def tell_team(
    connection: Connection,
    rows: Sequence[Mapping[str, Any]],
    reason: str,
    *,
    actor: Actor,
    now: datetime,
    until: datetime,
) -> None:
    """Write down that a county unit opens cases and until when, so that their teams see it.

    rows: of the cases, `case_ref` and `uat_siruta`.
    """
    if not rows:
        return
    values = {"county": actor.county, "account": actor.account, "reason": reason, "opened_at": now, "until": until}
    opened = [{"access_id": f"Q-{random_code(10)}", "case_ref": row["case_ref"], **values} for row in rows]
    connection.execute(insert(case_access), opened)
    notes = [note_row(row["uat_siruta"], row["case_ref"], "access.open", now) for row in rows]
    connection.execute(insert(case_changes), notes)


def opened_cases(ledger: Ledger, *, actor: Actor) -> dict[str, datetime]:
    """Return the cases that a county unit has opened with a reason and may read now, each with its end (UTC)."""
    table = case_access.c
    query = (
        select(table.case_ref, func.max(table.until))
        .join(cases, cases.c.case_ref == table.case_ref)
        .where(table.account == actor.account, table.county == actor.county, table.until > ledger.clock())
        .where(cases.c.county == actor.county, cases.c.erased_at.is_(None))
        .group_by(table.case_ref)
    )
    with ledger.store.read() as connection:
        return dict(map(tuple, connection.execute(query.order_by(table.case_ref))))


def waiting_moves(ledger: Ledger, *, actor: Actor) -> list[dict[str, Any]]:
    """List the cases of a county that a team offers to another community, until the county unit confirms.

    Each: `case_ref`, `from_uat`, `to_uat`, `offered_on`. Raises NotAllowedError where the actor is no county unit.
    """
    roles.require(actor, "case.supervise", Area(actor.county))
    moves = case_moves.c
    query = (
        select(moves.case_ref, moves.from_uat, moves.to_uat, moves.offered_on)
        .join(cases, cases.c.case_ref == moves.case_ref)
        .where(cases.c.county == actor.county, moves.state == "offered")
        .order_by(moves.offered_on, moves.move_id)
    )
    with ledger.store.read() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def read_case(ledger: Ledger, case_ref: str, *, actor: Actor, home: Home | None = None) -> CaseView:
    """Read one case, by profession; the reading is in the audit log.

    A county unit reads only what it opened with a reason, within its hours. Raises NotAllowedError, UnknownCodeError.
    """
    now = ledger.clock()
    with ledger.store.write() as connection:
        row = _case(connection, case_ref, actor)
        if actor.role == "county":
            table = case_access.c
            query = select(table.access_id).where(
                table.case_ref == row["case_ref"], table.account == actor.account, table.until > now
            )
            if connection.execute(query).first() is None:
                raise NotAllowedError(_("Unitatea județeană deschide un caz numai cu un motiv, pentru trei ore."))
        audit.lock(connection, [f"cases:{row['uat_siruta']}"])
        _log(connection, row, "case.read", actor, ledger)
        onlooker = Onlooker(actor.account, actor.profession)
        (shown,) = cases_shown(connection, [row["case_ref"]], onlooker, instruments_of(home))
    return CaseView(shown)


def confirm_move(ledger: Ledger, case_ref: str, *, actor: Actor, to_county: str = "") -> str:
    """Let a case go to the community that it is offered to; give the number of the move.

    Raises NotAllowedError outside the actor's county, UnknownCodeError where no move waits.
    """
    now = ledger.clock()
    with ledger.store.write() as connection:
        row = _case(connection, case_ref, actor, action="case.move")
        moves = case_moves.c
        query = select(case_moves).where(moves.case_ref == row["case_ref"], moves.state == "offered")
        move = connection.execute(query).mappings().first()
        if move is None:
            raise UnknownCodeError(_("Cazul nu este oferit altei comunități."))
        audit.lock(connection, {f"cases:{row['uat_siruta']}", f"cases:{move['to_uat']}"})
        values = {"state": "confirmed", "confirmed_by": actor.account, "to_county": to_county or actor.county}
        connection.execute(update(case_moves).where(moves.move_id == move["move_id"]).values(**values))
        connection.execute(insert(case_changes), note_row(row["uat_siruta"], row["case_ref"], "move.confirm", now))
        _log(connection, row, "case.move.confirm", actor, ledger)
    return str(move["move_id"])


def _case(connection: Connection, case_ref: str, actor: Actor, action: str = "case.read") -> dict[str, Any]:
    tidy = validate_case_reference(case_ref)
    row = (
        connection.execute(select(cases).where(cases.c.case_ref == tidy, cases.c.erased_at.is_(None)))
        .mappings()
        .first()
    )
    # Whether there is such a case elsewhere is nobody's business.
    if row is None or not roles.allows(actor, action, Area(row["county"], row["uat_siruta"])):
        raise UnknownCodeError(_("Nu există niciun caz cu acest cod: nu a fost făcut aici, sau a fost deja șters."))
    return dict(row)


def _log(connection: Connection, row: dict[str, Any], action: str, actor: Actor, ledger: Ledger) -> None:
    step = audit.AuditEvent(action, case_digest(row["case_ref"]), after=row["state"])
    audit.append(connection, f"cases:{row['uat_siruta']}", step, actor=actor, at=ledger.clock())
