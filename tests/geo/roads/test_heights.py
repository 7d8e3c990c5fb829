"""Heights of the ground: read from tiles as they are, refused where they are none, and walked up more slowly."""

from __future__ import annotations

import zipfile

import numpy as np
import pytest

from core.errors import UnreadableFileError
from core.storage.home import make_home
from geo.roads.home_roads import open_roads
from geo.roads.reading import road_import
from geo.roads.reading.heights import STRETCH_M, NoHeightsError, heights_at, slopes_along, walking_share
from geo.roads.road_travel import home_travel
from providers.rules.travel_words import how_measured
from tests.worlds.files.register_files import import_file
from tests.worlds.roads.road_village import NODES, extract

AT = np.array([27.09, 27.10]), np.array([46.47, 46.48])


def hill(path, *, side=1201, rise=1000.0):
    """Write a tile of N46E027 that rises to the north: `rise` metres a degree."""
    rows = np.linspace(rise, 0, side).round().astype(">i2")
    path.write_bytes(np.repeat(rows[:, None], side, axis=1).tobytes())
    return path


def grid(path, text="", *, south=46.4, west=27.0, rise=1000.0):
    rows = [" ".join([f"{(0.2 - 0.01 * (n + 0.5)) * rise + 400:.2f}"] * 20) for n in range(20)]
    head = f"ncols 20\nnrows 20\nxllcorner {west}\nyllcorner {south}\ncellsize 0.01\nNODATA_value -9999\n"
    path.write_text(text or head + "\n".join(rows), encoding="ascii")
    return path


def test_a_tile_a_grid_and_an_archive_say_the_same(tmp_path):
    tile = hill(tmp_path / "N46E027.hgt")
    assert heights_at(tile, *AT) == pytest.approx([470, 480], abs=1)
    assert heights_at(grid(tmp_path / "a.asc"), *AT) == pytest.approx([470, 480], abs=1)
    packed = tmp_path / "a.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(tile, "srtm/N46E027.hgt")
    assert heights_at(packed, *AT) == pytest.approx([470, 480], abs=1)
    outside = np.isnan(heights_at(tile, np.array([26.9, 27.5]), np.array([46.5, 47.1])))
    assert outside.all()


@pytest.mark.usefixtures("file_reader")
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("N46E027.hgt", b"\x00" * 1000),
        ("N46E027.hgt", b""),
        ("hill.hgt", b"\x00" * 2 * 1201 * 1201),
        ("a.asc", b"ncols 20\nnrows 1000000000\nxllcorner 27\nyllcorner 46\ncellsize 0.01\nNODATA_value -9999\n1 2"),
        ("a.asc", b"ncols 2\nnrows 2\nxllcorner 554000\nyllcorner 5144000\ncellsize 25\nNODATA_value -9999\n1 2\n3 4"),
        ("a.asc", b"ncols 2\nnrows 2\nxllcorner 27\nyllcorner 46\ncellsize nan\nNODATA_value -9999\n1 2\n3 4"),
        ("a.asc", b"ncols 2\nnrows 2\nxllcorner 27\nyllcorner 46\ncellsize 0.1\nNODATA_value -9999\n1 2\n3"),
        ("a.asc", b"=cmd|' /C calc'!A0\n" * 9),
        ("a.asc", b"\x00" * 5_000),
        ("a.zip", b"PK\x03\x04 and no more"),
        ("a.tif", b"II*\x00"),
    ],
)
def test_what_is_no_file_of_heights_is_refused_in_words(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(NoHeightsError, match=name):
        heights_at(path, *AT)
    with pytest.raises(UnreadableFileError, match=rf"{name}.*nu este un fișier de înălțimi"):
        road_import.load(extract(tmp_path / "sat.osm.pbf"), companion=path)


def test_what_is_beyond_the_earth_is_not_known(tmp_path):
    path = tmp_path / "N46E027.hgt"
    path.write_bytes(np.full((1201, 1201), -32768, ">i2").tobytes())  # what SRTM writes where it saw nothing
    assert np.isnan(heights_at(path, *AT)).all()
    assert walking_share(np.array([np.nan])).tolist() == [1.0]


@pytest.mark.usefixtures("file_reader")
def test_walking_up_is_slower_than_walking_down_and_it_is_said(tmp_path):
    home = make_home("live", tmp_path / "var")
    source = extract(tmp_path / "sat.osm.pbf")
    import_file(home, "roads", source)
    level = home_travel(home).walk
    assert "ca pe teren drept" in how_measured(level.basis)
    read = road_import.load(source, companion=hill(tmp_path / "N46E027.hgt", rise=11_100.0))  # some 10 in 100
    assert any("Tobler 1993" in note and "100 %" in note for note in read.notes)
    import_file(home, "roads", source, companion=tmp_path / "N46E027.hgt")
    steep, low, high = home_travel(home).walk, NODES[4], NODES[3]  # two junctions
    flat, up, down = (
        float(travel.travel_times(*one, *[[each] for each in other])[0][0])
        for travel, one, other in ((level, low, high), (steep, low, high), (steep, high, low))
    )
    assert flat == pytest.approx(level.travel_times(*high, *[[each] for each in low])[0][0])
    slope = 111 / 1111.6
    assert up == pytest.approx(flat / walking_share(np.array([slope]))[0], rel=0.05)
    assert down == pytest.approx(flat / walking_share(np.array([-slope]))[0], rel=0.05)
    assert up > down
    assert "urcușul și coborâșul se socotesc (Tobler 1993)" in how_measured(steep.basis)
    assert open_roads(home).has_heights  # by car nothing changes
    assert home_travel(home).car.basis.has_heights is False


def test_toblers_function_is_as_he_wrote_it():
    slope = np.linspace(-0.4, 0.4, 33)
    expected = 6 * np.exp(-3.5 * np.abs(slope + 0.05)) / (6 * np.exp(-3.5 * 0.05))
    assert walking_share(slope) == pytest.approx(expected)


def test_slopes_are_those_of_stretches_of_a_way_in_either_direction():
    metres = np.array([20.0] * 30 + [400.0] + [30.0])
    start, end = np.arange(32), np.arange(1, 33)
    start[31], end[31] = 40, 41  # a way of its own
    way = np.array([0] * 31 + [1])
    height = np.zeros(42)
    height[:31] = np.arange(31) * 2.0 + np.tile([0.0, 3.0], 16)[:31]  # one in ten, with a grid's noise
    height[31], height[41] = 60.0, 3.0
    slope = slopes_along(start, end, way, metres, height)
    parts = [slope[:10], slope[10:20], slope[20:30]]
    assert [np.ptp(each) for each in parts] == [0, 0, 0]
    assert slope[:30] == pytest.approx(0.1, abs=0.02)
    assert slope[30] == 0
    assert slope[31] == pytest.approx(3.0 / (STRETCH_M / 2))
    back = slopes_along(end[30::-1], start[30::-1], way[:31], metres[30::-1], height)
    assert back[1:] == pytest.approx(-slope[29::-1], abs=0.02)
    assert slopes_along(*(np.empty(0, int),) * 3, np.empty(0), height).tolist() == []
