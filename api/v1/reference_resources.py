"""What does not change from question to question: places, needs, types of service."""

from __future__ import annotations

import math
from typing import Annotated, Any

from fastapi import Query

from api.programs.operations import Answered, CallOf, Operation
from api.v1 import shapes
from core.i18n import _
from geo.gazetteer.places import Place
from providers.rules import taxonomy
from providers.rules.needs import answers, needs

_MOST_PLACES = 20


def _find_places(
    call: CallOf,
    q: Annotated[str, Query(min_length=2, max_length=80, description="A name, or how it begins or sounds")],
    county: Annotated[str, Query(max_length=20, description="Letters of a county whose places come first")] = "",
    limit: Annotated[int, Query(ge=1, le=_MOST_PLACES)] = 8,
) -> Answered:
    """Find localities and administrative units by name; missing diacritics and typing errors are forgiven."""
    found = call.snapshot.gazetteer.suggest(q, limit=limit, near=call.county(county) or None)
    return Answered({"places": [_place(place) for place in found]})


def _place(place: Place) -> dict[str, Any]:
    is_known = not (math.isnan(place.lat) or math.isnan(place.lon))
    return {
        "label": place.label,
        "name": place.name,
        "siruta": place.locality_siruta or place.uat_siruta,
        "locality_siruta": place.locality_siruta,
        "uat_siruta": place.uat_siruta,
        "county": place.county,
        "lat": place.lat if is_known else None,
        "lon": place.lon if is_known else None,
        "precision": place.precision,
    }


def _list_needs(call: CallOf) -> Answered:  # noqa: ARG001
    """List what people need, as teams say it, with the types of service that answer each."""
    items = [
        {
            "need": each.need,
            "group": _(each.group),
            "name": _(each.name),
            "is_danger": each.is_danger,
            "is_sensitive": each.is_sensitive,
            "emergency_lines": [line.code for line in each.emergency_lines],
            "age_min": each.age_min,
            "age_max": each.age_max,
            "sex": each.sex,
            "groups": list(each.groups),
            "service_types": list(answers(each.need)),
        }
        for each in needs().values()
    ]
    return Answered({"needs": items})


def _show_taxonomy(call: CallOf) -> Answered:  # noqa: ARG001
    """List the types of service (HG 867/2015 and our own), with their defaults, and the groups of beneficiaries."""
    return Answered(
        {
            "service_types": [
                {
                    "service_type": kind.service_type,
                    "name": _(kind.name),
                    "official_name": kind.official_name,
                    "registry": kind.registry,
                    "category": _(kind.category),
                    "groups": list(kind.beneficiary_groups),
                    "age_min": kind.age_min,
                    "age_max": kind.age_max,
                    "sex": kind.sex,
                    "delivery": kind.delivery,
                    "service_area": kind.service_area,
                    "access_route": kind.access_route,
                    "capacity_model": kind.capacity_model,
                    "is_secret": kind.is_secret,
                    "is_sensitive": kind.is_sensitive,
                    "freshness_days": kind.freshness_days,
                    "hold_days": kind.hold_days,
                    "reach_minutes": kind.reach_minutes,
                    "basis": kind.basis,
                }
                for kind in taxonomy.service_types().values()
            ],
            "groups": [{"group": each.group, "name": _(each.name)} for each in taxonomy.groups().values()],
        }
    )


OPERATIONS = (
    Operation(
        "find_places", "GET", "/places", _find_places, ("read", "nearest"), shapes.Places,
        "Places by name", is_kept=True,
    ),
    Operation("list_needs", "GET", "/needs", _list_needs, ("read", "nearest"), shapes.Needs, "Needs", is_kept=True),
    Operation(
        "show_taxonomy", "GET", "/taxonomy", _show_taxonomy, ("read", "nearest"), shapes.Taxonomy,
        "Types of service", is_kept=True,
    ),
)  # fmt: skip
