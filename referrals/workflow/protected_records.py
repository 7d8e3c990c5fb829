"""The full record of a service with a protected address: for the role entitled to it, and every reading is logged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.editions import EditionStore
from core.errors import UnknownCodeError
from core.i18n import _

if TYPE_CHECKING:
    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory

SHOWN = ("name", "organization", "address", "locality", "phone", "email", "hours", "capacity_text")


def county_of(directory: Directory, service_id: str) -> str:
    """Tell which county answers for a service; empty where the register does not say."""
    service = directory.catalogue().service(service_id)
    found = (service["county_served"], service["county"])
    return next((county for county in found if isinstance(county, str) and county), "")


def open_record(directory: Directory, service_id: str, *, actor: Actor) -> dict[str, str]:
    """Return what the register says of a service with a protected address.

    The reading is written in the trail before anything is read. Raises NotAllowedError unless the actor is of
    the county unit that answers for it, UnknownCodeError where there is no such protected service.
    """
    service = directory.catalogue().service(service_id)
    if not service["is_secret"]:
        raise UnknownCodeError(_("Serviciul nu are o adresă protejată: datele lui sunt publice."))
    directory.ledger.log_secret_reading(service_id, county=county_of(directory, service_id), actor=actor)
    edition = EditionStore(directory.home).current(str(service["registry"]))
    if edition is None:
        raise UnknownCodeError(_("Registrul serviciului nu mai este aici."))
    table = edition.table("services", ["service_id", *SHOWN])
    row = table.loc[table["service_id"] == service_id].iloc[0]
    return {name: row[name] for name in SHOWN if isinstance(row[name], str) and row[name]}
