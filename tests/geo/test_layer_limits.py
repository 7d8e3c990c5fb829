"""Layers that are too large or too tangled are refused before anything is repaired."""

from __future__ import annotations

import time
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo import boundaries, layer_limits, siruta
from geo.crs import MAP_CRS, METRIC_CRS
from geo.errors import UnreadableFileError
from geo.layer_limits import require_few_crossings, require_modest_size

CODES = [str(code) for code in siruta.load().uats["uat_siruta"]]


def star(points: int) -> shapely.Polygon:
    """Every side crosses nearly every other: points * (points - 3) / 2 crossings."""
    angle = 2 * np.pi * (np.arange(points) * (points // 2) % points) / points
    return shapely.Polygon(np.column_stack([24 + 0.3 * np.cos(angle), 46 + 0.3 * np.sin(angle)]))


def comb(teeth: int, *, lying: bool) -> shapely.Polygon:
    """A valid polygon; one standing and one lying cross in 4 * teeth² points."""
    x = np.repeat(np.arange(2 * teeth) + 1, 2)
    y = np.tile([0, 2 * teeth, 2 * teeth, 0], teeth)
    outline = np.vstack([np.column_stack([x, y]), [[2 * teeth + 3, 0], [2 * teeth + 3, -1], [0, -1], [0, 0]]])
    return shapely.Polygon((outline[:, ::-1] if lying else outline) * 0.2 / teeth + [24, 45.5])


def nested(collections: int, shape: shapely.Geometry) -> shapely.Geometry:
    for _level in range(collections):
        shape = shapely.GeometryCollection([shape])
    return shape


def layer(*shapes: shapely.Geometry) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"natcode": CODES[: len(shapes)]}, geometry=list(shapes), crs=MAP_CRS)


def metric(*shapes: shapely.Geometry):
    return layer(*shapes).to_crs(METRIC_CRS).geometry.to_numpy(), np.arange(len(shapes)) + 1


@pytest.mark.parametrize(("name", "points"), [("stea.geojson", 1_001), ("stea.gpkg", 4_001), ("stea.shp", 4_001)])
def test_a_star_is_refused_in_words_whatever_the_format(tmp_path, name, points):
    layer(shapely.box(24, 46, 24.1, 46.1), star(points)).to_file(tmp_path / name)
    began = time.process_time()
    with pytest.raises(UnreadableFileError) as refused:
        boundaries.load(tmp_path / name)
    assert str(refused.value).startswith(f"{name}: conturul elementului 2 se intersectează cu el însuși")
    assert "cel mult 1.000" in str(refused.value)
    assert time.process_time() - began < 5  # of this process: reading and counting happen in another


def test_a_star_of_few_points_is_mended(tmp_path):
    layer(star(15)).to_file(tmp_path / "stea.geojson")
    assert boundaries.load(tmp_path / "stea.geojson").notes[0] == "1 poligon reparat"


def test_valid_polygons_that_cross_each_other_too_often_are_refused():
    with pytest.raises(UnreadableFileError, match=r"x\.shp: contururile se intersectează .* cel mult 10\.000"):
        require_few_crossings(*metric(comb(60, lying=False), comb(60, lying=True)), file="x.shp")
    require_few_crossings(*metric(comb(40, lying=False), comb(40, lying=True)), file="x.shp")


def test_crossings_are_counted_as_the_obvious_loop_counts_them():
    rng = np.random.default_rng(3)
    shapes = np.array([shapely.Polygon(rng.uniform(0, 1_000, (9, 2))) for _shape in range(4)])
    sides = [(at, side) for at, shape in enumerate(shapes) for side in sides_of(shape)]
    obvious = [
        (a, b) for at, (a, one) in enumerate(sides) for b, other in sides[at + 1 :] if shapely.crosses(one, other)
    ]
    found = [
        tuple(sorted(pair))
        for first, second, _compared in layer_limits._crossing_owners(shapes)
        for pair in zip(first.tolist(), second.tolist(), strict=True)
    ]
    assert sorted(found) == sorted(obvious)


def sides_of(shape: shapely.Polygon) -> list[shapely.LineString]:
    corners = list(shape.exterior.coords)
    return [shapely.LineString(pair) for pair in pairwise(corners)]


@pytest.mark.parametrize("step", [0, 0.001])
def test_many_polygons_over_the_same_place_are_refused(step):
    boxes = [shapely.box(24 - step * n, 46 - step * n, 24.5 + step * n, 46.5 + step * n) for n in range(40)]
    with pytest.raises(UnreadableFileError, match="suprapun prea multe poligoane: 39; se primesc cel mult 10"):
        require_few_crossings(*metric(*boxes), file="x.gpkg")
    require_few_crossings(*metric(*boxes[:11]), file="x.gpkg")


def test_long_sides_that_all_pass_close_by_are_refused_and_not_compared_without_end(monkeypatch):
    monkeypatch.setattr(layer_limits, "MAX_NEAR_PAIRS", 100_000)
    there = np.arange(2_000)
    teeth = np.column_stack([24 + there * 1e-6 + 0.2 * (there % 2), 45.5 + 0.2 * (there % 2)])
    zigzag = shapely.Polygon(np.vstack([teeth, [[24.5, 45.4], [24, 45.4]]]))
    with pytest.raises(UnreadableFileError, match=r"prea dese: cel puțin \d+\.\d+ .* cel mult 100\.000"):
        require_few_crossings(*metric(zigzag), file="x.gpkg")


@pytest.mark.parametrize(
    "shape",
    [
        star(200_001),
        nested(40, star(200_001)),
        shapely.LineString(np.zeros((200_001, 2))),
        shapely.MultiPoint(np.zeros((200_001, 2))),
    ],
    ids=["polygon", "nested", "line", "points"],
)
def test_too_many_vertices_of_one_element_of_any_kind_are_refused(shape):
    shapes = np.array([None, shapely.Point(24, 46), shape], dtype=object)
    with pytest.raises(UnreadableFileError, match=r"x\.shp: elementul 3 are prea multe vârfuri: 200\.00. ?.*200\.000"):
        require_modest_size(shapes, file="x.shp")


def test_too_many_vertices_in_all_are_refused(monkeypatch):
    monkeypatch.setattr(layer_limits, "MAX_VERTICES", 9)
    shapes = np.array([shapely.box(24, 46, 25, 47)] * 2)
    with pytest.raises(UnreadableFileError, match="stratul are prea multe vârfuri: 10; se primesc cel mult 9"):
        require_modest_size(shapes, file="x.shp")


def test_too_many_parts_and_holes_are_refused_through_collections(monkeypatch):
    monkeypatch.setattr(layer_limits, "MAX_FEATURE_PARTS", 4)
    square, hole = shapely.box(24, 46, 25, 47), shapely.box(24.1, 46.1, 24.2, 46.2)
    pierced = shapely.difference(square, hole)
    require_modest_size(np.array([shapely.MultiPolygon([pierced, hole])]), file="x.shp")
    shapes = np.array([square, nested(3, shapely.MultiPolygon([pierced, hole, square, square]))], dtype=object)
    with pytest.raises(UnreadableFileError, match=r"elementul 2 are prea multe părți și goluri: 5; .* 4"):
        require_modest_size(shapes, file="x.shp")


def test_too_many_elements_are_refused(monkeypatch):
    monkeypatch.setattr(layer_limits, "MAX_FEATURES", 1)
    with pytest.raises(UnreadableFileError, match="prea multe elemente: 2; se primesc cel mult 1"):
        require_modest_size(np.array([None, None], dtype=object), file="x.shp")


def test_what_no_count_foresees_ends_at_the_limit_of_memory_or_time(tmp_path, monkeypatch):
    layer(shapely.box(24, 46, 24.1, 46.1)).to_file(tmp_path / "a.geojson")
    monkeypatch.setattr(boundaries, "READER_MEMORY_BYTES", 150_000_000)
    with pytest.raises(UnreadableFileError, match=r"a\.geojson: citirea .* peste 150 MB de memorie sau peste 120 s"):
        boundaries.load(tmp_path / "a.geojson")
    monkeypatch.undo()
    monkeypatch.setattr(boundaries, "READER_SECONDS", 0)
    with pytest.raises(UnreadableFileError, match=r"a\.geojson: citirea"):
        boundaries.load(tmp_path / "a.geojson")
