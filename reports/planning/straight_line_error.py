"""How far the straight line is from the roads that a home has imported: by county, for services that people go to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.errors import BadValueError
from core.i18n import _
from core.storage.editions import EditionStore
from core.storage.straight_errors import StraightError
from core.text import collation_key
from geo.roads.road_travel import home_travel
from geo.spatial.points import Points
from geo.spatial.travel import CAR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.storage.home import Home
    from geo.spatial.travel import TravelModel
    from providers.catalogue.snapshot import Snapshot

KINDS = ("MED-GP", "EDU-SCHOOL", "MED-HOSP")  # near, nearer and far
MOST_LOCALITIES = 120  # of a county, evenly over its list: more do not move a median
_LEAST_M = 500.0  # nearer than this both are a guess


def measure_straight_line(home: Home, snapshot: Snapshot) -> list[StraightError]:
    """Compare, from the localities of each county, the nearest service in a straight line and by road.

    Parameters
    ----------
    home
        Whose imported roads count, chosen or not.
    snapshot
        Services and localities of one moment.

    Returns
    -------
    list of StraightError
        The whole country first (county empty), then each county, the worst first.

    Raises
    ------
    BadValueError
        Where no roads are imported, or the home has none of the kinds of service.
    EditionError
        Where the edition of roads is damaged.
    """
    edition = EditionStore(home).current("roads")
    roads = home_travel(home).car
    if edition is None or roads.basis.is_straight:
        raise BadValueError(_("Nu sunt importate drumuri: întâi „harta import roads FIȘIER.osm.pbf”."))
    types = snapshot.catalogue.types
    sites = [Points.of(types[code].index.lat, types[code].index.lon) for code in KINDS if code in types]
    if not any(len(each) for each in sites):
        raise BadValueError(_("Nu sunt medici de familie, școli sau spitale cu care să se măsoare."))
    counties, origins = _origins(snapshot)
    parts = [compare(roads, origins, each) for each in sites if len(each)]
    ratio, other = np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])
    county = np.tile(counties, len(parts))
    as_of, is_invented = edition.manifest.as_of, edition.manifest.source.synthetic
    items = []
    for name in ("", *sorted(set(counties.tolist()))):
        own = (county == name) if name else np.ones(len(county), bool)
        known = own & np.isfinite(ratio)
        if known.any():
            median, share = float(np.median(ratio[known])), float(other[own].mean())
            items.append(StraightError(name, round(median, 3), round(share, 4), int(known.sum()), as_of, is_invented))
    return [*items[:1], *sorted(items[1:], key=lambda each: (-each.ratio, collation_key(each.county)))]


def compare(
    roads: TravelModel, origins: Points, sites: Points, *, straight: TravelModel = CAR
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return for each origin how much longer the road to the straight line's nearest is, and whether another is nearer.

    The ratio is NaN where the site is nearer than 500 m, and infinite where no road leads there.
    """
    near = straight.nearest_each(origins, sites)
    by_road = roads.nearest_each(origins, sites)
    took, metres = roads.times_between(origins, sites.take(near.site))
    ratio = np.where(metres >= _LEAST_M, took / np.maximum(near.minutes, 1e-9), np.nan)
    return ratio, by_road.minutes < took - 1e-6


def _origins(snapshot: Snapshot) -> tuple[NDArray[np.object_], Points]:
    known = snapshot.gazetteer.localities.dropna(subset=["lat", "lon"])
    uats = snapshot.gazetteer.uats.set_index("uat_siruta")["county"]
    county = uats.reindex(known["uat_siruta"]).to_numpy(object)
    chosen = np.sort(np.concatenate([_evenly(np.flatnonzero(county == name)) for name in sorted(set(county))]))
    lat, lon = known["lat"].to_numpy(float)[chosen], known["lon"].to_numpy(float)[chosen]
    return county[chosen], Points.of(lat, lon)


def _evenly(rows: NDArray[np.intp]) -> NDArray[np.intp]:
    few = np.linspace(0, len(rows) - 1, min(len(rows), MOST_LOCALITIES)).round().astype(int)
    return np.asarray(rows[np.unique(few)])
