"""What of the counts of persons may be shown to everybody: the cells of all levels, hidden together.

The cells of a period are the counts of persons of every area, tied by states, by needs and by areas; a quarter's are
tied to its months too, which were published before it and stay as they were. Longer times are sums of quarters and
show what follows from quarters shown, and nothing else. So nothing published later says more of what was hidden
earlier, and what is hidden does not depend on what comes later. A mean or a share is hidden with any of the counts
that it is made of.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, cast

from core.bounded_cache import BoundedCache
from core.errors import BadValueError
from core.i18n import _
from reports.disclosure.public_cells import NEED, NOT_OF_COMMUNITIES, STATES, STOCKS, Cell, Cells, cells_of
from reports.disclosure.suppression import Table, UnprotectedError, hide
from reports.indicators.indicators import LEVELS, indicators
from reports.indicators.period import Period, months_between, parse_period

if TYPE_CHECKING:
    import pandas as pd

    from reports.indicators.indicators import Level
    from reports.indicators.report_data import ReportData

FigureKey = tuple[str, str, str, str]  # the text of the period before the cell
# Has no line of its own in what everybody sees; a mean shows it as that by which it was divided.
NEVER_SHOWN = frozenset({"REF-TAKEN"})
# A quarter takes tens of seconds, and every event of the ledger has all figures read anew: months and quarters that
# stayed as they were are not chosen again.
_CHOSEN: BoundedCache[frozenset[FigureKey]] = BoundedCache(64)


def public_period(gathered: ReportData, period: Period) -> Period:
    """Return a period as everybody may see it: the whole time is that of the published quarters that are over.

    Parameters
    ----------
    gathered
        What reports read.
    period
        The period asked for.

    Returns
    -------
    Period
        The same, or the part of the whole time that was published.

    Raises
    ------
    BadValueError
        Where the period is not over: two editions of it would tell the days between them.
    """
    if period.is_whole:
        begun, start = _start(gathered), _start(gathered) or gathered.months[0]
        over = [quarter for quarter in _quarters(gathered, period) if quarter.first >= begun]
        return Period(start, over[-1].last if over else start, period.text)
    if period.last > gathered.months[1]:
        raise BadValueError(
            _(
                "Perioada „{period}” nu s-a încheiat. Pentru toți se arată luni, trimestre și ani încheiați, "
                "sau toată perioada până la ultimul trimestru încheiat."
            ).format(period=period.label())
        )
    return period


def hidden_cells(gathered: ReportData, period: Period) -> set[Cell]:
    """Choose what of a period is hidden in outputs for everybody, at all levels at once.

    Parameters
    ----------
    gathered
        What reports read.
    period
        The period; it is cut by `public_period`.

    Returns
    -------
    set of Cell
        Level, area and indicator of each hidden value.

    Raises
    ------
    BadValueError
        Where the period is not over.
    """
    period = public_period(gathered, period)
    name = f"hidden:{period}"
    if name not in gathered.kept:
        gathered.kept[name] = _following(_decided(gathered, period), gathered)
    return cast("set[Cell]", gathered.kept[name])


def _decided(gathered: ReportData, period: Period) -> set[Cell]:
    name = f"decided:{period}"
    if name not in gathered.kept:
        if period.first == period.last:
            found = _in_month(gathered, period)
        elif not period.is_whole and len(months_between(period.first, period.last)) == 3:  # noqa: PLR2004 - a quarter
            found = _in_quarter(gathered, period)
        else:
            found = _in_longer(gathered, period)
        gathered.kept[name] = found | _not_begun(gathered, period)
    return cast("set[Cell]", gathered.kept[name])


def _start(gathered: ReportData) -> str:
    """Find the month with which counts of what happens begin to be published; blank where they have not yet.

    It is the first month of the first quarter that began with as many referrals as there are communities. Before it a
    sum of the whole country is a handful of persons, and hiding them would cost every sum that they are ever part of.
    """
    referrals = gathered.parts[gathered.parts["part"] == "REF"].groupby("month")["value"].sum()
    enough = referrals[referrals >= len(gathered.communities)].index
    return min((str(month) for month in enough if int(month[5:]) % 3 == 1), default="")


def _has_begun(gathered: ReportData, period: Period) -> bool:
    start = _start(gathered)
    return bool(start) and period.first >= start


def _not_begun(gathered: ReportData, period: Period) -> set[Cell]:
    """Name every count of what happens where none is published yet."""
    if _has_begun(gathered, period):
        return set()
    codes = [*(one.code for one in indicators().values() if one.is_people and one.code not in STOCKS)]
    when = gathered.unmet["on_day"].astype("str").str.slice(0, 7).between(period.first, period.last)
    needs = [NEED + str(need) for need in gathered.unmet.loc[when, "need"].unique()]
    return {(level, area, code) for level in LEVELS for area in gathered.areas(level) for code in (*codes, *needs)}


def _months(gathered: ReportData, period: Period) -> list[str]:
    """List the months of a period in which anything was counted."""
    first, last = max(period.first, gathered.months[0]), min(period.last, gathered.months[1])
    return months_between(first, last) if first <= last else []


def _quarters(gathered: ReportData, period: Period) -> list[Period]:
    """List the quarters of a period that are over."""
    texts = dict.fromkeys(f"{month[:4]}-T{(int(month[5:]) + 2) // 3}" for month in _months(gathered, period))
    return [quarter for quarter in map(parse_period, texts) if quarter.last <= gathered.months[1]]


def _in_month(gathered: ReportData, month: Period) -> set[Cell]:
    table = Table()
    withheld = _add(table, gathered, month)
    return _hide(table, month, {}, withheld)


def _hide(table: Table, period: Period, decided: dict[FigureKey, bool], withheld: set[FigureKey]) -> set[Cell]:
    """Choose what of a period is hidden: all of it, should nothing less be proved to keep every small count."""
    zeros_hidden = _zeros_hidden(table, period, withheld)

    def choose() -> frozenset[FigureKey]:
        try:
            found = hide(table, decided=decided, withheld=withheld, zeros_hidden=zeros_hidden)
        except UnprotectedError:
            found = set(table.keys)
        return frozenset(cast("set[FigureKey]", found))

    items = (table.keys, table.counts, table.equations, [*decided.items()], sorted(withheld), sorted(zeros_hidden))
    chosen = _CHOSEN.take(sha256(repr(items).encode()).digest(), choose)
    return {key[1:] for key in chosen if key[0] == period.text}


def _in_quarter(gathered: ReportData, quarter: Period) -> set[Cell]:
    table, decided, withheld = Table(), dict[FigureKey, bool](), set[FigureKey]()
    months = _months(gathered, quarter)
    for month in map(parse_period, months):
        unsaid = _add(table, gathered, month)
        hidden = _decided(gathered, month)
        counts = _cells(gathered, month).counts
        decided |= {(month.text, *cell): cell in hidden for cell in counts if (month.text, *cell) not in unsaid}
        withheld |= unsaid
    withheld |= _add(table, gathered, quarter)
    for cell in _cells(gathered, quarter).counts:
        # What nobody needed in a month has no cell there: it counts 0.
        inside = [key for text in months if (key := (text, *cell)) in table.place]
        if inside:
            table.tie((quarter.text, *cell), inside[-1:] if cell[2] in STOCKS else inside)
    return _hide(table, quarter, decided, withheld)


def _zeros_hidden(table: Table, period: Period, withheld: set[FigureKey]) -> set[FigureKey]:
    """List the cells of which a 0 is hidden too: needs, and how referrals went where a month of it is withheld.

    Lists of needs name only those of which something is shown. A 0 of a quarter is a 0 of each of its months, and would
    tell the other withheld counts there.
    """
    areas = {key[1:3] for key in withheld}
    return {
        key
        for key in cast("list[FigureKey]", table.keys)
        if key[3].startswith(NEED) or (key[0] == period.text and key[1:3] in areas and key[3] in STATES)
    }


def _cells(gathered: ReportData, period: Period) -> Cells:
    name = f"cells:{period}"
    if name not in gathered.kept:
        gathered.kept[name] = cells_of(gathered, period, with_flows=_has_begun(gathered, period))
    return cast("Cells", gathered.kept[name])


def _add(table: Table, gathered: ReportData, period: Period) -> set[FigureKey]:
    """Add the cells of one period and what ties them; return those that are shown to nobody."""
    cells = _cells(gathered, period)
    for cell, count in cells.counts.items():
        table.add((period.text, *cell), count)
    for total, parts in cells.ties:
        table.tie((period.text, *total), [(period.text, *part) for part in parts])
    return {(period.text, *cell) for cell in cells.withheld}


def _in_longer(gathered: ReportData, period: Period) -> set[Cell]:
    """Hide in a year or the whole time whatever was hidden in any of its quarters; of a stock, in the last."""
    found = [_decided(gathered, quarter) for quarter in _quarters(gathered, period)]
    flows = {cell for each in found for cell in each if cell[2] not in STOCKS}
    # Before the first quarter is over a stock is known by the month alone.
    last = found[-1] if found else _decided(gathered, parse_period(period.last))
    return flows | {cell for cell in last if cell[2] in STOCKS}


def _following(decided: set[Cell], gathered: ReportData) -> set[Cell]:
    """Add what is not shown of communities, and the means and shares that go with hidden counts."""
    found = decided | {("community", area, code) for area in gathered.areas("community") for code in NOT_OF_COMMUNITIES}
    for one in indicators().values():
        if one.entry == "formula":
            made_of = {*one.numerator, *one.denominator}
            found |= {(level, area, one.code) for level, area, code in found if code in made_of}
    return found | {(level, area, code) for level in LEVELS for area in gathered.areas(level) for code in NEVER_SHOWN}


def without_hidden(values: pd.DataFrame, level: Level, hidden: set[Cell]) -> pd.DataFrame:
    """Blank the hidden values of a level.

    Parameters
    ----------
    values
        VALUE_COLUMNS of the level.
    level
        Whose values they are.
    hidden
        Cells of `hidden_cells`.

    Returns
    -------
    pd.DataFrame
        The same rows with `value`, `numerator` and `denominator` blank where hidden, and a column `hidden` that tells
        them from the unknown ones.
    """
    here = {(area, code) for at, area, code in hidden if at == level}
    if not here:
        return values.assign(hidden=False)
    pairs = zip(values["area"].tolist(), values["indicator"].tolist(), strict=True)
    blanked = values.assign(hidden=[pair in here for pair in pairs])
    for column in ("value", "numerator", "denominator"):
        blanked[column] = blanked[column].mask(blanked["hidden"])
    return blanked
