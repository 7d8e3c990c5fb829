"""The main roads in force in a home as lines for a map: few points, only the classes that a zoom has room for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from core.storage.editions import EditionStore
from geo.roads.degrees import SCALE
from geo.roads.home_roads import open_roads

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.storage.home import Home
    from geo.roads.road_network import RoadNetwork

CLASSES = (("motorway", "trunk", "A"), ("primary", "DN"), ("secondary", "DJ"), ("tertiary", "DC"))  # OSM, ref
FIRST_ZOOM = (6, 7, 10, 12)  # of each rank of CLASSES
BLOCK, _TILE = 1024, 256  # pixels along a side of a square and of a tile
_COARSE = 1.2  # pixels by which a line may be simplified


@dataclass(frozen=True)
class MainRoads:
    """Lines of main roads.

    Attributes
    ----------
    lines
        Lon and lat, degrees, joined where two alone meet.
    ranks
        Position in CLASSES of each.
    edition, as_of, title
        Of the source.
    """

    lines: NDArray[Any]
    ranks: NDArray[np.int64]
    tree: shapely.STRtree
    edition: str
    as_of: str
    title: str

    def within(self, zoom: int, column: int, row: int) -> list[tuple[int, NDArray[np.float64]]]:
        """Return the roads of one square.

        Parameters
        ----------
        zoom
            0 and up.
        column, row
            Of the squares of BLOCK pixels on Web Mercator, from the north-west of the world.

        Returns
        -------
        list of tuple
            Rank and (n, 2) latitude and longitude, degrees, cut at the edges, simplified for the zoom.
        """
        side = BLOCK / (_TILE * 2**zoom)
        west, east = 360 * (column * side - 0.5), 360 * ((column + 1) * side - 0.5)
        north, south = _latitude(row * side), _latitude((row + 1) * side)
        near = np.sort(self.tree.query(shapely.box(west, south, east, north)))
        near = near[np.take(FIRST_ZOOM, self.ranks[near]) <= zoom]
        finest = _COARSE * (east - west) / BLOCK
        drawn = []
        for at in near.tolist():
            cut = shapely.simplify(shapely.clip_by_rect(self.lines[at], west, south, east, north), finest)
            for part in shapely.get_parts(cut):
                points = shapely.get_coordinates(part)
                if len(points) > 1 and shapely.length(part) > finest:
                    drawn.append((int(self.ranks[at]), points[:, ::-1]))
        return drawn


def open_main_roads(home: Home) -> MainRoads | None:
    """Read the main roads in force for cars.

    Parameters
    ----------
    home
        The home.

    Returns
    -------
    MainRoads or None
        None where no roads were imported.

    Raises
    ------
    EditionError
        Where the edition is damaged.
    """
    opened = open_roads(home)
    edition = EditionStore(home).current("roads")
    if opened is None or edition is None:
        return None
    network = opened.search.network
    table = edition.table("roads", ["mode", "road_class"])
    ranks = _ranks(network, table[table["mode"] == "car"]["road_class"].tolist())
    lines, of_lines = [], []
    for rank in range(len(CLASSES)):
        joined = _joined(network, np.flatnonzero(ranks == rank))
        lines += joined
        of_lines += [rank] * len(joined)
    made = np.array(lines, object)
    return MainRoads(
        made, np.array(of_lines, np.int64), shapely.STRtree(made), opened.edition, opened.as_of, opened.title
    )


def _ranks(network: RoadNetwork, classes: list[str]) -> NDArray[np.int64]:
    """Return of each chain its place in CLASSES, -1 for another class.

    An edition names the classes that have a length, in the order of their numbers.
    """
    chains = network.chains
    numbers = np.unique(chains["road_class"][chains["metres"] > 0])
    order = {name: rank for rank, names in enumerate(CLASSES) for name in names}
    found = np.full(256, -1)
    if len(numbers) == len(classes):  # of another version otherwise: no road is drawn rather than a wrong one
        found[numbers] = [order.get(name, -1) for name in classes]
    ranks: NDArray[np.int64] = found[chains["road_class"]]
    return ranks


def _joined(network: RoadNetwork, chains: NDArray[np.int64]) -> list[Any]:
    if not len(chains):
        return []
    starts = network.chain_starts
    sizes = starts[chains + 1] - starts[chains]
    at = np.repeat(starts[chains] - np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes) + np.arange(sizes.sum())
    lines = shapely.linestrings(network.points[at] / SCALE, indices=np.repeat(np.arange(len(chains)), sizes))
    return list(shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines))))


def _latitude(y: float) -> float:
    """Return the latitude of a height on Web Mercator, 0 the north and 1 the south of it."""
    return float(np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * y)))))
