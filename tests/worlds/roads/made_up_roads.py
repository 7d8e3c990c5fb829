"""Minutes that follow no plane: made of the two ends alone, another way back than there, and some ends unreachable."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from geo.spatial.network_travel import NetworkTravel
from geo.spatial.travel import TravelBasis, TravelModels

ROADS = TravelBasis("roads", "car", "OpenStreetMap", "2026-11-03-a1", "2026-11-03", "summer")


@dataclass
class MadeUpRoads:
    """Whole minutes from 1 to `longest`, many of them equal; a `lost`-th of the points lies on no road.

    per_degree: minutes added for each degree between the ends, for whom nobody may be too fast. towards: whether the pinned points are where the way leads to, else where it comes from.
    """

    longest: int = 40
    lost: int = 7
    towards: bool = True
    per_degree: float = 0.0
    searches: list[int] = field(default_factory=list)

    def pin(self, lats, lons):
        return np.asarray(lats, float), np.asarray(lons, float)

    def minutes(self, lat, lon, points, *, most_minutes=np.inf):
        lats, lons = points
        self.searches.append(len(lats))
        one, many = _number(lat, lon), _number(lats, lons)
        forth, back = (one, many) if self.towards else (many, one)
        took = 1.0 + (forth * 31 + back * 17) % self.longest
        took += self.per_degree * np.hypot(np.asarray(lats) - lat, np.asarray(lons) - lon)
        took = np.where((one % self.lost == 0) | (many % self.lost == 0), np.inf, took)
        return np.where(took <= most_minutes, took, np.inf)


def _number(lat, lon):
    return (np.rint(np.asarray(lat) * 1e4) * 7919 + np.rint(np.asarray(lon) * 1e4) * 104729).astype(np.int64) % 9973


def made_up_travel(*, both_ways: bool = True, basis: TravelBasis = ROADS, **said) -> NetworkTravel:
    backward = MadeUpRoads(**said, towards=False) if both_ways else None
    return NetworkTravel(basis, MadeUpRoads(**said), backward)


def made_up_models(**said) -> TravelModels:
    on_foot = TravelBasis("roads", "walk", "OpenStreetMap", "2026-11-03-a1", "2026-11-03", "summer")
    return TravelModels(made_up_travel(**said), made_up_travel(basis=on_foot, **said))
