"""Troubles of the database said in words: what a driver raised, what it means, what to do."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core.i18n import _
from referrals.records.ledger_errors import (
    KeyReusedError,
    LedgerError,
    SecondPlaceError,
    SignInError,
    StoreBusyError,
    StoreDamagedError,
    StoreFullError,
    StoreLostError,
    StoreMissingError,
    StoreReadOnlyError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


LEDGER_MOVED = "harta: this ledger was moved"  # what a database says that was closed to writing by a move


def missing_store_error(found: str) -> StoreMissingError:
    """Say that the home's database is gone: what was found, what was expected, what to do."""
    return StoreMissingError(
        _(
            "Baza de date a dosarului lipsește: {found}. Aici erau conturile, cazurile, referirile și jurnalul; nimic "
            "nu a fost creat în loc. Verificați discul și HARTA_DATABASE_URL, apoi puneți baza la loc, sau restaurați "
            "o copie („harta restore”, într-un dosar nou). Numai „harta init” (sau „harta demo”) începe una nouă, "
            "goală."
        ).format(found=found)
    )


def busy_error() -> StoreBusyError:
    """Say that somebody else keeps the database."""
    return StoreBusyError(_("Baza de date este ocupată de alt program. Așteptați puțin și încercați din nou."))


def full_error() -> StoreFullError:
    """Say that the disk has no room to write."""
    return StoreFullError(_("Discul este plin. Nimic nu s-a schimbat; eliberați spațiu și încercați din nou."))


def _moved_error() -> StoreReadOnlyError:
    return StoreReadOnlyError(
        _(
            "Registrul de lucru tocmai a fost mutat în altă bază de date: nimic nu s-a scris aici. Aplicația trebuie "
            "pornită din nou, cu adresa nouă; anunțați administratorul."
        )
    )


@contextmanager
def in_words() -> Iterator[None]:
    """Turn the database's troubles into LedgerErrors; anything that is no trouble of the store passes through."""
    try:
        yield
    except PoolTimeout as error:
        raise busy_error() from error
    except IntegrityError as error:
        raise integrity_error(error) from error
    except DBAPIError as error:
        raise (driver_error(error.orig, lost=error.connection_invalidated) or error) from error
    except sqlite3.Error as error:  # from our own BEGIN, which SQLAlchemy does not dress
        raise (driver_error(error) or error) from error


def integrity_error(error: IntegrityError) -> Exception:
    """Say what two writers at the same moment wanted to do twice: the tables' own last line of defence."""
    text = str(error.orig)
    if LEDGER_MOVED in text:
        return _moved_error()
    if "uq_referrals_one_place" in text or "referrals.case_ref, referrals.need" in text:
        return SecondPlaceError(_("Cazul are deja un loc pentru această nevoie. Anulați-l sau mutați-l pe acela."))
    if "uq_accounts_identity" in text or "accounts.identity" in text:
        return SignInError(_("Această identitate deschide deja un cont. Cereți ajutor unității județene."))
    if "answered_requests" in text:
        return KeyReusedError(_("Aceeași cheie a fost folosită pentru altă cerere. Reîncărcați pagina."))
    return error


# PostgreSQL's own codes (SQLSTATE), from its manual, appendix A.
_PG_READ_ONLY = {"25006"}
_PG_FULL = {"53100", "53200"}
_PG_BUSY = {"55P03", "40001", "40P01", "53300", "57014"}
_PG_MISSING = {"42P01", "42703"}
_PG_LOST = {"57P01", "57P02", "57P03"}


def _why_not_open(text: str) -> str:
    if "not a database" in text:
        return _("fișierul nu este o bază de date")
    if "malformed" in text or "decode" in text:
        return _("conținutul ei este deteriorat")
    return _("fișierul lipsește sau nu poate fi citit")


def driver_error(  # noqa: PLR0911  (a list of cases reads best as one)
    cause: BaseException | None, *, lost: bool = False
) -> LedgerError | None:
    """Say in Romanian what a driver's error means and what to do; None for one that is no trouble of the store."""
    text = str(cause).lower()
    state = getattr(cause, "sqlstate", None) or ""
    if LEDGER_MOVED in text:
        return _moved_error()
    if state in _PG_READ_ONLY or "readonly" in text or "read-only" in text:
        return StoreReadOnlyError(
            _("Nu se poate scrie în baza de date: discul sau baza este numai pentru citire. Nimic nu s-a schimbat.")
        )
    if state in _PG_FULL or "disk is full" in text or "no space left" in text:
        return full_error()
    if getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_IOERR_SHMSIZE:  # no room for the journal's memory
        return full_error()
    if state in _PG_BUSY or "locked" in text or "busy" in text:
        return busy_error()
    if state in _PG_LOST or state.startswith("08") or lost or _is_connection(cause, state):
        return StoreLostError(
            _(
                "Legătura cu baza de date s-a întrerupt. Încercați din nou: "
                "dacă cererea fusese deja primită, nu se face a doua oară."
            )
        )
    if "unable to open" in text or "not a database" in text or "malformed" in text or "could not decode" in text:
        return StoreDamagedError(_("Baza de date nu poate fi deschisă: {why}").format(why=_why_not_open(text)))
    if state in _PG_MISSING or "no such table" in text or "no such column" in text:
        return StoreDamagedError(
            _("Bazei de date îi lipsește o parte ({why}). Restaurați o copie de rezervă a ei.").format(
                why=str(cause).splitlines()[0][:120]
            )
        )
    if "disk i/o" in text:
        return LedgerError(_("Discul a dat o eroare. Nimic nu s-a schimbat. Rulați „harta doctor”."))
    return None


def _is_connection(cause: BaseException | None, state: str) -> bool:
    """Whether psycopg gave up before any server answered: its OperationalError without a code."""
    return not state and type(cause).__name__ == "OperationalError" and "psycopg" in type(cause).__module__
