"""A synthetic atlas: rates, classes, development index and urban shares, made up so that the country's figures hold.

Nothing here is known of any commune. Each UAT's numbers come from a generator seeded by its SIRUTA code; a
county's effect from one seeded by its letters. One factor per atlas is then solved for, so that the people in
marginalised areas are the published share of the country's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import ndtri

from scripts.embedded_data.build_draws import uniforms

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NONE_SHARE = 0.45  # communes without marginalised areas (assumed; the classes' shares are not published openly)
_HIGHEST_PERCENT = {"rural": 85.0, "urban": 40.0}
_RURAL_SPREAD = 1.1
_URBAN_SPREAD = 0.9
_CHOSEN_NEED = 1.3  # a commune named in public as a community is at least this far over the floor: class 3 or 4
_SMALL_TOWN = 0.25  # how much faster the share falls with the size of a town (assumed)


def rural_atlas(
    uats: pd.DataFrame, chosen: set[int], *, national_percent: float, limits: tuple[float, float, float]
) -> pd.DataFrame:
    """Make the rural atlas: uat_siruta, name, county, population, rate, class, lhdi and three indicators.

    uats: communes with uat_siruta, name, county, population. chosen: communes named in public as communities,
    which the project takes among the marginalised. The development index falls where the rate rises.
    """
    codes = uats["uat_siruta"].tolist()
    draws = ndtri(_open(uniforms("atlas-rural", codes, 5)))
    need = 0.45 * _county_effect(uats["county"], "atlas-rural") + 0.9 * draws[:, 0]
    floor = np.quantile(need, _NONE_SHARE)
    need = np.where(uats["uat_siruta"].isin(chosen), floor + _CHOSEN_NEED + 0.4 * np.abs(draws[:, 0]), need)
    people = uats["population"].to_numpy(float)
    shape = np.where(need > floor, np.exp(_RURAL_SPREAD * (need - floor)) - 0.9, 0.0)
    rate = _solved(shape, people, national_percent, "rural")
    return pd.DataFrame(
        {
            "uat_siruta": codes,
            "name": uats["name"].to_numpy(),
            "county": uats["county"].to_numpy(),
            "population": uats["population"].to_numpy(),
            "rate_percent": rate,
            "rural_class": np.searchsorted(limits, rate, side="left") + 1,
            "lhdi": _within(48 - 9 * need + 4 * draws[:, 1], 10, 95),
            "human_capital_percent": _within(32 + 9 * need + 6 * draws[:, 2], 2, 90),
            "employment_percent": _within(38 + 8 * need + 7 * draws[:, 3], 2, 95),
            "housing_percent": _within(24 + 8 * need + 6 * draws[:, 4], 1, 90),
        }
    )


def urban_atlas(uats: pd.DataFrame, chosen: set[int], *, national_percent: float) -> pd.DataFrame:
    """Make the urban atlas: per town the per cent of people by type of area; together 100."""
    codes = uats["uat_siruta"].tolist()
    draws = ndtri(_open(uniforms("atlas-urban", codes, 5)))
    people = uats["population"].to_numpy(float)
    size = _SMALL_TOWN * np.log(people / 20_000)
    need = 0.5 * _county_effect(uats["county"], "atlas-urban") + 0.9 * draws[:, 0]
    need = np.where(uats["uat_siruta"].isin(chosen), _CHOSEN_NEED, need)
    marginalised = _solved(np.exp(_URBAN_SPREAD * need - size) - 0.2, people, national_percent, "urban")
    alone = np.column_stack(
        [middle * np.exp(0.35 * draws[:, i] + 0.2 * need) for i, middle in ((1, 6), (2, 9), (3, 5))]
    )
    alone *= np.minimum(1.0, 0.95 * (100 - marginalised) / alone.sum(axis=1))[:, None]
    shares = np.round(alone, 1)
    return pd.DataFrame(
        {
            "uat_siruta": codes,
            "name": uats["name"].to_numpy(),
            "county": uats["county"].to_numpy(),
            "population": uats["population"].to_numpy(),
            "marginalised_percent": marginalised,
            "human_capital_percent": shares[:, 0],
            "employment_percent": shares[:, 1],
            "housing_percent": shares[:, 2],
            "not_disadvantaged_percent": np.round(100 - marginalised - shares.sum(axis=1), 1),
        }
    )


def _solved(shape: NDArray[np.float64], people: NDArray[np.float64], percent: float, area: str) -> NDArray[np.float64]:
    """Rates proportional to `shape`, none below 0 or over the highest, whose mean over the people is `percent`."""

    def rates(factor: float) -> NDArray[np.float64]:
        return np.clip(factor * shape, 0, _HIGHEST_PERCENT[area])

    factor = brentq(lambda f: float(np.average(rates(f), weights=people)) - percent, 0, 1_000, xtol=1e-9)
    return np.asarray(np.round(rates(float(factor)), 1), dtype="float64")


def _county_effect(counties: pd.Series[str], purpose: str) -> NDArray[np.float64]:
    letters = sorted(set(counties))
    effect = dict(zip(letters, ndtri(_open(uniforms(f"{purpose}-county", letters, 1)))[:, 0], strict=True))
    return np.asarray(counties.map(effect), dtype="float64")


def _open(draws: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.clip(draws, 1e-9, 1 - 1e-9), dtype="float64")


def _within(values: NDArray[np.float64], low: float, high: float) -> NDArray[np.float64]:
    return np.asarray(np.round(np.clip(values, low, high), 1), dtype="float64")
