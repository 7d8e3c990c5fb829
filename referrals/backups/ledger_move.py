"""A ledger moved from one database to another, SQLite to PostgreSQL or back: whole, in one place at every moment.

| step | the old database | the new one |
|---|---|---|
| 1 | open | marked `moving:`, opens to nobody |
| 2 | held against writers | every row copied, compared; still marked |
| 3 | marked `moved:`, refuses every writing | marked |
| 4 | so | the home's own |

Killed before the third step, the old one is as it was and the same command begins anew; killed after it, the same
command ends what is left. Nothing is ever open in both.
"""

from __future__ import annotations

import hashlib
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, make_url, select, text, update

from core.i18n import _
from referrals.backups.ledger_copy import check_copy, continue_numbers, copy_table, is_unwritten
from referrals.database import audit
from referrals.database.database_errors import LEDGER_MOVED, in_words
from referrals.database.home_identity import MOVED_AWAY, MOVING_IN, open_home_store, owner_in
from referrals.database.models import identity, metadata
from referrals.database.schema_migration import ensure_current, schema_of
from referrals.database.store import open_store
from referrals.ledger.audited_ledger import utc_now
from referrals.records import roles
from referrals.records.ledger_errors import BackupError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Table

    from core.storage.home import Home
    from referrals.database.store import LedgerStore
    from referrals.records.vocabulary import Actor

_DIGITS = 24  # of the home's identity that a mark carries
_AT_ONCE = 1000
_STREAMED = {"yield_per": _AT_ONCE}
_MODULUS = 2**256


@dataclass(frozen=True)
class MovedLedger:
    """What was moved: from where to where (no password in either), and how many rows each table has."""

    source: str
    target: str
    rows: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        return {**asdict(self), "referrals": self.rows.get("referrals", 0)}


def move_ledger(
    home: Home, url: str, *, actor: Actor, tell: Callable[[str], object] = lambda _words: None
) -> MovedLedger:
    """Move the ledger of a home into an empty database and close the old one.

    Parameters
    ----------
    home
        The home; the database that it has now is the old one.
    url
        The new database: `sqlite:////folder/file` or `postgresql://…`; empty, or begun by a move that was killed.
    actor
        Who moves it; written in the audit log.
    tell
        Is told which step is under way.

    Returns
    -------
    MovedLedger
        What was moved. From now on HARTA_DATABASE_URL has to name the new database.

    Raises
    ------
    BackupError
        The new database is the old one, or not empty, or what arrived is not what was sent; the old one is then
        untouched.
    LedgerError
        The old ledger is missing, foreign or damaged, or a database does not answer.
    """
    roles.require(actor, "store.keep")
    if make_url(url) == make_url(home.database_url):
        raise BackupError(_("Registrul de lucru este deja în această bază de date."))
    home_id = home.record().home_id or ""
    with closing(open_store(home.database_url, may_create=False)) as source, closing(open_store(url)) as target:
        if _carried(source) != MOVED_AWAY + home_id[:_DIGITS]:
            open_home_store(home).close()  # migrated, and this home's own
            home_id = home.record().home_id or ""
            tell(_("Pregătesc baza nouă…"))
            _take_in(target, home, MOVING_IN + home_id[:_DIGITS])
            _move(source, target, home_id, actor, tell)
        elif _carried(target) != MOVING_IN + home_id[:_DIGITS]:
            raise BackupError(
                _(
                    "Registrul de lucru a fost deja mutat din baza veche, în altă bază decât aceasta. "
                    "Nimic nu s-a schimbat."
                )
            )
        with source.read() as old, target.write() as new:
            rows = _compare(old, new)
            new.execute(update(identity).values(home_id=home_id))
    return MovedLedger(_shown(home.database_url), _shown(url), rows)


def _shown(url: str) -> str:
    return make_url(url).render_as_string(hide_password=True)


def _carried(store: LedgerStore) -> str:
    """Read which identity a database carries; empty where it has none, or no table yet."""
    with in_words(), store.engine.connect() as connection:
        if schema_of(connection) is None:
            return ""
        owner = owner_in(connection) if connection.dialect.has_table(connection, identity.name) else None
        return owner.home_id if owner else ""


def _take_in(target: LedgerStore, home: Home, mark: str) -> None:
    """Mark the new database, so that no home opens it before all is there; empty it where a move was killed."""
    is_begun = _carried(target) == mark
    ensure_current(target)
    with target.write() as connection:
        if is_begun:
            for table in reversed(metadata.sorted_tables):
                connection.execute(delete(table))
        elif owner_in(connection) is not None or not is_unwritten(connection):
            raise BackupError(_("Baza de date nu este goală. Mutați într-una nouă; aici nu se suprascrie nimic."))
        row = {"slot": 1, "home_id": mark, "kind": home.mode, "recorded_at": utc_now()}
        connection.execute(insert(identity).values(row))


def _move(source: LedgerStore, target: LedgerStore, home_id: str, actor: Actor, tell: Callable[[str], object]) -> None:
    with source.write() as old:
        if not source.is_sqlite:  # SQLite's writing transaction keeps every other writer out already
            names = ", ".join(table.name for table in metadata.sorted_tables)
            old.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))
        step = audit.AuditEvent(
            "store.move", "ledger", before=source.engine.dialect.name, after=target.engine.dialect.name
        )
        audit.append(old, step.subject, step, actor=actor, at=utc_now())
        with target.write() as new:
            for table in reversed(metadata.sorted_tables):
                new.execute(delete(table))
            rows = {}
            for table in metadata.sorted_tables:
                tell(_("Mut {table}…").format(table=table.name))
                rows[table.name] = copy_table(old, new, table)
            tell(_("Verific ce a ajuns…"))
            check_copy(new, rows)
            _compare(old, new)
            continue_numbers(new)
            new.execute(update(identity).values(home_id=MOVING_IN + home_id[:_DIGITS]))
        old.execute(update(identity).values(home_id=MOVED_AWAY + home_id[:_DIGITS]))
        _refuse_writing(old)


def _compare(old: Connection, new: Connection) -> dict[str, int]:
    """Hold every row of both against each other; return how many rows each table has."""
    rows = {}
    for table in metadata.sorted_tables:
        there, here = _content(old, table), _content(new, table)
        if table is not identity and there != here:
            raise BackupError(
                _("Mutarea nu s-a făcut: {table} diferă între cele două baze. Baza veche este neatinsă.").format(
                    table=table.name
                )
            )
        rows[table.name] = here[0]
    return rows


def _content(connection: Connection, table: Table) -> tuple[int, int]:
    """Count the rows of a table and sum up their digests: the two kinds of databases order texts differently."""
    count, total = 0, 0
    for part in connection.execute(select(table), execution_options=_STREAMED).partitions(_AT_ONCE):
        count += len(part)
        for row in part:
            total += int.from_bytes(hashlib.sha256(repr(tuple(row)).encode()).digest())
    return count, total % _MODULUS


def _refuse_writing(old: Connection) -> None:
    """Let the old database refuse every writing: a program that has it open still must not go on in it."""
    if old.dialect.name == "postgresql":
        old.execute(
            text(
                "CREATE OR REPLACE FUNCTION harta_moved() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$BEGIN RAISE EXCEPTION '{LEDGER_MOVED}'; END$$"
            )
        )
    for table in metadata.sorted_tables:
        if old.dialect.name == "postgresql":
            old.execute(
                text(
                    f"CREATE TRIGGER harta_moved BEFORE INSERT OR UPDATE OR DELETE ON {table.name} "
                    "FOR EACH STATEMENT EXECUTE FUNCTION harta_moved()"
                )
            )
            continue
        for verb in ("INSERT", "UPDATE", "DELETE"):
            old.execute(
                text(
                    f"CREATE TRIGGER harta_moved_{table.name}_{verb.lower()} BEFORE {verb} ON {table.name} "
                    f"BEGIN SELECT RAISE(ABORT, '{LEDGER_MOVED}'); END"
                )
            )
