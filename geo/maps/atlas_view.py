"""The country by marginalisation: the table behind the map of communities, and the map as it goes over the wire.

Facts of a home in (`load_view`), a table and a legend out; nothing here draws.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from core.errors import BadValueError
from core.i18n import _
from core.resources import DATA
from core.storage.editions import Edition, EditionStore, Manifest
from core.storage.source_cards import card_beside, read_card
from core.text import collation_keys, fold
from geo.layers.atlas_layer import atlas_layer, class_name
from geo.layers.boundary_shapes import map_layer
from geo.spatial.crs import MAP_CRS

if TYPE_CHECKING:
    import geopandas as gpd

    from core.storage.home import Home
    from geo.gazetteer.gazetteer import Gazetteer

APPROXIMATE_AREAS = DATA / "atlas" / "areas_approximate.parquet"
NOT_IN_ATLAS = 0
CLASSES = (4, 3, 2, 1, NOT_IN_ATLAS)  # the order of the legend
VIEW_COLUMNS = {
    "uat_siruta": "SIRUTA of the UAT",
    "name": "name as SIRUTA prints it",
    "county": "letters of the county",
    "county_name": "name of the county",
    "region": "NUTS 2 code of the development region",
    "kind": "commune, town, municipality or sector",
    "area": "rural or urban: which atlas holds it",
    "atlas_class": "1 to 4, NA = not in the atlas, or not known (Int64)",
    "is_atlas_loaded": "whether the atlas that would hold it, rural or urban, was imported",
    "rate_percent": "people in marginalised areas, per cent of the UAT's",
    "lhdi": "local human development index, 0 to 100, of communes",
    "population": "people (Int64, NA = not known)",
    "people_marginalised": "people in marginalised areas (Int64)",
    "priority": "see `geo.layers.atlas_layer.priority`",
    "status": "confirmed or invented for a community of the project, blank for the others",
    "source": "where a confirmed community is named",
    "note": "what that source says",
}
SORTS = ("priority", "name", "county", "atlas_class", "rate_percent", "population", "people_marginalised")
_LISTED = ("status", "source", "note")
_DIGITS = 1e4  # coordinates travel as whole ten-thousandths of a degree: 11 m, a hundredth of a pixel


@dataclass(frozen=True)
class AtlasView:
    """The country of a home, UAT by UAT, for the table and the map.

    Attributes
    ----------
    table
        A row a UAT: VIEW_COLUMNS.
    areas
        Outlines of the UATs for drawing, MAP_CRS.
    is_approximate
        Whether the outlines are the embedded ones, made of settlements.
    sources
        Manifests of the editions used.
    """

    table: pd.DataFrame
    areas: gpd.GeoDataFrame
    is_approximate: bool
    sources: tuple[Manifest, ...]


def load_view(home: Home, gazetteer: Gazetteer) -> AtlasView:
    """Read the editions in force; an atlas, a population or a list never imported is simply not known."""
    store = EditionStore(home)
    kinds = ("atlas-rural", "atlas-urban", "population", "communities", "boundaries")
    there = {kind: edition for kind in kinds if (edition := store.current(kind))}

    def table(kind: str, name: str) -> pd.DataFrame | None:
        return there[kind].table(name) if kind in there else None

    layer = atlas_layer(
        gazetteer.uats, table("atlas-rural", "atlas"), table("atlas-urban", "atlas"), table("population", "population")
    )
    boundaries = there.get("boundaries")
    return AtlasView(
        view_table(layer, gazetteer, table("communities", "communities")),
        _areas(boundaries, gazetteer),
        is_approximate(boundaries),
        tuple(edition.manifest for edition in there.values()),
    )


def is_approximate(boundaries: Edition | None) -> bool:
    """Whether what is drawn are the embedded areas: none were imported, or they were (a demonstration)."""
    return boundaries is None or boundaries.manifest.sha256 == read_card(card_beside(APPROXIMATE_AREAS)).sha256


def _areas(boundaries: Edition | None, gazetteer: Gazetteer) -> gpd.GeoDataFrame:
    if boundaries is not None and "map" in boundaries.tables():
        layer = boundaries.layer("map")
    else:
        import geopandas as gpd

        layer = map_layer(gpd.read_parquet(APPROXIMATE_AREAS))
    known = set(gazetteer.uats["uat_siruta"])
    return layer[layer["uat_siruta"].isin(known)].reset_index(drop=True)  # counties alone are no map of UATs


def view_table(layer: pd.DataFrame, gazetteer: Gazetteer, communities: pd.DataFrame | None) -> pd.DataFrame:
    """Lay the list of communities over the atlas. Bucharest counts once, by its sectors.

    Parameters
    ----------
    layer
        `geo.layers.atlas_layer.atlas_layer`, one row per UAT.
    gazetteer
        Names of counties, regions and kinds of UATs.
    communities
        `geo.layers.community_list.COMMUNITY_COLUMNS`; None = no list.

    Returns
    -------
    pd.DataFrame
        VIEW_COLUMNS, in the order of the layer.
    """
    counties = gazetteer.counties.set_index("county")
    listed = (
        communities.set_index("uat_siruta")[list(_LISTED)]
        if communities is not None
        else pd.DataFrame(columns=list(_LISTED), dtype="str")
    )
    marks = {
        column: layer["uat_siruta"].map(listed[column]).astype("object").fillna("").astype("str") for column in _LISTED
    }
    table = layer.assign(
        county_name=layer["county"].map(counties["name"]),
        region=layer["county"].map(counties["region"]),
        kind=layer["uat_siruta"].map(gazetteer.uats.set_index("uat_siruta")["kind"]),
        **marks,
    )
    # An atlas that was never imported classes nobody of its area: that is not known, rather than not in the atlas.
    table["is_atlas_loaded"] = table["atlas_class"].notna().groupby(table["area"]).transform("any").astype("bool")
    whole = table["uat_siruta"].isin(gazetteer.uats["parent_uat_siruta"].dropna())
    return table.loc[~whole, list(VIEW_COLUMNS)].reset_index(drop=True)


def chosen(
    table: pd.DataFrame,
    *,
    region: str = "",
    county: str = "",
    only_communities: bool = False,
    search: str = "",
    sort: str = "priority",
    descending: bool = True,
) -> pd.DataFrame:
    """Filter and sort the table of a view.

    region, county: NUTS 2 code and letters, blank = all. search: part of a name, of any case and diacritics,
    or a SIRUTA code. What is not known stands last either way, ties by name. Raises BadValueError for a
    column that is none of SORTS.
    """
    if sort not in SORTS:
        raise BadValueError(_("Nu se poate sorta după „{column}”.").format(column=sort))
    keep = pd.Series(True, index=table.index)
    if region:
        keep &= table["region"] == region
    if county:
        keep &= table["county"] == county
    if only_communities:
        keep &= table["status"] != ""
    wanted = fold(search)
    if wanted:
        names = table["name"].map(fold)
        keep &= names.str.contains(wanted, regex=False) | (table["uat_siruta"].astype("str") == wanted)
    found = table[keep]
    keys = {
        column: collation_keys(found[column]) if column in ("name", "county") else found[column] for column in SORTS
    }
    order = pd.DataFrame({"_by": keys[sort], "_name": keys["name"], "_code": found["uat_siruta"]}, index=found.index)
    order = order.sort_values(["_by", "_name", "_code"], ascending=[not descending, True, True], na_position="last")
    return found.loc[order.index].reset_index(drop=True)


def legend(table: pd.DataFrame) -> list[tuple[int, str, int]]:
    """Count the UATs of each class: (class, in words, how many), severe first, those outside the atlas last."""
    counts = _classes(table).value_counts()
    is_loaded = atlas_state(table)
    return [(code, class_words(code, is_loaded=is_loaded), int(counts.get(code, 0))) for code in CLASSES]


def atlas_state(table: pd.DataFrame) -> bool | None:
    """Return whether the atlases of the UATs without a class were imported; None where only one of the two was."""
    states = set(table.loc[table["atlas_class"].isna(), "is_atlas_loaded"])
    return None if len(states) > 1 else states != {False}


def class_words(code: int, *, is_loaded: bool | None = True) -> str:
    """Format a class in words; 0 is not in the atlas, or not known where it was not imported (None: of some)."""
    if code != NOT_IN_ATLAS:
        return class_name(code)
    if is_loaded is None:
        return _("nu este în atlas sau nu se știe")
    return _("nu este în atlas") if is_loaded else _("nu se știe: atlasul nu este încărcat")


def _classes(table: pd.DataFrame) -> pd.Series[int]:
    return table["atlas_class"].fillna(NOT_IN_ATLAS).astype("int64")


def wire(view: AtlasView) -> bytes:
    """Write the map as the browser draws it, as JSON.

    `{"areas": [[siruta, name, county, class, rate, people, 1 for a community, [lat, lon], rings], …]}`. A ring
    is whole ten-thousandths of a degree, longitude and latitude in turn, each the difference to the point before:
    half the size of GeoJSON when compressed. rate (per cent) and people in marginalised areas are null where not
    known. The point lies inside the area's largest part.
    """
    table = view.table.set_index("uat_siruta")
    classes = _classes(table)
    degrees = view.areas.to_crs(MAP_CRS)
    areas = []
    for code, shape in zip(degrees["uat_siruta"].astype("int64"), degrees.geometry, strict=True):
        row = table.loc[code]
        points = sorted(shapely.get_parts(shape), key=shapely.area)
        inside = points[-1].representative_point()
        areas.append(
            [
                int(code), row["name"], row["county"], int(classes[code]),
                _number(row["rate_percent"], 1), _number(row["people_marginalised"], 0), int(row["status"] != ""),
                [round(inside.y, 4), round(inside.x, 4)], _rings(shape),
            ]
        )  # fmt: skip
    return json.dumps({"areas": areas}, ensure_ascii=False, separators=(",", ":")).encode()


def _rings(shape: Any) -> list[list[int]]:
    rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
    return [
        # The last point of a ring is its first, which the browser knows.
        np.diff(np.rint(shapely.get_coordinates(ring) * _DIGITS).astype("int64"), axis=0, prepend=0)[:-1]
        .ravel()
        .tolist()
        for ring in rings
    ]


def _number(value: Any, digits: int) -> float | int | None:
    if pd.isna(value):
        return None
    return round(float(value), digits) if digits else int(value)
