"""People who waited and got no place, put to the places that are free: as well as can be, and in order of arrival.

Who waited is what the ledger counts as unmet needs (a place, a need and a day; no person), of the last WAITING_DAYS.
Whoever was refused twice counts twice, and who found a place later is not taken out: the ledger keeps no person
there, so these figures are for comparing two ways of giving places, and say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from core.i18n import _, ngettext, number
from geo.siting.assignment import OrderLoss, loss_of_order
from geo.spatial.crs import to_metric
from providers.planning.candidate_sites import home_ways, services_at_site, ways
from providers.planning.county_plan import CountyPlan
from providers.planning.supply import Supply
from providers.rules.wording import average_words

if TYPE_CHECKING:
    from datetime import datetime

    from providers.planning.effective_coverage import Coverage
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

WAITING_DAYS = 90
_AS_SERVICES = {"site_id": "service_id", "cost": "minutes"}
_SAME = 0.05  # minutes, below which two means are the same on paper


@dataclass(frozen=True)
class Waiting:
    """People who waited for a service in an area, and what two ways of giving places make of it.

    people: how many. unknown: of the services within their reach, those whose places nobody knows. now: on the places
    free now; after: on those and what a plan adds (None without a plan).
    """

    people: int
    since_days: int
    unknown: int
    now: OrderLoss
    after: OrderLoss | None


def waiting_people(
    coverage: Coverage, ledger: Ledger, *, actor: Actor, now: datetime, county: str = "", plan: CountyPlan | None = None
) -> Waiting:
    """Compare the best assignment of those who waited with first come, first served.

    The ledger counts what the actor may see: a team its community, a county unit its county; NotAllowedError else.
    Places are those free now (unknown ones are none), within the reach of the coverage, for whom they serve.
    """
    counted = ledger.unmet_needs(actor=actor, county=county, since=now - timedelta(days=WAITING_DAYS))
    queue = _queue(counted, coverage)
    demand = queue.groupby("area_id").size().rename("people").reset_index()
    services = services_at_site(coverage)
    places = coverage.supply.services["places_now"].to_numpy(np.float64)[services["row"].to_numpy(np.intp)]
    supply = pd.DataFrame({"service_id": services["site_id"], "places": _finite(places, len(queue))})
    costs = ways(coverage, demand, services, reach_minutes=coverage.reach_minutes)
    home = np.flatnonzero(coverage.supply.services["delivery"] != "at_site")
    supply = pd.concat([supply, _at_home(coverage.supply, home, len(queue))], ignore_index=True)
    costs = pd.concat([costs, home_ways(coverage, demand, home)], ignore_index=True).rename(columns=_AS_SERVICES)
    near = supply["service_id"].isin(costs["service_id"])
    loss = loss_of_order(queue, supply[near], costs)
    after = None
    if plan is not None:
        more_supply, more_costs = _with_plan(coverage, plan, supply, costs, demand)
        after = loss_of_order(queue, more_supply, more_costs)
    return Waiting(len(queue), WAITING_DAYS, int(supply.loc[near, "places"].isna().sum()), loss, after)


def _queue(counted: pd.DataFrame, coverage: Coverage) -> pd.DataFrame:
    """Write a row for each one who waited; who is known by UAT alone stands at its seat."""
    mine = counted[counted["service_type"].isin(coverage.types) | (counted["need"] == coverage.code)]
    areas = coverage.people.areas
    seats = areas.loc[areas["is_seat"] | (areas["type"] == "sector")].drop_duplicates("uat_siruta")
    seat = mine["uat_siruta"].astype("Int64").map(seats.set_index("uat_siruta")["area_id"])
    place = mine["locality_siruta"].astype("Int64")
    area = place.where(place.isin(areas["area_id"]), seat)
    known = mine.assign(area_id=area).dropna(subset=["area_id"])
    rows = known.loc[known.index.repeat(known["unmet"].astype(int))].reset_index(drop=True)
    return pd.DataFrame(
        {
            "referral_id": np.arange(len(rows)),
            "area_id": rows["area_id"].astype("int64"),
            "waiting_since": rows["on_day"],
        }
    )


def _finite(places: Any, people: int) -> Any:
    return np.where(np.isinf(places), float(people), places)


def _at_home(supply: Supply, rows: Any, people: int) -> pd.DataFrame:
    """Say what services that come home have free."""
    services = supply.services.iloc[rows]
    return pd.DataFrame(
        {
            "service_id": services["service_id"].astype("str"),
            "places": _finite(services["places_now"].to_numpy(np.float64), people),
        }
    )


def _with_plan(
    coverage: Coverage, plan: CountyPlan, supply: pd.DataFrame, costs: pd.DataFrame, demand: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add what a plan opens to the places that there are."""
    rows = plan.openings
    grown = rows[rows["what"] == "grow"].set_index("site_id")["places"]
    more = supply["service_id"].map(grown).fillna(0.0)
    supply = supply.assign(places=supply["places"].where(supply["places"].notna() | (more == 0), 0.0) + more)
    opened = rows[rows["what"] != "grow"]
    if len(opened):
        xy = to_metric(opened["lat"], opened["lon"])
        points = opened[["lat", "lon"]].assign(site_id=opened["what"] + ":" + opened["site_id"], x=xy[:, 0], y=xy[:, 1])
        ways_to = ways(coverage, demand, points, reach_minutes=coverage.reach_minutes)
        new = pd.DataFrame({"service_id": points["site_id"], "places": opened["places"].astype("float64")})
        supply = pd.concat([supply, new], ignore_index=True)
        costs = pd.concat([costs, ways_to.rename(columns=_AS_SERVICES)], ignore_index=True)
    return supply[supply["service_id"].isin(costs["service_id"])], costs


def waiting_words(found: Waiting, *, plan_title: str = "") -> list[str]:
    """Format both ways of giving places, and what the order of arrival loses, in sentences."""
    if not found.people:
        words = _("În ultimele {n} de zile nimeni nu a fost refuzat pentru acest serviciu din lipsă de locuri.")
        return [words.format(n=found.since_days)]
    lines = [
        _("În ultimele {days} de zile: {n} fără loc, după refuzurile înregistrate.").format(
            days=found.since_days, n=_refusals(found.people)
        ),
        _("Pe locurile libere acum:") + " " + _compared(found.now, found.people),
    ]
    if found.unknown:
        text = ngettext(
            "La {n} serviciu din apropiere nu se știe câte locuri sunt: nu s-a numărat.",
            "La {n} servicii din apropiere nu se știe câte locuri sunt: nu s-au numărat.",
            found.unknown,
        )
        lines.append(text.replace("{n}", number(found.unknown)))
    if found.after is not None:
        lines.append(_("Cu „{title}”:").format(title=plan_title) + " " + _compared(found.after, found.people))
    lines.append(_("Cine a fost refuzat de două ori se numără de două ori: registrul refuzurilor nu ține persoane."))
    return lines


def _compared(loss: OrderLoss, people: int) -> str:
    best, order = loss.best, loss.in_order
    if not best.people_placed:
        return _("niciunul nu ar avea loc în timpul maxim de deplasare.")
    words = _("potriviți cât mai bine, {best} din {all} ar avea loc, cu drumul mediu de {minutes}; în ordinea "
              "cererilor, {order}, cu {order_minutes}.")  # fmt: skip
    mean, order_mean = (_mean(each.minutes_total, each.people_placed) for each in (best, order))
    sentence = words.format(
        best=number(best.people_placed), all=number(people), minutes=average_words(mean),
        order=number(order.people_placed), order_minutes=average_words(order_mean),
    )  # fmt: skip
    lost = round(loss.people_lost)
    if lost:
        text = ngettext(
            "Repartizarea în ordinea cererilor lasă fără loc {n} persoană.",
            "Repartizarea în ordinea cererilor lasă fără loc {n} persoane.",
            lost,
        )
        return sentence + " " + text.replace("{n}", number(lost))
    if order_mean - mean > _SAME:
        longer = average_words(order_mean - mean)
        return (
            sentence
            + " "
            + _("Repartizarea în ordinea cererilor lungește drumul fiecărei persoane, în medie, cu {n}.").format(
                n=longer
            )
        )
    return sentence + " " + _("Repartizarea în ordinea cererilor nu lasă pe nimeni fără loc.")


def _mean(minutes: float, people: float) -> float:
    return minutes / people if people else 0.0


def _refusals(count: int) -> str:
    return ngettext("{n} om", "{n} oameni", count).replace("{n}", number(count))


def waiting_json(found: Waiting) -> dict[str, Any]:
    """Return both ways of giving places as data."""

    def of(loss: OrderLoss | None) -> dict[str, Any] | None:
        if loss is None:
            return None
        return {
            "best": {"people": loss.best.people_placed, "minutes_total": round(loss.best.minutes_total, 3)},
            "in_order": {"people": loss.in_order.people_placed, "minutes_total": round(loss.in_order.minutes_total, 3)},
            "people_lost": loss.people_lost,
            "minutes_lost": round(loss.minutes_lost, 3),
        }

    return {
        "people": found.people, "since_days": found.since_days, "services_unknown": found.unknown,
        "now": of(found.now), "after_plan": of(found.after),
    }  # fmt: skip
