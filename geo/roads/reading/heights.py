"""Heights of the ground from tiles that somebody gives with the roads, and what a slope does to whoever walks.

Tiles are SRTM's `.hgt` (the name is the south-west corner, N46E025) or ESRI ASCII grids `.asc` in degrees; a `.zip` may
hold many. Between the points of a tile heights are interpolated in both directions.

Walking follows Tobler's hiking function (W. Tobler, Three presentations on geographical analysis and modeling, NCGIA
report 93-1, 1993), W = 6 exp(-3.5 |slope + 0.05|) km/h, as a share of what it says of level ground, so that the speeds
of `data/roads/speeds.csv` hold there.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_NAME = re.compile(r"([NS])(\d{2})([EW])(\d{3})\.hgt", re.IGNORECASE)
_SIDES = {2 * side * side: side for side in (1201, 3601)}  # bytes of a tile of 3 and of 1 seconds of arc
_MOST_TILES, _MOST_CELLS = 400, 50_000_000
_MOST_TEXT = 400_000_000
_HIGHEST, _LOWEST = 9_000.0, -500.0
STRETCH_M = 200.0
STEEPEST = 0.45  # what is steeper is the ground beside the road, which winds or is cut in
_TOBLER, _TOBLER_DOWN = 3.5, 0.05


class NoHeightsError(ValueError):
    """A file is none of heights; the message is the file, or the tile in it, and what is wrong with it."""


@dataclass(frozen=True)
class HeightTile:
    """A grid of heights, metres, rows from north to south; NaN where nothing is known. Degrees WGS84 of its corners."""

    metres: NDArray[np.float32]
    south: float
    west: float
    step_lat: float
    step_lon: float

    def at(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the heights of points, interpolated; NaN outside and beside what is not known."""
        rows, columns = self.metres.shape
        y = rows - 1 - (lat - self.south) / self.step_lat
        x = (lon - self.west) / self.step_lon
        inside = (y >= 0) & (y <= rows - 1) & (x >= 0) & (x <= columns - 1)
        found = np.full(len(lon), np.nan)
        y, x = y[inside], x[inside]
        top, left = np.minimum(y.astype(int), rows - 2), np.minimum(x.astype(int), columns - 2)
        down, right = y - top, x - left
        found[inside] = (
            self.metres[top, left] * (1 - down) * (1 - right)
            + self.metres[top, left + 1] * (1 - down) * right
            + self.metres[top + 1, left] * down * (1 - right)
            + self.metres[top + 1, left + 1] * down * right
        )
        return found


def heights_at(path: Path, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the heights of points.

    Parameters
    ----------
    path
        An `.hgt`, an `.asc` or a `.zip` of them.
    lon, lat
        Of the points, WGS84 degrees.

    Returns
    -------
    NDArray
        Metres; NaN where no tile knows.

    Raises
    ------
    NoHeightsError
        Where the file is none of these, or a tile in it is damaged.
    """
    found = np.full(len(lon), np.nan)
    for tile in _tiles(path):
        known = tile.at(lon, lat)
        found = np.where(np.isnan(found), known, found)
    return found


def slopes_along(
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    way: NDArray[np.int64],
    metres: NDArray[np.float64],
    height_m: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the slope of each piece of road, as that of some STRETCH_M of its way: rise by run, from start to end.

    From one point to the next, 20 metres on, a grid of 90 metres tells of the hillside, not of the road: with slopes of
    single pieces walks in Andorra took 1.40 times as long as on level ground in the median, with these 1.26.
    """
    count = len(start)
    if not count:
        return np.empty(0)
    breaks = np.append(True, (way[1:] != way[:-1]) | (start[1:] != end[:-1]))
    first = np.flatnonzero(breaks)
    run = np.cumsum(breaks) - 1
    before = np.cumsum(metres) - metres
    before -= before[first][run]
    whole = np.add.reduceat(metres, first)
    parts = np.maximum(np.round(whole / STRETCH_M), 1)
    part = np.minimum(before / np.maximum(whole / parts, 1e-9)[run], parts[run] - 1).astype(np.int64)
    begins = np.flatnonzero(breaks | np.append(True, part[1:] != part[:-1]))
    last = np.append(begins[1:], count) - 1
    rise = height_m[end[last]] - height_m[start[begins]]
    slope = rise / np.maximum(np.add.reduceat(metres, begins), STRETCH_M / 2)
    return np.repeat(slope, last - begins + 1)


def walking_share(slope: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of the speed on level ground that is walked on a slope (rise by run); 1 where it is not known.

    >>> [round(float(share), 2) for share in walking_share(np.array([0.0, 0.1, -0.1, -0.05]))]
    [1.0, 0.7, 1.0, 1.19]
    """
    steep = np.clip(np.nan_to_num(slope), -STEEPEST, STEEPEST)
    return np.exp(-_TOBLER * (np.abs(steep + _TOBLER_DOWN) - _TOBLER_DOWN))


def _tiles(path: Path) -> Iterator[HeightTile]:
    if path.suffix.lower() != ".zip":
        with path.open("rb") as file:
            yield _tile(path.name, file, path.stat().st_size)
        return
    try:
        with zipfile.ZipFile(path) as packed:
            inside = [each for each in packed.infolist() if each.filename.lower().endswith((".hgt", ".asc"))]
            if not 0 < len(inside) <= _MOST_TILES:
                raise NoHeightsError(f"{path.name}: {len(inside)} .hgt, .asc")
            for each in inside:
                with packed.open(each) as file:
                    yield _tile(Path(each.filename).name, file, each.file_size)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise NoHeightsError(f"{path.name}: {str(error)[:80]}") from None


def _tile(name: str, file: IO[bytes], size: int) -> HeightTile:
    match = _NAME.fullmatch(name)
    if match is not None:
        return _srtm(name, file, size, match)
    if name.lower().endswith(".asc") and size <= _MOST_TEXT:
        return _ascii_grid(name, file)
    raise NoHeightsError(name)


def _srtm(name: str, file: IO[bytes], size: int, match: re.Match[str]) -> HeightTile:
    side = _SIDES.get(size)
    content = file.read(size + 1) if side else b""
    if side is None or len(content) != size:
        raise NoHeightsError(f"{name}: {size} B")
    south = int(match[2]) * (1 if match[1].upper() == "N" else -1)
    west = int(match[4]) * (1 if match[3].upper() == "E" else -1)
    step = 1.0 / (side - 1)
    return HeightTile(_plausible(np.frombuffer(content, ">i2").reshape(side, side)), south, west, step, step)


def _ascii_grid(name: str, file: IO[bytes]) -> HeightTile:
    head: dict[str, float] = {}
    try:
        for _line in range(6):
            key, value = file.readline(200).decode("ascii").split()
            head[key.lower()] = float(value)
        rows, columns, step = int(head["nrows"]), int(head["ncols"]), head["cellsize"]
        centre = "center" if "xllcenter" in head else "corner"
        west, south = head[f"xll{centre}"], head[f"yll{centre}"]
        is_grid = rows > 1 and columns > 1 and rows * columns <= _MOST_CELLS
        # Metres in place of degrees are another coordinate system.
        is_degrees = 0 < step <= 1 and abs(west) <= 180 and abs(south) <= 90  # noqa: PLR2004
        metres = np.loadtxt(file, np.float32, max_rows=rows, ndmin=2) if is_grid and is_degrees else np.empty((0, 0))
    except (ValueError, KeyError, OverflowError, UnicodeDecodeError) as error:
        raise NoHeightsError(f"{name}: {str(error)[:80]}") from None
    if metres.shape != (rows, columns):
        raise NoHeightsError(f"{name}: {rows} x {columns}, {step:g}, {west:g}, {south:g}")
    metres[metres == np.float32(head.get("nodata_value", -9999.0))] = np.nan
    half = 0.0 if centre == "center" else step / 2
    return HeightTile(_plausible(metres), south + half, west + half, step, step)


def _plausible(metres: NDArray[np.generic]) -> NDArray[np.float32]:
    values = metres.astype(np.float32)
    return np.where((values < _LOWEST) | (values > _HIGHEST), np.nan, values).astype(np.float32)
