"""Public offices that every place has by law: the fifth list, made from the gazetteer.

`data/providers/authority_kinds.csv` says which offices there are, at whose seat and whom they serve; the
gazetteer says where. They are facts of law without contacts: those are empty until somebody imports them,
and every row says so in its flags.

Which office issues the papers of a commune is not in any list here: a commune has no row until a list that names whom
each office serves is imported, and the answer says whom to ask (`data/providers/known_kinds.csv`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.i18n import _, language
from core.reading.curated_tables import FOLDER, PROVENANCE_COLUMNS, CuratedRow, read_rows
from core.storage.import_kinds import AUTHORITY, REGISTRIES
from core.storage.service_ids import service_id
from core.text import fold
from providers.rules.schema import services_table
from providers.rules.taxonomy import service_types

if TYPE_CHECKING:
    from pathlib import Path

    from geo.gazetteer.gazetteer import Gazetteer

SEATS = ("uat", "town", "sector", "county_seat", "listed")
SERVES = ("own_uat", "county", "nation", "listed")
AREA_COLUMNS = ("service_type", "name", "county", "seat_siruta", "areas_served", "is_suspended")
NO_CONTACT, SEAT_ASSUMED = "no_contact", "seat_assumed"
AREA_TRANSCRIBED = "area_transcribed"
_BUCHAREST = "B"
_OF_UNIT = {"commune": "comunei {name}", "town": "orașului {name}", "municipality": "municipiului {name}"}


@dataclass(frozen=True)
class AuthorityKind:
    """One kind of office.

    Attributes
    ----------
    service_type
        Its code in the taxonomy.
    seat, serves
        Where it sits, and whose people it serves.
    name, name_bucharest, organization, organization_bucharest
        Patterns of names; None = none there.
    register_type
        The type of a register that lists the same offices, and then takes their place.
    register_name
        The names of that type that do (as `core.text.fold` writes them); None = all.
    basis
        The law.
    areas_file
        Where seat and serves are `listed`, the table (AREA_COLUMNS) of the offices, their seats and whom each serves,
        as an act of law lists them.
    """

    service_type: str
    seat: str
    serves: str
    name: str | None
    name_bucharest: str | None
    organization: str | None
    organization_bucharest: str | None
    register_type: str | None
    register_name: str | None
    basis: str
    areas_file: str | None


@cache
def kinds(folder: Path = FOLDER) -> tuple[AuthorityKind, ...]:
    """Return the kinds of offices, in the order of the file; a type may have several rows."""
    columns = [*(field.name for field in fields(AuthorityKind)), *PROVENANCE_COLUMNS]
    known: dict[str, object] = dict(service_types(folder))
    return tuple(_kind(row, known) for row in read_rows(folder / "authority_kinds.csv", columns))


def _kind(row: CuratedRow, known: dict[str, object]) -> AuthorityKind:
    return AuthorityKind(
        service_type=row.key("service_type", known, "service_types.csv"),
        seat=row.choice("seat", SEATS),
        serves=row.choice("serves", SERVES),
        name=row.optional("name"),
        name_bucharest=row.optional("name_bucharest"),
        organization=row.optional("organization"),
        organization_bucharest=row.optional("organization_bucharest"),
        register_type=row.optional("register_type"),
        register_name=row.optional("register_name"),
        basis=row.provenance().basis,
        areas_file=row.optional("areas_file"),
    )


@lru_cache(maxsize=2)
def derive(gazetteer: Gazetteer, folder: Path = FOLDER) -> pd.DataFrame:
    """Make the table of offices (`providers.rules.schema.SERVICE_COLUMNS`, registry `authority`).

    One row an office and a kind of area: each UAT's and sector's town hall and social assistance, each
    county's offices at its seat, papers in each town, courts where an act lists them. Positions are seats
    (`position_precision` = uat). Flags: `no_contact` on all, `area_transcribed` where whom it serves was copied out of
    an act by somebody else, `seat_assumed` where the county's offices sit in another county (Ilfov's in București).

    Parameters
    ----------
    gazetteer
        UATs, sectors and counties with their seats.
    folder
        Where the curated tables are.

    Returns
    -------
    pd.DataFrame
        One table for all who ask with the same gazetteer: it is not to be changed.
    """
    seats = {seat: _seats(seat, gazetteer) for seat in SEATS if seat != "listed"}
    tables = [
        _listed_offices(kind, folder / kind.areas_file, gazetteer)
        if kind.areas_file
        else _offices(kind, seats[kind.seat])
        for kind in kinds(folder)
    ]
    offices = services_table(pd.concat(tables, ignore_index=True))
    return offices.assign(source_row=pd.Series(range(1, len(offices) + 1), dtype="Int64"))


def office_name(name: str, service_type: str) -> str:
    """Format the name of an office of `derive` in the language of this request.

    What we have made of its name ("Evidența persoanelor: …") is translated; the name of the institution, of the
    place or of the county inside it stays as it is.
    """
    if language() == "ro":
        return name
    for pattern, found in _patterns(service_type):
        if match := found.fullmatch(name):
            return _(pattern).format(**match.groupdict())
    return name


@cache
def _patterns(service_type: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    own = (kind for kind in kinds() if kind.service_type == service_type)
    patterns = {pattern for kind in own for pattern in (kind.name, kind.name_bucharest) if pattern}
    return tuple(
        (each, re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(each))))
        for each in sorted(patterns, key=len, reverse=True)
    )


def _offices(kind: AuthorityKind, seats: pd.DataFrame) -> pd.DataFrame:
    offices = pd.DataFrame(
        {
            "service_type": kind.service_type,
            "registry": AUTHORITY,
            "name": _named(seats, kind.name, kind.name_bucharest),
            "organization": _named(seats, kind.organization, kind.organization_bucharest),
            "county": seats["county"],
            "county_served": seats["county_served"],
            "uat_siruta": seats["uat_siruta"],
            "locality_siruta": seats["seat_locality_siruta"],
            "locality": seats["place"],
            "lat": seats["lat"],
            "lon": seats["lon"],
            "position_precision": np.where(seats["lat"].isna(), "none", "uat"),
            "service_area": kind.serves,
            "areas_served": None,
            "flags": _flags(seats),
            "licence_status": "unknown",
            "accreditation_status": "unknown",
        }
    )
    offices["registry_key"] = _keys(kind, seats)
    offices["service_id"] = service_id(AUTHORITY, REGISTRIES[AUTHORITY].default_source, "") + offices["registry_key"]
    return offices[offices["name"].notna()]


def _listed_offices(kind: AuthorityKind, file: Path, gazetteer: Gazetteer) -> pd.DataFrame:
    """Make the offices that a table lists in the gazetteer's counties, at the seats of the UATs that it names."""
    uats = gazetteer.uats.set_index("uat_siruta")
    known, counties = dict.fromkeys(map(str, uats.index)), set(uats["county"])
    rows = [
        row
        for row in read_rows(file, AREA_COLUMNS)
        if row.cells["service_type"] == kind.service_type and row.cells["county"] in counties
    ]
    seats = uats.loc[[int(row.key("seat_siruta", known, "SIRUTA")) for row in rows]].reset_index()
    names = [row.text("name") for row in rows]
    areas = [";".join(row.keys("areas_served", known, "SIRUTA")) or None for row in rows]
    keys = f"{kind.service_type.removeprefix('AUT-')}-" + seats["uat_siruta"].astype("str")
    return pd.DataFrame(
        {
            "service_id": service_id(AUTHORITY, REGISTRIES[AUTHORITY].default_source, "") + keys,
            "service_type": kind.service_type,
            "registry": AUTHORITY,
            "registry_key": keys,
            "name": names,
            "organization": names,
            "county": seats["county"],
            "county_served": [row.text("county") for row in rows],
            "uat_siruta": seats["uat_siruta"],
            "locality_siruta": seats["seat_locality_siruta"],
            "locality": seats["name"],
            "lat": seats["lat"],
            "lon": seats["lon"],
            "position_precision": np.where(seats["lat"].isna(), "none", "uat"),
            "service_area": "listed",
            "areas_served": areas,
            "operating_status": ["closed" if row.flag("is_suspended") else "open" for row in rows],
            "flags": f"{NO_CONTACT};{AREA_TRANSCRIBED}",
            "licence_status": "unknown",
            "accreditation_status": "unknown",
        }
    )


def _seats(seat: str, gazetteer: Gazetteer) -> pd.DataFrame:
    """Return where offices sit: a row an office, with `place`, `county_served` and `county_name`."""
    columns = ["uat_siruta", "name", "county", "kind", "is_urban", "seat_locality_siruta", "lat", "lon"]
    uats = gazetteer.uats[columns].rename(columns={"name": "place"})
    counties = gazetteer.counties[["county", "name", "seat_uat_siruta"]].rename(columns={"name": "county_name"})
    if seat == "county_seat":
        served = counties.rename(columns={"county": "county_served", "seat_uat_siruta": "uat_siruta"})
        return served.merge(uats, on="uat_siruta")
    # Bucharest's papers and children are its sectors' business; a town is any other urban unit.
    in_sectors = uats["kind"] == "sector"
    if seat == "sector":
        uats = uats[in_sectors]
    elif seat == "town":
        uats = uats[in_sectors | (uats["is_urban"] & (uats["county"] != _BUCHAREST))]
    names = counties.set_index("county")["county_name"].to_dict()
    return uats.assign(county_served=uats["county"], county_name=uats["county"].map(names)).reset_index(drop=True)


def _named(seats: pd.DataFrame, pattern: str | None, in_bucharest: str | None) -> list[str | None]:
    """Fill the pattern of each seat: {county}, {place} (its name) and {unit} (its town hall)."""
    columns = ("kind", "place", "county_name", "county_served")
    named: list[str | None] = []
    for kind, place, county, served in zip(*(seats[column].tolist() for column in columns), strict=True):
        chosen = in_bucharest if served == _BUCHAREST else pattern
        of_unit = _OF_UNIT.get(kind, "{name}").format(name=place.replace("Sectorul", "Sectorului"))
        named.append(chosen and chosen.format(county=county, place=place, unit=f"Primăria {of_unit}"))
    return named


def _flags(seats: pd.DataFrame) -> list[str]:
    elsewhere = seats["county"] != seats["county_served"]
    return [f"{NO_CONTACT};{SEAT_ASSUMED}" if away else NO_CONTACT for away in elsewhere]


def _keys(kind: AuthorityKind, seats: pd.DataFrame) -> pd.Series[str]:
    where = seats["county_served"] if kind.seat == "county_seat" else seats["uat_siruta"].astype("str")
    return kind.service_type.removeprefix("AUT-") + "-" + where


def without_registered(authorities: pd.DataFrame, services: pd.DataFrame, folder: Path = FOLDER) -> pd.DataFrame:
    """Leave out the offices that a register lists for the same county (its row has contacts), so none shows twice.

    services: any services of the registers, with `service_type`, `name`, `county_served` and `county`. Only offices of
    whole counties have such a twin: an imported one that serves listed places stays.
    """
    listed: set[tuple[str, object]] = set()
    county = services["county_served"].where(services["county_served"].notna(), services["county"])
    for kind in kinds(folder):
        if kind.register_type:
            own = (services["service_type"] == kind.register_type).to_numpy(bool)
            if kind.register_name:
                names = services["name"].where(own, "")
                own = own & np.array([bool(re.search(kind.register_name, fold(name))) for name in names], bool)
            listed |= {(kind.service_type, code) for code in county[own]}
    doubled = [
        area in ("county", "nation") and (code, served) in listed
        for code, served, area in zip(
            authorities["service_type"], authorities["county_served"], authorities["service_area"], strict=True
        )
    ]
    return authorities[~np.array(doubled, bool)].reset_index(drop=True)
