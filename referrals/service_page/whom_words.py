"""Whom a service takes and from where, in words: what its register says, else what holds for its type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.cells import int_or_none
from core.errors import MapError
from core.i18n import _, ngettext, number
from providers.rules import taxonomy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from providers.catalogue.catalogue import Catalogue
    from providers.catalogue.snapshot import Snapshot

_MOST_AREAS = 12  # of a list; the rest is counted


def whom_words(catalogue: Catalogue, row: int) -> str:
    """Return in words whom a service takes: age, sex and situations.

    Parameters
    ----------
    catalogue
        Of this moment.
    row
        Of the service in it.

    Returns
    -------
    str
        Parts with `·` between them; everybody where nothing is said.
    """
    parts = [_age_words(catalogue, row), _sex_words(catalogue.cell("sex", row)), _group_words(catalogue, row)]
    return " · ".join(filter(None, parts)) or _("oricine")


def _age_words(catalogue: Catalogue, row: int) -> str:
    low, high = int_or_none(catalogue.cell("age_min", row)), int_or_none(catalogue.cell("age_max", row))
    if catalogue.rules.pension_age[row]:
        return _("de la vârsta de pensionare")
    if low and high is not None:
        return ngettext("{low}–{n} an", "{low}–{n} ani", high).format(low=low, n=number(high))
    if low:
        return _("de la {age}").format(age=_years(low))
    return _("până la {age}").format(age=_years(high)) if high is not None else ""


def _years(count: int) -> str:
    return ngettext("{n} an", "{n} ani", count).format(n=number(count))


def _sex_words(sex: object) -> str:
    return {"F": _("numai femei"), "M": _("numai bărbați")}.get(str(sex), "")


def _group_words(catalogue: Catalogue, row: int) -> str:
    value = catalogue.cell("groups", row)
    known = taxonomy.groups()
    codes = value.split(";") if isinstance(value, str) else []
    return ", ".join(_(known[code].name) for code in codes if code in known)


def area_words(snapshot: Snapshot, service: Mapping[str, Any]) -> str:
    """Return in words from where a service takes people, by where they live.

    Parameters
    ----------
    snapshot
        Catalogue and gazetteer of this moment.
    service
        Public facts of the service (`Catalogue.service`).

    Returns
    -------
    str
        Empty where that is not known.
    """
    if service["_area_unknown"]:
        return ""
    catalogue, places = snapshot.catalogue, snapshot.gazetteer
    county = service["county_served"] if isinstance(service["county_served"], str) else service["county"]
    named = catalogue.county_names.get(county, "")
    match service["service_area"]:
        case "own_uat":
            uat = int_or_none(service["uat_siruta"])
            return "" if uat is None else places.place_of(None, uat).label
        case "county":
            return _("județul {name}").format(name=named) if named else ""
        case "listed":
            return _listed_words(snapshot, str(service["areas_served"] or ""))
        case "region":
            region = catalogue.region_of_county.get(county)
            return ", ".join(
                n for code, n in catalogue.county_names.items() if catalogue.region_of_county[code] == region
            )
        case _:
            return _("toată țara")


def _listed_words(snapshot: Snapshot, codes: str) -> str:
    names = [_area_name(snapshot, code) for code in filter(None, (part.strip() for part in codes.split(";")))]
    shown, more = names[:_MOST_AREAS], len(names) - _MOST_AREAS
    text = ", ".join(shown)
    return text if more <= 0 else _("{said} și încă {n}").format(said=text, n=number(more))


def _area_name(snapshot: Snapshot, code: str) -> str:
    if not code.isdigit():
        return snapshot.catalogue.county_names.get(code, code)
    try:
        return snapshot.gazetteer.place_of(None, int(code)).label
    except MapError:  # a code that a later SIRUTA no longer has
        return code
