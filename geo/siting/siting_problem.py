"""The question put to siting, read from tables: who needs, which sites there are, and within what limits."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.errors import BadValueError
from geo.access.access_tables import amounts, is_from_0, keyed, match_costs, require_columns

if TYPE_CHECKING:
    from geo.access.access_tables import Floats, Positions


@dataclass(frozen=True)
class SitingLimits:
    """What may be spent: new sites, money, places added, days of mobile teams; None = no limit.

    `is_exact`: exactly `sites` are opened, also where fewer would do as well (the p-median's own rule).
    `share`: of all people, who must be served where a question asks for everybody.
    """

    sites: int | None = None
    budget: float | None = None
    add_places: float | None = None
    team_days: int | None = None
    is_exact: bool = False
    share: float = 1.0

    def may_miss(self, people: float) -> float:
        """Return how many of all people may be left out; whole persons, rounded in their favour."""
        return float(np.floor(people * (1.0 - self.share) + 1e-9))


@dataclass(frozen=True)
class Problem:
    """Areas with people, sites and the pairs between them, as arrays sorted by key.

    `units_max`: how many times a site may be opened (once; a stop of a mobile team once a day).
    """

    area_ids: pd.Index
    area_names: tuple[str, ...]
    site_ids: pd.Index
    people: Floats
    priority: Floats
    area: Positions
    site: Positions
    cost: Floats
    is_existing: np.ndarray
    places: Floats
    price: Floats
    addable: Floats
    price_per_place: Floats
    units_max: Floats
    is_stop: np.ndarray
    limits: SitingLimits = field(default_factory=SitingLimits)

    @property
    def has_capacity(self) -> bool:
        """Whether any site can be full."""
        return bool(np.isfinite(self.places).any())

    @property
    def is_new(self) -> np.ndarray:
        """Which sites may be opened, stops of mobile teams too."""
        return ~self.is_existing

    @property
    def is_new_site(self) -> np.ndarray:
        """Which sites may be opened to stay."""
        return np.asarray(~self.is_existing & ~self.is_stop)


@dataclass(frozen=True)
class SitingDecision:
    """An answer in arrays: how often every site is opened, and how many places are added to it."""

    units: Floats
    added: Floats


def read_problem(
    demand: pd.DataFrame,
    costs: pd.DataFrame,
    *,
    candidates: pd.DataFrame | None = None,
    limits: SitingLimits | None = None,
    reach: float = np.inf,
    days: int = 0,
) -> Problem:
    """Read the tables; areas without people in need ask for nothing and are left out.

    demand: `area_id` unique, `people`, and, where there are any, `priority` (higher = first) and `name` (for words).
    costs: `area_id`, `site_id`, `cost` (minutes or metres); pairs beyond `reach` are left out.
    candidates: see `geo.siting.siting_types.Options`.
    days: of a week on which mobile teams travel: a stop may have a team on each of them.
    """
    require_columns(demand, ["area_id", "people"], name="demand")
    require_columns(costs, ["area_id", "site_id", "cost"], name="costs")
    areas = keyed(demand, "area_id", name="demand")
    areas = areas[amounts(areas["people"], name="people", table="demand") > 0]
    listed = candidates if candidates is not None else costs[["site_id"]].drop_duplicates()
    sites = keyed(listed, "site_id", name="candidates")
    area, site, cost = match_costs(costs, areas.index, sites.index, reach=reach, cost="cost", offer="site_id")
    given = limits or SitingLimits()
    _check_limits(given)
    is_existing = _column(sites, "is_existing", 0.0, table="candidates") > 0
    is_stop = (_column(sites, "is_stop", 0.0, table="candidates") > 0) & ~is_existing
    return Problem(
        area_ids=areas.index,
        area_names=tuple(str(n) for n in areas.get("name", areas.index)),
        site_ids=sites.index,
        people=amounts(areas["people"], name="people", table="demand"),
        priority=_column(areas, "priority", 0.0, table="demand"),
        area=area,
        site=site,
        cost=cost,
        is_existing=is_existing,
        places=_places(sites),
        price=_column(sites, "price", 1.0, table="candidates"),
        addable=_column(sites, "places_addable", 0.0, table="candidates"),
        price_per_place=_column(sites, "price_per_place", 0.0, table="candidates"),
        units_max=np.where(is_stop, float(days), 1.0),
        is_stop=is_stop,
        limits=given,
    )


def within(problem: Problem, reach: float) -> Problem:
    """Return the same problem without the pairs beyond `reach`."""
    near = problem.cost <= reach
    return replace(problem, area=problem.area[near], site=problem.site[near], cost=problem.cost[near])


def room(problem: Problem, plan: SitingDecision) -> Floats:
    """Places of every site under a plan; 0 where it is not open."""
    open_units = np.where(problem.is_existing, 1.0, plan.units)
    known = np.where(open_units > 0, problem.places, 0.0)  # 0 × no limit would be undefined
    return np.where(open_units > 0, known * np.maximum(open_units, 1.0) + plan.added, 0.0)


def _places(sites: pd.DataFrame) -> Floats:
    if "places" not in sites:
        return np.full(len(sites), np.inf)
    values = pd.to_numeric(sites["places"]).to_numpy(dtype=np.float64, na_value=np.nan)
    limited = amounts(pd.Series(np.where(np.isposinf(values), 0.0, values)), name="places", table="candidates")
    return np.where(np.isposinf(values), np.inf, limited)


def _column(rows: pd.DataFrame, name: str, default: float, *, table: str) -> Floats:
    return amounts(rows[name], name=name, table=table) if name in rows else np.full(len(rows), default)


def _check_limits(limits: SitingLimits) -> None:
    for what, value in (("sites", limits.sites), ("budget", limits.budget), ("add_places", limits.add_places)):
        if value is not None and not is_from_0(value):
            raise BadValueError(f"limit {what} is {value}; expected a number of 0 or more")
        if value is not None and what == "sites" and value % 1:
            raise BadValueError(f"limit {what} is {value}; expected a whole number")
