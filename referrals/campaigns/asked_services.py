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
from referrals.ledger.provider_tokens import MOST_OF_A_LINK
from referrals.outbox.address_choices import tidy_address

if TYPE_CHECKING:
    from providers.catalogue.catalogue import Catalogue
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
    """List the providers of a county whose places are not known for two days more; twice one whose list is long.

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
        key = text_in(catalogue, "organization_cui", row) or fold(text_in(catalogue, "organization", row))
        email = tidy_address(text_in(catalogue, "email", row))
        found.setdefault((key or text_in(catalogue, "service_id", row), email), []).append(row)
    return [
        AskedProvider(
            provider_name(catalogue, some[0]),
            tuple(text_in(catalogue, "service_id", row) for row in some),
            "message" if email else "phone" if any(text_in(catalogue, "phone", row) for row in some) else "print",
        )
        for (_key, email), rows in found.items()
        for some in (rows[start : start + MOST_OF_A_LINK] for start in range(0, len(rows), MOST_OF_A_LINK))
    ]


def provider_name(catalogue: Catalogue, row: int) -> str:
    """Return the name of a service's provider, or its own where none is named."""
    return text_in(catalogue, "organization", row) or catalogue.name(row)


def text_in(catalogue: Catalogue, column: str, row: int) -> str:
    """Return the text of a cell; "" where nothing is known, which is no text (NaN)."""
    value = catalogue.cell(column, row)
    return value if isinstance(value, str) else ""
