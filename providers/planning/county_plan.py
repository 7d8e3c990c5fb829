"""What to do next in a county: places added, services opened, mobile teams; and how many of those left out it reaches.

The question is asked about the people whom a coverage leaves out on its basis: the places that exist are taken
already (`geo.access.served`), so nobody is moved from one to another, and what is new is for those who have nothing.
`geo.siting.facility_location` finds the best choice and checks it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.errors import BadValueError
from core.i18n import _
from geo.siting.facility_location import maximal_coverage, p_median, set_cover
from providers.planning.candidate_sites import (
    FREE,
    GROW,
    NEW,
    STOP,
    candidates,
    left_out,
    points_for,
    ways,
    with_enough_people,
)
from providers.planning.plan_constraints import DAYS, GOALS, Goal, PlanConstraints, goal_words, validate_constraints
from providers.planning.siting_words import in_words

if TYPE_CHECKING:
    from geo.siting.integer_program import Watch
    from geo.siting.siting_types import Siting, TeamOptions
    from geo.spatial.travel import TravelBasis
    from providers.planning.effective_coverage import Coverage

__all__ = ["DAYS", "GOALS", "CountyPlan", "Goal", "PlanConstraints", "plan"]

TIME_LIMIT_S = 30.0
FARTHEST_MINUTES = 120.0  # where travel is what counts, no way is longer (assumed)
_PERSON = 1.0 - 1e-6
_OPENINGS = ["site_id", "what", "name", "uat", "county", "lat", "lon", "places", "days", "people", "minutes", "lei"]


@dataclass(frozen=True)
class CountyPlan:
    """One scenario for a county and what it does.

    Attributes
    ----------
    goal, means, share
        What was asked: the goal, what may be added, and the share of people to reach.
    code, county, reach_minutes, basis
        Those of the coverage: what is planned, letters of the county, minutes of the reach, places counted.
    travel
        What minutes rest on, that of the coverage.
    openings
        One row per thing added: `order`, `site_id` (locality or service), `what` (`new`, `grow` or `stop`), `name`,
        `uat`, `county`, `lat`, `lon` (WGS84 degrees), `places` (of it, added to it, or visits a week), `days` (a week,
        of a team), `people` (who go there), `minutes` (their mean way), `lei` (a year).
    uats
        `uat_siruta`, `name`, `people`, `unmet_before`, `unmet_after`, `minutes_before` (mean way of those left out to
        the nearest service, full or not; NaN where none), `minutes_after` (to the place that they get).
    rounds
        `team`, `day`, `name`, `places`: where each mobile team is.
    people, counted_uats
        People in need in the county, and of how many UATs they were counted by a team that works with cases.
    left_out_before, left_out_after
        People without a place before and after.
    placed, beyond, elsewhere
        People who get a place; of them, by a way longer than the reach; of them, at places that are free today, farther
        than the reach.
    minutes_before, minutes_after
        Mean way of those who were left out, before (to the nearest service) and after.
    is_ranked
        Whether the atlas tells the UATs apart.
    gap
        Distance to what no choice can beat, relative; 0 = proven.
    seconds
        How long the search took.
    """

    goal: Goal
    means: PlanConstraints
    share: float
    code: str
    county: str
    reach_minutes: float
    basis: str
    travel: TravelBasis
    openings: pd.DataFrame
    uats: pd.DataFrame
    rounds: pd.DataFrame
    people: int
    counted_uats: int
    left_out_before: int
    left_out_after: int
    placed: int
    beyond: int
    elsewhere: int
    minutes_before: float
    minutes_after: float
    is_ranked: bool
    gap: float
    seconds: float

    @property
    def title(self) -> str:
        """What may be added, and what is looked for, in the language of this request."""
        return f"{self.means.title}: {goal_words(self.goal)}"

    @property
    def gained(self) -> int:
        """People who find a place within reach by this plan and had none."""
        return self.left_out_before - self.left_out_after

    @property
    def lei_a_year(self) -> float:
        """What it costs, by the prices of the question."""
        return float(self.openings["lei"].sum())

    @property
    def is_proven(self) -> bool:
        """Whether no other choice can be better."""
        return self.gap == 0


def plan(
    coverage: Coverage,
    county: str,
    means: PlanConstraints,
    *,
    goal: Goal = "most",
    share: float = 1.0,
    time_limit_s: float | None = TIME_LIMIT_S,
    watch: Watch | None = None,
) -> CountyPlan:
    """Find the best choice for the people of a county who are left out on the basis of the coverage.

    New services and stops are at the seats of the county's UATs (`PlanConstraints.anywhere`: in any locality); places
    are added at services that serve those people and are within reach, across the county's border too. A plan that
    helps nobody is a plan. Models: `geo.siting.facility_location`.

    Parameters
    ----------
    coverage
        How things stand.
    county
        Letters of the county.
    means
        What may be added.
    goal
        `most`: most people with a place within reach; `poorest`: the same, by class of the atlas, the most marginalised
        first; `everybody`: cheapest to reach all of them, or a `share`; `travel`: everybody has a place, at most
        FARTHEST_MINUTES away, and all ways together are shortest.
    share
        Of the people left out, who must be reached (goal `everybody`), above 0 and at most 1.
    time_limit_s
        Seconds after which the best found is taken; None = no limit.
    watch
        Called with the progress a few times a second; returns False to stop.

    Returns
    -------
    CountyPlan
        What is opened or added, and what it does.

    Raises
    ------
    BadValueError
        For a question that cannot be, or where addresses are protected.
    InfeasibleSitingError
        Saying what stands in the way.
    UnfinishedSitingError
        Where time ended before any plan was found.
    """
    if coverage.is_protected:
        raise BadValueError(_("Pentru serviciile cu adresă protejată nu se caută locuri pe hartă."))
    validate_constraints(means, goal, share)
    demand = left_out(coverage, county)
    reach = max(coverage.reach_minutes, FARTHEST_MINUTES) if goal == "travel" else coverage.reach_minutes
    points = points_for(coverage, county, means, with_free=goal == "travel")
    costs = ways(coverage, demand, points, reach_minutes=reach)
    points, costs = with_enough_people(points, demand, costs, means)
    # Where only new services of one price are chosen among, the cheapest are the fewest, which is far sooner proven.
    by_money = means.budget is not None or (goal == "everybody" and (means.teams > 0 or means.places_more != 0))
    options: TeamOptions = {
        "candidates": candidates(coverage, points, demand, costs, means, by_money=by_money),
        "budget": means.budget,
        "add_places": None if means.places_more is None else float(means.places_more),
        "teams": means.teams, "days": means.days, "time_limit_s": time_limit_s, "watch": watch,
    }  # fmt: skip
    sites = None if means.sites is None else min(means.sites, int((points["what"] == NEW).sum()))
    with in_words():
        if goal == "travel":
            found = p_median(demand, costs, sites=sites, reach=reach, **options)
        elif goal == "everybody":
            found = set_cover(demand, costs, sites=sites, reach=reach, share=share, **options)
        else:
            found = maximal_coverage(
                demand, costs, sites=sites, reach=reach, worst_off_first=goal == "poorest", **options
            )
    return _told(coverage, county, means, goal, share, found, points)


def _told(
    coverage: Coverage,
    county: str,
    means: PlanConstraints,
    goal: Goal,
    share: float,
    found: Siting,
    points: pd.DataFrame,
) -> CountyPlan:
    """Tell an answer in the words of the county: what is opened, and each UAT before and after."""
    facts = points.set_index("site_id")
    going = found.assignment.assign(way=found.assignment["people"] * found.assignment["cost"])
    going = going.assign(what=going["site_id"].map(facts["what"]))
    uats = _uats(coverage, county, going)
    ours = coverage.areas["county"] == county
    placed, before = float(going["people"].sum()), uats["unmet_before"].sum()
    way_before = (uats["minutes_before"] * uats["unmet_before"]).sum()
    reached = uats.loc[uats["minutes_before"].notna(), "unmet_before"].sum()
    openings = _openings(coverage, means, found, going, facts)
    rounds = found.rounds.assign(name=found.rounds["site_id"].map(facts["name"]))[["team", "day", "name", "places"]]
    return CountyPlan(
        goal, means, share, coverage.code, county, coverage.reach_minutes, coverage.basis, coverage.travel.basis,
        openings, uats, rounds,
        people=int(uats["people"].sum()),
        counted_uats=int(coverage.areas.loc[ours & coverage.areas["is_counted"], "uat_siruta"].nunique()),
        left_out_before=int(before),
        left_out_after=int(uats["unmet_after"].sum()),
        placed=round(placed),
        beyond=round(float(going.loc[going["cost"] > coverage.reach_minutes + 1e-9, "people"].sum())),
        elsewhere=round(float(going.loc[going["what"] == FREE, "people"].sum())),
        minutes_before=float(way_before / reached) if reached else np.nan,
        minutes_after=float(going["way"].sum() / placed) if placed else np.nan,
        is_ranked=len(set(coverage.people.uats.loc[uats["uat_siruta"], "atlas_class"].dropna())) > 1,
        gap=_gap(found, goal),
        seconds=found.seconds,
    )  # fmt: skip


def _gap(found: Siting, goal: Goal) -> float:
    """Relative gap; none where the bound is less than one person away, since people are whole."""
    if goal in ("most", "poorest") and found.bound - found.objective < _PERSON:
        return 0.0
    return 0.0 if found.is_proven else float(found.gap)


def _openings(
    coverage: Coverage, means: PlanConstraints, found: Siting, going: pd.DataFrame, facts: pd.DataFrame
) -> pd.DataFrame:
    sums = going.groupby("site_id")[["people", "way"]].sum()
    uats = coverage.people.uats
    rows = []
    for site, units, added in found.openings[["site_id", "units", "places_added"]].itertuples(index=False):
        fact = facts.loc[site]
        people, way = sums.loc[site] if site in sums.index else (0.0, 0.0)
        if not people:
            continue
        places, days, lei = _size(means, str(fact["what"]), int(units), float(added), float(people))
        uat = fact["uat_siruta"]
        rows.append(
            {
                "site_id": str(fact["key"]),
                "what": fact["what"],
                "name": str(fact["name"]),
                "uat": "" if pd.isna(uat) or int(uat) not in uats.index else str(uats.loc[int(uat), "name"]),
                "county": "" if pd.isna(fact["county"]) else str(fact["county"]),
                "lat": float(fact["lat"]),
                "lon": float(fact["lon"]),
                "places": places,
                "days": days,
                "people": round(people),
                "minutes": float(way / people),
                "lei": lei,
            }
        )
    table = pd.DataFrame(rows, columns=_OPENINGS).sort_values(
        ["people", "site_id", "what"], ascending=[False, True, True]
    )
    table = table.astype(
        {"places": "int64", "days": "int64", "people": "int64", "minutes": "float64", "lei": "float64"}
    )
    table.insert(0, "order", np.arange(1, len(table) + 1))
    return table.reset_index(drop=True)


def _size(means: PlanConstraints, what: str, units: int, added: float, people: float) -> tuple[int, int, float]:
    """Return places, days a week and lei a year of one opening."""
    prices = means.prices
    if what == STOP:
        return units * means.visits, units, units * prices.team_day
    if what == GROW:
        return round(added), 0, round(added) * prices.place
    places = means.places_each if means.places_each is not None else round(people)
    return places, 0, prices.site + places * prices.place


def _uats(coverage: Coverage, county: str, going: pd.DataFrame) -> pd.DataFrame:
    areas = coverage.areas[coverage.areas["county"] == county]
    left = areas[f"unmet_{coverage.basis}"]
    near = going[going["cost"] <= coverage.reach_minutes + 1e-9].groupby("area_id")["people"].sum()
    placed = going.groupby("area_id")[["people", "way"]].sum()
    table = pd.DataFrame(
        {
            "uat_siruta": areas["uat_siruta"],
            "people": areas["people"],
            "unmet_before": left,
            "unmet_after": left - areas["area_id"].map(near).fillna(0.0),
            "known": left.where(areas["minutes"].notna(), 0.0),
            "way_before": (left * areas["minutes"]).fillna(0.0),
            "placed": areas["area_id"].map(placed["people"]).fillna(0.0),
            "way_after": areas["area_id"].map(placed["way"]).fillna(0.0),
        }
    )
    sums = table.groupby("uat_siruta").sum().reset_index()
    whole = {c: sums[c].round().astype("int64") for c in ("people", "unmet_before", "unmet_after")}
    return pd.DataFrame(
        {
            "uat_siruta": sums["uat_siruta"],
            "name": sums["uat_siruta"].map(coverage.people.uats["name"]),
            **whole,
            "minutes_before": sums["way_before"] / sums["known"].where(sums["known"] > 0),
            "minutes_after": sums["way_after"] / sums["placed"].where(sums["placed"] > 0),
        }
    )
