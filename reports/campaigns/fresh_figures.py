"""The share of services with a fresh report of places, on „Rapoarte”: over weeks, by county and by type; as a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from core.exporting import csv_bytes
from core.i18n import _, ngettext, number, written_day
from core.romanian_calendar import BUCHAREST
from core.text import collation_key
from providers.rules import taxonomy
from referrals.campaigns.fresh_share import fresh_share_table
from referrals.records.vocabulary import SYSTEM
from reports.output.xlsx import Sheet, workbook

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from referrals.workflow.directory import Directory
    from reports.indicators.indicators import Level
    from reports.indicators.report_data import ReportData

FILE_KINDS = ("csv", "xlsx")
WEEKS = 8  # as `harta campaign share` counts them by default
_KEPT = "fresh_places"
_MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class FreshPart:
    """A county, a type or a week. share: from 0 to 1; words: of how many services, and the share."""

    name: str
    share: float
    words: str


@dataclass(frozen=True)
class FreshPlaces:
    """What „Rapoarte” says of an area.

    Attributes
    ----------
    headline
        The figure in a sentence, with the area that it speaks of.
    weeks
        The trend, the latest moment last.
    counties
        The lowest share first; none where the area is of one county.
    types
        The lowest share first.
    """

    headline: str
    weeks: tuple[FreshPart, ...]
    counties: tuple[FreshPart, ...]
    types: tuple[FreshPart, ...]


def fresh_places(directory: Directory, facts: ReportData, level: Level, area: str) -> FreshPlaces:
    """Return the share of services with a fresh report of places in an area; of a community, in its county.

    Facts about services, no person among them: everybody sees them. Protected services are not counted.

    Parameters
    ----------
    directory
        Catalogue and ledger.
    facts
        What reports read; the shares are kept with it, for all areas at once.
    level, area
        As reports name an area.

    Returns
    -------
    FreshPlaces
        In words, ready to be drawn.
    """
    table, names = _table(directory, facts, level, area), directory.snapshot().catalogue.county_names
    now = table[table["moment"] == table["moment"].max()]
    moments: list[datetime] = table["moment"].drop_duplicates().tolist()
    weeks = [(written_day(_day(moment)), table[table["moment"] == moment]) for moment in moments]
    counties = [(names.get(str(code), _("Fără județ")), rows) for code, rows in now.groupby("county")]
    known = taxonomy.service_types()
    types = [(_(known[str(code)].name), rows) for code, rows in now.groupby("service_type")]
    return FreshPlaces(
        _headline(now, facts, level, area, names),
        tuple(_part(name, rows) for name, rows in weeks),
        _lowest_first(counties) if level in ("national", "region") else (),
        _lowest_first(types),
    )


def fresh_places_file(directory: Directory, facts: ReportData, level: Level, area: str, kind: str) -> tuple[bytes, str]:
    """Write the shares of an area as a file: a row for each week, county and type.

    Parameters
    ----------
    directory, facts, level, area
        As `fresh_places`.
    kind
        One of FILE_KINDS.

    Returns
    -------
    tuple of bytes and str
        The file, and what kind it is.
    """
    known, names = taxonomy.service_types(), directory.snapshot().catalogue.county_names
    table = _table(directory, facts, level, area)
    table = table.assign(
        moment=[_day(moment).isoformat() for moment in table["moment"]],
        county=[names.get(str(code), "") for code in table["county"]],
        name=[_(known[str(code)].name) for code in table["service_type"]],
    )[["moment", "county", "service_type", "name", "services", "fresh", "share"]]
    heads = {
        "moment": _("Data"), "county": _("Județul"), "service_type": _("Codul tipului"), "name": _("Tipul serviciului"),
        "services": _("Servicii cu locuri numărate"), "fresh": _("Cu raport proaspăt"), "share": _("Ponderea"),
    }  # fmt: skip
    if kind == "csv":
        return csv_bytes(table.rename(columns=heads), is_romanian=True), _MEDIA[kind]
    title = _("Rapoarte proaspete de locuri")
    sheet = Sheet(title, table, heads, {"fresh": explained()}, frozenset({"share"}))
    content = workbook([sheet], title=title, made_on=facts.day, is_demo=directory.home.is_demo, sources=facts.sources)
    return content, _MEDIA[kind]


def file_name(area: str, kind: str) -> str:
    """Return the name of the file of an area."""
    return f"locuri-{area}.{kind}"


def explained() -> str:
    """Return in words what is counted."""
    return _(
        "Servicii ale căror locuri se numără și au un raport nu mai vechi decât termenul tipului lor. Serviciile sunt "
        "cele de azi din registre, fără cele cu adresă protejată."
    )


def _table(directory: Directory, facts: ReportData, level: Level, area: str) -> pd.DataFrame:
    """Return FRESH_COLUMNS of an area at the weeks; worked out once of a state, for every county."""
    found = facts.kept.get(_KEPT)
    if not isinstance(found, pd.DataFrame):
        now = directory.ledger.clock()
        moments = [now - timedelta(weeks=back) for back in reversed(range(WEEKS))]
        found = facts.kept[_KEPT] = fresh_share_table(directory, moments, actor=SYSTEM)
    if level == "national":
        return found
    return found[found["county"].isin(set(facts.within(level, area)["county"]))]


def _headline(rows: pd.DataFrame, facts: ReportData, level: Level, area: str, names: Mapping[str, str]) -> str:
    if level == "national":
        where = _("Toată țara")
    elif level == "region":
        where = str(facts.within(level, area).iloc[0]["region_name"])
    else:
        code = str(facts.within(level, area).iloc[0]["county"])
        where = _("Județul {county}").format(county=names.get(code, code))
    count = int(rows["services"].sum())
    if not count:
        return _("{area}: niciun serviciu cu locuri numărate.").format(area=where)
    words = ngettext(
        "{area}: {fresh} din {n} serviciu cu locuri numărate are un raport proaspăt, {share}.",
        "{area}: {fresh} din {n} servicii cu locuri numărate au un raport proaspăt, {share}.",
        count,
    )
    fresh = int(rows["fresh"].sum())
    return words.format(area=where, fresh=number(fresh), n=number(count), share=_percent(fresh / count))


def _lowest_first(parts: list[tuple[str, pd.DataFrame]]) -> tuple[FreshPart, ...]:
    made = [_part(name, rows) for name, rows in parts]
    return tuple(sorted(made, key=lambda part: (part.share, collation_key(part.name))))


def _part(name: str, rows: pd.DataFrame) -> FreshPart:
    services, fresh = int(rows["services"].sum()), int(rows["fresh"].sum())
    share = fresh / services if services else 0.0
    words = _("{fresh} din {n}").format(fresh=number(fresh), n=number(services))
    return FreshPart(name, share, f"{words} ({_percent(share)})")


def _percent(share: float) -> str:
    return f"{number(100 * share)}\N{NO-BREAK SPACE}%"


def _day(moment: datetime) -> date:
    return moment.astimezone(BUCHAREST).date()
