"""Classes of marginalisation and the priority of a UAT: both atlases on one table, by SIRUTA code.

Classes: 1 none, 2 below average, 3 above average, 4 severe. The files are read by `geo.layers.atlas_files`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.errors import UnreadableFileError
from core.i18n import _
from core.resources import DATA

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import ArrayLike

LIMITS_FILE = DATA / "atlas" / "atlas_limits.toml"
PRIORITY_HALF = 1_000  # people in marginalised areas at which priority is half a class higher
_PERCENT = 100.0


@dataclass(frozen=True)
class AtlasLimits:
    """Rates (per cent) up to which, inclusive, a UAT is of class 1, 2 and 3; over the last it is of class 4."""

    rural: tuple[float, float, float]
    urban: tuple[float, float, float]
    basis: str


def load_limits(path: Path = LIMITS_FILE) -> AtlasLimits:
    """Read the limits of the classes; UnreadableFileError unless they are three ascending per cents."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        rural, urban = (tuple(float(v) for v in tables[area]["limits_percent"]) for area in ("rural", "urban"))
        basis = str(tables["rural"].get("basis", ""))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreadableFileError(
            _("{file}: limitele claselor nu pot fi citite ({why}).").format(file=path.name, why=error)
        ) from None
    for limits in (rural, urban):
        if len(limits) != 3 or not 0 <= limits[0] < limits[1] < limits[2] <= _PERCENT:  # noqa: PLR2004
            raise UnreadableFileError(
                _("{file}: limitele claselor sunt trei procente crescătoare; am găsit {found}.").format(
                    file=path.name, found=", ".join(map(str, limits)) or _("nimic")
                )
            )
    return AtlasLimits(rural, urban, basis)  # type: ignore[arg-type]  # three numbers each, checked above


def atlas_class(rate_percent: ArrayLike, limits: tuple[float, float, float]) -> pd.Series[int]:
    """Class each rate of marginalisation from 1 (none) to 4 (severe).

    Parameters
    ----------
    rate_percent
        Share of people in marginalised areas, per cent; NaN = not known.
    limits
        Highest rate of the classes 1, 2 and 3, per cent; a rate at a limit is of the lower class.

    Returns
    -------
    pd.Series
        Class (Int64), NA where the rate is not known.

    Examples
    --------
    >>> atlas_class([0, 6.1, 6.2, 24.1, float("nan")], (0, 6.1, 24)).tolist()
    [1, 2, 3, 4, <NA>]
    """
    rates = pd.Series(np.asarray(rate_percent, float))
    classes = pd.Series(np.searchsorted(limits, rates.to_numpy(), side="left") + 1, dtype="Int64")
    return classes.mask(rates.isna())


def class_name(atlas_class: int) -> str:
    """Format a class of marginalisation in words, in the language of the request.

    Parameters
    ----------
    atlas_class
        1 to 4.

    Returns
    -------
    str
        The words, in lower case.
    """
    return {
        1: _("fără marginalizare"),
        2: _("marginalizare sub medie"),
        3: _("marginalizare peste medie"),
        4: _("marginalizare severă"),
    }[atlas_class]


def priority(classes: pd.Series[int], people_marginalised: pd.Series[float] | pd.Series[int]) -> pd.Series[float]:
    """Compute the priority of a UAT: `class + p / (p + 1000)`, p the people in marginalised areas.

    The class decides (whole part), the number of people orders within it: 1,000 people are worth half a class, and no
    number of people is worth a whole one. The same for rural and urban, so that one list holds both. The formula is
    ours (assumed), meant to be explained in one sentence; it ranks and measures nothing.

    Parameters
    ----------
    classes
        Class of each UAT, 1 to 4; NA = not known.
    people_marginalised
        People of each UAT in marginalised areas; NA counts as none.

    Returns
    -------
    pd.Series
        Priority, 1 to below 5; NaN where the class is not known.

    Examples
    --------
    >>> priority(pd.Series([4, 3], dtype="Int64"), pd.Series([0.0, 1000.0])).tolist()
    [4.0, 3.5]
    """
    people = people_marginalised.astype("float64").fillna(0.0)
    return classes.astype("float64") + people / (people + PRIORITY_HALF)


def atlas_layer(
    uats: pd.DataFrame,
    rural: pd.DataFrame | None,
    urban: pd.DataFrame | None,
    population: pd.DataFrame | None,
    *,
    limits: AtlasLimits | None = None,
) -> pd.DataFrame:
    """Put both atlases on one table, a row per UAT, in the order of `uats`.

    uats: `Gazetteer.uats`. rural, urban: tables of RURAL_COLUMNS, URBAN_COLUMNS; None where not imported.
    population: uat_siruta, population; None where not imported. A sector of Bucharest without a row of its own
    has the municipality's rate; the municipality without a rate or people of its own has those of its sectors.

    Returns uat_siruta, name, county, area (rural, urban), atlas_class (Int64, NA = not in the atlas),
    rate_percent, lhdi, population (Int64), people_marginalised (Int64, rounded), priority (see `priority`).
    """
    limits = limits or load_limits()
    table = uats[["uat_siruta", "name", "county", "parent_uat_siruta"]].reset_index(drop=True)
    table["area"] = np.where(uats["is_urban"], "urban", "rural")
    keys = table["uat_siruta"]
    rates = pd.Series(np.nan, index=table.index)
    classes = pd.Series(pd.NA, index=table.index, dtype="Int64")
    table["lhdi"] = np.nan
    if urban is not None:
        shares = urban.set_index("uat_siruta")["marginalised_percent"]
        rates = keys.map(shares).fillna(table["parent_uat_siruta"].map(shares).astype("float64")).astype("float64")
        classes = atlas_class(rates, limits.urban)
    if rural is not None:
        by_code = rural.set_index("uat_siruta")
        rates = rates.fillna(keys.map(by_code["rate_percent"]))
        classes = classes.fillna(keys.map(by_code["rural_class"]).astype("Int64"))
        table["lhdi"] = keys.map(by_code["lhdi"]).astype("float64")
    people = _people(table, population)
    whole = _of_sectors(rates, people, table)
    rates = rates.fillna(whole)
    classes = classes.fillna(atlas_class(whole, limits.urban))
    marginalised = (people.astype("float64") * rates / _PERCENT).round().astype("Int64")
    table = table.assign(
        atlas_class=classes, rate_percent=rates, population=people, people_marginalised=marginalised,
        priority=priority(classes, marginalised),
    )  # fmt: skip
    order = ["uat_siruta", "name", "county", "area", "atlas_class", "rate_percent", "lhdi", "population"]
    return table[[*order, "people_marginalised", "priority"]]


def _of_sectors(rates: pd.Series[float], people: pd.Series[int], table: pd.DataFrame) -> pd.Series[float]:
    """Rate of a municipality as the mean of its sectors', weighted by people; NaN where it has none."""
    parents, known = table["parent_uat_siruta"], people.where(rates.notna())
    sums = (known * rates).groupby(parents).sum(min_count=1) / known.groupby(parents).sum(min_count=1)
    return table["uat_siruta"].map(sums).astype("float64")


def _people(table: pd.DataFrame, population: pd.DataFrame | None) -> pd.Series[int]:
    if population is None:
        return pd.Series(pd.NA, index=table.index, dtype="Int64")
    by_code = population.set_index("uat_siruta")["population"]
    people = table["uat_siruta"].map(by_code).astype("Int64")
    of_sectors = people.groupby(table["parent_uat_siruta"]).sum(min_count=1)
    return people.fillna(table["uat_siruta"].map(of_sectors).astype("Int64"))
