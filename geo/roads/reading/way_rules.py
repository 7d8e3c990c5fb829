"""What the tags of a way of OpenStreetMap say of driving and walking on it.

Access is read from the general key to the particular one; months of a conditional closure are kept, never judged by
the day of the import; a closure by hours of the day is none for a journey whose hour nobody knows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo.roads.road_network import FERRY, LINK, PATH, ROAD, TRACK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.roads.road_speeds import RoadSpeeds

_CAR_KEYS = ("access", "vehicle", "motor_vehicle", "motorcar")
_FOOT_KEYS = ("access", "foot")
TAGS_READ = frozenset(
    {
        "highway", "route", "area", "impassable", "surface", "tracktype", "smoothness", "service", "maxspeed",
        "maxspeed:type", "maxspeed:forward", "maxspeed:backward", "oneway", "oneway:motor_vehicle", "junction", "foot",
        "sidewalk", "duration", "winter_road", "ice_road", *_CAR_KEYS, *(f"{key}:conditional" for key in _CAR_KEYS),
    }
)  # fmt: skip
_CLOSED = {"no", "agricultural", "forestry", "emergency", "psv", "bus", "military", "use_sidepath", "discouraged"}
_LAST_RESORT = {"private", "delivery", "destination", "customers"}
_OPEN_BARRIERS = {
    "cattle_grid", "border_control", "toll_booth", "sally_port", "gate", "lift_gate", "swing_gate", "no", "entrance",
    "height_restrictor", "arch", "kerb",
}  # fmt: skip
_CLOSED_BARRIERS_ON_FOOT = {"wall", "fence", "hedge", "city_wall", "debris"}
_ON_FOOT = {"footway", "path", "pedestrian", "steps", "cycleway", "bridleway", "corridor", "track"}
_FAST = {"motorway", "motorway_link"}
_NOT_ON_FOOT = {*_FAST, "trunk", "trunk_link"}
_UNPAVED = {
    "unpaved", "gravel", "fine_gravel", "compacted", "ground", "dirt", "earth", "grass", "mud", "sand", "clay",
    "pebblestone", "rock", "rocky", "stone", "woodchips",
}  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_RANGE = re.compile(
    rf"\b({'|'.join(_MONTHS)})[a-z]*\.?(?:\s*\d{{1,2}})?(?:\s*-\s*({'|'.join(_MONTHS)})[a-z]*\.?(?:\s*\d{{1,2}})?)?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b(?!:)")
_CLAUSE = re.compile(r"([a-z_]+)\s*@\s*(\([^)]*\)|[^;]+)", re.IGNORECASE)
_ALL_YEAR = (1 << 12) - 1
_ISO_DURATION = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?", re.IGNORECASE)
_MILES = 1.609344
_KNOTS = 1.852
_PRIVATE_SHARE = 0.5


@dataclass(frozen=True)
class RoadWay:
    """How a way is driven and walked.

    Attributes
    ----------
    road_class
        Its `highway`, or `ferry`.
    kind
        ROAD, TRACK, FERRY, PATH or LINK of `geo.roads.road_network`.
    forward_km_h, backward_km_h
        By car, in the order of its nodes and against it; 0 = not open.
    foot_km_h
        On foot; 0 = not open.
    seconds
        What a ferry says that it takes, with the wait; 0 = by its length.
    closed_months
        Bit m-1 is set where a car may not pass in month m.
    unpaved
        Whether its surface is gravel, earth and the like.
    """

    road_class: str
    kind: int
    forward_km_h: float
    backward_km_h: float
    foot_km_h: float
    seconds: float = 0.0
    closed_months: int = 0
    unpaved: bool = False


def read_way(tags: Mapping[str, str], speeds: RoadSpeeds) -> RoadWay | None:
    """Read the tags of a way; None where neither a car nor a walker may use it.

    Parameters
    ----------
    tags
        Of the way.
    speeds
        The table of speeds.

    Returns
    -------
    RoadWay or None
        Speeds by direction, kind, months of closure.
    """
    road_class = tags.get("highway", "")
    if tags.get("route") == "ferry":
        return _ferry(tags, speeds)
    if not road_class or tags.get("area") == "yes" or tags.get("impassable") == "yes":
        return None
    car, months = _car_km_h(road_class, tags, speeds)
    forward, backward = _directions(road_class, tags)
    foot = _foot_km_h(road_class, tags, speeds)
    if not car and not foot:
        return None
    kind = TRACK if road_class == "track" else LINK if road_class in _FAST else ROAD if car else PATH
    unpaved = tags.get("surface") in _UNPAVED or ("surface" not in tags and tags.get("tracktype", "grade1") > "grade1")
    return RoadWay(
        road_class,
        kind,
        _with_limit(car, tags, "maxspeed:forward", speeds) if forward else 0.0,
        _with_limit(car, tags, "maxspeed:backward", speeds) if backward else 0.0,
        foot,
        closed_months=months,
        unpaved=unpaved,
    )


def _access(tags: Mapping[str, str], keys: tuple[str, ...]) -> str:
    """Return what the most particular key says, "" where none is there."""
    return next((tags[key] for key in reversed(keys) if key in tags), "")


def _car_km_h(road_class: str, tags: Mapping[str, str], speeds: RoadSpeeds) -> tuple[float, int]:
    base = speeds.of("class", road_class)
    text = _access(tags, _CAR_KEYS)
    months = closed_months(tags)
    if base is None or months == _ALL_YEAR or tags.get("smoothness") == "impassable":
        return 0.0, 0
    if road_class == "track":
        # The ceiling of a firm track is no speed for strangers: a share of it, never above that of a local road.
        firm = speeds.of("tracktype", tags.get("tracktype", ""))
        base = max(min(firm * speeds.known("share", "track"), 2 * base), base / 2) if firm else base
    else:
        base = speeds.of("service", tags.get("service", "")) or base if road_class == "service" else base
        limit = limit_km_h(tags.get("maxspeed", ""), speeds) or limit_km_h(tags.get("maxspeed:type", ""), speeds)
        if limit:
            base = limit * speeds.known("share", "maxspeed")
    for key in ("surface", "tracktype", "smoothness"):
        ceiling = speeds.of(key, tags.get(key, ""))
        base = min(base, ceiling) if ceiling else base
    return (base * _PRIVATE_SHARE if text in _LAST_RESORT else base), months


def _with_limit(car: float, tags: Mapping[str, str], key: str, speeds: RoadSpeeds) -> float:
    limit = limit_km_h(tags.get(key, ""), speeds) if car else None
    return min(car, limit * speeds.known("share", "maxspeed")) if limit else car


def limit_km_h(text: str, speeds: RoadSpeeds) -> float | None:
    """Read a speed limit: a number (km/h, mph, knots) or a word of the table (`RO:urban`); None for anything else."""
    text = text.partition(";")[0].strip()
    if not text:
        return None
    number = re.match(r"\d+(?:\.\d+)?", text)
    if number is None:
        return speeds.of("maxspeed", text) or speeds.of("maxspeed", text.partition(":")[2].lower())
    unit = _MILES if "mph" in text else _KNOTS if "knot" in text else 1.0
    return float(number[0]) * unit or None


def _directions(road_class: str, tags: Mapping[str, str]) -> tuple[bool, bool]:
    text = tags.get("oneway:motor_vehicle") or tags.get("oneway", "")
    if text in ("-1", "reverse"):
        return False, True
    if text in ("yes", "1", "true"):
        return True, False
    implied = tags.get("junction") in ("roundabout", "circular") or road_class == "motorway"
    return True, not (implied and text != "no")


def _foot_km_h(road_class: str, tags: Mapping[str, str], speeds: RoadSpeeds) -> float:
    text = _access(tags, _FOOT_KEYS)
    if text in _CLOSED or text == "private":
        return 0.0
    walked = "foot" in tags or tags.get("sidewalk", "no") not in ("no", "none", "separate")
    known = road_class in _ON_FOOT or speeds.of("class", road_class) is not None
    if not known or (road_class in _NOT_ON_FOOT and not walked) or (road_class == "cycleway" and text == "no"):
        return 0.0
    return speeds.known("foot", "steps" if road_class == "steps" else "level")


def _ferry(tags: Mapping[str, str], speeds: RoadSpeeds) -> RoadWay | None:
    months = closed_months(tags)
    car = months != _ALL_YEAR
    foot = _access(tags, _FOOT_KEYS) not in _CLOSED
    if not car and not foot:
        return None
    km_h = speeds.known("ferry", "speed")
    took = duration_s(tags.get("duration", ""))
    forward, backward = _directions("ferry", tags)
    return RoadWay(
        "ferry",
        FERRY,
        km_h if car and forward else 0.0,
        km_h if car and backward else 0.0,
        km_h if foot else 0.0,
        seconds=took + speeds.known("wait", "ferry") * 60 if took else 0.0,
        closed_months=months if car else 0,
    )


def duration_s(text: str) -> float:
    """Read how long a ferry takes: `20`, `00:20`, `1:30:00`, `PT20M`; 0 for anything else.

    >>> duration_s("20"), duration_s("00:20"), duration_s("PT1H5M"), duration_s("soon")
    (1200.0, 1200.0, 3900.0, 0.0)
    """
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text) * 60
    if re.fullmatch(r"\d{1,3}:\d{2}(?::\d{2})?", text):
        hours, minutes, *seconds = (float(part) for part in text.split(":"))
        return hours * 3600 + minutes * 60 + sum(seconds)
    found = _ISO_DURATION.fullmatch(text)
    if found is None or not any(found.groups()):
        return 0.0
    days, hours, minutes, iso_s = (float(part or 0) for part in found.groups())
    return days * 86400 + hours * 3600 + minutes * 60 + iso_s


def closed_months(tags: Mapping[str, str]) -> int:
    """Return the months in which no car may pass, as bits (January = 1); all twelve where none ever may.

    >>> bin(closed_months({"access:conditional": "no @ (Nov-Jun)"}))
    '0b110000111111'
    >>> bin(closed_months({"motor_vehicle": "no", "motor_vehicle:conditional": "yes @ (Jul-Oct)"}))
    '0b110000111111'
    >>> closed_months({"motor_vehicle:conditional": "no @ (22:00-06:00)"})
    0
    """
    shut, opened = 0, 0
    for key in _CAR_KEYS:
        for value, condition in _CLAUSE.findall(tags.get(f"{key}:conditional", "")):
            months = _months(condition)
            if value.lower() in _CLOSED:
                shut |= months
            elif value.lower() in ("yes", "permissive", "designated", "destination"):
                opened |= months
    if _access(tags, _CAR_KEYS) in _CLOSED:
        shut |= _ALL_YEAR & ~opened
    if tags.get("winter_road") == "yes" or tags.get("ice_road") == "yes":
        shut |= _ALL_YEAR & ~_months("Dec-Mar")
    return shut


def _months(condition: str) -> int:
    found = 0
    if _YEAR.search(condition):  # works of one year, past or future, say nothing of a season
        return 0
    for first, last in _MONTH_RANGE.findall(condition):
        start = _MONTHS.index(first.lower()[:3])
        end = _MONTHS.index(last.lower()[:3]) if last else start
        for step in range((end - start) % 12 + 1):
            found |= 1 << ((start + step) % 12)
    return found


def blocks_cars(tags: Mapping[str, str]) -> bool:
    """Whether a barrier on a node stops cars."""
    text = _access(tags, _CAR_KEYS)
    if text:
        return text in _CLOSED or text == "private"
    barrier = tags.get("barrier", "")
    return bool(barrier) and barrier not in _OPEN_BARRIERS and tags.get("bollard") != "rising"


def blocks_walkers(tags: Mapping[str, str]) -> bool:
    """Whether a barrier on a node stops walkers."""
    text = _access(tags, _FOOT_KEYS)
    return text in ("no", "private") if text else tags.get("barrier") in _CLOSED_BARRIERS_ON_FOOT
