"""Whose ledger a database is. A home opens its own database, and no other: never one of the other mode.

The home's record (`home.json`) and one row of the database carry the same random identity and the kind
(demonstration or live). They are compared before anything is migrated, read or written, and again by every
later connection. A database of an earlier version carries none: the first home that it fits takes it over.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, inspect, literal, select, text

from core.i18n import _
from core.storage.home import RECORD_FILE, new_home_id
from referrals.database.database_errors import in_words, missing_store_error
from referrals.database.models import accounts, audit, identity, reports
from referrals.database.schema_migration import LOCK, ensure_current, schema_of
from referrals.database.sqlite_file import sqlite_path
from referrals.database.store import LedgerStore, open_store
from referrals.records.ledger_errors import WRITING_REFUSED, ForeignStoreError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Table

    from core.storage.home import Home, HomeRecord, PublishedEditions

# In place of a home's identity: of a ledger that was moved to another database, and of one that is being moved there.
MOVED_AWAY, MOVING_IN = "moved:", "moving:"
INVENTED_SOURCE = "demonstrație"  # what the reports of a demonstration name as their source


@dataclass(frozen=True)
class Owner:
    """The home that a ledger belongs to."""

    home_id: str
    kind: str


def open_home_store(home: Home, *, may_begin: bool = False, may_join: bool = False) -> LedgerStore:
    """Open the database of a home, migrated, after making sure that it is this home's.

    may_begin: whether an empty database becomes the home's ledger, as `harta init` and `harta demo` ask for;
    without it only a home whose making was interrupted begins one. may_join: whether the home takes over the
    identity of a ledger that belongs to another home of the same kind (a second machine, a lost folder).
    Raises StoreMissingError, ForeignStoreError or StoreDamagedError; nothing is changed then.
    """
    may_begin = may_begin or not home.record().is_begun
    _refuse_file_of_another_home(home)
    store = open_store(home.database_url, may_create=may_begin)
    try:
        with in_words():
            found = _owner_before_migration(store, is_own=_has_own_file(home))
        if found is not None:
            _require_kind(home, found.kind)
        home_id = _settle_identity(home, found, may_join=may_join)
        ensure_current(store, may_begin=may_begin)
        if home_id is not None:
            owner = Owner(home_id, home.mode)
            if _claim(store, home, owner):
                store.connection_checks.check = lambda cursor: _check_owner(cursor, home, owner)
        store.connection_checks.may_create = False
    except BaseException:
        store.close()
        raise
    return store


def _refuse_file_of_another_home(home: Home) -> None:
    """Refuse a SQLite file in the folder of another home: it is that home's, whatever it carries."""
    path = sqlite_path(home.database_url)
    if path is None or _has_own_file(home) or not (path.parent / RECORD_FILE).exists():
        return
    raise ForeignStoreError(
        _(
            "{path} este baza de date a altui dosar de lucru ({other}), nu a dosarului {home}. Nimic nu s-a schimbat. "
            "Verificați HARTA_DATABASE_URL și HARTA_HOME."
        ).format(path=path, other=path.parent, home=home.path)
    )


def _has_own_file(home: Home) -> bool:
    """Whether the ledger is a SQLite file in the home's own folder."""
    path = sqlite_path(home.database_url)
    return path is not None and path.parent.resolve() == home.path.resolve()


def _owner_before_migration(store: LedgerStore, *, is_own: bool) -> Owner | None:
    """Read whose ledger it is; of one without identity, what its content says. None where nothing tells."""
    with store.engine.connect() as connection:
        if schema_of(connection) is None:
            return None
        there = set(inspect(connection).get_table_names())
        if identity.name in there and (found := owner_in(connection)):
            return found
        kind = _kind_by_content(connection, there, is_own=is_own)
        return Owner("", kind) if kind else None


def owner_in(connection: Connection) -> Owner | None:
    """Read whose ledger a database says it is; None where it does not say."""
    row = connection.execute(select(identity.c.home_id, identity.c.kind)).one_or_none()
    return Owner(row.home_id, row.kind) if row else None


def _kind_by_content(connection: Connection, there: set[str], *, is_own: bool) -> str | None:
    """Tell the kind of a ledger of an earlier version: a live one has accounts, a demonstration invented reports.

    is_own: whether it lies in the home's folder, where only a plain contradiction speaks against it.
    """
    has_accounts = accounts.name in there and _has_row(connection, accounts)
    is_invented = has_invented_reports(connection)
    if is_own:
        return "live" if has_accounts and not is_invented else None
    if has_accounts:
        return "live"
    if is_invented:
        return "demo"
    return "live" if _has_row(connection, audit) else None


def _has_row(connection: Connection, table: Table) -> bool:
    # The number alone: a table of an earlier version may lack columns that the models have.
    return connection.execute(select(literal(1)).select_from(table).limit(1)).first() is not None


def has_invented_reports(connection: Connection) -> bool:
    """Whether places were reported here as in a demonstration."""
    invented = select(reports.c.report_id).where(reports.c.source == INVENTED_SOURCE).limit(1)
    return connection.execute(invented).first() is not None


def _require_kind(home: Home, kind: str) -> None:
    if kind != home.mode:
        raise ForeignStoreError(
            _(
                "Baza de date este a unui dosar {found}, iar {path} este un dosar {expected}; datele demonstrative și "
                "cele reale nu se amestecă. Nimic nu s-a schimbat. Verificați HARTA_DATABASE_URL și HARTA_HOME."
            ).format(found=_kind_words(kind), path=home.path, expected=_kind_words(home.mode))
        )


def _kind_words(kind: str) -> str:
    return _("demonstrativ") if kind == "demo" else _("real")


def _another_home_error(carried: str = "") -> ForeignStoreError:
    if carried.startswith(MOVED_AWAY):
        return ForeignStoreError(
            _(
                "Registrul de lucru a fost mutat din această bază de date („harta move-ledger”); aici nu se mai scrie "
                "nimic. Puneți în HARTA_DATABASE_URL adresa bazei noi și porniți din nou."
            )
        )
    if carried.startswith(MOVING_IN):
        return ForeignStoreError(
            _(
                "În această bază de date se mută un registru de lucru, iar mutarea nu s-a încheiat. Rulați din nou "
                "„harta move-ledger”, cu HARTA_DATABASE_URL ca înainte."
            )
        )
    return ForeignStoreError(
        _(
            "Baza de date este a altui dosar de lucru. Nimic nu s-a schimbat. Verificați HARTA_DATABASE_URL și "
            "HARTA_HOME. Dacă dosarul acela s-a pierdut, sau lucrează pe alt calculator cu aceeași bază: "
            "„harta init --join”."
        )
    )


def _settle_identity(home: Home, found: Owner | None, *, may_join: bool) -> str | None:
    """Return the home's identity, new in a home that had none, or taken over from its own file or by joining.

    None where an old home's record cannot be written (a full disk, one only for reading): it goes on as it was.
    """
    carried = found.home_id if found else ""

    def settled(record: HomeRecord) -> HomeRecord:
        # A home that lost its record, or got a new one, knows its own file again.
        if carried.startswith((MOVED_AWAY, MOVING_IN)):
            raise _another_home_error(carried)
        knows_again = _has_own_file(home) and (record.home_id is None or not record.is_begun)
        if carried and carried != record.home_id and not (may_join or knows_again):
            raise _another_home_error()
        published = _published_now(home) if record.published is None else record.published
        return replace(record, home_id=carried or record.home_id or new_home_id(), published=published)

    before = home.record()
    if before.home_id is not None and settled(before) == before:
        return before.home_id
    try:
        return home.change_record(settled).home_id
    except OSError:
        return before.home_id


def _published_now(home: Home) -> Mapping[str, PublishedEditions]:
    from core.storage.editions import (
        EditionStore as Editions,  # slow to import, and only a home of an earlier version needs it
    )

    return Editions(home).published_now()


def _claim(store: LedgerStore, home: Home, owner: Owner) -> bool:
    """Write whose ledger it is where it does not say so yet; return whether it says so now.

    ForeignStoreError where it is another's.
    """
    with in_words(), store.engine.connect() as connection:
        found = owner_in(connection)
    if found is None:
        # A full disk, or one only for reading: the next opening writes it.
        with suppress(*WRITING_REFUSED), store.write() as connection:
            if not store.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
            found = owner_in(connection)
            if found is None:
                row = {"slot": 1, "home_id": owner.home_id, "kind": owner.kind, "recorded_at": datetime.now(UTC)}
                connection.execute(insert(identity).values(row))
                found = owner
    if found is None:
        return False
    if found != owner:
        raise _another_home_error(found.home_id)
    if not home.record().is_begun:
        with suppress(OSError):  # the next opening writes it
            home.change_record(lambda record: replace(record, is_begun=True))
    return True


def _check_owner(cursor: Any, home: Home, owner: Owner) -> None:
    """Hold the database behind a new connection against the home: it may have been exchanged meanwhile."""
    try:
        row = cursor.execute("SELECT home_id, kind FROM ledger_identity").fetchone()
    except Exception as error:
        if "ledger_identity" not in str(error):
            raise
        raise missing_store_error(_("baza la care duce adresa nu mai are tabelele hărții")) from error
    if row is None:
        raise missing_store_error(_("baza la care duce adresa a fost golită"))
    _require_kind(home, row[1])
    if row[0] != owner.home_id:
        raise _another_home_error(row[0])
