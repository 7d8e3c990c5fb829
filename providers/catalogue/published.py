"""The public tables that leave the house: services with their places of this moment, and who offers them.

Protected services are in them as the catalogue has them, redacted, and without a word about their places.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.cells import date_or_none
from core.text import fold
from providers.rules import taxonomy
from providers.rules.flags import said_flags
from providers.rules.schema import SERVICE_COLUMNS
from providers.rules.wording import NO_CLOSURE, caution_lines

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from providers.catalogue.snapshot import Snapshot

_NOT_OUT = frozenset({"registry_key", "source_row"})  # of use only beside the file that they number
PUBLISHED_COLUMNS: dict[str, str] = {
    **{name: meaning for name, (_kind, meaning) in SERVICE_COLUMNS.items() if name not in _NOT_OUT},
    "service_id": "registry and key, unique; protected:TYPE:COUNTY:1 … for a protected service, in this export only",
    "organization_id": "key of the table of organizations; NA = protected",
    "capacity_status": "free, full, waitlist, assess, open or unknown, at the moment of the export",
    "places_free": "places free at that moment, holds taken off; NA = not known",
    "places_reported_at": "when the provider last reported (UTC); NaT = never",
    "flags": "what to doubt of the row, by code, parted by `;`: of the register, and `doubt_*` of people on the spot",
    "cautions": "what must be read before a person is sent there, in words; NA = nothing",
    "edition": "edition of the register that the row comes from",
}
ORGANIZATION_COLUMNS: dict[str, str] = {
    "organization_id": "cui: and the fiscal code, else name: and the name with its county; unique",
    "name": "name as published",
    "cui": "fiscal code, digits; NA = not published",
    "type": "public, private or as published; NA = not published",
    "county": "letters of the county of its seat; NA = not known",
    "accreditation_status": "accredited, withdrawn or unknown",
    "services": "how many of the services in the table are its own",
}


@dataclass(frozen=True)
class Published:
    """What may leave the house. services: PUBLISHED_COLUMNS; organizations: ORGANIZATION_COLUMNS."""

    services: pd.DataFrame
    organizations: pd.DataFrame


def published(
    snapshot: Snapshot, registered: pd.DataFrame | None = None, *, rows: NDArray[np.int64] | None = None
) -> Published:
    """Lay out the public tables, rows by their keys.

    registered: the register of accredited providers (`providers.registries.social.organizations.COLUMNS`), None =
    not imported. rows: of the catalogue, where not all are wanted.
    The link from a protected service to its organization is not in them.
    """
    catalogue, available = snapshot.catalogue, snapshot.availability
    shown = slice(None) if rows is None else rows
    services = catalogue.services.iloc[shown].copy()
    open_to_all = ~services["is_secret"].to_numpy(bool)
    services["organization_id"] = _organization_ids(services)
    services["capacity_status"] = np.where(open_to_all, available.status[shown], "unknown")
    free = pd.Series(np.where(open_to_all, available.places_free[shown], np.nan), index=services.index)
    services["places_free"] = free.astype("Int64")
    most = pd.Series(np.where(open_to_all, available.places_max[shown], np.nan), index=services.index)
    services["places_max"] = most.astype("Int64")
    reported = pd.Series(np.where(open_to_all, available.reported_s[shown], np.nan), index=services.index)
    services["places_reported_at"] = pd.to_datetime(reported, unit="s", utc=True)
    services["flags"] = [
        ";".join(filter(None, (flags, *(f"doubt_{what}" for what in snapshot.doubts.get(key, ())))))
        for key, flags in zip(services["service_id"], services["flags"], strict=True)
    ]
    services["cautions"] = _cautions(services, available.today)
    services = services[list(PUBLISHED_COLUMNS)].sort_values("service_id").reset_index(drop=True)
    return Published(services, _organizations(services, registered))


def _cautions(services: pd.DataFrame, day: date) -> pd.Series[str]:
    columns = [
        "service_type", "flags", "operating_status", "is_secret", "access_route", "closed_from", "closed_until"
    ]  # fmt: skip
    lines = [
        " ".join(
            caution_lines(
                said_flags(flags, state),
                is_secret=bool(secret),
                access_route=route if isinstance(route, str) else "",
                decision_by=taxonomy.service_type(code).decision_by,
                closure=(date_or_none(first), date_or_none(last))
                if pd.isna(last) or last.date() >= day
                else NO_CLOSURE,
            )
        )
        for code, flags, state, secret, route, first, last in services[columns].itertuples(index=False)
    ]
    return pd.Series([line or None for line in lines], index=services.index).astype("str")


def _organization_ids(services: pd.DataFrame) -> pd.Series[str]:
    """Name who offers each service: by fiscal code, else by name and county; NA where nobody is named."""
    county = services["county_served"].where(services["county_served"].notna(), services["county"]).fillna("")
    ids = [
        None if pd.isna(name) or not name else f"cui:{cui}" if pd.notna(cui) and cui else f"name:{fold(name)}:{where}"
        for cui, name, where in zip(services["organization_cui"], services["organization"], county, strict=True)
    ]
    return pd.Series(ids, index=services.index, dtype="str")


def _organizations(services: pd.DataFrame, registered: pd.DataFrame | None) -> pd.DataFrame:
    named = services.dropna(subset=["organization_id"])
    offering = named.drop_duplicates("organization_id").rename(columns={"organization_cui": "cui"})
    table = pd.DataFrame(
        {
            "organization_id": offering["organization_id"],
            "name": offering["organization"],
            "cui": offering["cui"],
            "type": None,
            "county": None,
            "accreditation_status": offering["accreditation_status"],
        }
    )
    if registered is not None:
        # The register of providers knows them best: its row takes the place of what a service says of them.
        own = registered.rename(columns={"status": "accreditation_status"}).assign(
            organization_id="cui:" + registered["cui"]
        )
        table = pd.concat([own[list(table.columns)], table]).drop_duplicates("organization_id")
    table["services"] = table["organization_id"].map(named["organization_id"].value_counts()).fillna(0).astype("Int64")
    texts = dict.fromkeys(("organization_id", "name", "cui", "type", "county", "accreditation_status"), "str")
    return table.astype(texts)[list(ORGANIZATION_COLUMNS)].sort_values("organization_id").reset_index(drop=True)
