"""The tables of a report, tidy and in words: indicators against targets, areas side by side, months, needs.

What is hidden stays empty in a sheet and is told apart by a column of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.i18n import _, number
from core.text import collation_keys
from providers.rules import needs
from reports.disclosure.public_cells import NEED, Cell
from reports.disclosure.public_figures import hidden_cells, public_period, without_hidden
from reports.indicators.indicators import Level, indicators, targets
from reports.indicators.period import Period, month_name, months_between, parse_period
from reports.output.xlsx import Sheet

if TYPE_CHECKING:
    from reports.indicators.indicators import Indicator
    from reports.indicators.report_data import ReportData

BELOW: dict[Level, Level] = {"national": "region", "region": "county", "county": "community"}
# What stands in the table of areas of a printed report.
SIDE_BY_SIDE = ("BEN", "EVAL-RATE", "RAP-RATE", "REF", "REF-DONE", "REF-NOPLACE", "UNMET")


@dataclass(frozen=True)
class ReportView:
    """One report under way: the facts, what it is about, and what of it may not be shown.

    Attributes
    ----------
    gathered
        What reports read.
    level, area, period
        What it is about.
    hidden
        Cells that are not shown.
    is_public
        Whether it is for everybody.
    kept
        Tables worked out already.
    """

    gathered: ReportData
    level: Level
    area: str
    period: Period
    hidden: frozenset[Cell]
    is_public: bool
    kept: dict[object, Any] = field(default_factory=dict, repr=False, compare=False)  # worked out already

    @property
    def name(self) -> str:
        """Name of the area."""
        return self.gathered.name_of(self.level, self.area)

    def of(self, level: Level, period: Period | None = None) -> pd.DataFrame:
        """Return the values of a level within the area: VALUE_COLUMNS, and `hidden`, blank there; do not change."""
        known: pd.DataFrame | None = self.kept.get((level, period))
        if known is None:
            known = self.kept[level, period] = self._worked_out(level, period)
        return known

    def _worked_out(self, level: Level, period: Period | None) -> pd.DataFrame:
        values = self.gathered.values(level, period or self.period)
        column = {"community": "uat_siruta", "county": "county", "region": "region"}.get(level)
        if column is not None:
            inside = set(self.gathered.within(self.level, self.area)[column].astype("str"))
            values = values[values["area"].isin(inside)].reset_index(drop=True)
        hidden = self.hidden if period is None else self._hidden_in(period)
        return without_hidden(values, level, set(hidden))

    def _hidden_in(self, period: Period) -> set[Cell]:
        return hidden_cells(self.gathered, period) if self.is_public else set()

    def own_values(self) -> dict[str, float | None]:
        """Return the value of every indicator of the area itself; None where unknown or hidden."""
        values = self.of(self.level)
        values = values[values["area"] == self.area]
        return {
            str(code): None if pd.isna(value) else float(value)
            for code, value in zip(values["indicator"], values["value"], strict=True)
        }

    def is_hidden(self, code: str, level: Level | None = None, area: str = "") -> bool:
        """Whether an indicator is hidden there."""
        return (level or self.level, area or self.area, code) in self.hidden


def make_view(gathered: ReportData, level: Level, area: str, period: Period, *, is_public: bool) -> ReportView:
    """Begin a report.

    Parameters
    ----------
    gathered
        What reports read.
    level, area, period
        What it is about.
    is_public
        Whether counts of persons under 5 are hidden, and what would give them away.

    Returns
    -------
    ReportView
        To be asked for values.

    Raises
    ------
    UnknownCodeError
        For an area that there is not.
    BadValueError
        Where the period is not over and the report is for everybody.
    """
    gathered.name_of(level, area)
    if not is_public:
        return ReportView(gathered, level, area, period, frozenset(), is_public)
    cut = public_period(gathered, period)
    return ReportView(gathered, level, area, cut, frozenset(hidden_cells(gathered, cut)), is_public)


def format_value(one: Indicator, value: float | None, *, hidden: bool = False) -> str:
    """Write a value of an indicator as the reader expects it.

    Parameters
    ----------
    one
        The indicator.
    value
        Its value; None or NaN = not known.
    hidden
        Whether it may not be shown.

    Returns
    -------
    str
        Per cents for shares, „–” for unknown; for hidden the same words whichever of the two reasons hides it, since
        what is hidden for the sake of another would otherwise be known to be 5 or more: „1–4 sau ascuns” of a count.
    """
    if hidden:
        return _("nu se arată") if one.denominator else _("1–4 sau ascuns")
    if value is None or pd.isna(value):
        return "–"
    if one.is_share:
        return f"{number(100 * value)} %"
    return number(value, 0 if float(value).is_integer() or value >= 100 else 1)  # noqa: PLR2004 - a tenth of 100 is noise


def entered_words(one: Indicator, value: float | None) -> str:
    """Write what a community entered: yes or no where only that can be said, else the number."""
    if value is not None and (one.least, one.most) == (0, 1):
        return _("da") if value else _("nu")
    return format_value(one, value)


def target_words(one: Indicator) -> list[str]:
    """Write every version of a target: 139; 23.120–34.000."""
    lines = []
    for target in targets().get(one.code, ()):
        least = format_value(one, target.least)
        lines.append(least if target.most is None else f"{least}–{format_value(one, target.most)}")
    return lines


def target_share(one: Indicator, value: float | None) -> float | None:
    """Return which share of its target (version A) a national value has reached; None without one."""
    known = targets().get(one.code)
    return None if not known or value is None or pd.isna(value) else value / known[0].least


def indicator_table(view: ReportView) -> pd.DataFrame:
    """List every indicator of the area with its targets; targets are national and stand only there."""
    values = view.of(view.level)
    known = values[values["area"] == view.area].set_index("indicator").to_dict("index")
    rows = []
    for one in indicators().values():
        row = known[one.code]
        versions = [*targets().get(one.code, ())] if view.level == "national" else []
        line: dict[str, object] = {
            "code": one.code, "group": one.group, "indicator": one.name, "unit": one.unit, "value": row["value"],
            "hidden": bool(row["hidden"]), "numerator": row["numerator"], "denominator": row["denominator"],
        }  # fmt: skip
        for place, letter in enumerate("ab"):
            target = versions[place] if place < len(versions) else None
            line[f"target_{letter}"] = target.least if target else None
            line[f"target_{letter}_most"] = target.most if target else None
            line[f"target_{letter}_source"] = target.source if target else None
        rows.append(line)
    table = pd.DataFrame(rows)
    floats = [c for c in table.columns if c.startswith("target_") and not c.endswith("source")]
    kinds: dict[Any, Any] = dict.fromkeys([*floats, "value", "numerator", "denominator"], "float64")
    return table.astype(kinds)


def area_table(view: ReportView, level: Level) -> pd.DataFrame:
    """Put the areas of a level inside the report's area side by side, a column an indicator."""
    values = view.of(level)
    wide = values.pivot(index="area", columns="indicator", values="value")  # noqa: PD010 - each cell is there once
    wide = wide.reindex(columns=list(indicators()))
    gathered = view.gathered
    frame = gathered.communities
    column = {"community": "uat_siruta", "county": "county", "region": "region", "national": None}[level]
    counted = frame.groupby(frame[column].astype("str"))["uat_siruta"].count() if column else None
    areas = wide.index.astype("str")
    head = pd.DataFrame(
        {
            "area": areas,
            "name": [gathered.name_of(level, area) for area in areas],
            "communities": [int(counted[area]) if counted is not None else len(frame) for area in areas],
            "hidden": values.groupby("area")["hidden"].sum().reindex(areas).to_numpy("int64"),
        }
    )
    table = pd.concat([head, wide.reset_index(drop=True)], axis=1)
    return table.sort_values("name", key=collation_keys, kind="stable").reset_index(drop=True)


def month_table(view: ReportView, *, most: int = 12) -> pd.DataFrame:
    """Show the area month by month, the last `most` months up to the period's end: `month` and the indicators.

    Months of a public report are each hidden as their own report hides them.
    """
    first, last = view.gathered.months
    months = months_between(max(first, "2020-01"), min(last, view.period.last))[-most:]
    rows = []
    for month in months:
        period = parse_period(month)
        values = view.of(view.level, period)
        known = values[values["area"] == view.area].set_index("indicator")["value"]
        rows.append({"month": month, **{code: known.get(code) for code in indicators()}})
    return pd.DataFrame(rows, columns=["month", *indicators()])


def unmet_table(view: ReportView) -> pd.DataFrame:
    """Count unmet needs of the period by need: `need`, `name`, `unmet`, most first.

    For everybody the hidden ones are put together, where their sum is shown; lists of a community, and of a county or
    region in a single month, would be hidden altogether and are left out.
    """
    unmet = view.gathered.unmet
    inside = view.gathered.within(view.level, view.area)["uat_siruta"]
    month = unmet["on_day"].astype("str").str.slice(0, 7)
    chosen = unmet[unmet["uat_siruta"].isin(inside) & (month >= view.period.first) & (month <= view.period.last)]
    added = pd.DataFrame(chosen.groupby("need", as_index=False)["unmet"].sum())
    counted = (
        added.astype({"unmet": "int64", "need": "str"})
        .sort_values(["unmet", "need"], ascending=[False, True])
        .reset_index(drop=True)
    )
    if view.is_public:
        counted = _lumped(counted, view)
    known = needs.needs()
    names = [_(known[code].name) if code in known else _("alte nevoi") for code in counted["need"]]
    return pd.DataFrame({"need": counted["need"], "name": names, "unmet": counted["unmet"]})


def _lumped(counted: pd.DataFrame, view: ReportView) -> pd.DataFrame:
    """Put the hidden needs of a public list together; an empty list where most of it would be hidden anyhow."""
    is_month = view.period.first == view.period.last
    if view.level == "community" or (view.level != "national" and is_month) or view.is_hidden("UNMET"):
        return counted.iloc[:0]
    hidden = counted["need"].map(lambda need: view.is_hidden(f"{NEED}{need}")).astype("bool")
    if not hidden.any():
        return counted
    rest = pd.DataFrame({"need": [""], "unmet": [int(counted.loc[hidden, "unmet"].sum())]})
    return pd.concat([counted[~hidden], rest], ignore_index=True)


def filed_table(view: ReportView) -> pd.DataFrame:
    """List the monthly reports of the area's communities in the period: state and remark, also those not filed."""
    gathered = view.gathered
    first, last = max(view.period.first, gathered.months[0]), min(view.period.last, gathered.months[1])
    months = pd.DataFrame({"month": months_between(first, last) if first <= last else []}, dtype="str")
    due = gathered.within(view.level, view.area)[["uat_siruta", "name", "county"]].merge(months, how="cross")
    states = gathered.filed[["uat_siruta", "month", "state", "remark"]]
    table = due.merge(states, on=["uat_siruta", "month"], how="left")
    return table.assign(state=table["state"].fillna("missing").map(state_words), remark=table["remark"].fillna(""))


def state_words(state: str) -> str:
    """Format the state of a monthly report."""
    return {"filed": _("depus"), "returned": _("returnat"), "accepted": _("acceptat")}.get(state, _("lipsește"))


def workbook_sheets(view: ReportView) -> list[Sheet]:
    """Make all sheets of a report."""
    known = indicators()
    titles = {code: one.name for code, one in known.items()}
    meanings = {code: f"{one.definition} ({code}, {one.unit})" for code, one in known.items()}
    shares = frozenset(code for code, one in known.items() if one.is_share)
    heads = {
        "area": _("Cod"), "name": _("Denumire"), "communities": _("Comunități"), "hidden": _("Valori nearătate"),
        "month": _("Luna"), "uat_siruta": _("Cod SIRUTA"), "county": _("Județ"), "state": _("Stare"),
        "remark": _("Observații"), "need": _("Cod nevoie"), "unmet": _("De câte ori"),
    }  # fmt: skip
    hidden_words = _("Câte valori ale rândului nu se arată, pentru că numără prea puține persoane.")
    sheets = [Sheet(_("Indicatori"), indicator_table(view), _indicator_titles(), _indicator_meanings())]
    level = view.level
    names = {"region": _("Regiuni"), "county": _("Județe"), "community": _("Comunități")}
    while level in BELOW:
        level = BELOW[level]
        table = area_table(view, level)
        sheets.append(Sheet(names[level], table, {**heads, **titles}, {**meanings, "hidden": hidden_words}, shares))
    if not view.is_public:
        sheets.append(Sheet(_("Pe luni"), month_table(view), {**heads, **titles}, meanings, shares))
    unmet = unmet_table(view)
    if len(unmet):
        sheets.append(Sheet(_("Nevoi fără răspuns"), unmet, {**heads, "name": _("Nevoia")}))
    sheets.append(Sheet(_("Rapoarte lunare"), filed_table(view), heads))
    return sheets


def _indicator_titles() -> dict[str, str]:
    return {
        "code": _("Cod"), "group": _("Grup"), "indicator": _("Indicator"), "unit": _("Unitate"), "value": _("Valoare"),
        "hidden": _("Nu se arată"), "numerator": _("Numărător"), "denominator": _("Numitor"),
        "target_a": _("Ținta A"), "target_a_most": _("Ținta A, cel mult"), "target_a_source": _("Sursa țintei A"),
        "target_b": _("Ținta B"), "target_b_most": _("Ținta B, cel mult"), "target_b_source": _("Sursa țintei B"),
    }  # fmt: skip


def _indicator_meanings() -> dict[str, str]:
    return {
        "value": _("Numărător, sau numărător împărțit la numitor. O parte este între 0 și 1."),
        "hidden": _("Adevărat unde valoarea numără prea puține persoane ca să fie arătată."),
        "target_b": _("A doua valoare, unde documentele proiectului nu se potrivesc."),
    }


def short_month(month: str) -> str:
    """Write a month for the foot of a chart: oct. 2026."""
    return f"{month_name(month)[:3]} {month[2:4]}"
