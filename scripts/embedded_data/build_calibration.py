"""Figures of the real registers for the demonstration to resemble: counts and quartiles, never a row.

    python scripts/build_data.py PACKAGES --registers DIR

Only who has the registers needs this; its two small tables are in the repository and all else is built
from them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.storage.import_kinds import KINDS

if TYPE_CHECKING:
    from pathlib import Path

    from geo.gazetteer.gazetteer import Gazetteer

FILES = {
    "social": "social/licensed_services_2017.json",
    "education": "education/retea-scolara-2024-2025.xlsx",
    "medical": "health/hospitals_eurostat_2020.csv",
}


def read_registers(folder: Path, gazetteer: Gazetteer) -> pd.DataFrame:
    """Read the real registers through their own modules into one table of services."""
    modules: dict[str, Any] = {name: import_module(KINDS[name].module) for name in FILES}
    tables: list[pd.DataFrame] = [
        modules[name].tidy(modules[name].load(folder / path), gazetteer).services for name, path in FILES.items()
    ]
    return pd.concat(tables, ignore_index=True)


def counts(services: pd.DataFrame) -> pd.DataFrame:
    """Count services: registry, service_type, county, services; protected types only for the country."""
    protected = services.groupby("service_type")["is_secret"].transform("mean") > 0.5  # noqa: PLR2004  (most of its rows)
    table = services.assign(county=services["county"].mask(protected, "").fillna(""))
    sizes = table.groupby(["registry", "service_type", "county"], as_index=False).agg(services=("service_id", "size"))
    return pd.DataFrame(sizes)


def shapes(services: pd.DataFrame, urban: set[int]) -> pd.DataFrame:
    """Per type: services, urban_share, quartiles of the places and the share of services whose places are not known."""
    table = services.assign(is_urban=services["uat_siruta"].isin(urban), unknown=services["places_max"].isna())
    table["places_max"] = table["places_max"].where(table["capacity_unit"] == "places").astype("float64")
    grouped = table.groupby(["registry", "service_type"])
    result = pd.DataFrame(
        {
            "services": grouped.size(),
            "urban_share": grouped["is_urban"].mean().round(2),
            "places_unknown_share": grouped["unknown"].mean().round(2),
            "places_p25": grouped["places_max"].quantile(0.25).round(1),
            "places_median": grouped["places_max"].median().round(1),
            "places_p75": grouped["places_max"].quantile(0.75).round(1),
        }
    )
    return result.reset_index()
