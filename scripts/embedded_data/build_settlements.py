"""Settlement points: GeoNames as it is, each tied to its SIRUTA locality by name within its UAT."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd
from rapidfuzz import fuzz, process

from core.text import fold, spell, title_ro
from scripts.embedded_data.build_sources import LOCALITY_LEVEL, UAT_LEVEL

COLUMNS = [
    *("geoname_id", "name", "uat_siruta", "locality_siruta", "lat", "lon"),
    *("population", "year", "feature", "precision", "source"),
]
_SEATS = (9, 17, 22)  # SIRUTA TIP of the locality that a municipality, a town, a commune is run from
_RANK = {"PPLC": 0, "PPLA": 1, "PPLA2": 2, "PPL": 3}  # which of two entries speaks for one locality
_FUZZY = 85  # rapidfuzz ratio; below it the pairs looked at were different places


class Entry(NamedTuple):
    """What the matching looks at in one GeoNames entry."""

    name: str
    ascii_name: str
    alternate_names: str
    feature: str
    uat_siruta: int


def settlements(
    geonames: pd.DataFrame, newer: pd.DataFrame, siruta: pd.DataFrame, corrections: pd.DataFrame
) -> pd.DataFrame:
    """Make the table of settlements: COLUMNS, sorted by UAT and GeoNames id.

    geonames, newer: `read_geonames_500`, `read_geonames_1000`; the newer edition has no ids, so it
    only moves points of the same name and UAT. corrections: see `corrected`. A UAT without any entry
    gets the centre of its county's points, `precision` county, no id and no population.
    """
    table = corrected(geonames, corrections)
    table = moved(table, newer)
    table["uat_siruta"] = table["admin2"]
    table["locality_siruta"] = matched_localities(table, siruta)
    table["year"] = table["modified_on"].str[:4].astype("int64")
    table["precision"] = "settlement"
    table["name"] = table["name"].map(spell)
    table = pd.concat([table, _placeholders(table, siruta)], ignore_index=True)
    table = table.astype({"geoname_id": "Int64", "locality_siruta": "Int64", "population": "Int64", "year": "Int64"})
    return table.sort_values(["uat_siruta", "geoname_id"])[COLUMNS].reset_index(drop=True)


def uat_population(settlements: pd.DataFrame, siruta: pd.DataFrame) -> pd.DataFrame:
    """People of each UAT: uat_siruta, population, year, source; the six sectors instead of Bucharest.

    The largest figure among the UAT's settlements, because GeoNames gives the seat of a commune the
    people of the whole commune; a part of a town (PPLX) only where there is nothing else. Where GeoNames
    gives no figure, source is `estimate` and the population the median of the county's UATs.
    """
    sectors = siruta[siruta["DENLOC"].str.startswith("BUCUREȘTI SECTORUL")]
    uats = pd.concat([siruta[siruta["NIV"] == UAT_LEVEL], sectors])
    uats = uats[~uats["SIRUTA"].isin(sectors["SIRSUP"])].set_index("SIRUTA").sort_index()
    unit = settlements["uat_siruta"].mask(
        settlements["locality_siruta"].isin(sectors["SIRUTA"]), settlements["locality_siruta"]
    )
    table = settlements.assign(uat_siruta=unit.astype("int64"), is_part=settlements["feature"] == "PPLX")
    table = table[table["population"].fillna(0) > 0]
    table = table.sort_values(["is_part", "population", "geoname_id"], ascending=[True, False, True])
    known = table.drop_duplicates("uat_siruta").set_index("uat_siruta")[["population", "year"]].reindex(uats.index)
    usual = known["population"].groupby(uats["JUD"]).transform("median").round()
    source = known["population"].isna().map({True: "estimate", False: "geonames"})
    table = known.assign(population=known["population"].fillna(usual), source=source).astype(
        {"population": "int64", "year": "Int64"}
    )
    return table.rename_axis("uat_siruta").reset_index()


def corrected(geonames: pd.DataFrame, corrections: pd.DataFrame) -> pd.DataFrame:
    """Apply `geoname_id, column, published, corrected`; ValueError where the published value is gone."""
    table = geonames.copy()
    for fix in corrections.to_dict("records"):
        rows, column = table["geoname_id"] == int(fix["geoname_id"]), str(fix["column"])
        if set(table.loc[rows, column].astype("str")) != {fix["published"]}:
            raise ValueError(f"correction no longer matches the published entry: {fix}")
        kind = table[column].dtype.type
        table[column] = table[column].where(~rows, kind(fix["corrected"]))
    return table


def moved(geonames: pd.DataFrame, newer: pd.DataFrame) -> pd.DataFrame:
    """Take the newer edition's position where name and UAT agree and are unique in both."""
    table = geonames.assign(key=_keys(geonames))
    other = newer.assign(key=_keys(newer)).drop_duplicates("key", keep=False).set_index("key")
    unique = ~table["key"].duplicated(keep=False)
    found = unique & table["key"].isin(other.index)
    for column in ("lat", "lon"):
        table.loc[found, column] = table.loc[found, "key"].map(other[column])
    return table.assign(source=found.map({True: "geonames-1000", False: "geonames-500"})).drop(columns="key")


def matched_localities(table: pd.DataFrame, siruta: pd.DataFrame) -> pd.Series[int]:
    """SIRUTA code of each settlement's locality, NA where none answers to its name within the UAT.

    In order: the name, the alternate names, the seat for an entry named as its UAT, one near spelling.
    A locality is given once: to the seat's entry before others, then to the more populous.
    """
    places = siruta[siruta["NIV"] == LOCALITY_LEVEL]
    names: dict[int, dict[str, int]] = {
        int(str(uat)): dict(zip(group["DENLOC"].map(fold), group["SIRUTA"], strict=True))
        for uat, group in places.groupby("SIRSUP")
    }
    seats = places[places["TIP"].isin(_SEATS)].set_index("SIRSUP")["SIRUTA"].to_dict()
    order = table.assign(rank=table["feature"].map(_RANK).fillna(9))
    order = order.sort_values(["rank", "population", "geoname_id"], ascending=[True, False, True])
    entries = [Entry(*row) for row in order[list(Entry._fields)].itertuples(index=False)]
    given: set[int] = set()
    result: dict[int, int] = {}
    for attempt in (_by_name, _by_alternate, _by_seat, _by_spelling):
        for position, entry in zip(order.index, entries, strict=True):
            code = None
            if position not in result:
                code = attempt(entry, names.get(entry.uat_siruta, {}), seats.get(entry.uat_siruta))
            if code is not None and code not in given:
                given.add(code)
                result[position] = code
    return pd.Series(result, dtype="Int64").reindex(table.index)


def _by_name(entry: Entry, names: dict[str, int], _seat: int | None) -> int | None:
    return names.get(fold(entry.name)) or names.get(fold(entry.ascii_name))


def _by_alternate(entry: Entry, names: dict[str, int], _seat: int | None) -> int | None:
    found = {names[key] for key in map(fold, entry.alternate_names.split(",")) if key in names}
    return found.pop() if len(found) == 1 else None


def _by_seat(entry: Entry, _names: dict[str, int], seat: int | None) -> int | None:
    return seat if entry.feature in ("PPLA", "PPLA2") else None


def _by_spelling(entry: Entry, names: dict[str, int], _seat: int | None) -> int | None:
    found = process.extract(fold(entry.name), list(names), scorer=fuzz.ratio, score_cutoff=_FUZZY, limit=2)
    return names[found[0][0]] if len(found) == 1 else None


def _keys(table: pd.DataFrame) -> pd.Series[str]:
    return table["name"].map(fold) + "|" + table["admin2"].astype("str")


def _placeholders(table: pd.DataFrame, siruta: pd.DataFrame) -> pd.DataFrame:
    """One row for each UAT that GeoNames has no entry of, in the middle of its county's points."""
    uats = siruta[siruta["NIV"] == UAT_LEVEL].set_index("SIRUTA")
    missing = uats[~uats.index.isin(table["uat_siruta"])]
    centres = table.groupby(table["uat_siruta"].map(uats["JUD"]))[["lat", "lon"]].mean().round(5)
    return pd.DataFrame(
        {
            "name": [title_ro(name) for name in missing["DENLOC"]],
            "uat_siruta": missing.index,
            "lat": missing["JUD"].map(centres["lat"]).to_numpy(),
            "lon": missing["JUD"].map(centres["lon"]).to_numpy(),
            "precision": "county",
            "source": "none",
        }
    )
