"""The telephone calls that tell most: services of which nobody knows whether they have places, for people left out.

A call adds no place: it says whether there is one. So the people of a county who find only such services within reach
are counted, the fewest services are sought of which each of them reaches one, and beside the choice stands what no
other choice of as many calls can exceed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from providers.planning.candidate_sites import home_ways, services_at_site, ways
from providers.planning.coverage_travel import find_offers
from providers.planning.effective_coverage import serve_people

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from providers.planning.effective_coverage import Coverage

_COLUMNS = [
    "order", "service_id", "name", "phone", "county", "places_licensed", "depend", "near", "reached", "at_most",
]  # fmt: skip


@dataclass(frozen=True)
class PhoneCalls:
    """Whom to call in a county, in this order.

    Attributes
    ----------
    county
        Letters of the county whose people are counted.
    calls
        One row a call: `order`, `service_id`, `name`, `phone`, `county`, `places_licensed` (NaN not known), `depend`
        (people who reach it and none called before), `near` (all people left out who reach it), `reached` (people
        with at least one call so far), `at_most` (what no choice of so many calls exceeds).
    people
        People left out of whom it is not known whether they have a place; all of them reach one of the calls.
    others
        Services that nobody knows of either, within reach of the same people, which the calls leave out: to be asked
        where those say that they are full.
    least_left_out
        People of the county left out if every service called had all its licensed places free (of one without a known
        number: as many as needed): no outcome of the calls leaves fewer.
    """

    county: str
    calls: pd.DataFrame
    people: int
    others: int
    least_left_out: int

    @property
    def is_fewest(self) -> bool:
        """Whether it is proven that fewer calls do not reach everybody."""
        count = len(self.calls)
        return count <= 1 or bool(self.calls["at_most"].iloc[count - 2] < self.people)


def phone_calls(coverage: Coverage, county: str) -> PhoneCalls:
    """Choose the telephone calls of a county.

    The people are those left out of places free now whose reason is `unknown`. Each call is the service that most of
    those not yet reached may turn to; of equals the one with more licensed places, then the smaller id. That choice
    reaches at least 1 - 1/e of what the best one of as many calls does (Nemhauser, Wolsey and Fisher, 1978); `at_most`
    is usually nearer.

    Parameters
    ----------
    coverage
        What `compute_coverage` found; one of protected services has no calls.
    county
        Letters of the county.

    Returns
    -------
    PhoneCalls
        Without rows where nothing is unknown.
    """
    areas = coverage.areas
    asks = (areas["county"] == county) & (areas["reason"] == "unknown") & (areas["unmet_now"] > 0)
    left_out = int(areas.loc[areas["county"] == county, "unmet_now"].sum())
    if coverage.is_protected or not asks.any():
        return PhoneCalls(county, pd.DataFrame(columns=_COLUMNS), 0, 0, left_out)
    demand = areas.loc[asks, ["area_id", "unmet_now"]].rename(columns={"unmet_now": "people"})
    services = coverage.supply.services
    unknown = services["places_now"].isna()
    at_site = services_at_site(coverage)
    at_site = at_site[unknown.to_numpy()[at_site["row"].to_numpy(np.intp)]]
    at_home = np.flatnonzero(unknown & (services["delivery"] != "at_site"))
    near = pd.concat(
        [ways(coverage, demand, at_site, reach_minutes=coverage.reach_minutes), home_ways(coverage, demand, at_home)],
        ignore_index=True,
    )
    near = near.drop_duplicates(["area_id", "site_id"])
    row = pd.Index(services["service_id"]).get_indexer(pd.Index(near["site_id"]))
    sites = np.unique(row)
    reaches = np.zeros((len(demand), len(sites)), bool)
    reaches[pd.Index(demand["area_id"]).get_indexer(pd.Index(near["area_id"])), np.searchsorted(sites, row)] = True
    people = demand["people"].to_numpy(np.float64)
    rank = np.lexsort((sites, -services["places_licensed"].fillna(-1.0).to_numpy(np.float64)[sites]))
    chosen, depend, at_most = choose_calls(reaches[:, rank], people)
    called = sites[rank[chosen]]
    facts = services.iloc[called]
    calls = pd.DataFrame(
        {
            "order": np.arange(1, len(called) + 1),
            **{c: facts[c].array for c in ("service_id", "name", "phone", "county", "places_licensed")},
            "depend": np.rint(depend).astype(np.int64),
            "near": np.rint(people @ reaches[:, rank][:, chosen]).astype(np.int64),
            "reached": np.rint(np.cumsum(depend)).astype(np.int64),
            "at_most": np.rint(at_most).astype(np.int64),
        }
    )
    return PhoneCalls(
        county,
        calls[_COLUMNS],
        int(people.sum()),
        len(sites) - len(called),
        min(left_out, _left_out_at_best(coverage, county, called)),
    )


def choose_calls(
    reaches: NDArray[np.bool_], people: NDArray[np.float64]
) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.float64]]:
    """Choose columns one by one, each the one that adds most people, until nobody is added.

    Parameters
    ----------
    reaches
        Whether the people of a row may turn to a column.
    people
        How many stand in each row.

    Returns
    -------
    tuple
        The columns chosen (of equals the first), the people that each adds, and for every number of choices what no
        choice of as many columns exceeds: people reached so far and the most that as many more columns could add,
        the least of this over all steps (the bound of a submodular function).

    Examples
    --------
    >>> reaches = np.array([[True, False], [True, True], [False, True]])
    >>> chosen, added, at_most = choose_calls(reaches, np.array([5.0, 2.0, 1.0]))
    >>> chosen.tolist(), added.tolist(), at_most.tolist()
    ([0, 1], [7.0, 1.0], [7.0, 8.0])
    """
    left = people.astype(np.float64)
    chosen: list[int] = []
    added: list[float] = []
    steps: list[tuple[float, NDArray[np.float64]]] = []  # people reached so far, what each column would add, most first
    while True:
        gains = left @ reaches
        steps.append((float(sum(added)), -np.sort(-gains)))
        best = int(gains.argmax()) if len(gains) else 0
        if not len(gains) or gains[best] <= 0:
            break
        chosen.append(best)
        added.append(float(gains[best]))
        left = np.where(reaches[:, best], 0.0, left)
    at_most = [min(reached + float(gains[:n].sum()) for reached, gains in steps) for n in range(1, len(chosen) + 1)]
    return np.array(chosen, np.intp), np.array(added), np.array(at_most)


def _left_out_at_best(coverage: Coverage, county: str, called: NDArray[np.intp]) -> int:
    """Count who of the county would be left out if the services called had every licensed place free."""
    services = coverage.supply.services.copy()
    free = services["places_licensed"].fillna(np.inf).to_numpy(np.float64)
    is_called = np.isin(np.arange(len(services)), called)
    services["places_now"] = np.where(is_called, free, services["places_now"].to_numpy(np.float64))
    services["taken_now"] = np.where(is_called, 0.0, services["taken_now"].to_numpy(np.float64))
    counted = coverage.areas["people"].to_numpy(np.float64)
    offers = find_offers(
        coverage.people, counted, replace(coverage.supply, services=services), coverage.may_serve,
        reach_minutes=coverage.reach_minutes, model=coverage.travel,
    )  # fmt: skip
    found = serve_people(coverage.areas, offers, "now", reach_minutes=coverage.reach_minutes).found
    is_ours = (coverage.areas["county"] == county).to_numpy()
    return int(found.served["unmet"].to_numpy(np.float64)[is_ours].sum())
