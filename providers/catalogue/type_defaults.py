"""What a service leaves unsaid, filled with the defaults of its type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from core.errors import UnknownCodeError
from core.storage.import_kinds import LICENSED
from providers.catalogue.facts_from_names import stated_areas
from providers.rules import taxonomy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

OLDEST = 200  # stands for no upper limit of age


def fill_defaults(services: pd.DataFrame) -> pd.DataFrame:
    """Fill what a service leaves unsaid with its type's defaults; age bands among its groups narrow its ages.

    What is filled already stays as it is: it no longer tells what the register said and what its type did.
    """
    if "_pension_age" in services:
        return services.copy()
    types = taxonomy.load()
    table = services.copy()
    table["service_area"] = stated_areas(table)
    local = table["service_type"].map(types["service_area"]) == "nation"
    is_open = ~table["is_secret"].astype(bool)
    table["_area_unknown"] = table["service_area"].isna() & local & table["registry"].isin(LICENSED) & is_open
    table["_age_stated"] = table["age_min"].notna()
    for column in ("delivery", "service_area", "access_route", "capacity_model", "sex", "age_min", "age_max"):
        default = table["service_type"].map(types[column])
        table[column] = table[column].where(table[column].notna(), default)
    stated = table["groups"].where(table["groups"].notna(), "")
    named = {text: _groups(text) for text in stated.unique()}
    own = stated.map({text: ";".join(g.group for g in found if g.kind == "situation") for text, found in named.items()})
    binds = table["service_type"].map(types["beneficiaries_bind"]).astype(bool)
    table["groups"] = own.where(own != "", table["service_type"].map(types["beneficiary_groups"]))
    return _narrow_ages(table, stated.where(binds, ""), {**named, "": []})


def _groups(text: str) -> list[taxonomy.Group]:
    found = []
    for code in filter(None, (part.strip() for part in text.split(";"))):
        try:
            found.append(taxonomy.group(code))
        except UnknownCodeError:
            continue  # a group that the taxonomy does not know decides nothing
    return found


def _age_band(groups: list[taxonomy.Group]) -> tuple[int, int]:
    bands = [g for g in groups if g.kind == "age"]
    youngest = min((g.age_min or 0 for g in bands), default=0)
    oldest = max((OLDEST if g.age_max is None else g.age_max for g in bands), default=OLDEST)
    return youngest, oldest


def _narrow_ages(
    table: pd.DataFrame, stated: pd.Series[Any], named: Mapping[str, list[taxonomy.Group]]
) -> pd.DataFrame:
    """Cut the type's ages to the age bands that the register names, where the two meet at all.

    An age that the service states is not moved to the age of retirement by the word "elderly".
    """
    bands = {text: _age_band(found) for text, found in named.items()}
    elderly = {text: _is_for_elderly(found) for text, found in named.items()}
    says_elderly = stated.map(elderly).to_numpy(bool)
    states_age = table.pop("_age_stated").to_numpy(bool)
    from_band = stated.map({t: b[0] for t, b in bands.items()}).to_numpy(np.int16)
    from_band = np.where(says_elderly & states_age, np.int16(0), from_band)
    low = np.maximum(as_ages(table["age_min"], 0), from_band)
    high = np.minimum(
        as_ages(table["age_max"], OLDEST), stated.map({t: b[1] for t, b in bands.items()}).to_numpy(np.int16)
    )
    meet = low <= high
    by_type = table["service_type"].map(taxonomy.load()["is_pension_age"]).to_numpy(bool)
    table["_pension_age"] = (by_type | (says_elderly & meet)) & ~states_age
    table["age_min"] = pd.array(np.where(meet, low, as_ages(table["age_min"], 0)), "Int64")
    table["age_max"] = pd.array(np.where(meet, high, as_ages(table["age_max"], OLDEST)), "Int64")
    table["age_min"] = table["age_min"].where(table["age_min"] > 0)
    table["age_max"] = table["age_max"].where(table["age_max"] < OLDEST)
    return table


def _is_for_elderly(groups: list[taxonomy.Group]) -> bool:
    bands = [g for g in groups if g.kind == "age"]
    return bool(bands) and all(g.is_pension_age for g in bands)


def as_ages(column: pd.Series[Any], unsaid: int) -> NDArray[np.int16]:
    """Return ages as numbers that compare fast; `unsaid` stands where none is said."""
    return pd.to_numeric(column).fillna(unsaid).clip(0, OLDEST).to_numpy(np.int16)
