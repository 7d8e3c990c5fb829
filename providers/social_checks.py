"""Which rows of the social register cannot be loaded, and what is to be said of those that are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo.language import _, ngettext
from providers import secrecy, taxonomy
from providers.schema import Reject

if TYPE_CHECKING:
    from collections.abc import Container

    import pandas as pd


def refused(rows: pd.DataFrame, placed: pd.DataFrame, secret: pd.Series[Any]) -> list[Reject]:
    """List the rows that cannot be loaded, each with its first fault.

    rows: cleaned rows with `row`, `key`, `name`, `service_code` … placed: `providers.placing.place` of
    them. secret: whether the address is protected; such a row needs no place, and its reject does not
    say what was found (names hold towns too).
    """
    known = taxonomy.service_types()
    seen: set[str] = set()
    rejects = []
    for row, problem, hidden in zip(rows.to_dict("records"), placed["problem"], secret, strict=True):
        fault = _fault(row, known, seen) or ("" if hidden else problem)
        if not fault:
            seen.add(row["key"])
            continue
        field, reason = _FIELDS[fault]
        value = secrecy.PROTECTED_VALUE if hidden else str(row[field])
        rejects.append(Reject(row["row"], field, value, reason, _message(fault)))
    return rejects


# Field and reason code of each fault.
_FIELDS = {
    "no_name": ("name", "missing"),
    "no_key": ("key", "missing"),
    "no_code": ("service_code", "missing"),
    "unknown_code": ("service_code", "unknown_code"),
    "duplicate_key": ("key", "duplicate_key"),
    "bad_position": ("lat", "bad_position"),
    "ambiguous_place": ("locality", "ambiguous_place"),
    "not_placed": ("locality", "not_placed"),
}


def _fault(row: dict[Any, Any], known: Container[str], seen: set[str]) -> str:
    """Name the first fault that a row has in itself, place aside."""
    faults = {
        "no_name": not row["name"],
        "no_key": not row["key"],
        "no_code": not row["service_code"],
        "unknown_code": row["service_code"] not in known,
        "duplicate_key": row["key"] in seen,
    }
    return next((fault for fault, is_so in faults.items() if is_so), "")


def _message(fault: str) -> str:
    return {
        "no_name": _("Serviciul nu are nume."),
        "no_key": _("Rândul nu are un identificator al registrului."),
        "no_code": _("Lipsește codul serviciului social; se aștepta un cod din HG 867/2015."),
        "unknown_code": _("Codul nu este în nomenclatorul serviciilor sociale (HG 867/2015)."),
        "duplicate_key": _("Identificatorul a mai apărut în fișier; s-a păstrat primul rând."),
        "bad_position": _("Coordonatele nu cad în județul scris, iar localitatea nu a fost găsită."),
        "ambiguous_place": _("Mai multe localități din județ au acest nume; se aștepta și comuna sau SIRUTA."),
        "not_placed": _("Localitatea nu a fost găsită în județul scris; se aștepta un nume din SIRUTA."),
    }[fault]


def remarks(services: pd.DataFrame) -> tuple[str, ...]:
    """Say in counted words what the person who imports should know."""

    def flagged(flag: str) -> int:
        return int(services["flags"].str.split(";").map(lambda codes: flag in codes).sum())

    counts = (
        (flagged("county_mismatch"), _mismatches),
        (flagged("place_by_name"), _by_names),
        (flagged("possible_duplicate"), _twins),
        (int(services["is_secret"].sum()), _secrets),
        (int(services["places_max"].isna().sum()), _unknown_capacities),
    )
    return tuple(say(n).format(n=n) for n, say in counts if n)


def _mismatches(n: int) -> str:
    return ngettext(
        "{n} rând are punctul în alt județ decât cel scris; a fost așezat în localitatea scrisă.",
        "{n} rânduri au punctul în alt județ decât cel scris; au fost așezate în localitatea scrisă.",
        n,
    )


def _by_names(n: int) -> str:
    return ngettext(
        "{n} rând nu are cod SIRUTA; localitatea a fost găsită după nume și județ.",
        "{n} rânduri nu au cod SIRUTA; localitatea a fost găsită după nume și județ.",
        n,
    )


def _twins(n: int) -> str:
    return ngettext("{n} rând seamănă cu altul.", "{n} rânduri seamănă între ele.", n)


def _secrets(n: int) -> str:
    return ngettext("{n} serviciu are adresa protejată.", "{n} servicii au adresa protejată.", n)


def _unknown_capacities(n: int) -> str:
    return ngettext("{n} serviciu nu are capacitatea cunoscută.", "{n} servicii nu au capacitatea cunoscută.", n)
