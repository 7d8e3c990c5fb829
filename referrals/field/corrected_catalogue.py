"""Corrections from the field laid over the catalogue, and taken out of it for the register's owner.

An accepted report changes the published fact that it was written against, and nothing once the register
publishes another: the next edition that mends the fact ends the correction by itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.cells import date_or_none
from core.errors import MapError
from core.i18n import _
from core.storage.service_ids import parts
from providers.authorities.authorities import NO_CONTACT
from providers.catalogue.catalogue import Catalogue, make_catalogue
from providers.registries import contacts
from providers.registries.corrections import COLUMNS as CORRECTION_COLUMNS
from providers.registries.geocoding import join_flags
from providers.registries.licences import read_date
from referrals.field import field_reports
from referrals.field.field_reports import Doubted, FieldReport
from referrals.records import told_facts
from referrals.records.free_text import refuse_personal
from referrals.records.ledger_errors import BadReportError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from geo.gazetteer.gazetteer import Gazetteer

EXPORT_COLUMNS = ("service_id", "name", *CORRECTION_COLUMNS, "state")
_COLUMN = {
    "phone": "phone", "address": "address", "hours": "hours", "name": "name", "email": "email",
    "moved": "locality_siruta", "gone": "operating_status",
}  # fmt: skip
_AS_TYPED = ("phone", "hours", "name", "email")
_AGES = ("age_min", "age_max")
_CHOSEN = ("waiting", "languages", "wheelchair")
NO_COLUMN = frozenset({"other", "conditions", "silent", *_CHOSEN})  # accepted they change no column of the register
_BETWEEN_DAYS = re.compile(r"\s*/\s*|\s+[-–]\s+")
_LONGEST_CLOSURE = timedelta(days=366)  # assumed: what is closed for longer is closed, not closed for a time


@dataclass(frozen=True)
class CorrectedCatalogue:
    """A catalogue with its corrections.

    Attributes
    ----------
    catalogue
        The catalogue, corrections laid over it.
    stale
        Numbers of the corrections that the register has overtaken.
    """

    catalogue: Catalogue
    stale: frozenset[int]


def doubted(service: Mapping[str, Any], what: str, *, key: str = "") -> Doubted:
    """Return the published fact of a service (`Catalogue.service`) that a report of this kind doubts.

    key: what the ledger calls the service, where that is not its `service_id`.
    """
    county = service["county_served"] if _said(service["county_served"]) else service["county"]
    return Doubted(key or str(service["service_id"]), _said(county), published(service, what))


def published(service: Mapping[str, Any], what: str) -> str:
    """Write down what the register says now of the fact that a report doubts."""
    if what in NO_COLUMN:
        return ""
    if what == "ages":
        lines = ["" if pd.isna(service[name]) else str(int(service[name])) for name in _AGES]
        return "-".join(lines) if any(lines) else ""
    if what == "moved":
        return "|".join(_said(service[name]) for name in ("locality_siruta", "address"))
    if what == "closed":
        return field_reports.format_period(*(date_or_none(service[name]) for name in ("closed_from", "closed_until")))
    return _said(service[_COLUMN.get(what, "operating_status")])


def validate_value(what: str, value: str, service: Mapping[str, Any], gazetteer: Gazetteer) -> str:
    """Check the right value that somebody gives: an office's telephone, the place where it is now, when it is closed.

    Returns the telephone in national form, the SIRUTA code of the locality, or the period of a closure for a time as
    `field_reports.format_period` writes it, read of two days with a slash between them (one may be missing, not the
    whole). Raises BadReportError, BadValueError, UnknownPlaceError, AmbiguousPlaceError.
    """
    typed = value.strip()
    if what == "closed":
        return _validate_period(typed, service)
    if not typed:
        return ""
    if service["is_secret"]:
        raise BadReportError(_("Adresa este protejată: aici nu se scrie nici telefonul, nici locul."))
    if what in _VALIDATORS:
        return _VALIDATORS[what](typed)
    if what in ("address", "hours", "name"):
        return refuse_personal(typed, field=field_reports.what_label(what))
    if what == "moved":
        place = gazetteer.resolve(typed, near=_said(service["county"]) or None)
        return str(place.locality_siruta or place.uat_siruta)
    raise BadReportError(_("La „{what}” nu se scrie o valoare nouă.").format(what=field_reports.what_label(what)))


def _validate_email(typed: str) -> str:
    found = contacts.emails(typed)
    if found != typed:
        raise BadReportError(_("E-mail: „{found}” nu este o adresă. Scrieți una singură.").format(found=typed[:40]))
    return found


_VALIDATORS: dict[str, Callable[[str], str]] = {
    "phone": contacts.typed_phones,
    "email": _validate_email,
    "ages": told_facts.check_ages,
    **{what: partial(told_facts.check_choice, what) for what in _CHOSEN},
}


def _validate_period(typed: str, service: Mapping[str, Any]) -> str:
    if service["is_secret"]:
        raise BadReportError(_("Adresa este protejată: aici nu se scrie când este închis."))
    items = _BETWEEN_DAYS.split(typed)
    items = items if len(items) == 2 else ["", typed]  # noqa: PLR2004  one day alone is the last one
    days = [read_date(each) for each in items]
    is_read = all(day or each in ("", "..") for each, day in zip(items, days, strict=True))
    if not is_read or not any(days):
        raise BadReportError(
            _("Închis temporar: „{found}”. Scrieți prima și ultima zi, de exemplu 01.12.2026/10.12.2026.").format(
                found=typed[:40]
            )
        )
    first, last = days
    if first and last and not first <= last <= first + _LONGEST_CLOSURE:
        raise BadReportError(
            _("Închis temporar: ultima zi este înaintea celei dintâi, sau la mai mult de un an după ea.")
        )
    return field_reports.format_period(first, last)


def apply_corrections(
    catalogue: Catalogue, corrections: Iterable[FieldReport], gazetteer: Gazetteer
) -> CorrectedCatalogue:
    """Lay accepted reports over a catalogue.

    `phone`, `address`, `hours`, `email`, `ages`: what is right, or none. `name`: the right one. NO_COLUMN: nothing.
    `moved`: the point of the new locality (whom it serves stays), or no place where nobody knows it. `gone`: closed.
    `closed`: closed from the first day to the last. A secret service is only ever closed for good.

    Parameters
    ----------
    catalogue
        As the registers say.
    corrections
        Accepted reports; one whose published value the register has changed since is stale, and is not applied.
    gazetteer
        Points of localities.

    Returns
    -------
    CorrectedCatalogue
        A new catalogue, or the same one where nothing applies.
    """
    rows: list[tuple[int, FieldReport]] = []
    stale: set[int] = set()
    for each in corrections:
        row = catalogue.position.get(each.service_id)
        if row is None:
            continue  # gone from the register; it waits in case the register brings the service back
        service = dict(catalogue.services.iloc[row])
        if each.what in NO_COLUMN:
            continue
        is_same = published(service, each.what) == each.published
        if is_same and not (service["is_secret"] and each.what != "gone"):
            rows.append((row, each))
        elif not is_same:
            stale.add(each.report_id)
    if not rows:
        return CorrectedCatalogue(catalogue, frozenset(stale))
    services = catalogue.services.copy()
    for row, each in rows:
        for column, value in _change(each, dict(catalogue.services.iloc[row]), gazetteer).items():
            services.loc[row, column] = value
        if each.what == "closed":  # over one day, by itself: a flag would stay
            continue
        flags = join_flags(
            str(services["flags"].iloc[row]),
            f"{each.what}_{'told' if each.role == field_reports.PROVIDER else 'checked'}",
        ).split(";")
        services.loc[row, "flags"] = ";".join(flag for flag in flags if not (each.value and flag == NO_CONTACT))
    made = make_catalogue(services, gazetteer, manifests=catalogue.manifests, sealed=catalogue.sealed)
    return CorrectedCatalogue(made, frozenset(stale))


def _change(correction: FieldReport, service: Mapping[str, Any], gazetteer: Gazetteer) -> dict[str, Any]:
    if correction.what in _AS_TYPED:
        return {} if correction.what == "name" and not correction.value else {correction.what: correction.value or None}
    if correction.what == "address":  # the point was that of another door
        return {"address": correction.value or None} | _middle_of_locality(service, gazetteer)
    if correction.what in ("ages", "gone"):
        ages = told_facts.parse_ages(correction.value)
        return {"operating_status": "closed"} if correction.what == "gone" else dict(zip(_AGES, ages, strict=True))
    if correction.what == "closed":
        days = field_reports.parse_period(correction.value)
        first, last = (pd.NaT if day is None else pd.Timestamp(day) for day in days)
        return {"closed_from": first, "closed_until": last}
    return _moved(correction, gazetteer)


def _moved(correction: FieldReport, gazetteer: Gazetteer) -> dict[str, Any]:
    unplaced = {
        "address": None,
        "locality": None,
        "lat": float("nan"),
        "lon": float("nan"),
        "position_precision": "none",
    }
    if not correction.value:
        return unplaced
    try:
        place = gazetteer.by_siruta(int(correction.value))
    except MapError:  # a code that a later SIRUTA no longer has
        return unplaced
    precision = "locality" if place.locality_siruta else "uat"
    return {
        "address": None,
        "locality": place.name,
        "lat": place.lat,
        "lon": place.lon,
        "position_precision": precision,
    }


def _middle_of_locality(service: Mapping[str, Any], gazetteer: Gazetteer) -> dict[str, Any]:
    codes = [int(service[name]) for name in ("locality_siruta", "uat_siruta") if not pd.isna(service[name])]
    if not codes:
        return {}
    try:
        place = gazetteer.by_siruta(codes[0])
    except MapError:  # a code that a later SIRUTA no longer has
        return {}
    return {"lat": place.lat, "lon": place.lon, "position_precision": "locality" if place.locality_siruta else "uat"}


def export_table(corrections: Iterable[FieldReport], catalogue: Catalogue, stale: frozenset[int]) -> pd.DataFrame:
    """Return corrections for the register's owner: EXPORT_COLUMNS, one row a corrected column.

    row_id is the registry's own key. `reason` is what was reported, `source` the day it was settled; `state` says
    whether the register still publishes the old fact.
    """
    lines = []
    for each in corrections:
        row = catalogue.position.get(each.service_id)
        facts = dict(catalogue.services.iloc[row]) if row is not None else {}
        day = (each.settled_at or each.reported_at).date()
        lines += [
            {
                "service_id": each.service_id,
                "name": _said(facts.get("name")),
                "row_id": _said(facts.get("registry_key")) or parts(each.service_id)[2],
                "column": column,
                "published": was,
                "corrected": corrected,
                "reason": field_reports.what_label(each.what),
                "source": _("sesizare din teren, verificată la {day}").format(day=f"{day:%d.%m.%Y}"),
                "state": _("registrul s-a schimbat între timp") if each.report_id in stale else _("de îndreptat"),
            }
            for column, was, corrected in _columns(each)
        ]
    return pd.DataFrame(lines, columns=list(EXPORT_COLUMNS)).astype("str")


def _columns(correction: FieldReport) -> list[tuple[str, str, str]]:
    """Tell which columns a correction is about, what they said and what is right."""
    if correction.what in NO_COLUMN:
        return []
    if correction.what == "ages":
        pairs = [text.partition("-")[::2] for text in (correction.published, correction.value)]
        return list(zip(_AGES, *pairs, strict=True))
    if correction.what == "closed":
        periods = [field_reports.parse_period(text) for text in (correction.published, correction.value)]
        days = [["" if day is None else day.isoformat() for day in period] for period in periods]
        return list(zip(("closed_from", "closed_until"), *days, strict=True))
    was = correction.published.partition("|")[0] if correction.what == "moved" else correction.published
    corrected = "closed" if correction.what == "gone" else correction.value
    return [(_COLUMN[correction.what], was, corrected)]


def _said(value: object) -> str:
    """Write a cell as text, empty where it says nothing."""
    return "" if value is None or pd.isna(value) else str(value)  # type: ignore[call-overload]
