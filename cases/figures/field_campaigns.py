"""Totals of the campaigns that teams run in a crisis, by community, as soon as their telephones have sent them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, or_, select

from cases.figures.told_counts import count_words, in_fives
from cases.rules.case_terms import days_after, term
from cases.rules.case_vocabulary import campaign_label, supply_label
from core.i18n import _, number
from providers.rules.needs import need_name
from referrals.database.tables import field_campaign_tables as t
from referrals.database.tables.exchange_tables import case_changes, case_devices
from referrals.records import roles

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

_REACHED = ("met", "declined")


@dataclass(frozen=True)
class CampaignTotals:
    """What a team has done in one campaign.

    Attributes
    ----------
    campaign_id, county, uat_siruta, kind, begun_on, ended_on
        Which; "" = it goes on.
    listed, reached, absent
        Households to pass by; those where somebody was met or did not want help; those where nobody was met so far.
    people
        People met: of each household the most that were met at one stop.
    supplies
        What was left, by SUPPLIES.
    stops_today, people_today
        Stops made on the day of the totals, and people met on it, counted likewise.
    """

    campaign_id: str
    county: str
    uat_siruta: int
    kind: str
    begun_on: str
    ended_on: str
    listed: int = 0
    reached: int = 0
    absent: int = 0
    people: int = 0
    supplies: Mapping[str, int] = field(default_factory=dict)
    stops_today: int = 0
    people_today: int = 0


@dataclass(frozen=True)
class FieldCampaigns:
    """Totals of a day.

    Attributes
    ----------
    day
        Which, ISO.
    rows
        A campaign each.
    needs
        `county`, `uat_siruta`, `need`, `households` (None = fewer than may be told to whoever is not the team).
    heard
        By community: `last` (when its telephones were last here, ISO in UTC) and `unsent` (what they then still had).
    """

    day: str
    rows: tuple[CampaignTotals, ...]
    needs: tuple[dict[str, Any], ...]
    heard: Mapping[int, Mapping[str, Any]]

    def as_json(self) -> dict[str, object]:
        """Return it for programs."""
        return asdict(self)

    def lines(self) -> list[str]:
        """Format it in lines: campaigns, then needs found."""
        sentences = [_line(row) for row in self.rows] or [_("Nicio campanie în ultimele zile.")]
        sentences += [
            f"{row['uat_siruta']} · {need_name(row['need'])} · {count_words(row['households'])}" for row in self.needs
        ]
        return sentences


def _line(row: CampaignTotals) -> str:
    left = [f"{supply_label(name)}: {number(count)}" for name, count in row.supplies.items() if count]
    parts = (
        str(row.uat_siruta), campaign_label(row.kind), row.begun_on,
        _("gospodării: {n} din {all}").format(n=number(row.reached), all=number(row.listed)),
        _("în ziua aceasta: {n}").format(n=number(row.stops_today)), _("oameni: {n}").format(n=number(row.people)),
    )  # fmt: skip
    return " · ".join((*parts, *left))


def campaign_totals(
    ledger: Ledger, *, actor: Actor, county: str = "", uat_siruta: int | None = None, day: str = ""
) -> FieldCampaigns:
    """Count the campaigns that go on or ended in the last days, by community.

    Parameters
    ----------
    ledger
        Where the record is kept.
    actor
        A team for its community, a county unit for its county, others for the nation.
    county, uat_siruta
        Only these.
    day
        Whose stops count as of the day, ISO; "" = today.

    Returns
    -------
    FieldCampaigns
        Whoever is not the team sees counts of needs in fives, and none below five.

    Raises
    ------
    NotAllowedError
        Outside the actor's area.
    """
    area, uat = roles.require_area(actor, "case.counts", county, uat_siruta)
    on = day or ledger.today().isoformat()
    campaigns = t.field_campaigns.c
    over = days_after(on, -term("campaign_shown"))
    where = [campaigns.begun_on <= on, or_(campaigns.ended_on == "", campaigns.ended_on >= over)]
    where += [campaigns.county == area] if area else []
    where += [] if uat is None else [campaigns.uat_siruta == uat]
    query = select(t.field_campaigns).where(*where).order_by(campaigns.county, campaigns.uat_siruta, campaigns.begun_on)
    with ledger.store.read() as connection:
        found = [dict(row) for row in connection.execute(query).mappings()]
        ids = select(campaigns.campaign_id).where(*where)
        listed = _listed(connection, ids)
        stops = defaultdict(list)
        made = select(t.campaign_stops).where(t.campaign_stops.c.campaign_id.in_(ids), t.campaign_stops.c.on_day <= on)
        for row in connection.execute(made).mappings():
            stops[row["campaign_id"]].append(dict(row))
        heard = _heard(connection, {row["uat_siruta"] for row in found})
    rows = tuple(_totals(row, listed.get(row["campaign_id"], 0), stops[row["campaign_id"]], on) for row in found)
    return FieldCampaigns(on, rows, tuple(_needs(found, stops, is_own=actor.role == "team")), heard)


def _listed(connection: Connection, ids: Any) -> dict[str, int]:
    houses = t.campaign_households.c
    query = select(houses.campaign_id, func.count()).where(houses.campaign_id.in_(ids)).group_by(houses.campaign_id)
    return {row[0]: row[1] for row in connection.execute(query)}


def _heard(connection: Connection, communities: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Say when telephones of communities were last here; those that were shut out do not count."""
    devices, changes = case_devices.c, case_changes.c
    found: dict[int, dict[str, Any]] = {}
    here = (
        select(devices.uat_siruta, func.max(devices.last_seen), func.sum(devices.unsent))
        .where(devices.uat_siruta.in_(list(communities)), devices.state == "active")
        .group_by(devices.uat_siruta)
    )
    for uat, last, unsent in map(tuple, connection.execute(here)):
        found[uat] = {"last": _moment(last), "unsent": int(unsent or 0), "last_stop": ""}
    came = (
        select(changes.uat_siruta, func.max(changes.received_at))
        .where(changes.uat_siruta.in_(list(communities)), changes.kind == "campaign.stop")
        .group_by(changes.uat_siruta)
    )
    for uat, last in map(tuple, connection.execute(came)):
        found.setdefault(uat, {"last": "", "unsent": 0})["last_stop"] = _moment(last)
    return found


def _moment(value: datetime | None) -> str:
    return value.isoformat(timespec="seconds") if value is not None else ""


def _totals(row: Mapping[str, Any], listed: int, stops: list[dict[str, Any]], day: str) -> CampaignTotals:
    tried = {stop["household_id"] for stop in stops}
    reached = {stop["household_id"] for stop in stops if stop["outcome"] in _REACHED}
    own = [stop for stop in stops if stop["on_day"] == day]
    names = ("campaign_id", "county", "uat_siruta", "kind", "begun_on", "ended_on")
    return CampaignTotals(
        **{name: row[name] for name in names},
        listed=listed,
        reached=len(reached),
        absent=len(tried - reached),
        people=_people(stops),
        supplies={name: sum(stop[name] for stop in stops) for name in t.SUPPLIES},
        stops_today=len(own),
        people_today=_people(own),
    )


def _people(stops: list[dict[str, Any]]) -> int:
    met: dict[str, int] = {}
    for stop in stops:
        if stop["outcome"] == "met":
            met[stop["household_id"]] = max(met.get(stop["household_id"], 0), stop["people"])
    return sum(met.values())


def _needs(
    found: list[dict[str, Any]], stops: Mapping[str, list[dict[str, Any]]], *, is_own: bool
) -> Iterable[dict[str, Any]]:
    houses: dict[tuple[str, int, str], set[str]] = defaultdict(set)
    for row in found:
        for stop in stops[row["campaign_id"]]:
            for need in stop["needs"].split():
                houses[row["county"], row["uat_siruta"], need].add(stop["household_id"])
    for (county, uat, need), which in sorted(houses.items()):
        shown = len(which) if is_own else in_fives(len(which)) or None
        yield {"county": county, "uat_siruta": uat, "need": need, "households": shown}
