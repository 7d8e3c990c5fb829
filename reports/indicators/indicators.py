"""Indicators of the project, as data: what is counted, how, and against which targets.

`data/reports/indicators.csv` says of each what it adds up (`numerator`) and by what it is divided
(`denominator`, blank: nothing). Only sums of parts travel from community to nation; a mean or a share is
divided at each level from its own sums, and never averaged.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from core.errors import UnknownCodeError, UnreadableFileError
from core.i18n import _
from core.resources import DATA
from referrals.monthly.figure_checks import Bound

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from reports.indicators.period import Period

FOLDER = DATA / "reports"
Level = Literal["community", "county", "region", "national"]
LEVELS: tuple[Level, ...] = ("community", "county", "region", "national")
NATION = "RO"
PART_COLUMNS = {
    "county": "letters of the county; blank for a part of the whole country",
    "uat_siruta": "the community; 0 for a part of a county or of the country",
    "month": "2026-03",
    "part": "code of what is counted",
    "value": "how much (float64), a sum that may be added over areas",
}
VALUE_COLUMNS = ("area", "indicator", "value", "numerator", "denominator", "said")


@dataclass(frozen=True)
class Indicator:
    """One indicator of the project (`indicators.csv`).

    Attributes
    ----------
    code, group, name, definition
        What it is.
    unit
        Of its values; `parte` = a share of 1.
    level
        Lowest level at which it is known.
    entry
        Entered by hand, computed of the ledger, or a formula of others.
    time
        `stock` (the last month said counts) or `flow` (months add up).
    numerator, denominator
        Codes that a formula adds up and divides by.
    least, most
        Values that may be entered; None = no limit.
    not_above
        Code of the figure that it is a part of; blank where there is none.
    is_total
        Whether what is entered counts from the beginning of the project; else it is of the month's last day.
    is_required
        Whether a monthly report needs it.
    is_people
        Whether it counts persons: small counts are then hidden from everybody.
    """

    code: str
    group: str
    name: str
    definition: str
    unit: str
    level: Literal["community", "county", "nation"]
    entry: Literal["manual", "computed", "formula"]
    time: Literal["stock", "flow"]
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    least: int | None
    most: int | None
    not_above: str
    is_total: bool
    is_required: bool
    is_people: bool

    @property
    def is_share(self) -> bool:
        """Whether it is a share of 1, shown as per cents."""
        return self.unit == "parte"


@dataclass(frozen=True)
class Target:
    """A target as one document gives it; `most` where it is a range."""

    indicator: str
    version: str
    least: float
    most: float | None
    source: str
    note: str


@cache
def indicators(folder: Path = FOLDER) -> dict[str, Indicator]:
    """Read the indicators, in the order of the file."""
    found = {}
    for row in _rows(folder / "indicators.csv"):
        found[row["code"]] = Indicator(
            code=row["code"],
            group=row["group"],
            name=row["name"],
            definition=row["definition"],
            unit=row["unit"],
            level=row["level"],  # type: ignore[arg-type]  # a test holds the file to the vocabulary
            entry=row["entry"],  # type: ignore[arg-type]
            time=row["time"],  # type: ignore[arg-type]
            numerator=_codes(row["numerator"]),
            denominator=_codes(row["denominator"]),
            least=int(row["least"]) if row["least"] else None,
            most=int(row["most"]) if row["most"] else None,
            not_above=row["not_above"],
            is_total=row["counts_from"] == "beginning",
            is_required=row["required"] == "true",
            is_people=row["is_people"] == "true",
        )
    return found


@cache
def targets(folder: Path = FOLDER) -> dict[str, tuple[Target, ...]]:
    """Read the targets of each indicator, every version.

    Parameters
    ----------
    folder
        Where `targets.csv` stands.

    Returns
    -------
    dict of str to tuple of Target
        By the indicator's code; the first is the one that per cents are of.
    """
    found: dict[str, tuple[Target, ...]] = {}
    for row in _rows(folder / "targets.csv"):
        most = float(row["most"]) if row["most"] else None
        target = Target(row["indicator"], row["version"], float(row["least"]), most, row["source"], row["note"])
        found[target.indicator] = (*found.get(target.indicator, ()), target)
    return found


def indicator(code: str) -> Indicator:
    """Return one indicator; UnknownCodeError where there is none."""
    try:
        return indicators()[code]
    except KeyError:
        raise UnknownCodeError(_("Nu există indicatorul „{code}”.").format(code=code)) from None


def bounds(level: str) -> dict[str, Bound]:
    """Return what may be entered by hand for an area of this level: community, county or nation."""
    return {
        one.code: Bound(one.code, one.name, one.least or 0, one.most or 0, one.not_above, one.is_total)
        for one in indicators().values()
        if one.entry == "manual" and one.level == level
    }


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as handle:
            return list(csv.DictReader(handle))
    except OSError as error:
        raise UnreadableFileError(_("{file}: nu poate fi citit ({why}).").format(file=path.name, why=error)) from None


def _codes(text: str) -> tuple[str, ...]:
    return tuple(code for code in text.split(";") if code)


def stock_parts() -> frozenset[str]:
    """Return the parts of which the last said counts; all others add up over months."""
    return frozenset(
        p for one in indicators().values() if one.time == "stock" for p in (*one.numerator, *one.denominator)
    )


def counted_parts() -> frozenset[str]:
    """Return the parts that the ledger itself counts: nothing counted there means none, not unknown."""
    flows = [one for one in indicators().values() if one.time == "flow" and one.entry != "manual"]
    return frozenset(part for one in flows for part in (*one.numerator, *one.denominator))


def over_period(parts: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Bring parts to one value an area and part for a period: `county`, `uat_siruta`, `part`, `value`.

    parts: PART_COLUMNS. Of a stock the last month not after the period counts, however old; flows add up
    over the months of the period.
    """
    keys = ["county", "uat_siruta", "part"]
    is_stock = parts["part"].isin(stock_parts())
    stocks = parts[is_stock & (parts["month"] <= period.last)].sort_values("month", kind="stable")
    flows = parts[~is_stock & parts["month"].between(period.first, period.last)]
    both: list[Any] = [
        stocks.drop_duplicates(keys, keep="last")[[*keys, "value"]],
        flows.groupby(keys, as_index=False, sort=False).agg(value=("value", "sum")),
    ]
    together: pd.DataFrame = pd.concat(both, ignore_index=True)
    return together


def area_of(table: pd.DataFrame, level: Level, region_of: dict[str, str]) -> pd.Series[str]:
    """Name the area of each row at a level: the SIRUTA code, the county's letters, the region's code, RO.

    Blank where a row has no area at that level: parts of a county at community level.
    """
    if level == "community":
        codes = table["uat_siruta"]
        return codes.astype("str").where(codes != 0, "")
    if level == "county":
        return table["county"]
    if level == "region":
        return table["county"].map(region_of).fillna("").astype("str")
    return pd.Series(NATION, index=table.index, dtype="str")


def sums(table: pd.DataFrame, level: Level, region_of: dict[str, str]) -> pd.DataFrame:
    """Add parts up over the areas of a level: `area`, `part`, `value`, `said` (how many areas said it).

    table: as `over_period` returns it. region_of: county letters -> region code.
    """
    named = table.assign(area=area_of(table, level, region_of))
    named = named[named["area"] != ""]
    grouped = named.groupby(["area", "part"], as_index=False, sort=True)["value"].agg(value="sum", said="count")
    return pd.DataFrame(grouped)


def values(summed: pd.DataFrame, areas: Iterable[str]) -> pd.DataFrame:
    """Work out every indicator of every area from its sums: VALUE_COLUMNS.

    summed: as `sums` returns it. areas: which areas there are. value is NaN where nobody said anything, or the
    denominator is 0; what the ledger counts is 0 where it has nothing. said: how many rows stand behind it.
    """
    index = pd.Index(list(areas), dtype="str", name="area")
    wide = summed.pivot_table(index="area", columns="part", values="value", aggfunc="sum").reindex(index)
    frame = summed.pivot_table(index="area", columns="part", values="said", aggfunc="max").reindex(index)
    counted = sorted(counted_parts())
    wide = wide.reindex(columns=wide.columns.union(counted))
    wide[counted] = wide[counted].fillna(0.0)
    amounts = {str(part): wide[part].to_numpy("float64") for part in wide.columns}
    behind = {str(part): frame[part].fillna(0).to_numpy("float64") for part in frame.columns}
    unknown, none = np.full(len(index), np.nan), np.zeros(len(index))
    columns: dict[str, list[Any]] = {name: [] for name in VALUE_COLUMNS}
    for one in indicators().values():
        top = _added([amounts.get(part, unknown) for part in one.numerator])
        below = _added([amounts.get(part, unknown) for part in one.denominator]) if one.denominator else unknown
        with np.errstate(divide="ignore", invalid="ignore"):
            value = np.where(below != 0, top / below, np.nan) if one.denominator else top
        columns["area"].append(index.to_numpy(object))
        columns["indicator"].append(np.full(len(index), one.code, object))
        columns["value"].append(value)
        columns["numerator"].append(top)
        columns["denominator"].append(below)
        columns["said"].append(np.max([behind.get(part, none) for part in one.numerator], axis=0).astype("int64"))
    table = pd.DataFrame({name: np.concatenate(pieces) for name, pieces in columns.items()})
    return table.astype({"area": "str", "indicator": "str"})


def _added(amounts: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Add what is known; NaN where nothing is."""
    stacked = np.vstack(amounts)
    known = ~np.isnan(stacked)
    return np.where(known.any(axis=0), np.where(known, stacked, 0.0).sum(axis=0), np.nan)
