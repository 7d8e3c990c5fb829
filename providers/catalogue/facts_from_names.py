"""What names and places tell of the services of a catalogue, a column at a time (`service_names`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from core.storage.import_kinds import LICENSED
from providers.rules.help_tables import service_names
from providers.rules.help_tables.river_sides import side_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

HOSPITAL = "MED-HOSP"


def lines_of_care(services: pd.DataFrame) -> NDArray[np.int64]:
    """Return what each hospital treats by its name, as bits of HOSPITAL_LINES; 0 = not known, or no hospital."""
    lines = np.zeros(len(services), np.int64)
    rows = np.flatnonzero((services["service_type"] == HOSPITAL).to_numpy(bool))
    for row, name in zip(rows.tolist(), services["name"].to_numpy(object)[rows], strict=True):
        lines[row] = line_bits(service_names.lines_of_hospital(name))
    return lines


def line_bits(lines: Iterable[str]) -> int:
    """Return some lines of care of a hospital as bits, in the order of HOSPITAL_LINES."""
    return sum(1 << service_names.HOSPITAL_LINES.index(line) for line in lines)


def contradicted(services: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which names tell another kind of service than their code; a public label tells nothing."""
    values = np.zeros(len(services), bool)
    open_ones = services["registry"].isin(LICENSED) & ~services["is_secret"].astype(bool)
    rows = np.flatnonzero(open_ones.to_numpy(bool))
    columns = [
        services[column].fillna("").to_numpy(object)[rows] for column in ("service_type", "name", "organization")
    ]
    values[rows] = [bool(service_names.contradiction(*each)) for each in zip(*columns, strict=True)]
    return values


def sides_of(services: pd.DataFrame) -> NDArray[np.int8]:
    """Return on which side of the river each service stands (`river_sides`)."""
    pairs = zip(services["uat_siruta"], services["county"], strict=True)
    known = {
        (uat, county): side_of(None if pd.isna(uat) else int(uat), county if isinstance(county, str) else None)
        for uat, county in {*pairs}
    }
    pairs = zip(services["uat_siruta"], services["county"], strict=True)
    return np.array([known[pair] for pair in pairs], np.int8)


def stated_areas(services: pd.DataFrame) -> pd.Series[Any]:
    """Return the service area stated, else that of a licensed service's provider; NA = the type's.

    A town's service serves its town and a county directorate's its county. A shelter with a protected address takes
    people of everywhere.
    """
    area = services["service_area"]
    asked = (area.isna() & services["registry"].isin(LICENSED) & ~services["is_secret"].astype(bool)).to_numpy(bool)
    by_provider = [service_names.area_of_provider(name) for name in services.loc[asked, "organization"].fillna("")]
    filled = area.astype("object").to_numpy(copy=True)
    filled[asked] = by_provider
    return pd.Series(filled, index=services.index, dtype="str")
