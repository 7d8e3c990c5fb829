"""What to do next in a county: places added, sites opened, a mobile team; and how many of those left out it reaches.

The question is asked about the people whom a coverage leaves out on its basis: the places that exist are taken
already (`geo.access_served`), so nobody is moved from one to another, and what is new is for those who have nothing.
`geo.siting` finds the best choice and checks it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from geo.access import pairs_within
from geo.errors import BadValueError
from geo.language import _, later, ngettext, number
from geo.siting import maximal_coverage, mobile_teams
from geo.travel import straight_line

if TYPE_CHECKING:
    from geo.siting import Siting, Watch
    from providers.coverage import Coverage

Kind = Literal["sites", "places", "team"]
MOST_SITES = 50
DAYS = (later("luni"), later("marți"), later("miercuri"), later("joi"), later("vineri"))


@dataclass(frozen=True)
class Scenario:
    """What is tried: `places` at each of `sites` new ones, in all, or a day for each team."""

    kind: Kind
    sites: int
    places: int
    teams: int
    days: tuple[str, ...]

    @property
    def title(self) -> str:
        """Say what is tried, in the language of this request."""
        places, teams = self.places, self.teams
        if self.kind == "places":
            said = ngettext("Încă {n} loc la serviciile de acum", "Încă {n} locuri la serviciile de acum", places)
            return said.format(n=number(places))
        if self.kind == "team":
            said = ngettext("{n} echipă mobilă", "{n} echipe mobile", teams).format(n=teams)
            return ", ".join([said, *map(_, self.days)])
        said = ngettext("{n} serviciu nou", "{n} servicii noi", self.sites).format(n=self.sites)
        return f"{said}, {ngettext('de {n} loc', 'de {n} locuri fiecare', places).format(n=number(places))}"


@dataclass(frozen=True)
class Plan:
    """One scenario for a county and what it does.

    openings: order, site_id (locality or service), name, uat, places (added, or visits a week), people (taken there),
    minutes (their mean way), what (`new`, `grow` or `stop`). uats: uat_siruta, name, people, unmet_before,
    unmet_after. rounds: team, day, name, places (mobile team only). gap: distance to what no choice can beat, 0 =
    proven.
    """

    kind: Kind
    code: str
    county: str
    tried: Scenario
    reach_minutes: float
    openings: pd.DataFrame
    uats: pd.DataFrame
    rounds: pd.DataFrame
    people: int
    left_out_before: int
    left_out_after: int
    gap: float
    seconds: float

    @property
    def title(self) -> str:
        """Say what is tried."""
        return self.tried.title

    @property
    def gained(self) -> int:
        """People who find a place by this plan and had none."""
        return self.left_out_before - self.left_out_after


def plan(
    coverage: Coverage,
    county: str,
    *,
    kind: Kind = "sites",
    sites: int = 1,
    places: int = 20,
    teams: int = 1,
    days: tuple[str, ...] = DAYS,
    worst_off_first: bool = False,
    time_limit_s: float | None = 30.0,
    watch: Watch | None = None,
) -> Plan:
    """Find the best choice for the people of a county who are left out on the basis of the coverage.

    kind `sites`: at most `sites` new ones among the seats of the county's UATs, `places` each. `places`: `places` more
    in all, at existing services of the county or across its border that serve those people and are within reach.
    `team`: `teams` mobile teams on `days`, `places` visits a day each, a visit a week for each person.
    worst_off_first: by class of the atlas, the most marginalised first.

    BadValueError for numbers that cannot be, or where addresses are protected; a plan that helps nobody is a plan.
    """
    if coverage.is_protected:
        raise BadValueError(_("Pentru serviciile cu adresă protejată nu se caută locuri pe hartă."))
    most = ngettext("{n} locație", "{n} locații", MOST_SITES).format(n=MOST_SITES)
    if not 0 <= sites <= MOST_SITES or places < 1 or teams < 1:
        raise BadValueError(_("Se cer cel puțin 1 loc, cel puțin o echipă și cel mult {most} noi.").format(most=most))
    demand = _demand(coverage, county)
    options = {"time_limit_s": time_limit_s, "watch": watch, "worst_off_first": worst_off_first, "gap": 1e-4}
    points = _services(coverage) if kind == "places" else _seats(coverage, county)
    costs = _costs(coverage, demand, points)
    if kind == "places":
        costs = _served_only(coverage, costs)
    points = points[points["site_id"].isin(costs["site_id"])]
    if kind == "places":
        candidates = points[["site_id"]].assign(is_existing=True, places=0.0, places_addable=float(places))
        found = maximal_coverage(demand, costs, sites=0, reach=coverage.reach_minutes, candidates=candidates,
                                 add_places=float(places), **options)  # type: ignore[arg-type]  # fmt: skip
    elif kind == "team":
        candidates = points[["site_id"]].assign(is_existing=False)
        found = mobile_teams(demand, costs, teams=teams, days=days, visits_per_day=float(places),
                             reach=coverage.reach_minutes, candidates=candidates, **options)  # type: ignore[arg-type]  # fmt: skip
    else:
        candidates = points[["site_id"]].assign(is_existing=False, places=float(places))
        at_most = min(sites, len(candidates))
        found = maximal_coverage(demand, costs, sites=at_most, reach=coverage.reach_minutes, candidates=candidates,
                                 **options)  # type: ignore[arg-type]  # fmt: skip
    return _told(coverage, county, Scenario(kind, sites, places, teams, days), found, points)


def _demand(coverage: Coverage, county: str) -> pd.DataFrame:
    areas = coverage.areas[coverage.areas["county"] == county]
    if areas.empty:
        raise BadValueError(_("Nu există județul „{code}”.").format(code=county))
    classes = areas["uat_siruta"].map(coverage.people.uats["atlas_class"]).astype("float64").fillna(0.0)
    left = areas[f"unmet_{coverage.basis}"]
    return pd.DataFrame({"area_id": areas["area_id"], "name": areas["name"], "people": left, "priority": classes})


def _seats(coverage: Coverage, county: str) -> pd.DataFrame:
    areas = coverage.people.areas
    seats = areas[(areas["county"] == county) & (areas["is_seat"] | (areas["type"] == "sector"))]
    return pd.DataFrame(
        {"site_id": seats["area_id"].astype("str"), "name": seats["name"], "uat_siruta": seats["uat_siruta"],
         "x": seats["x"], "y": seats["y"]}
    )  # fmt: skip


def _services(coverage: Coverage) -> pd.DataFrame:
    services = coverage.supply.services
    at_site = services[(services["delivery"] == "at_site") & services["x"].notna()]
    return pd.DataFrame(
        {"site_id": at_site["service_id"], "name": at_site["name"], "uat_siruta": at_site["uat_siruta"],
         "x": at_site["x"], "y": at_site["y"]}
    )  # fmt: skip


def _costs(coverage: Coverage, demand: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    model = straight_line(coverage.mode)
    asking = demand.loc[demand["people"] > 0, "area_id"]
    areas = coverage.people.areas
    areas = areas.loc[areas["area_id"].isin(asking), ["area_id", "x", "y"]]
    pairs = pairs_within(
        areas,
        points[["site_id", "x", "y"]].rename(columns={"site_id": "service_id"}),
        reach_m=coverage.reach_minutes / model.minutes_per_metre,
    )
    minutes = np.minimum(pairs["distance_m"] * model.minutes_per_metre, coverage.reach_minutes)
    return pd.DataFrame(
        {
            "area_id": pairs["area_id"].astype("int64"),
            "site_id": pairs["service_id"].astype("str"),
            "cost": minutes,
        }
    )


def _served_only(coverage: Coverage, costs: pd.DataFrame) -> pd.DataFrame:
    """Keep the ways to services that take people of that place."""
    area = pd.Index(coverage.people.areas["area_id"]).get_indexer(pd.Index(costs["area_id"]))
    service = pd.Index(coverage.supply.services["service_id"]).get_indexer(pd.Index(costs["site_id"]))
    return costs[coverage.may_serve.may(area, service)]


def _told(
    coverage: Coverage,
    county: str,
    tried: Scenario,
    found: Siting,
    points: pd.DataFrame,
) -> Plan:
    kind, each = tried.kind, tried.places
    going = found.assignment.assign(way=found.assignment["people"] * found.assignment["cost"])
    taken = going.groupby("site_id")[["people", "way"]].sum()
    facts = points.drop_duplicates("site_id").set_index("site_id")
    uats = coverage.people.uats
    rows = []
    opened = found.openings[(found.openings["units"] > 0) | (found.openings["places_added"] > 0)]
    each_day = found.rounds.groupby("site_id")["places"].sum() if len(found.rounds) else None
    what = {"sites": "new", "places": "grow", "team": "stop"}
    for site, units, added in opened[["site_id", "units", "places_added"]].itertuples(index=False):
        people, way = taken.loc[site] if site in taken.index else (0.0, 0.0)
        visits = float(each_day[site]) if each_day is not None and site in each_day.index else None
        uat = facts.loc[site, "uat_siruta"]
        rows.append(
            {
                "site_id": str(site),
                "name": str(facts.loc[site, "name"]),
                "uat": "" if pd.isna(uat) or int(uat) not in uats.index else str(uats.loc[int(uat), "name"]),
                "places": round(float(added)) if kind == "places" else round(visits or int(units) * each),
                "people": round(float(people)),
                "minutes": float(way / people) if people else np.nan,
                "what": what[kind],
            }
        )
    columns = ["site_id", "name", "uat", "places", "people", "minutes", "what"]
    openings = pd.DataFrame(rows, columns=columns).sort_values(["people", "site_id"], ascending=[False, True])
    openings.insert(0, "order", np.arange(1, len(openings) + 1))
    left = found.unmet.set_index("area_id")["people"] if len(found.unmet) else pd.Series(dtype="float64")
    areas = coverage.areas[coverage.areas["county"] == county]
    after = areas["area_id"].map(left).fillna(0.0)
    table = pd.DataFrame(
        {"uat_siruta": areas["uat_siruta"], "people": areas["people"], "unmet_before": areas[f"unmet_{coverage.basis}"],
         "unmet_after": after}
    )  # fmt: skip
    sums = table.groupby("uat_siruta").sum().round().astype("int64").reset_index()
    sums.insert(1, "name", sums["uat_siruta"].map(uats["name"]))
    rounds = found.rounds
    if len(rounds):
        rounds = rounds.assign(name=rounds["site_id"].map(facts["name"]))[["team", "day", "name", "places"]]
    return Plan(
        kind, coverage.code, county, tried, coverage.reach_minutes, openings.reset_index(drop=True), sums, rounds,
        int(sums["people"].sum()), int(sums["unmet_before"].sum()), int(sums["unmet_after"].sum()),
        float(found.gap), found.seconds,
    )  # fmt: skip
