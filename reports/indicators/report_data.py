"""All that reports are made of, read once: communities, parts of indicators, referrals, needs, sources."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.bounded_cache import BoundedCache
from core.errors import UnknownCodeError
from core.i18n import _
from core.storage.editions import EditionStore
from core.storage.import_kinds import MEASURED
from core.text import collation_keys
from referrals.monthly import monthly_reports
from referrals.monthly.referral_statistics import tally
from reports.indicators import indicator_inputs as parts
from reports.indicators.community_reach import facts, reach
from reports.indicators.indicators import NATION, Level, over_period, sums, values
from reports.indicators.period import Period

if TYPE_CHECKING:
    from datetime import date

    from core.storage.editions import Manifest
    from core.storage.home import Home
    from geo.spatial.travel import TravelBasis
    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory

COMMUNITY_COLUMNS = (
    "uat_siruta", "name", "kind", "status", "county", "county_name", "region", "region_name", "lat", "lon",
)  # fmt: skip
_KINDS = ("communities", "atlas-rural", "atlas-urban", "population", *MEASURED)


@dataclass(frozen=True)
class ReportData:
    """What reports read.

    Attributes
    ----------
    home, day
        The home, and the day of the report.
    communities
        COMMUNITY_COLUMNS, one row each.
    parts
        `reports.indicators.indicators.PART_COLUMNS`: figures by area, month and indicator.
    tallied
        TALLY_COLUMNS of `referrals.monthly.referral_statistics`.
    unmet
        `referrals.ledger.queries.UNMET_COLUMNS`.
    reached
        `reports.indicators.community_reach.REACH_COLUMNS`.
    filed
        `referrals.monthly.monthly_reports.REPORT_COLUMNS`.
    months
        The first and the last month with anything said, for instance 2026-03.
    editions
        What it was made of.
    travel
        What the minutes of `reached` rest on.
    kept
        For whoever works on it: what was computed once.
    """

    home: Home
    day: date
    communities: pd.DataFrame
    parts: pd.DataFrame
    tallied: pd.DataFrame
    unmet: pd.DataFrame
    reached: pd.DataFrame
    filed: pd.DataFrame
    months: tuple[str, str]
    editions: tuple[Manifest, ...]
    travel: TravelBasis
    kept: dict[str, object] = field(default_factory=dict, repr=False, compare=False)  # for who works on it
    _worked_out: dict[tuple[Level, Period], pd.DataFrame] = field(default_factory=dict, repr=False, compare=False)

    @property
    def sources(self) -> tuple[str, ...]:
        """Lines for the foot: every edition with its day, and our own ledger."""
        own = _("Registrul referirilor și cifrele lunare ale comunităților, din acest program")
        return (*(_source(manifest) for manifest in self.editions), own)

    @property
    def region_of(self) -> dict[str, str]:
        """Region code of each county of the list."""
        return dict(zip(self.communities["county"], self.communities["region"], strict=True))

    def areas(self, level: Level) -> list[str]:
        """Codes of the areas of a level, of which the list has a community."""
        if level == "national":
            return [NATION]
        column = {"community": "uat_siruta", "county": "county", "region": "region"}[level]
        return sorted(self.communities[column].astype("str").unique())

    def values(self, level: Level, period: Period) -> pd.DataFrame:
        """Work out every indicator of every area of a level: `indicators.VALUE_COLUMNS`."""
        known = self._worked_out.get((level, period))
        if known is None:
            summed = sums(over_period(self.parts, period), level, self.region_of)
            known = self._worked_out[level, period] = values(summed, self.areas(level))
        return known

    def name_of(self, level: Level, area: str) -> str:
        """Name an area as a title does; UnknownCodeError where the list has no community there."""
        if level == "national":
            return _("Toate comunitățile proiectului")
        row = self._first_communities.get((level, area))
        if row is None:
            raise UnknownCodeError(_("„{area}” nu are nicio comunitate în lista proiectului.").format(area=area))
        if level == "community":
            return _("{name}, județul {county}").format(name=row["name"], county=row["county_name"])
        return _("Județul {name}").format(name=row["county_name"]) if level == "county" else str(row["region_name"])

    @cached_property
    def _first_communities(self) -> dict[tuple[Level, str], dict[Any, Any]]:
        """Return the first community of every area below the nation, which carries the area's names."""
        columns: dict[Level, str] = {"community": "uat_siruta", "county": "county", "region": "region"}
        rows = self.communities.to_dict("records")
        return {(level, str(row[column])): row for level, column in columns.items() for row in reversed(rows)}

    def within(self, level: Level, area: str) -> pd.DataFrame:
        """Return the communities of an area."""
        if level == "national":
            return self.communities
        column = {"community": "uat_siruta", "county": "county", "region": "region"}[level]
        return self.communities[self.communities[column].astype("str") == area].reset_index(drop=True)


def load_report_data(directory: Directory, *, actor: Actor, day: date, catalogue_month: str = "") -> ReportData:
    """Read everything that an actor may know for reports.

    Parameters
    ----------
    directory
        What is reported on.
    actor
        Who asks; sees the own area.
    day
        Day of the report.
    catalogue_month
        Month to which what the catalogue says today is put down, for instance 2026-03; "" = the month of `day`.

    Returns
    -------
    ReportData
        Tables, and the editions that they were made of.

    Raises
    ------
    NotAllowedError
        Where the actor may not read figures or counts.
    """
    communities = communities_of(directory)
    figures = monthly_reports.figures(directory.ledger, actor=actor)
    filed = monthly_reports.reports(directory.ledger, actor=actor)
    tallied = tally(directory.ledger, actor=actor)
    unmet = directory.ledger.unmet_needs(actor=actor)
    snapshot = directory.snapshot()
    catalogue = snapshot.catalogue
    reached = reach(catalogue, communities, day=day, travel=snapshot.travel.in_bulk.car)
    this_month = catalogue_month or f"{day:%Y-%m}"
    first, last = _span(figures, tallied, filed, this_month)
    long = pd.concat(
        [
            parts.from_figures(figures, communities),
            parts.from_reports(filed, communities, first=first, last=last),
            parts.from_referrals(tallied, communities),
            parts.from_unmet(unmet, communities),
            # What is in force today was not looked up before: it stands for every month that is asked about.
            parts.from_facts(facts(snapshot, reached, communities, day=day), communities, month=first),
        ],
        ignore_index=True,
    )
    return ReportData(
        home=directory.home,
        day=day,
        communities=communities,
        parts=long,
        tallied=tallied,
        unmet=unmet,
        reached=reached,
        filed=filed,
        months=(first, last),
        editions=_editions(directory),
        travel=snapshot.travel.in_bulk.car.basis,
    )


_LISTED: BoundedCache[pd.DataFrame] = BoundedCache(4)


def communities_of(directory: Directory) -> pd.DataFrame:
    """Return the communities of the list in force with their county, region and centre: COMMUNITY_COLUMNS."""
    home = directory.home
    state = EditionStore(home).state(("communities", "localities", "boundaries"))
    return _LISTED.take((str(home.path), state), lambda: _listed(directory)).copy(deep=False)


def _listed(directory: Directory) -> pd.DataFrame:
    edition = EditionStore(directory.home).current("communities")
    if edition is None:
        raise UnknownCodeError(_("Lista comunităților nu a fost importată. Rulați „harta import communities FIȘIER”."))
    table = edition.table("communities")[["uat_siruta", "name", "kind", "status", "county"]]
    counties = directory.gazetteer.counties.set_index("county")
    uats = directory.gazetteer.uats.set_index("uat_siruta")
    table = table.assign(
        uat_siruta=table["uat_siruta"].astype("int64"),
        county_name=table["county"].map(counties["name"]),
        region=table["county"].map(counties["region"]),
        region_name=table["county"].map(counties["region_name"]),
        lat=table["uat_siruta"].map(uats["lat"]),
        lon=table["uat_siruta"].map(uats["lon"]),
    )
    return table.sort_values(["county_name", "name"], key=collation_keys).reset_index(drop=True)[
        list(COMMUNITY_COLUMNS)
    ]


def _span(figures: pd.DataFrame, tallied: pd.DataFrame, filed: pd.DataFrame, this_month: str) -> tuple[str, str]:
    """Find the first month with anything in it, and the last month that is over."""
    items: list[Any] = [month for table in (figures, tallied, filed) for month in table["month"].unique()]
    year, month = int(this_month[:4]), int(this_month[5:])
    last = f"{year - 1}-12" if month == 1 else f"{year}-{month - 1:02d}"
    return min([*items, last]), last


def _editions(directory: Directory) -> tuple[Manifest, ...]:
    store = EditionStore(directory.home)
    return tuple(edition.manifest for kind in _KINDS for edition in store.in_force(kind))


def _source(manifest: Manifest) -> str:
    return _("{title}, la {day}, ediția {edition}{synthetic}").format(
        title=_(manifest.source.title) or manifest.kind,
        day=_day(manifest.as_of),
        edition=manifest.edition,
        synthetic=" " + _("(date sintetice)") if manifest.source.synthetic else "",
    )


def _day(iso: str) -> str:
    return ".".join(reversed(iso.split("-")))
