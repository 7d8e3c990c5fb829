"""The table behind the map of communities, and the map as it goes over the wire."""

from __future__ import annotations

import gzip
import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadValueError
from core.resources import DATA
from core.storage.home import make_home
from core.text import collation_key, fold
from geo.gazetteer.gazetteer import load_gazetteer
from geo.gazetteer.siruta import BUCHAREST
from geo.layers.atlas_layer import atlas_layer
from geo.layers.boundary_shapes import map_layer
from geo.maps.atlas_view import (
    APPROXIMATE_AREAS,
    SORTS,
    VIEW_COLUMNS,
    AtlasView,
    chosen,
    class_words,
    legend,
    load_view,
    view_table,
    wire,
)
from geo.spatial.crs import MAP_CRS, METRIC_CRS
from tests.worlds.examples import examples

PARINCEA, BACAU, SECTOR_1 = 24089, 20297, 179141


@pytest.fixture(scope="module")
def gazetteer():
    return load_gazetteer()


@pytest.fixture(scope="module")
def table(gazetteer):
    read = {name: pd.read_csv(DATA / "atlas" / f"{name}.csv") for name in FILES}
    layer = atlas_layer(
        gazetteer.uats, read["synthetic_atlas_rural"], read["synthetic_atlas_urban"], read["uat_population"]
    )
    communities = pd.read_csv(DATA / "atlas" / "communities_demo.csv", dtype={"source": "str", "note": "str"})
    return view_table(layer, gazetteer, communities)


FILES = ("synthetic_atlas_rural", "synthetic_atlas_urban", "uat_population")


def test_every_unit_stands_once_and_bucharest_by_its_sectors(table, gazetteer):
    assert list(table) == list(VIEW_COLUMNS)
    assert set(table["uat_siruta"]) == set(gazetteer.uats["uat_siruta"]) - {BUCHAREST}
    assert table["uat_siruta"].is_unique
    assert (table.loc[table["county"] == "B", "kind"] == "sector").all()


def test_the_legend_counts_every_unit_once_severe_first(table):
    counted = legend(table)
    assert [code for code, _words, _count in counted] == [4, 3, 2, 1, 0]
    assert sum(count for _code, _words, count in counted) == len(table)
    by_hand = table["atlas_class"].value_counts()
    assert all(count == by_hand.get(code, 0) for code, _words, count in counted if code)


def test_a_class_that_is_not_known_is_not_class_one(gazetteer):
    empty = view_table(atlas_layer(gazetteer.uats, None, None, None), gazetteer, None)
    assert legend(empty)[-1] == (0, "nu se știe: atlasul nu este încărcat", len(empty))
    assert not empty["is_atlas_loaded"].any()
    assert (empty["status"] == "").all()
    assert empty["priority"].isna().all()


def test_of_an_atlas_of_communes_alone_only_towns_are_not_known(gazetteer):
    rural = pd.read_csv(DATA / "atlas" / "synthetic_atlas_rural.csv")
    table = view_table(atlas_layer(gazetteer.uats, rural, None, None), gazetteer, None)
    assert set(table.loc[table["is_atlas_loaded"], "area"]) == {"rural"}
    assert class_words(0) == "nu este în atlas"
    towns = table[table["area"] == "urban"]
    assert legend(towns)[-1][1] == "nu se știe: atlasul nu este încărcat"


def test_filters_narrow_and_search_takes_any_case_and_diacritics(table):
    county = chosen(table, county="BC")
    assert set(county["county"]) == {"BC"}
    assert set(chosen(table, region="RO21")["region"]) == {"RO21"}
    assert set(chosen(table, search="PARÎNCEA")["uat_siruta"]) == set(chosen(table, search="parincea")["uat_siruta"])
    assert PARINCEA in set(chosen(table, search="parincea")["uat_siruta"])
    assert chosen(table, search=str(PARINCEA))["uat_siruta"].tolist() == [PARINCEA]
    assert len(chosen(table, only_communities=True)) == 139
    assert chosen(table, search="nimic de felul acesta").empty


@settings(max_examples=examples(40), deadline=None)
@given(
    sort=st.sampled_from(SORTS),
    descending=st.booleans(),
    county=st.sampled_from(["", "BC", "B", "VS"]),
    only=st.booleans(),
    search=st.sampled_from(["", "a", "ș", "Bac"]),
)
def test_the_list_is_filtered_and_sorted_as_the_obvious_loop_would(table, sort, descending, county, only, search):
    found = chosen(table, county=county, only_communities=only, search=search, sort=sort, descending=descending)
    rows = [
        row
        for row in table.to_dict("records")
        if (not county or row["county"] == county) and (not only or row["status"]) and fold(search) in fold(row["name"])
    ]

    def known(row):
        return collation_key(row[sort]) if sort in ("name", "county") else row[sort]

    there = sorted((r for r in rows if not pd.isna(r[sort])), key=lambda r: (collation_key(r["name"]), r["uat_siruta"]))
    there.sort(key=known, reverse=descending)
    # Python's reversed sort keeps ties in their order, as ours does.
    rest = sorted((r for r in rows if pd.isna(r[sort])), key=lambda r: (collation_key(r["name"]), r["uat_siruta"]))
    assert found["uat_siruta"].tolist() == [r["uat_siruta"] for r in there + rest]


def test_an_unknown_column_is_refused_in_words(table):
    with pytest.raises(BadValueError, match="Nu se poate sorta"):
        chosen(table, sort="note")


def square(east: float, *, hole: bool = False):
    shell = shapely.box(500_000 + east, 500_000, 510_000 + east, 510_000)
    return shell.difference(shapely.box(503_000 + east, 503_000, 505_000 + east, 505_000)) if hole else shell


def decoded(rings):
    """Undo the wire's differences: rings of (lon, lat), closed."""
    found = []
    for ring in rings:
        points = np.cumsum(np.reshape(ring, (-1, 2)), axis=0) / 1e4
        found.append(np.vstack([points, points[:1]]))
    return found


def test_the_wire_holds_the_outlines_to_the_last_digit(table):
    shapes = [shapely.MultiPolygon([square(0, hole=True), square(30_000)]), square(60_000)]
    codes = pd.array([PARINCEA, BACAU], dtype="Int64")
    metric = gpd.GeoDataFrame({"uat_siruta": codes}, geometry=gpd.GeoSeries(shapes, crs=METRIC_CRS))
    layer = metric.to_crs(MAP_CRS)
    said = json.loads(wire(AtlasView(table, layer, is_approximate=True, sources=())))["areas"]
    assert [area[0] for area in said] == [PARINCEA, BACAU]
    for area, shape in zip(said, layer.geometry, strict=True):
        wanted = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
        assert len(area[8]) == len(wanted)
        for ring, exact in zip(decoded(area[8]), wanted, strict=True):
            assert np.abs(ring - shapely.get_coordinates(exact)).max() <= 0.5e-4 + 1e-9
        lat, lon = area[7]
        assert shape.contains(shapely.Point(lon, lat))
    row = table.set_index("uat_siruta").loc[PARINCEA]
    assert said[0][1:7] == [
        "Parincea",
        "BC",
        int(row["atlas_class"]),
        row["rate_percent"],
        row["people_marginalised"],
        1,
    ]


def test_the_embedded_map_fits_the_wire(table):
    """The contract: at most 0.5 MB compressed."""
    view = AtlasView(table, map_layer(gpd.read_parquet(APPROXIMATE_AREAS)), is_approximate=True, sources=())
    assert len(gzip.compress(wire(view), 6)) <= 300_000


@pytest.mark.slow
def test_the_real_map_fits_the_wire_and_its_areas_neither_overlap_nor_gape(real_data, gazetteer, capsys):
    """The contract: under 0.1 km² of overlaps and gaps in total, at most 0.6 MB compressed."""
    from geo.layers import boundaries

    layer = boundaries.load(real_data / "boundaries" / "uat_2021.geojson")
    metric = layer.rows.geometry.to_numpy()
    drawn = layer.others["map"]
    thin = drawn.to_crs(METRIC_CRS).geometry.to_numpy()
    found = {}
    for name, shapes in (("cleaned", metric), ("simplified", thin)):
        together = shapely.union_all(shapes)
        overlaps = (shapely.area(shapes).sum() - together.area) / 1e6
        holes = [shapely.Polygon(r) for part in shapely.get_parts(together) for r in part.interiors]
        found[name] = (abs(overlaps), sum(hole.area for hole in holes) / 1e6)
    empty = view_table(atlas_layer(gazetteer.uats, None, None, None), gazetteer, None)
    size = len(gzip.compress(wire(AtlasView(empty, drawn, is_approximate=False, sources=())), 6))
    with capsys.disabled():
        print(f"\nreal areas: overlaps and holes in km² {found}, {size / 1e6:.2f} MB compressed")  # noqa: T201
    assert all(overlaps + gaps < 0.1 for overlaps, gaps in found.values())
    assert size <= 600_000


def test_a_home_without_boundaries_draws_the_approximate_ones_and_says_so(tmp_path, gazetteer):
    view = load_view(make_home("live", tmp_path / "home"), gazetteer)
    assert view.is_approximate
    assert len(view.areas) > 3_100
    assert view.sources == ()
