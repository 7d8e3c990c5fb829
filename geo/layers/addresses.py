"""Points of addresses: street, number and locality with a latitude and longitude, so that services stand at their door.

`load(path)` reads a CSV or a sheet with titles, or OpenStreetMap's `addr:*` from an `.osm.pbf` in a process of its own
within limits; `tidy()` is pure. A row without a code is tied to its locality by name and county, or by its point.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.errors import MapError, MissingColumnError, UnreadableFileError
from core.i18n import _, number
from core.reading.fields import Field
from core.reading.limited_process import run_limited
from core.reading.tables import read_table
from core.reading.tidied_table import Refusal, TidiedTable, rejects_table
from geo.gazetteer.street_address import fold_street, parse_address
from geo.spatial.crs import in_romania

if TYPE_CHECKING:
    from geo.gazetteer.gazetteer import Gazetteer
    from geo.gazetteer.places import Place

FIELDS = (
    Field("street", ("strada", "stradă", "street", "artera", "addr:street")),
    Field("number", ("numar", "număr", "nr", "number", "housenumber", "addr:housenumber"), required=True),
    Field("locality", ("localitate", "localitatea", "locality", "city", "addr:city", "addr:place")),
    Field("county", ("judet", "județ", "județul", "county")),
    Field("siruta", ("siruta", "cod siruta", "locality_siruta", "siruta localitate")),
    Field("lat", ("lat", "latitudine", "latitude"), required=True),
    Field("lon", ("lon", "lng", "longitudine", "longitude"), required=True),
)
ADDRESS_COLUMNS = {
    "address_id": "made of place, street and number; unique",
    "locality_siruta": "SIRUTA of the locality; NA where only the UAT is known",
    "uat_siruta": "SIRUTA of the UAT in which it is",
    "street": "name of the street, folded (geo.gazetteer.street_address)",
    "number": "number with its letter, 5a",
    "lat": "degrees WGS84",
    "lon": "degrees WGS84",
    "source_row": "row of the source file, 1 = first data row",
}
SAME_SPOT_DEGREES = 0.003  # some 300 m: two points that near are the same door for a map
READER_MEMORY_BYTES = 1_500_000_000
READER_SECONDS = 1_200
MOST_BYTES = 1_000_000_000  # of an extract: all of Romania has 300 million


def load(path: Path, gazetteer: Gazetteer) -> TidiedTable:
    """Read a file of points of addresses; see `tidy`.

    Raises UnreadableFileError where it is damaged, cut off, too large or holds no addresses; MissingColumnError.
    """
    if path.name.lower().endswith(".pbf"):
        return tidy(_extract(path), gazetteer)
    raw = read_table(path, FIELDS)
    if not {"siruta", "locality"} & set(raw.columns):
        raise MissingColumnError(
            _("{file}: lipsește locul adreselor (codul SIRUTA, sau localitatea și județul).").format(file=path.name)
        )
    return tidy(raw, gazetteer)


def _extract(path: Path) -> pd.DataFrame:
    if path.stat().st_size > MOST_BYTES:
        raise UnreadableFileError(
            _("{file}: extrasul are {found} MB; citesc cel mult {most} MB.").format(
                file=path.name, found=number(path.stat().st_size / 1e6), most=number(MOST_BYTES / 1e6)
            )
        )
    answer = run_limited(
        "geo.layers.osm_addresses",
        {"path": str(path.absolute())},
        memory_bytes=READER_MEMORY_BYTES,
        seconds=READER_SECONDS,
    )
    if answer.get("fault") == "limit":
        raise UnreadableFileError(_("{file}: fișierul cere prea multă memorie sau timp.").format(file=path.name))
    if "fault" in answer:
        raise UnreadableFileError(
            _(
                "{file}: nu este un extras OpenStreetMap întreg ({why}). Descărcați-l din nou; datele de dinainte au "
                "rămas neschimbate."
            ).format(file=path.name, why=answer["found"])
        )
    if not answer["rows"]:
        raise UnreadableFileError(_("{file}: extrasul nu are nicio adresă (addr:housenumber).").format(file=path.name))
    table = pd.DataFrame(answer["rows"], columns=["street", "number", "locality", "lat", "lon"])
    return table.assign(row=range(1, len(table) + 1), siruta="", county="")


def tidy(raw: pd.DataFrame, gazetteer: Gazetteer) -> TidiedTable:
    """Make points of addresses of raw rows.

    Parameters
    ----------
    raw
        `row`, `number`, `lat`, `lon` and perhaps `street`, `locality`, `county`, `siruta`, as text or numbers.
    gazetteer
        Places by code, by name and county, and by point.

    Returns
    -------
    TidiedTable
        A table of ADDRESS_COLUMNS. A decimal comma is mended. Refused: no number, no point in Romania, a code or a
        locality that is not known, an address of a place that appears again, and one that stands in two places.
    """
    cells = {name: raw[name].astype("str").str.strip() if name in raw else pd.Series("", raw.index) for name in _NAMES}
    kept: dict[str, dict[str, Any]] = {}
    refused: list[Refusal] = []
    doubtful: set[str] = set()
    for row, *items in zip(raw["row"].tolist(), *cells.values(), strict=True):
        one = _read_row(int(row), dict(zip(_NAMES, items, strict=True)), gazetteer)
        if isinstance(one, Refusal):
            refused.append(one)
        elif (first := kept.get(one["address_id"])) is not None:
            if max(abs(first["lat"] - one["lat"]), abs(first["lon"] - one["lon"])) > SAME_SPOT_DEGREES:
                doubtful.add(one["address_id"])
            refused.append(
                Refusal(int(row), "number", " ".join(items[:2]), "duplicate_key", _("adresa apare a doua oară"))
            )
        else:
            kept[one["address_id"]] = one
    for address in doubtful:  # the file says two places, and nothing tells which is right
        one = kept.pop(address)
        said_so = _("adresa apare și în alt loc, la peste 300 m")
        refused.append(
            Refusal(one["source_row"], "number", f"{one['street']} {one['number']}", "bad_position", said_so)
        )
    records = list(kept.values())
    kinds = {"locality_siruta": "Int64", "uat_siruta": "int64", "source_row": "Int64"}
    rows = pd.DataFrame(records, columns=list(ADDRESS_COLUMNS)).astype(kinds)
    return TidiedTable(rows, rejects_table(refused), len(raw))


_NAMES = tuple(each.name for each in FIELDS)


def _read_row(row: int, values: dict[str, str], gazetteer: Gazetteer) -> dict[str, Any] | Refusal:
    house = parse_address(f", nr. {values['number']}").number
    if not house:
        return Refusal(row, "number", values["number"], "missing", _("lipsește numărul"))
    lat, lon = _degrees(values["lat"]), _degrees(values["lon"])
    if not in_romania(lat, lon):
        return Refusal(row, "lat", f"{values['lat']}; {values['lon']}", "bad_position", _("punctul nu este în România"))
    place = _place(values, lat, lon, gazetteer)
    if place is None:
        where = values["siruta"] or values["locality"]
        return Refusal(row, "locality", where, "not_placed", _("localitatea nu este cunoscută"))
    street = fold_street(values["street"])
    return {
        "address_id": f"{place.locality_siruta or place.uat_siruta}:{street}:{house}",
        "locality_siruta": pd.NA if place.locality_siruta is None else place.locality_siruta,
        "uat_siruta": place.uat_siruta,
        "street": street,
        "number": house,
        "lat": lat,
        "lon": lon,
        "source_row": row,
    }


def _place(values: dict[str, str], lat: float, lon: float, gazetteer: Gazetteer) -> Place | None:
    """Find the place of a row: by its code, else by its name in the county stated or in that of its point."""
    if values["siruta"]:
        try:
            return gazetteer.by_siruta(int(values["siruta"]))
        except (MapError, ValueError):
            return None
    if values["county"]:
        code, how = gazetteer.match_locality(values["locality"], county=gazetteer.county_code(values["county"]) or "")
        return None if code is None or how == "fuzzy" else gazetteer.place_of(locality_siruta=code)
    near = gazetteer.nearest_locality(lat, lon)
    if not values["locality"]:
        return near
    code, how = gazetteer.match_locality(values["locality"], county=near.county)
    return near if code is None or how == "fuzzy" else gazetteer.place_of(locality_siruta=code)


def _degrees(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return float("nan")
