"""How many places a service has free, said by its provider's program or by a team's."""

from __future__ import annotations

from api.programs.operations import Answered, CallOf, Operation
from api.programs.problems import ProblemError
from api.v1 import shapes
from api.v1.service_resources import ServiceId


def _report_places(call: CallOf, service_id: ServiceId, places_reported: shapes.PlacesReported) -> Answered:
    """Append a report of places; it stands in the trail under the token, and counts for every question from now on."""
    if places_reported.places_free is None and places_reported.status is None:
        raise ProblemError("invalid", {"errors": [{"at": ["body", "places_free"], "code": "missing"}]})
    known = call.open_service(service_id)
    if known is None:  # on a protected one its county unit acts, on its screens
        raise ProblemError("not-found")
    facts = call.directory.note_capacity(
        known,
        actor=call.token.actor(known),
        source=f"api:{call.token.token_id}",
        free=places_reported.places_free,
        maximum=places_reported.places_max,
        status=places_reported.status,
    )
    return Answered(
        {
            "status": facts["status"],
            "places_free": facts["places_free"],
            "places_max": facts["places_max"],
            "reported_at": facts["places_reported_at"],
        }
    )


OPERATIONS = (
    Operation(
        "report_places", "PUT", "/services/{service_id:path}/places", _report_places, ("report",),
        shapes.CapacityResponse, "Report free places",
    ),
)  # fmt: skip
