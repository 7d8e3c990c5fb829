"""The independent checker: whether a siting keeps what it promised, told from the tables alone.

It shares no code with the search on purpose: rows and dictionaries, no arrays, no solver.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from geo.siting.siting_types import Objective, Siting

_TOLERANCE = 1e-6


def faults(
    siting: Siting,
    demand: pd.DataFrame,
    costs: pd.DataFrame,
    *,
    objective: Objective,
    candidates: pd.DataFrame | None = None,
    sites: int | None = None,
    budget: float | None = None,
    add_places: float | None = None,
    reach: float | None = None,
    team_days: int = 0,
    least_share: float = 1.0,
) -> list[str]:
    """List every promise that a siting breaks, in words; an empty list means that it keeps them all.

    Checked: every way exists, costs what is stated and is within reach; only open sites are used; everybody is counted
    once; no site takes more than its places; sites, money and added places stay within their limits; teams are at one
    stop a day; the objective is right. Shares no code with the search.

    Parameters
    ----------
    siting
        The answer.
    demand, costs
        The tables given to the search.
    objective
        What was asked: cost, people or open.
    candidates
        The sites given to the search; None = those of `costs`.
    sites, budget, add_places, reach
        The limits given to the search; None = no limit.
    team_days
        Days of all mobile teams together.
    least_share
        Of all people, who must be served; 0: nobody must.

    Returns
    -------
    list of str
        One sentence per fault.
    """
    table = candidates if candidates is not None else costs[["site_id"]].drop_duplicates()
    facts: dict[object, dict[str, float]] = {
        row["site_id"]: {str(k): v for k, v in row.items()} for row in table.to_dict("records")
    }
    return [
        *_ways(siting, costs, facts, reach),
        *_people(siting, demand, least_share),
        *_places(siting, facts),
        *_spending(siting, facts, sites=sites, budget=budget, add_places=add_places),
        *_rounds(siting, facts, team_days),
        *_objective(siting, facts, objective),
    ]


def _ways(siting: Siting, costs: pd.DataFrame, facts: dict[object, dict[str, float]], reach: float | None) -> list[str]:
    ways = dict(zip(zip(costs["area_id"], costs["site_id"], strict=True), pd.to_numeric(costs["cost"]), strict=True))
    opened = set(siting.sites)
    found = []
    for area, site, cost in siting.assignment[["area_id", "site_id", "cost"]].itertuples(index=False):
        way = ways.get((area, site))
        if way is None or abs(way - cost) > _TOLERANCE:
            found.append(f"the way {area} – {site} is not that of the table")
        elif reach is not None and cost > reach + _TOLERANCE:
            found.append(f"the way {area} – {site} is beyond the reach")
        if site not in opened and not _is_existing(facts, site):
            found.append(f"site {site} is used and not open")
    return found


def _people(siting: Siting, demand: pd.DataFrame, least_share: float) -> list[str]:
    counted: dict[object, float] = defaultdict(float)
    for table in (siting.assignment, siting.unmet):
        for area, people in table[["area_id", "people"]].itertuples(index=False):
            counted[area] += people
            if people < 0:
                counted[area] = float("nan")
    people = pd.to_numeric(demand["people"])
    needed = {a: 0.0 if pd.isna(p) else p for a, p in zip(demand["area_id"], people, strict=True)}
    wrong = [a for a in {*needed, *counted} if not abs(counted[a] - needed.get(a, 0.0)) <= _TOLERANCE]
    found = [f"people of {a} are not counted once" for a in wrong]
    if siting.unmet["people"].sum() > sum(needed.values()) * (1.0 - least_share) + _TOLERANCE:
        found.append("people are left out who may not be")
    return found


def _places(siting: Siting, facts: dict[object, dict[str, float]]) -> list[str]:
    taken: dict[object, float] = defaultdict(float)
    for site, people in siting.assignment[["site_id", "people"]].itertuples(index=False):
        taken[site] += people
    units, added = _opened(siting)
    found = []
    for site, people in taken.items():
        places = facts[site].get("places", float("inf")) if site in facts else 0.0
        known = 0.0 if pd.isna(places) else places
        times = 1 if _is_existing(facts, site) else units.get(site, 0)
        room = known * times + added.get(site, 0.0) if times else 0.0
        if people > room + _TOLERANCE:
            found.append(f"site {site} takes {people} people on {room} places")
    return found


def _spending(
    siting: Siting,
    facts: dict[object, dict[str, float]],
    *,
    sites: int | None,
    budget: float | None,
    add_places: float | None,
) -> list[str]:
    units, added = _opened(siting)
    found = []
    if any(_is_existing(facts, s) for s in siting.sites) or len(set(siting.sites)) < len(siting.sites):
        found.append("an existing or repeated site is among the new ones")
    if sites is not None and sum(units[s] for s in siting.sites if not _is_stop(facts, s)) > sites:
        found.append("more sites are open than the limit")
    if budget is not None and _spent(siting, facts) > budget + _TOLERANCE:
        found.append("more is spent than the budget")
    grown = sum(more for site, more in added.items() if _is_existing(facts, site))
    if add_places is not None and grown > add_places + _TOLERANCE:
        found.append("more places are added than the limit")
    for site, more in added.items():
        most = facts.get(site, {}).get("places_addable", 0.0)
        if more > (0.0 if pd.isna(most) else most) + _TOLERANCE or more < 0:
            found.append(f"site {site} gets more places than can be added")
    return found


def _rounds(siting: Siting, facts: dict[object, dict[str, float]], team_days: int) -> list[str]:
    rounds = siting.rounds
    units, _added = _opened(siting)
    planned = {s: u for s, u in units.items() if u and _is_stop(facts, s)}
    found = []
    if sum(planned.values()) > team_days:
        found.append("teams travel on more days than the limit")
    if rounds.duplicated(["team", "day"]).any() or rounds.duplicated(["day", "site_id"]).any():
        found.append("a team is at two stops on a day, or a stop has two teams")
    if rounds["site_id"].value_counts().to_dict() != planned:
        found.append("the rounds of teams are not the stops chosen")
    return found


def _objective(siting: Siting, facts: dict[object, dict[str, float]], objective: Objective) -> list[str]:
    people, cost = siting.assignment["people"], siting.assignment["cost"]
    value = {
        "cost": float((people * cost).sum()),
        "people": float(people.sum()),
        "open": _spent(siting, facts),
    }[objective]
    if abs(value - siting.objective) > _TOLERANCE * max(1.0, abs(value)):
        return [f"the objective stated ({siting.objective}) is not the real one ({value})"]
    return []


def _spent(siting: Siting, facts: dict[object, dict[str, float]]) -> float:
    units, added = _opened(siting)
    opening = sum(facts.get(s, {}).get("price", 1.0) * units[s] for s in siting.sites)
    return float(opening + sum(facts.get(s, {}).get("price_per_place", 0.0) * more for s, more in added.items()))


def _opened(siting: Siting) -> tuple[dict[object, float], dict[object, float]]:
    table = siting.openings
    units = dict(zip(table["site_id"], table["units"], strict=True))
    return units, {s: more for s, more in zip(table["site_id"], table["places_added"], strict=True) if more}


def _is_stop(facts: dict[object, dict[str, float]], site: object) -> bool:
    value = facts.get(site, {}).get("is_stop", False)
    return bool(value) and not pd.isna(value)


def _is_existing(facts: dict[object, dict[str, float]], site: object) -> bool:
    value = facts.get(site, {}).get("is_existing", False)
    return bool(value) and not pd.isna(value)
