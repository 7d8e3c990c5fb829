"""Whom a campaign asks: the services whose places count, in one county, grouped by provider and by its address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.errors import UnknownCodeError
from core.i18n import _
from core.text import collation_key, fold
from providers.rules import taxonomy
from providers.rules.freshness import SECONDS_A_DAY
from referrals.ledger.provider_tokens import MOST_OF_A_LINK
from referrals.outbox.address_choices import tidy_address, tidy_mobile
from referrals.outbox.kept_addresses import KeptAddress

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

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
        `message` where an address for messages is known, else `phone`, else `print`.
    """

    name: str
    services: tuple[str, ...]
    channel: str


def require_types(service_types: Iterable[str]) -> None:
    """Raise UnknownCodeError unless each is the code of a type."""
    for code in service_types:
        if code not in taxonomy.service_types():
            raise UnknownCodeError(_("Nu există tipul de serviciu „{code}”.").format(code=code[:40]))


def asked_types(snapshot: Snapshot, county: str) -> dict[str, str]:
    """Name the types of a county's services whose places are counted, by code, in the order of their names."""
    known = taxonomy.service_types()
    codes = snapshot.catalogue.services["service_type"][_counted(snapshot, county)].unique()
    return dict(sorted(((code, _(known[code].name)) for code in codes), key=lambda pair: collation_key(pair[1])))


def _counted(snapshot: Snapshot, county: str) -> NDArray[np.bool_]:
    """Mark the services of a county whose places are counted; protected ones are none of them."""
    catalogue = snapshot.catalogue
    services = catalogue.services
    where = services["county"].where(services["county"].fillna("") != "", services["county_served"])
    return np.asarray(
        (where == county).fillna(value=False).to_numpy("bool")
        & ~services["is_secret"].to_numpy("bool")
        & (np.asarray(catalogue.rules.capacity_model) == "places")
        & ~np.asarray(catalogue.rules.closed),
        dtype=bool,
    )


def providers_to_ask(
    snapshot: Snapshot,
    county: str,
    service_types: Sequence[str] = (),
    *,
    without: frozenset[str] = frozenset(),
    kept: Mapping[str, KeptAddress] | None = None,
    has_texts: bool = False,
) -> list[AskedProvider]:
    """List the providers of a county whose places are not known for two days more; twice one whose list is long.

    Protected services are not among them: nobody is written to there, and no link opens one. kept: addresses that the
    county knows better than the register, by service. has_texts: whether a mobile telephone gets messages too.
    """
    catalogue = snapshot.catalogue
    services = catalogue.services
    age = (snapshot.availability.now.timestamp() - np.asarray(snapshot.availability.reported_s)) / SECONDS_A_DAY
    is_known = age <= catalogue.rules.freshness_days - _AHEAD_DAYS  # False where never reported
    asked = _counted(snapshot, county) & ~is_known
    if service_types:
        asked &= services["service_type"].isin(list(service_types)).to_numpy("bool")
    found: dict[tuple[str, str], list[int]] = {}
    for row in np.flatnonzero(asked).tolist():
        if catalogue.cell("service_id", row) in without:
            continue
        key = text_in(catalogue, "organization_cui", row) or fold(text_in(catalogue, "organization", row))
        address = address_of(catalogue, row, kept or {}, has_texts=has_texts)
        found.setdefault((key or text_in(catalogue, "service_id", row), address), []).append(row)
    return [
        AskedProvider(
            provider_name(catalogue, some[0]),
            tuple(text_in(catalogue, "service_id", row) for row in some),
            "message" if address else "phone" if any(text_in(catalogue, "phone", row) for row in some) else "print",
        )
        for (_key, address), rows in found.items()
        for some in (rows[start : start + MOST_OF_A_LINK] for start in range(0, len(rows), MOST_OF_A_LINK))
    ]


def address_of(catalogue: Catalogue, row: int, kept: Mapping[str, KeptAddress], *, has_texts: bool) -> str:
    """Return where the messages of a service go: e-mail, else a mobile telephone where it gets any, else ""."""
    own = kept.get(text_in(catalogue, "service_id", row), KeptAddress())
    email = own.email or ("" if own.phone else tidy_address(text_in(catalogue, "email", row)))
    if email or not has_texts:
        return email
    return own.phone or tidy_mobile(text_in(catalogue, "phone", row))


def provider_name(catalogue: Catalogue, row: int) -> str:
    """Return the name of a service's provider, or its own where none is named."""
    return text_in(catalogue, "organization", row) or catalogue.name(row)


def text_in(catalogue: Catalogue, column: str, row: int) -> str:
    """Return the text of a cell; "" where nothing is known, which is no text (NaN)."""
    value = catalogue.cell(column, row)
    return value if isinstance(value, str) else ""
