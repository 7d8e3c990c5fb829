"""Public offices that every place has by law: the fifth list, made from the gazetteer.

`data/providers/authority_kinds.csv` says which offices there are, at whose seat and whom they serve; the
gazetteer says where. They are facts of law without contacts: those are empty until somebody imports them,
and every row says so in its flags.

Which office issues the papers of a commune is not published: a commune's row points to the nearest town of
its county, flagged `area_assumed`, and its name tells to ask at the town hall (docs: `authority_kinds.csv`).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.crs import to_metric
from geo.language import _
from providers.schema import SERVICE_COLUMNS, services_table
from providers.tables import FOLDER, Row, read_rows
from providers.taxonomy import service_types

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from geo.gazetteer import Gazetteer

SEATS = ("uat", "town", "sector", "county_seat")
SERVES = ("own_uat", "county", "nearest_communes")
NO_CONTACT, AREA_ASSUMED, SEAT_ASSUMED = "no_contact", "area_assumed", "seat_assumed"
_BUCHAREST = "B"
_OF_UNIT = {"commune": "comunei {name}", "town": "orașului {name}", "municipality": "municipiului {name}"}


@dataclass(frozen=True)
class AuthorityKind:
    """One kind of office. seat: where it sits. serves: whose people. Names are patterns; None = none there.

    register_type: the type of a register that lists the same offices, and then takes their place.
    is_assumed: whom it serves is our assumption, not a published fact.
    """

    service_type: str
    seat: str
    serves: str
    name: str | None
    name_bucharest: str | None
    organization: str | None
    organization_bucharest: str | None
    register_type: str | None
    is_assumed: bool
    basis: str


@cache
def kinds(folder: Path = FOLDER) -> tuple[AuthorityKind, ...]:
    """Return the kinds of offices, in the order of the file; a type may have several rows."""
    columns = [field.name for field in fields(AuthorityKind)]
    known = {code: each for code, each in service_types(folder).items() if each.registry == "authority"}
    return tuple(_kind(row, dict(known)) for row in read_rows(folder / "authority_kinds.csv", columns))


def _kind(row: Row, known: dict[str, object]) -> AuthorityKind:
    return AuthorityKind(
        service_type=row.key("service_type", known, "service_types.csv"),
        seat=row.choice("seat", SEATS),
        serves=row.choice("serves", SERVES),
        name=row.optional("name"),
        name_bucharest=row.optional("name_bucharest"),
        organization=row.optional("organization"),
        organization_bucharest=row.optional("organization_bucharest"),
        register_type=row.optional("register_type"),
        is_assumed=row.flag("is_assumed"),
        basis=row.text("basis"),
    )


def derive(gazetteer: Gazetteer, folder: Path = FOLDER) -> pd.DataFrame:
    """Make the table of offices (`providers.schema.SERVICE_COLUMNS`, registry `authority`).

    One row an office and a kind of area: each UAT's and sector's town hall and social assistance, each
    county's offices at its seat, papers in each town. Positions are seats (`position_precision` = uat).
    Flags: `no_contact` on all, `area_assumed` where whom it serves is assumed, `seat_assumed` where the
    county's offices sit in another county (Ilfov's in București).
    """
    tables = [_offices(kind, gazetteer) for kind in kinds(folder)]
    offices = services_table(pd.concat(tables, ignore_index=True))
    return offices.assign(source_row=pd.Series(range(1, len(offices) + 1), dtype="Int64"))


def _offices(kind: AuthorityKind, gazetteer: Gazetteer) -> pd.DataFrame:
    seats = _seats(kind, gazetteer)
    at_home = seats["county_served"] != _BUCHAREST
    offices = pd.DataFrame(
        {
            "service_type": kind.service_type,
            "registry": "authority",
            "name": _named(seats, kind.name, kind.name_bucharest, at_home),
            "organization": _named(seats, kind.organization, kind.organization_bucharest, at_home),
            "county": seats["county"],
            "county_served": seats["county_served"],
            "uat_siruta": seats["uat_siruta"],
            "locality_siruta": seats["seat_locality_siruta"],
            "locality": seats["place"],
            "lat": seats["lat"],
            "lon": seats["lon"],
            "position_precision": np.where(seats["lat"].isna(), "none", "uat"),
            "service_area": "listed" if kind.serves == "nearest_communes" else kind.serves,
            "areas_served": _areas(kind, seats, gazetteer),
            "flags": _flags(kind, seats),
            "licence_status": "unknown",
            "accreditation_status": "unknown",
        }
    )
    offices["registry_key"] = _keys(kind, seats)
    offices["service_id"] = "authority:" + offices["registry_key"]
    keep = offices["name"].notna()
    if kind.serves == "nearest_communes":
        keep &= offices["areas_served"].notna()
    return offices[keep]


def _seats(kind: AuthorityKind, gazetteer: Gazetteer) -> pd.DataFrame:
    """Return where the offices of a kind sit: a row an office, with the county that it serves."""
    uats = gazetteer.uats.assign(place=gazetteer.uats["name"], county_served=gazetteer.uats["county"])
    if kind.seat == "county_seat":
        counties = gazetteer.counties.rename(columns={"county": "county_served", "name": "county_name"})
        seats = counties[["county_served", "county_name", "seat_uat_siruta"]].merge(
            uats.drop(columns="county_served"), left_on="seat_uat_siruta", right_on="uat_siruta"
        )
    else:
        # Bucharest's papers and children are its sectors' business; a town is any other urban unit.
        in_sectors = uats["kind"].eq("sector")
        wanted = {
            "uat": pd.Series(data=True, index=uats.index),
            "sector": in_sectors,
            "town": in_sectors | (uats["is_urban"] & uats["county"].ne(_BUCHAREST)),
        }[kind.seat]
        names = gazetteer.counties.set_index("county")["name"]
        seats = uats[wanted].assign(county_name=uats["county"].map(names))
    return seats.reset_index(drop=True)


def _named(
    seats: pd.DataFrame, pattern: str | None, in_bucharest: str | None, at_home: pd.Series[bool]
) -> list[str | None]:
    """Fill the pattern of each seat: {county}, {place} (its name) and {unit} (its town hall)."""
    named: list[str | None] = []
    for kind, place, county, outside in zip(seats["kind"], seats["place"], seats["county_name"], at_home, strict=True):
        chosen = pattern if outside else in_bucharest
        of_unit = _OF_UNIT.get(str(kind), "{name}").format(name=str(place).replace("Sectorul", "Sectorului"))
        named.append(chosen and chosen.format(county=county, place=place, unit=f"Primăria {of_unit}"))
    return named


def _areas(kind: AuthorityKind, seats: pd.DataFrame, gazetteer: Gazetteer) -> list[str | None]:
    """List for each town the communes of its county to which no other town is nearer, SIRUTA codes with `;`."""
    if kind.serves != "nearest_communes":
        return [None] * len(seats)
    near = nearest_towns(gazetteer)
    by_town = near.groupby("town_siruta")["uat_siruta"].agg(lambda codes: ";".join(map(str, sorted(codes))))
    return [by_town.get(code) for code in seats["uat_siruta"]]


def nearest_towns(gazetteer: Gazetteer) -> pd.DataFrame:
    """Return for each commune the nearest town of its county, by straight metres between seats.

    Columns: `uat_siruta`, `town_siruta`. Ties go to the smaller code.
    """
    uats = gazetteer.uats.sort_values("uat_siruta")
    pairs = []
    for _county, units in uats[uats["kind"] != "sector"].groupby("county"):
        communes, towns = units[~units["is_urban"]], units[units["is_urban"]]
        if communes.empty or towns.empty:
            continue
        away = to_metric(communes["lat"], communes["lon"])[:, None] - to_metric(towns["lat"], towns["lon"])[None]
        nearest = towns["uat_siruta"].to_numpy()[np.hypot(away[..., 0], away[..., 1]).argmin(axis=1)]
        pairs.append(pd.DataFrame({"uat_siruta": communes["uat_siruta"].to_numpy(), "town_siruta": nearest}))
    return pd.concat(pairs, ignore_index=True) if pairs else pd.DataFrame(columns=["uat_siruta", "town_siruta"])


def _flags(kind: AuthorityKind, seats: pd.DataFrame) -> list[str]:
    always = [NO_CONTACT, *([AREA_ASSUMED] if kind.is_assumed else [])]
    elsewhere = seats["county"] != seats["county_served"]
    return [";".join([*always, SEAT_ASSUMED] if away else always) for away in elsewhere]


def _keys(kind: AuthorityKind, seats: pd.DataFrame) -> pd.Series[str]:
    where = seats["county_served"] if kind.seat == "county_seat" else seats["uat_siruta"].astype("str")
    ending = "-communes" if kind.serves == "nearest_communes" else ""
    return kind.service_type.removeprefix("AUT-") + "-" + where + ending


def authorities_for(
    authorities: pd.DataFrame, gazetteer: Gazetteer, uat_siruta: int, wanted: Iterable[str] | None = None
) -> pd.DataFrame:
    """Return the offices that serve the people of a UAT, own ones before the county's.

    wanted: service types (AUT-SPAS …), in the order in which they are returned; None = all. A sector of
    Bucharest has its own offices and the municipality's; where only Bucharest is known, all its sectors'.
    Raises UnknownPlaceError for an unknown code.
    """
    home = gazetteer.by_siruta(uat_siruta)
    own = _same_home(home.uat_siruta, gazetteer)
    codes = {str(code) for code in own}
    listed = authorities["areas_served"].map(lambda text: bool(codes & set(str(text).split(";"))))
    area = authorities["service_area"]
    serves = (area == "own_uat") & authorities["uat_siruta"].isin(own)
    serves |= (area == "county") & (authorities["county_served"] == home.county)
    found = authorities[serves | ((area == "listed") & listed)]
    order = {code: place for place, code in enumerate(wanted if wanted is not None else service_types())}
    found = found[found["service_type"].isin(order)]
    rank = found["service_type"].map(order)
    return (
        found.assign(_rank=rank, _far=found["uat_siruta"] != home.uat_siruta)
        .sort_values(["_rank", "_far", "service_id"])[list(SERVICE_COLUMNS)]
        .reset_index(drop=True)
    )


def _same_home(uat_siruta: int, gazetteer: Gazetteer) -> set[int]:
    """Codes that are the same home: a sector is in the municipality, the municipality is its sectors."""
    parents = gazetteer.uats.set_index("uat_siruta")["parent_uat_siruta"].dropna().astype("int64")
    below = parents.index[parents == uat_siruta]
    above = [parents[uat_siruta]] if uat_siruta in parents.index else []
    return {uat_siruta, *map(int, below), *map(int, above)}


def without_registered(authorities: pd.DataFrame, services: pd.DataFrame, folder: Path = FOLDER) -> pd.DataFrame:
    """Leave out the offices that a register lists for the same county (its row has contacts), so none shows twice.

    services: any services of the registers, with `service_type`, `county_served` and `county`.
    """
    twin = {kind.service_type: kind.register_type for kind in kinds(folder) if kind.register_type}
    county = services["county_served"].where(services["county_served"].notna(), services["county"])
    listed = set(zip(services["service_type"], county, strict=True))
    doubled = [
        (twin.get(code), served) in listed
        for code, served in zip(authorities["service_type"], authorities["county_served"], strict=True)
    ]
    return authorities[~np.array(doubled, bool)].reset_index(drop=True)


def contact_words(office: pd.Series[str] | dict[str, object]) -> str | None:
    """Say in words that an office's contacts are not known here; None where they are."""
    flags = str(office["flags"]).split(";")
    return _("Datele de contact nu au fost încă importate.") if NO_CONTACT in flags else None
