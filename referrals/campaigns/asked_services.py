"""Whom a campaign asks: the services whose places count, in one county, grouped by provider and by its address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.errors import UnknownCodeError
from core.i18n import _
from core.text import fold
from providers.rules import taxonomy
from providers.rules.freshness import SECONDS_A_DAY
from referrals.outbox.address_choices import tidy_address

if TYPE_CHECKING:
    from providers.catalogue.snapshot import Snapshot

_AHEAD_DAYS = 2.0  # a report that ends within these is asked for anew


@dataclass(frozen=True)
class AskedProvider:
    """One provider at one address, and its services that are asked for.

    Attributes
    ----------
    name
        Of the provider.
    services
        Their ids, in the order of the catalogue.
    channel
        `message` where the register has an e-mail, else `phone`, else `print`.
    """

    name: str
    services: tuple[str, ...]
    channel: str


def require_type(service_type: str) -> None:
    """Raise UnknownCodeError unless this is the code of a type, or empty."""
    if service_type and service_type not in taxonomy.service_types():
        raise UnknownCodeError(_("Nu există tipul de serviciu „{code}”.").format(code=service_type[:40]))


def providers_to_ask(
    snapshot: Snapshot, county: str, service_type: str = "", *, without: frozenset[str] = frozenset()
) -> list[AskedProvider]:
    """List the providers of a county whose places are not known for two days more.

    Protected services are not among them: nobody is written to there, and no link opens one.
    """
    catalogue = snapshot.catalogue
    services = catalogue.services
    where = services["county"].where(services["county"].fillna("") != "", services["county_served"])
    age = (snapshot.availability.now.timestamp() - np.asarray(snapshot.availability.reported_s)) / SECONDS_A_DAY
    is_known = age <= catalogue.rules.freshness_days - _AHEAD_DAYS  # False where never reported
    asked = (
        (where == county).fillna(value=False).to_numpy("bool")
        & ~services["is_secret"].to_numpy("bool")
        & (np.asarray(catalogue.rules.capacity_model) == "places")
        & ~np.asarray(catalogue.rules.closed)
        & ~is_known
    )
    if service_type:
        asked &= (services["service_type"] == service_type).to_numpy("bool")
    found: dict[tuple[str, str], list[int]] = {}
    for row in np.flatnonzero(asked).tolist():
        if catalogue.cell("service_id", row) in without:
            continue
        key = _text(catalogue.cell("organization_cui", row)) or fold(_text(catalogue.cell("organization", row)))
        email = tidy_address(_text(catalogue.cell("email", row)))
        found.setdefault((key or _text(catalogue.cell("service_id", row)), email), []).append(row)
    return [
        AskedProvider(
            _text(catalogue.cell("organization", rows[0])) or catalogue.name(rows[0]),
            tuple(_text(catalogue.cell("service_id", row)) for row in rows),
            "message" if email else "phone" if any(_text(catalogue.cell("phone", row)) for row in rows) else "print",
        )
        for (_key, email), rows in found.items()
    ]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
