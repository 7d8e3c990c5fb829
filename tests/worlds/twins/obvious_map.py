"""The map of services by a look at every service, one after another: no arrays, no squares, no counts kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from core.romanian_calendar import BUCHAREST
from geo.spatial.crs import geodesic_m
from providers.catalogue.availability import CALL_FIRST, CONFIRMED
from providers.catalogue.eligibility import closed_for_now
from providers.rules.opening_hours import opening_at, read_hours
from providers.service_map.map_filter import ASK, FREE, FULL, MapFilter

if TYPE_CHECKING:
    from providers.catalogue.snapshot import Snapshot

WORLD = ((-90.0, -180.0), (90.0, 180.0))


def services_on_map(snapshot: Snapshot, corners: tuple[tuple[float, float], ...] = WORLD) -> list[dict[str, Any]]:
    """Every service between two corners (degrees) that may stand on a map, as a plain dictionary."""
    (south, west), (north, east) = corners
    catalogue, block = snapshot.catalogue, snapshot.availability.block
    services, rules = catalogue.services, catalogue.rules
    today = snapshot.availability.now.astimezone(BUCHAREST).date()
    gone = closed_for_now(catalogue, np.arange(len(services)), on=today)
    found = []
    for row, each in enumerate(services.to_dict("records")):
        if not (south < each["lat"] < north and west < each["lon"] < east):
            continue
        if each["is_secret"] or each["operating_status"] != "open" or gone[row]:
            continue
        state = {CONFIRMED: FREE, CALL_FIRST: ASK}.get(block[row], FULL)
        found.append(each | {"row": row, "state": state, "mask": int(rules.groups[row]), "way": rules.delivery[row]})
    return found


def fits(each: dict[str, Any], chosen: MapFilter, snapshot: Snapshot, without: str = "") -> bool:
    """Whether a service passes a filter. without: a field of the filter that does not count."""
    group_bit = snapshot.catalogue.group_bits.get(chosen.group, 0)
    tests = {
        "registru": lambda: not chosen.registries or each["registry"] in chosen.registries,
        "serviciu": lambda: not chosen.wanted or each["service_type"] in chosen.types,
        "grup": lambda: not chosen.group or each["mask"] == 0 or each["mask"] & group_bit,
        "locuri": lambda: chosen.places is None or each["state"] == chosen.places,
        "livrare": lambda: not chosen.delivery or each["way"] == chosen.delivery,
        "deschis": lambda: not chosen.is_open_now or _is_open(each["hours"], snapshot),
        "km": lambda: (
            chosen.near is None
            or chosen.km is None
            or float(geodesic_m(chosen.near.lat, chosen.near.lon, [each["lat"]], [each["lon"]])[0]) <= chosen.km * 1000
        ),
        "zona": lambda: (
            chosen.zone is None or bool(chosen.zone.holds(np.array([each["lat"]]), np.array([each["lon"]]))[0])
        ),
    }
    return all(passes() for name, passes in tests.items() if name != without)


def _is_open(hours: object, snapshot: Snapshot) -> bool:
    read = read_hours(hours) if isinstance(hours, str) and hours else None
    return read is not None and opening_at(read, snapshot.availability.now).state == "open"
