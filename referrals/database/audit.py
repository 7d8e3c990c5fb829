"""The audit log: who did what and when, in rows that each seal the one before.

There are `CHAIN_COUNT` chains, a subject always in the same one, so that PostgreSQL need not make every
writer wait for every other. A row's digest covers its fields and the digest before it; the chain's
own row keeps length and last digest. An altered, removed or added row therefore shows, also at the end.
The audit log names ids, roles and states and nothing about a person (DESIGN §5).
"""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, func, insert, or_, select, update

from core.i18n import _
from referrals.database.models import audit, chains

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from referrals.records.vocabulary import Actor

CHAIN_COUNT = 16
READINGS = ("referral.list", "referral.read", "secret.read")  # actions that leave everything as it was

# Built once: every step writes a row, and building a statement costs more than running it.
_HEAD = select(chains.c.length, chains.c.head).where(chains.c.chain == bindparam("of_chain"))
_ROW = insert(audit)
_ADVANCE = (
    update(chains)
    .where(chains.c.chain == bindparam("of_chain"))
    .values(length=bindparam("to_length"), head=bindparam("to_head"), events=chains.c.events + bindparam("more"))
)
# In one statement where the database takes two at once: whoever waits for the chain waits a round trip less.
_ROW_AND_ADVANCE = (
    insert(audit)
    .values({each.name: bindparam(f"row_{each.name}") for each in audit.c})
    .add_cte(_ADVANCE.cte("advanced"))
)
_LOCK = (
    select(chains.c.chain)
    .where(chains.c.chain.in_(bindparam("wanted", expanding=True)))
    .order_by(chains.c.chain)
    .with_for_update()
)
_EVENTS = select(func.sum(chains.c.events))
_MARKS = select(chains.c.chain, chains.c.events, chains.c.length)


@dataclass(frozen=True)
class AuditEvent:
    """One row to come: what was done to what, and its states before and after."""

    action: str
    subject: str
    before: str = ""
    after: str = ""
    reason: str = ""
    moves_places: bool = False


@dataclass(frozen=True)
class IntegrityFault:
    """One place where the audit log does not hold."""

    chain: int
    position: int
    what: str  # altered | missing | length | head | anchor
    at: str = ""  # of an anchor: the moment at which the audit log stood otherwise

    def __str__(self) -> str:
        """Say it in words."""
        if self.what == "anchor":
            return _(
                "Jurnalul nu este cel de la {at}: rânduri de dinaintea acelei clipe au fost scoase sau schimbate, "
                "iar lanțul a fost refăcut."
            ).format(at=self.at)
        words = {
            "altered": _("rândul {position} a fost schimbat"),
            "missing": _("lipsește rândul {position}"),
            "length": _("numărul de rânduri nu este cel scris ({position} găsite)"),
            "head": _("ultimul rând ({position}) nu este cel scris"),
        }[self.what]
        return _("Jurnalul, lanțul {chain}: {what}.").format(
            chain=self.chain, what=words.format(position=self.position)
        )


def chain_of(key: str) -> int:
    """Return the chain of a service (or of a case, an account): always the same one."""
    return zlib.crc32(key.encode()) % CHAIN_COUNT


def lock(connection: Connection, keys: Iterable[str]) -> bool:
    """Take the chains of these keys, in one order for everybody: no two writers can wait for each other.

    Returns whether others may have written since the transaction began: what was read before is then read again.
    """
    if connection.dialect.name == "sqlite":
        return False  # BEGIN IMMEDIATE holds the whole file already
    connection.execute(_LOCK, {"wanted": sorted({chain_of(key) for key in keys})}).all()
    return True


def append(connection: Connection, key: str, step: AuditEvent, *, actor: Actor, at: datetime) -> None:
    """Add a row to the chain of `key` (the service's id for all that concerns places)."""
    chain = chain_of(key)
    length, head = connection.execute(_HEAD, {"of_chain": chain}).one()
    row = _sealed(chain, length, head, step, actor=actor, at=at)
    end = {"of_chain": chain, "to_length": length + 1, "to_head": row["digest"], "more": int(step.moves_places)}
    if connection.dialect.name == "sqlite":
        connection.execute(_ROW, row)
        connection.execute(_ADVANCE, end)
    else:
        connection.execute(_ROW_AND_ADVANCE, end | {f"row_{name}": value for name, value in row.items()})


def append_many(connection: Connection, steps: Iterable[tuple[str, AuditEvent, datetime]], *, actor: Actor) -> None:
    """Add many rows, each with its key and moment, as `append` would one after the other."""
    ends: dict[int, list[Any]] = {}
    rows = []
    for key, step, at in steps:
        chain = chain_of(key)
        if chain not in ends:
            ends[chain] = [*connection.execute(_HEAD, {"of_chain": chain}).one(), 0]
        length, head, more = ends[chain]
        row = _sealed(chain, length, head, step, actor=actor, at=at)
        rows.append(row)
        ends[chain] = [length + 1, row["digest"], more + int(step.moves_places)]
    if not rows:
        return
    connection.execute(_ROW, rows)
    connection.execute(
        _ADVANCE,
        [
            {"of_chain": chain, "to_length": length, "to_head": head, "more": more}
            for chain, (length, head, more) in ends.items()
        ],
    )


def _sealed(chain: int, length: int, head: str, step: AuditEvent, *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Make the row that comes after `length` rows, the last of which has the seal `head`."""
    row: dict[str, Any] = {
        "chain": chain,
        "position": length + 1,
        "at": at,
        "role": actor.role,
        "account": actor.account,
        "action": step.action,
        "subject": step.subject,
        "before": step.before,
        "after": step.after,
        "reason": step.reason,
    }
    return row | {"digest": digest(row, head)}


def digest(row: dict[str, object], before: str) -> str:
    """Seal a row together with the seal before it (SHA-256 of its fields as JSON)."""
    at: datetime = row["at"].astimezone(UTC)  # type: ignore[attr-defined]
    fields = [row[name] for name in ("chain", "position", "role", "account", "action", "subject", "before", "after")]
    text = json.dumps([*fields, row["reason"], at.isoformat(timespec="microseconds"), before], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class AuditMarks:
    """Where the audit log stood.

    Attributes
    ----------
    events
        Of each chain, how many of its rows moved a place: it grows with every change of what is free, and never else.
    lengths
        Of each chain, its rows.
    """

    events: dict[int, int]
    lengths: dict[int, int]


def marks(connection: Connection) -> AuditMarks:
    """Read where every chain stands: a change that commits later stands behind it, whenever it began."""
    found = connection.execute(_MARKS).all()
    return AuditMarks({row.chain: row.events for row in found}, {row.chain: row.length for row in found})


def subjects_since(connection: Connection, before: AuditMarks, most: int) -> list[str] | None:
    """List what the new rows of the chains that moved a place are about; None where there are more than `most`.

    A row about a place stands in the chain of its service; it names that service, or one of its referrals.
    """
    moved = [chain for chain, count in marks(connection).events.items() if count != before.events.get(chain)]
    if not moved:
        return []
    is_new = (and_(audit.c.chain == chain, audit.c.position > before.lengths.get(chain, 0)) for chain in moved)
    query = select(audit.c.subject).where(or_(*is_new)).distinct().limit(most + 1)
    found = list(connection.execute(query).scalars())
    return None if len(found) > most else found


def has_changes_since(connection: Connection, before: AuditMarks, now: AuditMarks) -> bool:
    """Whether anything was done between the two but reading; that a chain became shorter is a change too."""
    grown = [chain for chain, length in now.lengths.items() if length != before.lengths.get(chain, 0)]
    if any(now.lengths[chain] < before.lengths.get(chain, 0) for chain in grown):
        return True
    is_new = [and_(audit.c.chain == chain, audit.c.position > before.lengths.get(chain, 0)) for chain in grown]
    query = select(audit.c.position).where(or_(*is_new), audit.c.action.not_in(READINGS)).limit(1)
    return bool(grown) and connection.execute(query).first() is not None


def events(connection: Connection) -> int:
    """Count the rows that moved a place: it grows with every change of what is free, and never else."""
    # A plain highest id would miss a transaction that took its number earlier and committed later.
    return int(connection.execute(_EVENTS).scalar_one())


def length(connection: Connection) -> int:
    """Count the rows of the audit log, by what the chains say of themselves."""
    return int(connection.execute(select(func.coalesce(func.sum(chains.c.length), 0))).scalar_one())


def verify(connection: Connection) -> list[IntegrityFault]:
    """Walk every chain of the audit log and recompute its chain of digests.

    Parameters
    ----------
    connection
        An open connection to the ledger.

    Returns
    -------
    list of IntegrityFault
        Empty where no row was altered, removed or added.
    """
    heads = {row.chain: row for row in connection.execute(select(chains))}
    last = dict.fromkeys(range(CHAIN_COUNT), "")
    count = dict.fromkeys(range(CHAIN_COUNT), 0)
    found: list[IntegrityFault] = []
    for row in connection.execute(select(audit).order_by(audit.c.chain, audit.c.position)).mappings():
        chain = row["chain"]
        count[chain] += 1
        if row["position"] != count[chain]:
            found.append(IntegrityFault(chain, count[chain], "missing"))
            count[chain] = row["position"]
        elif row["digest"] != digest(dict(row), last[chain]):
            found.append(IntegrityFault(chain, row["position"], "altered"))
        last[chain] = row["digest"]
    for chain in range(CHAIN_COUNT):
        kept = heads.get(chain)
        if kept is None or kept.length != count[chain]:
            found.append(IntegrityFault(chain, count[chain], "length"))
        elif kept.head != last[chain]:
            found.append(IntegrityFault(chain, count[chain], "head"))
    return found
