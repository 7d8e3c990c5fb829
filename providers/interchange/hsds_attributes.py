"""What HSDS has no field for, as attributes of a service: each with a term that says what it is."""

from __future__ import annotations

from typing import Any

from providers.interchange.hsds_terms import BY_CODE, FIELDS, SERVICE_TYPES, hsds_id, term_id


def attributes_of(row: dict[str, Any], service: str, term: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the service type as a taxonomy term, and what HSDS has no field for as named values.

    Every one has a term: of its list of codes, or the name of the value in our own list of fields.
    """
    values = {
        "service_id": row["service_id"],
        "registry": row["registry"],
        "delivery": row["delivery"],
        "access_route": row["access_route"],
        "position_precision": row["position_precision"],
        "capacity_status": row["capacity_status"],
        "places_max": row["places_max"],
        "capacity_unit": row["capacity_unit"],
        "licence_from": row["licence_from"] and row["licence_from"].date().isoformat(),
        "licence_until": row["licence_until"] and row["licence_until"].date().isoformat(),
        "licence_status": row["licence_status"],
        "closed_from": row["closed_from"] and row["closed_from"].date().isoformat(),
        "closed_until": row["closed_until"] and row["closed_until"].date().isoformat(),
        "is_secret": row["is_secret"] or None,
        "flags": row["flags"],
        "service_area": row["service_area"],
        "areas_served": row["areas_served"],
        "county": row["county"],
        "county_served": row["county_served"],
        "capacity_model": row["capacity_model"],
        "accreditation_status": row["accreditation_status"],
        "operating_status": row["operating_status"],
        "uat_siruta": row["uat_siruta"],
        "groups": row["groups"],
        "sex": row["sex"],
    }
    link = {"link_id": service, "link_entity": "service"}
    kind = {
        "id": hsds_id("attribute", f"{row['service_id']}:service_type"),
        **link,
        "link_type": SERVICE_TYPES,
        "taxonomy_term_id": term["id"],
        "taxonomy_term": term,
    }
    others = [
        {
            "id": hsds_id("attribute", f"{row['service_id']}:{name}"),
            **link,
            "link_type": name,
            "value": str(value),
            "taxonomy_term_id": term_id(name, str(value)) if name in BY_CODE else term_id(FIELDS, name),
        }
        for name, value in values.items()
        if value not in (None, "")
    ]
    return [kind, *others]
