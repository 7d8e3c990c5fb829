"""Roads of an OpenStreetMap extract (`.osm.pbf`): two passes over the file, with what each needs alone in memory.

The first keeps the tags of ways as numbers, the second the points that those ways name. A file whose ways come before
its points, or whose numbers go back, is refused: what is read of it would have holes.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import osmium
from osmium.filter import KeyFilter

from geo.roads.reading.raw_roads import RawRoads, TurnRule
from geo.roads.reading.way_rules import TAGS_READ, RoadWay, blocks_cars, blocks_walkers, read_way
from geo.roads.road_speeds import RoadSpeeds

_KEYS = ("highway", "route", "barrier", "restriction")
_ORDER = {"n": 0, "w": 1, "r": 2}
_TELL_EVERY = 200_000


class UnsortedExtractError(ValueError):
    """Points, ways and relations of an extract are not in the order of their numbers."""


@dataclass
class _Gathered:
    """What the first pass keeps."""

    nodes: array[int] = field(default_factory=lambda: array("q"))  # of all ways, one way after another
    length: array[int] = field(default_factory=lambda: array("i"))
    identity: array[int] = field(default_factory=lambda: array("q"))
    forward: array[float] = field(default_factory=lambda: array("d"))
    backward: array[float] = field(default_factory=lambda: array("d"))
    foot: array[float] = field(default_factory=lambda: array("d"))
    seconds: array[float] = field(default_factory=lambda: array("d"))
    kind: array[int] = field(default_factory=lambda: array("B"))
    road_class: array[int] = field(default_factory=lambda: array("B"))
    months: array[int] = field(default_factory=lambda: array("H"))
    unpaved: array[int] = field(default_factory=lambda: array("B"))
    classes: dict[str, int] = field(default_factory=dict)
    car_barriers: array[int] = field(default_factory=lambda: array("q"))
    foot_barriers: array[int] = field(default_factory=lambda: array("q"))
    signals: array[int] = field(default_factory=lambda: array("q"))
    turns: list[tuple[int, int, int, bool]] = field(default_factory=list)

    def keep(self, identity: int, way: RoadWay, refs: list[int]) -> None:
        """Keep a way and the numbers of its points."""
        self.nodes.extend(refs)
        self.length.append(len(refs))
        self.identity.append(identity)
        self.forward.append(way.forward_km_h)
        self.backward.append(way.backward_km_h)
        self.foot.append(way.foot_km_h)
        self.seconds.append(way.seconds)
        self.kind.append(way.kind)
        self.road_class.append(self.classes.setdefault(way.road_class, len(self.classes)))
        self.months.append(way.closed_months)
        self.unpaved.append(way.unpaved)


def read_extract(path: str, speeds: RoadSpeeds, tell: Callable[[int], object] = int) -> RawRoads:
    """Read the roads of the extract at `path`.

    Parameters
    ----------
    path
        The file.
    speeds
        The table of speeds.
    tell
        Called now and then with the number of ways read so far.

    Returns
    -------
    RawRoads
        Of ways that have two known points or more; a point that the extract does not have cuts its way.

    Raises
    ------
    UnsortedExtractError
        Where the file is not sorted.
    RuntimeError
        What the library says of a file that is damaged, cut off or of another format.
    """
    gathered = _gather(path, speeds, tell)
    named, place = np.unique(np.frombuffer(gathered.nodes, np.int64), return_inverse=True)
    is_sorted = osmium.io.Reader(path, osmium.osm.NOTHING).header().get("sorting") == "Type_then_ID"
    lon, lat = _points(path, named, None if is_sorted or not gathered.identity else gathered.identity[0])
    return _assemble(gathered, named, place, lon, lat)


def _gather(path: str, speeds: RoadSpeeds, tell: Callable[[int], object]) -> _Gathered:
    found = _Gathered()
    known: dict[tuple[tuple[str, str], ...], RoadWay | None] = {}  # few sets of tags make a country
    before = ("n", -(1 << 62))
    for item in osmium.FileProcessor(path).with_filter(KeyFilter(*_KEYS)):
        what: Any = item  # the stubs know no common type of node, way and relation
        now = (what.type_str(), what.id)
        if (_ORDER[now[0]], now[1]) < (_ORDER[before[0]], before[1]):
            raise UnsortedExtractError(f"{now[0]}{now[1]} after {before[0]}{before[1]}")
        before = now
        if now[0] == "w":
            items = tuple((key, value) for key, value in dict(what.tags).items() if key in TAGS_READ)
            way = known[items] if items in known else known.setdefault(items, read_way(dict(items), speeds))
            refs = [node.ref for node in what.nodes] if way is not None else ()
            if way is not None and len(refs) > 1:
                found.keep(what.id, way, list(refs))
                if len(found.length) % _TELL_EVERY == 0:
                    tell(len(found.length))
        elif now[0] == "n":
            _keep_node(found, what)
        else:
            _keep_turn(found, what)
    return found


def _keep_node(found: _Gathered, node: Any) -> None:
    tags = node.tags
    if tags.get("highway") == "traffic_signals":
        found.signals.append(node.id)
    if "barrier" in tags:
        values = dict(tags)
        if blocks_cars(values):
            found.car_barriers.append(node.id)
        if blocks_walkers(values):
            found.foot_barriers.append(node.id)


def _keep_turn(found: _Gathered, relation: Any) -> None:
    """Keep a rule of turning with one way in, one point and one way out, that binds cars."""
    tags = relation.tags
    value = tags.get("restriction", "")
    if tags.get("type") != "restriction" or "motorcar" in tags.get("except", "") or value == "no_u_turn":
        return
    if not value.startswith(("no_", "only_")):
        return
    roles: dict[str, list[tuple[str, int]]] = {}
    for member in relation.members:
        roles.setdefault(member.role, []).append((member.type, member.ref))
    whole = [roles.get(role, []) for role in ("from", "via", "to")]
    if [[kind for kind, _ref in each] for each in whole] == [["w"], ["n"], ["w"]]:
        origin, via, target = (each[0][1] for each in whole)
        found.turns.append((origin, via, target, value.startswith("only_")))


def _points(path: str, named: np.ndarray, way: int | None) -> tuple[np.ndarray, np.ndarray]:
    """Return the coordinates of the points named, NaN where the extract has not the point."""
    lon, lat = np.full(len(named), np.nan), np.full(len(named), np.nan)
    wanted = osmium.IdTracker()
    if way is not None:  # the file does not say that it is sorted: no point may come after the first way
        wanted.add_way(way)
    for each in named.tolist():
        if each >= 0:
            wanted.add_node(each)
    ids, lons, lats = array("q"), array("d"), array("d")
    last = -1
    entities = osmium.osm.NODE if way is None else osmium.osm.NODE | osmium.osm.WAY
    for item in osmium.FileProcessor(path, entities).with_filter(wanted.id_filter()):
        node: Any = item
        if node.is_way():
            last = 1 << 62
            continue
        if node.id < last:
            raise UnsortedExtractError(f"n{node.id} after n{last}")
        last = node.id
        where = node.location
        if where.valid():
            ids.append(last)
            lons.append(where.lon_without_check())
            lats.append(where.lat_without_check())
    spot = np.searchsorted(named, np.frombuffer(ids, np.int64)) if len(ids) else np.empty(0, np.int64)
    lon[spot], lat[spot] = np.frombuffer(lons, float), np.frombuffer(lats, float)
    return lon, lat


def _assemble(found: _Gathered, named: np.ndarray, place: np.ndarray, lon: np.ndarray, lat: np.ndarray) -> RawRoads:
    lengths = np.frombuffer(found.length, np.int32).astype(np.int64)
    way = np.repeat(np.arange(len(lengths)), lengths)
    joined = way[:-1] == way[1:] if len(way) else np.empty(0, bool)
    start, end = place[:-1][joined], place[1:][joined]
    whole = np.isfinite(lon[start]) & np.isfinite(lon[end]) & (start != end)
    row = {int(identity): i for i, identity in enumerate(found.identity)} if found.turns else {}
    return RawRoads(
        lon=lon,
        lat=lat,
        start=start[whole],
        end=end[whole],
        way=way[:-1][joined][whole],
        kind=np.frombuffer(found.kind, np.uint8),
        road_class=np.frombuffer(found.road_class, np.uint8),
        forward_km_h=np.frombuffer(found.forward, float),
        backward_km_h=np.frombuffer(found.backward, float),
        foot_km_h=np.frombuffer(found.foot, float),
        seconds=np.frombuffer(found.seconds, float),
        closed_months=np.frombuffer(found.months, np.uint16),
        unpaved=np.frombuffer(found.unpaved, np.uint8).astype(bool),
        classes=tuple(found.classes),
        car_barriers=_among(named, found.car_barriers),
        foot_barriers=_among(named, found.foot_barriers),
        signals=_among(named, found.signals),
        turns=_turns(found, named, row),
    )


def _among(named: np.ndarray, ids: array[int]) -> np.ndarray:
    """Return the positions in `named` of those ids that are there."""
    if not len(ids) or not len(named):
        return np.empty(0, np.int64)
    wanted = np.frombuffer(ids, np.int64)
    spot = np.minimum(np.searchsorted(named, wanted), len(named) - 1)
    return np.unique(spot[named[spot] == wanted])


def _turns(found: _Gathered, named: np.ndarray, row: dict[int, int]) -> tuple[TurnRule, ...]:
    rules = []
    for origin, via, target, only in found.turns:
        spot = int(np.searchsorted(named, via))
        if origin in row and target in row and spot < len(named) and named[spot] == via:
            rules.append(TurnRule(row[origin], spot, row[target], only))
    return tuple(rules)
