"""The telephones of teams: each is one member's, says how much it has not sent yet, and can be shut out.

A member shuts the own telephone out; a county unit those of its county, and it alone lets one in again: who found a
telephone may hold the session of its owner too.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, insert, select, update

from cases.exchange.change_fields import code_of_digest
from cases.exchange.change_kinds import read_moment
from cases.rules.case_terms import term
from core.errors import NotAllowedError, UnknownCodeError
from core.i18n import _
from referrals.database import audit
from referrals.database.models import accounts
from referrals.database.tables.exchange_tables import case_devices
from referrals.records import roles
from referrals.records.roles import Area

if TYPE_CHECKING:
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

STATES = ("active", "lost", "revoked")
_MOST = 100_000


@dataclass(frozen=True)
class FieldDevice:
    """A telephone: whose it is, when it was last here, what it has not sent.

    Attributes
    ----------
    device_id, account
        Its number, and the account whose it is.
    county, uat_siruta
        Of the team.
    state
        `active`, `lost` or `revoked`.
    shell
        Version of the page that it has.
    last_seen
        ISO, UTC.
    unsent
        Changes that it had not sent when it was last here.
    is_late
        Whether the oldest of them is older than it may be.
    profession
        Of the account: social, medical or educational; "" = not said.
    """

    device_id: str
    account: str
    county: str
    uat_siruta: int
    state: str
    shell: str
    last_seen: str
    unsent: int
    is_late: bool
    profession: str = ""

    @property
    def is_desk(self) -> bool:
        """Whether it is the desk of its account, no telephone."""
        return self.device_id == desk_of(self.account)


def desk_of(account: str) -> str:
    """Return the number under which the exchange knows the desk of an account."""
    return code_of_digest("D", hashlib.sha256(f"desk:{account}".encode()).digest())


def greet(connection: Connection, device_id: str, by_name: Mapping[str, Any], *, actor: Actor, now: datetime) -> None:
    """Let a telephone in, a new one too; NotAllowedError for one that is shut out, or is somebody else's."""
    found = connection.execute(select(case_devices).where(case_devices.c.device_id == device_id)).one_or_none()
    unsent = by_name.get("unsent", 0)
    values = {
        "last_seen": now,
        "shell": re.sub(r"[^\w.-]", "", str(by_name.get("shell", "")), flags=re.ASCII)[:20],
        "unsent": min(unsent, _MOST) if type(unsent) is int and unsent >= 0 else 0,
        "unsent_since": read_moment(by_name.get("unsent_since")),
    }
    if found is None:
        row = {"device_id": device_id, "account": actor.account, "county": actor.county, "state": "active"}
        connection.execute(insert(case_devices), {**row, "uat_siruta": actor.uat_siruta, "made_at": now, **values})
        step = audit.AuditEvent("device.begin", device_id, after="active")
        audit.append(connection, f"cases:{actor.uat_siruta}", step, actor=actor, at=now)
        return
    if found.account != actor.account:
        raise NotAllowedError(
            _("Telefonul ține dosarele altui coleg. Deschideți pagina de teren cu contul dumneavoastră.")
        )
    if found.state != "active":
        raise NotAllowedError(_("Telefonul a fost oprit. Ce nu s-a trimis rămâne pe el; întrebați unitatea județeană."))
    connection.execute(
        update(case_devices)
        .where(case_devices.c.device_id == device_id)
        .values(**values, county=actor.county, uat_siruta=actor.uat_siruta)
    )


def devices_of(ledger: Ledger, *, actor: Actor) -> list[FieldDevice]:
    """List the telephones that an actor answers for: a team its own, a county unit its county's."""
    oldest = ledger.clock() - timedelta(days=term("unsent_work"))
    query = (
        select(case_devices, accounts.c.profession)
        .outerjoin(accounts, accounts.c.account_id == case_devices.c.account)
        .order_by(case_devices.c.last_seen.desc())
    )
    if actor.county:
        query = query.where(case_devices.c.county == actor.county)
    with ledger.store.read() as connection:
        rows = connection.execute(query).all()
    return [
        FieldDevice(
            row.device_id,
            row.account,
            row.county,
            row.uat_siruta,
            row.state,
            row.shell,
            row.last_seen.isoformat(timespec="seconds"),
            row.unsent,
            bool(row.unsent and row.unsent_since is not None and row.unsent_since < oldest),
            row.profession or "",
        )
        for row in rows
        if roles.allows(actor, "device.revoke", Area(row.county, row.uat_siruta))
    ]


def shut_out(ledger: Ledger, device_id: str, state: str, *, actor: Actor) -> None:
    """Shut a telephone out (`lost`, `revoked`), or let it in again (`active`).

    Raises
    ------
    UnknownCodeError
        Where there is no such telephone.
    NotAllowedError
        Where it is not the actor's own, and not of its area; where a team would let one in again.
    """
    now = ledger.clock()
    with ledger.store.write() as connection:
        found = connection.execute(select(case_devices).where(case_devices.c.device_id == device_id)).one_or_none()
        if found is None or state not in STATES:
            raise UnknownCodeError(_("Nu există telefonul {device}.").format(device=device_id[:24]))
        roles.require(actor, "device.revoke", Area(found.county, found.uat_siruta))
        if actor.role == "team" and found.account != actor.account:
            raise NotAllowedError(_("Fiecare își oprește numai telefonul lui; pe ale celorlalți, unitatea județeană."))
        if actor.role == "team" and (state != "lost" or found.state == "revoked"):
            raise NotAllowedError(_("Un telefon oprit îl lasă din nou numai unitatea județeană."))
        audit.lock(connection, [f"cases:{found.uat_siruta}"])
        connection.execute(update(case_devices).where(case_devices.c.device_id == device_id).values(state=state))
        step = audit.AuditEvent("device.state", device_id, before=found.state, after=state)
        audit.append(connection, f"cases:{found.uat_siruta}", step, actor=actor, at=now)
