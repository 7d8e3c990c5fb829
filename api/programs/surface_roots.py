"""Where each family of answers to programs stands, and what is special of its refusals."""

from __future__ import annotations

from typing import Any

from api.programs.problems import ProblemForm

OGC, HSDS, FHIR, BULK = "/ogc", "/hsds", "/fhir", "/bulk"
HSDS_PROFILE = f"{HSDS}/profile"
OGC_FORM = ProblemForm(statuses={422: 400})  # the standard names 400 for a parameter that is unknown or does not fit
FHIR_JSON = "application/fhir+json"
_ISSUES = {401: "login", 403: "forbidden", 404: "not-found", 409: "conflict", 429: "throttled", 503: "transient"}


def operation_outcome(problem: dict[str, Any]) -> dict[str, Any]:
    """Return a problem as FHIR has it."""
    status = problem["status"]
    code = _ISSUES.get(status, "exception" if status >= 500 else "invalid")  # noqa: PLR2004
    return {
        "resourceType": "OperationOutcome",
        "issue": [
            {
                "severity": "error",
                "code": code,
                "details": {"coding": [{"system": "urn:harta:problem", "code": problem["type"].partition("#")[2]}]},
                "diagnostics": f"{problem['title']}. {problem['detail']}",
            }
        ],
    }


FHIR_FORM = ProblemForm(FHIR_JSON, {422: 400}, operation_outcome)
