"""The drawing without a script: small, and with the marks of the view."""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import shapely

from geo.maps.point_clusters import grid_clusters
from geo.maps.still_map import WIDTH, county_outlines, still_map

CORNERS = ((44.0, 21.0), (48.0, 29.0))


def outlines(n=400):
    ring = np.linspace(0, 2 * np.pi, n)
    return gpd.GeoSeries(
        [shapely.Polygon(np.column_stack([25 + 3 * np.cos(ring), 46 + 1.5 * np.sin(ring)])), shapely.box(0, 0, 1, 1)],
        crs="EPSG:4326",
    )


def clusters(n):
    rng = np.random.default_rng(2)
    at = rng.uniform(44.1, 47.9, n), rng.uniform(21.1, 28.9, n)
    return grid_clusters(*at, rng.integers(0, 3, n).astype(np.int8), n_states=3, zoom=7)


def test_marks_stand_where_their_services_are_and_areas_out_of_view_are_left_out():
    found = clusters(500)
    drawn = still_map(outlines(), found, CORNERS, here=(46.0, 25.0))
    assert drawn.width == WIDTH
    assert len(drawn.paths) == 1
    assert [mark.size for mark in drawn.marks] == found.size.tolist()
    assert all(0 <= mark.x <= WIDTH and 0 <= mark.y <= drawn.height for mark in drawn.marks)
    east = int(np.argmax(found.lon))
    assert drawn.marks[east].x == max(mark.x for mark in drawn.marks)
    assert drawn.here is not None
    assert drawn.here[0] == WIDTH / 2


def test_outlines_of_any_size_are_drawn_within_a_few_kilobytes():
    rng = np.random.default_rng(4)
    many = gpd.GeoSeries(
        [
            shapely.Point(lon, lat).buffer(0.3).segmentize(0.002)
            for lat, lon in zip(rng.uniform(44, 48, 150), rng.uniform(21, 29, 150), strict=True)
        ],
        crs="EPSG:4326",
    )
    drawn = still_map(many, clusters(10), CORNERS)
    assert sum(map(len, drawn.paths)) < 20_000
    assert all(re.fullmatch(r"(?:M[-\d, ]+Z)+", path) for path in drawn.paths)


def test_communes_are_joined_to_their_counties():
    areas = gpd.GeoDataFrame(
        {"uat_siruta": [1, 2, 3]},
        geometry=[shapely.box(25, 46, 26, 47), shapely.box(26, 46, 27, 47), shapely.box(28, 46, 29, 47)],
        crs="EPSG:4326",
    )
    joined = county_outlines(areas, {1: "BC", 2: "BC", 3: "VS"})
    assert joined.index.tolist() == ["BC", "VS"]
    assert joined["BC"].equals(shapely.box(25, 46, 27, 47))
