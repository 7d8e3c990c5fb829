"""Boundaries: every row accounted for, one coverage without overlaps, a light map of it."""

import gzip

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import MissingColumnError, UnreadableFileError
from core.reading.tidied_table import REJECT_COLUMNS
from geo.gazetteer import siruta
from geo.layers import boundaries, boundary_shapes
from geo.spatial.areas import area_index
from geo.spatial.crs import MAP_CRS, METRIC_CRS
from tests.worlds.examples import examples

REGISTER = siruta.load()
ALBA_IULIA, AIUD, BLAJ, PARINCEA = 1017, 1213, 1348, 24089


def square(x, y, side=0.1):
    return shapely.box(x, y, x + side, y + side)


def tidy(codes, shapes, **columns):
    raw = gpd.GeoDataFrame({"natcode": codes, **columns}, geometry=shapes, crs=MAP_CRS)
    return boundaries.tidy(raw, REGISTER.uats, REGISTER.counties, file="test.geojson")


def overlaps_km2(shapes):
    """Area claimed twice, pair by pair."""
    a, b = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = a < b
    return shapely.area(shapely.intersection(shapes[a[pairs]], shapes[b[pairs]])).sum() / 1e6


def gaps_km2(shapes):
    """Area of the holes in the union: Romania has none."""
    parts = shapely.get_parts(shapely.union_all(shapes))
    filled = shapely.polygons(shapely.get_exterior_ring(parts))
    return (shapely.area(filled).sum() - shapely.area(parts).sum()) / 1e6


def test_the_real_file_is_loaded_whole_and_39_polygons_are_mended(real_boundaries):
    assert real_boundaries.rows_read == len(real_boundaries.rows) == 3_186
    assert real_boundaries.rejects.empty
    assert real_boundaries.notes[0] == "39 de poligoane reparate"
    areas = real_boundaries.rows
    assert areas.crs == METRIC_CRS
    assert areas["uat_siruta"].is_unique
    assert areas["kind"].value_counts().to_dict() == {"commune": 2862, "town": 216, "municipality": 102, "sector": 6}
    assert areas["area_km2"].sum() == pytest.approx(238_418, rel=0.001)


def test_the_real_areas_are_one_valid_coverage(real_boundaries):
    shapes = real_boundaries.rows.geometry.to_numpy()
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    assert overlaps_km2(shapes) < 1e-6
    assert gaps_km2(shapes) < 0.1


def test_the_real_map_is_light_and_has_no_gaps(real_boundaries):
    thin = real_boundaries.others["map"]
    assert thin.crs == MAP_CRS
    assert len(thin) == 3_186
    assert thin.is_valid.all()
    shapes = thin.to_crs(METRIC_CRS).geometry.to_numpy()
    mended = shapely.make_valid(shapes)
    assert overlaps_km2(mended) + gaps_km2(mended) < 0.1
    assert len(gzip.compress(thin.to_json(drop_id=True).encode())) < 600_000


def test_the_real_counties_are_read_too(real_data):
    layer = boundaries.load(real_data / "boundaries" / "counties_2021.geojson")
    assert layer.rows_read == len(layer.rows) == 42
    assert set(layer.rows["kind"]) == {"county"}
    assert layer.rows["uat_siruta"].isna().all()
    assert set(layer.rows["county"]) == set(REGISTER.counties["county"])
    index = area_index(layer.rows)
    assert index.county_at([46.46, 44.43], [27.09, 26.1]).tolist() == ["BC", "B"]
    assert index.uat_at([46.46], [27.09]).tolist() == [None]


def test_dissolved_counties_are_as_large_as_their_uats(real_boundaries):
    counties = boundary_shapes.dissolve_counties(real_boundaries.rows)
    sums = real_boundaries.rows.groupby("county")["area_km2"].sum()
    assert counties.set_index("county").area.div(1e6).to_dict() == pytest.approx(sums.to_dict(), abs=0.01)


def test_names_and_counties_are_those_of_siruta_and_population_is_kept():
    layer = tidy(["1017", " 1213 "], [square(23.5, 46), square(23.7, 46)], name=["ALBA", None], pop2020=[64_000, -1])
    assert layer.rows["name"].tolist() == ["Alba Iulia", "Aiud"]
    assert layer.rows["county"].tolist() == ["AB", "AB"]
    assert layer.rows["population_2020"].fillna(0).tolist() == [64_000, 0]
    assert [*layer.rows.columns][:7] == ["area_id", "uat_siruta", "name", "county", "kind", "area_km2", "source_row"]


def test_what_cannot_be_an_area_is_refused_with_its_reason():
    layer = tidy(
        ["1017", "1017", "", "77", "1213", "1348", "24089", "1874"],
        [
            square(23.5, 46),
            square(23.7, 46),
            square(23.9, 46),
            square(24.1, 46),
            None,
            shapely.Point(24, 46),
            square(46, 24),  # latitude and longitude changed places
            square(2, 48),
        ],
    )
    assert layer.rows["uat_siruta"].tolist() == [ALBA_IULIA]
    assert layer.rejects["row"].tolist() == [2, 3, 4, 5, 6, 7, 8]
    assert layer.rejects["reason"].tolist() == [
        "duplicate_key", "unknown_code", "unknown_code", "no_area", "no_area", "bad_position", "bad_position",
    ]  # fmt: skip
    assert "inversate" in layer.rejects["message"].iloc[5]
    assert list(layer.rejects.columns) == list(REJECT_COLUMNS)


def test_parts_of_a_unit_that_lie_side_by_side_are_joined_and_collections_lose_their_lines():
    line = shapely.LineString([(23.5, 46), (23.6, 46.1)])
    collection = shapely.GeometryCollection([square(24, 46), line])
    layer = tidy(["1017", "1017", "1213"], [square(23.5, 46), square(23.6, 46), collection])
    assert (layer.rows["uat_siruta"].tolist(), len(layer.rejects)) == ([ALBA_IULIA, AIUD], 0)
    whole = tidy(["1017"], [shapely.box(23.5, 46, 23.7, 46.1)]).rows["area_km2"].iloc[0]
    assert layer.rows["area_km2"].iloc[0] == pytest.approx(whole, rel=1e-3)


def test_of_several_layers_the_one_of_units_is_chosen_or_both_are_named():
    layers = {"judete": ["countyCode", "name"], "uat": ["natcode", "countyCode"], "drumuri": ["ref"]}
    assert boundaries.choose_layer(layers, file="a.gpkg") == "uat"
    with pytest.raises(UnreadableFileError, match=r"„uat”, „uat 2”"):
        boundaries.choose_layer({**layers, "uat 2": ["SIRUTA"]}, file="a.gpkg")
    with pytest.raises(MissingColumnError, match="„drumuri”, „ape”"):
        boundaries.choose_layer({"drumuri": ["ref"], "ape": ["ref"]}, file="a.gpkg")


def test_overlaps_are_given_to_one_of_the_two():
    layer = tidy(["1017", "1213"], [square(23.5, 46), square(23.59, 46)])
    shapes = layer.rows.geometry.to_numpy()
    assert overlaps_km2(shapes) == 0
    assert shapely.area(shapes).sum() == pytest.approx(shapely.area(shapely.union_all(shapes)))


def test_an_area_wholly_inside_another_copy_of_itself_is_refused_or_kept_once():
    layer = tidy(["1017", "1213"], [square(23.5, 46), square(23.5, 46)])
    assert len(layer.rows) + len(layer.rejects) == 2
    assert overlaps_km2(layer.rows.geometry.to_numpy()) == 0


def test_a_bow_tie_is_mended():
    bow_tie = shapely.Polygon([(23.5, 46), (23.6, 46.1), (23.6, 46), (23.5, 46.1)])
    layer = tidy(["1017"], [bow_tie])
    assert layer.rows.geometry.is_valid.all()
    assert layer.notes[0] == "1 poligon reparat"


def test_an_empty_layer_is_an_empty_table():
    layer = tidy([], [])
    assert layer.rows_read == len(layer.rows) == len(layer.rejects) == len(layer.others["map"]) == 0


def test_a_layer_without_codes_is_refused_and_names_what_it_has():
    raw = gpd.GeoDataFrame({"cod": [1]}, geometry=[square(23.5, 46)], crs=MAP_CRS)
    with pytest.raises(MissingColumnError, match=r"x\.gpkg.*natcode.*cod"):
        boundaries.tidy(raw, REGISTER.uats, REGISTER.counties, file="x.gpkg")


@pytest.mark.usefixtures("file_reader")
@pytest.mark.parametrize(
    "content", [b"", b"{", b"\x00\x01\x02", b'{"type": "FeatureCollection", "features": []}', b"PK\x03\x04"]
)
def test_a_file_that_is_no_layer_is_refused_with_its_name(tmp_path, content):
    path = tmp_path / "limite.geojson"
    path.write_bytes(content)
    with pytest.raises((UnreadableFileError, MissingColumnError), match=r"limite\.geojson"):
        boundaries.load(path)


shapes = st.one_of(
    st.none(),
    st.just(shapely.Polygon()),
    st.builds(square, st.floats(-180, 180), st.floats(-90, 90), st.floats(0, 1)),
    st.builds(square, st.floats(21, 29), st.floats(44, 48), st.floats(0.001, 0.5)),
    st.lists(st.tuples(st.floats(23, 24), st.floats(45, 46)), min_size=3, max_size=6).map(shapely.Polygon),
)


@settings(max_examples=examples(40), deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["1017", "1213", "1348", "24089", "x", "", "-5"]), shapes), max_size=6))
def test_rows_in_are_rows_loaded_and_rows_refused_whatever_comes(rows):
    layer = tidy([c for c, _s in rows], [s for _c, s in rows])
    assert layer.rows_read == len(rows) == len(layer.rows) + len(layer.rejects)
    accounted = sorted([*layer.rows["source_row"], *layer.rejects["row"]])
    assert accounted == list(range(1, len(rows) + 1))
    assert shapely.is_valid(layer.rows.geometry.to_numpy()).all()


def test_the_index_answers_as_going_through_all_areas_does(real_boundaries):
    areas = real_boundaries.rows
    index = area_index(areas)
    rng = np.random.default_rng(7)
    lat, lon = rng.uniform(43.6, 48.3, 200), rng.uniform(20.2, 29.8, 200)
    points = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs=MAP_CRS).to_crs(METRIC_CRS)
    obvious = [next(iter(areas.loc[areas.covers(p), "uat_siruta"]), None) for p in points]
    assert index.uat_at(lat, lon).tolist() == obvious
    counties = areas.set_index("uat_siruta")["county"]
    assert index.county_at(lat, lon).tolist() == [None if u is None else counties[u] for u in obvious]


def test_the_index_reads_bytes_as_editions_keep_them(real_boundaries):
    few = real_boundaries.rows.head(50)
    table = pd.DataFrame(few.drop(columns="geometry"))
    table["geometry"] = shapely.to_wkb(few.geometry.to_numpy())
    point = few.geometry.representative_point().to_crs(MAP_CRS).iloc[3]
    assert area_index(table).uat_at([point.y], [point.x])[0] == few["uat_siruta"].iloc[3]
