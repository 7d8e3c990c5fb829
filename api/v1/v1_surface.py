"""The API of our own as one surface: every operation of the tables of its resources."""

from __future__ import annotations

from api.programs.application import ApiSurface
from api.programs.operations import Operation
from api.v1 import (
    area_resources,
    capacity_resource,
    change_resource,
    nearest_resource,
    reference_resources,
    referral_resources,
    service_resources,
    webhook_resources,
)

VERSION = "1.0.0"
OPERATIONS: tuple[Operation, ...] = (
    *reference_resources.OPERATIONS,
    *capacity_resource.OPERATIONS,
    *service_resources.OPERATIONS,
    *change_resource.OPERATIONS,
    *nearest_resource.OPERATIONS,
    *area_resources.OPERATIONS,
    *referral_resources.OPERATIONS,
    *webhook_resources.OPERATIONS,
)
SURFACE = ApiSurface(
    "/api/v1",
    {
        "title": "Harta serviciilor comunitare",
        "version": VERSION,
        "summary": "Who is near, may take the person and has a free place; what changes; referrals",
        "description": (
            "Every request carries `Authorization: Bearer harta_…`; nothing else counts. Problems are "
            "`application/problem+json` (RFC 9457), in Romanian or English by `Accept-Language`. Within a version "
            "names may come and none goes; the rules are in docs/api/README.md."
        ),
    },
    OPERATIONS,
)
