"""Areas side by side by one indicator: classes for a map, places in a ranking, and who stands out.

Who stands out lies beyond Tukey's fences: further from the middle half of all than one and a half times its width
(J. W. Tukey, Exploratory Data Analysis, Addison-Wesley 1977; NIST/SEMATECH e-Handbook of Statistical Methods, 7.1.6).
Half of all areas may be odd before the fences move, so that one odd area hides neither itself nor another.
What is not known takes part in nothing. What is hidden of the public has one class and one place for all of it, next
to 0: both follow from what is published (which cells are hidden), so neither they nor a fence give anything away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.storage.import_kinds import MEASURED, REGISTRIES, kind_of
from core.text import collation_keys
from reports.disclosure.public_figures import NEVER_SHOWN
from reports.indicators.indicators import indicator, indicators

if TYPE_CHECKING:
    from reports.indicators.indicators import Indicator, Level
    from reports.views.report_views import ReportView

MOST_CLASSES = 4
FENCE = 1.5  # widths of the middle half, Tukey's own
FEWEST = 12  # areas below which nothing is said to stand out (assumed)
LEAST_BASE = 20  # persons or referrals below which a mean or share of one area is chance (assumed)
# Which of four steps of colour fewer classes take: far apart, the last the darkest.
_STEPS = {1: (3,), 2: (1, 4), 3: (1, 3, 4), 4: (1, 2, 3, 4)}
RANKING_COLUMNS = {
    "area": "code of the area", "name": "its name", "value": "NaN = hidden or not known", "hidden": "bool",
    "numerator": "sum above", "denominator": "sum below, NaN for counts", "grade": "1 to 4, 0 = without a class",
    "place": "1 = greatest, equals share it, hidden ones too (Int64)", "outlier": "high, low or blank",
}  # fmt: skip


@dataclass(frozen=True)
class Class:
    """One class: its step of colour, the least and greatest value in it, and how many areas.

    is_hidden: it is that of the counts that are not shown; its limits are no values.
    """

    grade: int
    least: float
    most: float
    count: int
    is_hidden: bool = False


@dataclass(frozen=True)
class Fences:
    """Where the middle half begins and ends, and beyond what a value stands out."""

    first: float
    third: float
    low: float
    high: float


@dataclass(frozen=True)
class Ranking:
    """Areas of a level by one indicator.

    Attributes
    ----------
    indicator, level
        What is ranked.
    table
        RANKING_COLUMNS, greatest first, hidden ones before 0, then unknown ones by name.
    classes
        Classes of the map, with their limits.
    fences
        Beyond which a value stands out; None where areas are too few, or most of them equal.
    """

    indicator: Indicator
    level: Level
    table: pd.DataFrame
    classes: tuple[Class, ...]
    fences: Fences | None


# Of these a greater value is the worse one; of the others a smaller one.
_WORSE_WHEN_GREATER = frozenset(
    {
        "VAC-SOC", "VAC-MED", "VAC-EDU", "REF-OPEN", "REF-BROKEN", "REF-DECL", "REF-EXP", "REF-CANC", "REF-NOPLACE",
        "WAIT-HOURS", "DONE-DAYS", "UNMET",
    }
)  # fmt: skip


def worst_first(ranked: Ranking, *, turned: bool = False) -> pd.DataFrame:
    """Order a ranking from the worst on, with places in that order; unknown ones stay last.

    Parameters
    ----------
    ranked
        A ranking.
    turned
        The best first instead.

    Returns
    -------
    pd.DataFrame
        RANKING_COLUMNS: place 1 is the first, equals share it.
    """
    table = ranked.table
    if (ranked.indicator.code in _WORSE_WHEN_GREATER) != turned:
        return table
    known = table[table["place"].notna()]
    up = known.assign(place=known["place"].rank(method="min", ascending=False).astype("Int64"))
    ordered = up.sort_values("place", kind="stable")
    return pd.concat([ordered, table[table["place"].isna()]], ignore_index=True)


def kinds_behind(one: Indicator) -> tuple[str, ...]:
    """Name the kinds of editions that an indicator rests on, beside what this programme itself keeps."""
    registers = {REGISTRIES[name].coverage_indicator: kind_of(name) for name in MEASURED}
    registers |= {"LIC": "social", "FRESH": "social"}
    return ("communities", *([registers[one.code]] if one.code in registers else []))


def comparable(level: Level, *, is_public: bool) -> list[str]:
    """List the indicators that areas of a level can be compared by."""
    fits = {"community": ("community",), "county": ("community", "county"), "region": ("community", "county")}
    return [
        code
        for code, one in indicators().items()
        if one.level in fits.get(level, ()) and not (is_public and code in NEVER_SHOWN)
    ]


def ranking(view: ReportView, level: Level, code: str) -> Ranking:
    """Compare the areas of a level inside a view by one indicator. A screen asks twice: for its map and its list."""
    known: Ranking | None = view.kept.get(("ranking", level, code))
    if known is None:
        known = view.kept["ranking", level, code] = _compared(view, level, indicator(code))
    return known


def _compared(view: ReportView, level: Level, one: Indicator) -> Ranking:
    values = view.of(level)
    values = values[values["indicator"] == one.code]
    table = values[["area", "value", "hidden", "numerator", "denominator"]].reset_index(drop=True)
    is_counted = view.is_public and one.is_people
    grades, classes = (
        classified_for_everybody(table["value"], table["hidden"]) if is_counted else classified(table["value"])
    )
    sure = table["value"]
    if _is_of_persons(one):
        sure = sure.where(table["denominator"] >= LEAST_BASE)
    found = fences(sure)
    out = pd.Series("", index=table.index)
    if found is not None:
        out = out.mask(sure < found.low, "low").mask(sure > found.high, "high")
    names = _names(view, level)
    table = table.assign(
        name=table["area"].map(names).astype("str"),
        grade=grades,
        outlier=out,
        sorts_by=_sorts_by(table["value"], table["hidden"]),
    )
    table["place"] = table["sorts_by"].rank(method="min", ascending=False).astype("Int64")
    ordered = table.sort_values("name", key=collation_keys, kind="stable").sort_values(
        "sorts_by", ascending=False, na_position="last", kind="stable"
    )
    return Ranking(one, level, ordered.reset_index(drop=True)[list(RANKING_COLUMNS)], classes, found)


def _sorts_by(values: pd.Series[float], hidden: pd.Series[bool]) -> pd.Series[float]:
    """Put every hidden value at one and the same place, just above 0."""
    above = values[values > 0]
    return values.mask(hidden, float(above.min()) / 2 if len(above) else 1.0)


def classified_for_everybody(
    values: pd.Series[float], hidden: pd.Series[bool]
) -> tuple[pd.Series[int], tuple[Class, ...]]:
    """Put counts into the classes that everybody may see: 0, hidden, and what is shown from 5 on.

    A function of what is published alone: a count that is hidden for the sake of another is in the same class as one
    from 1 to 4, so that the class says no more than that it is hidden.

    Parameters
    ----------
    values
        Published counts, NaN where hidden or not known.
    hidden
        Which of them are hidden.

    Returns
    -------
    pd.Series of int, tuple of Class
        The step of colour of each (0 = not known), and the classes, least first.
    """
    zero = values == 0
    if not zero.any() and not hidden.any():
        return classified(values)
    of_shown, shown = classified(values.where(values > 0), most=MOST_CLASSES - int(zero.any()) - int(hidden.any()))
    steps = {each.grade: step for each, step in zip(shown, range(5 - len(shown), 5), strict=True)}
    of_hidden = min(2, 4 - len(shown))
    grades = of_shown.map(lambda grade: steps.get(grade, 0)).mask(zero, 1).mask(hidden, of_hidden)
    classes = [
        Class(1, 0.0, 0.0, int(zero.sum())),
        Class(of_hidden, 1.0, 4.0, int(hidden.sum()), is_hidden=True),
        *(Class(steps[each.grade], each.least, each.most, each.count) for each in shown),
    ]
    return grades.astype("int64"), tuple(each for each in classes if each.count)


def _is_of_persons(one: Indicator) -> bool:
    """Whether it divides by persons or referrals: then small areas differ by chance alone."""
    known = indicators()
    return any(part in known and known[part].is_people for part in one.denominator)


def _names(view: ReportView, level: Level) -> dict[str, str]:
    frame = view.gathered.communities
    if level == "community":
        return dict(zip(frame["uat_siruta"].astype("str"), frame["name"] + " (" + frame["county"] + ")", strict=True))
    return dict(zip(frame[level], frame[f"{level}_name"], strict=True))


def classified(values: pd.Series[float], *, most: int = MOST_CLASSES) -> tuple[pd.Series[int], tuple[Class, ...]]:
    """Put values into at most four classes: each value its own where they are few, else equal parts of the areas.

    Equal values share a class, so that quarters may be uneven. Returns the step of colour of each (0 = unknown) and
    the classes, least first.
    """
    known = values.dropna()
    if known.empty:
        return pd.Series(0, index=values.index, dtype="int64"), ()
    distinct = np.unique(known.to_numpy("float64"))
    parts = [part / most for part in range(1, most)]
    edges = distinct[:-1] if len(distinct) <= most else np.quantile(known, parts)
    raw = np.searchsorted(edges, known.to_numpy("float64"), side="left")
    used, dense = np.unique(raw, return_inverse=True)
    steps = np.array(_STEPS[len(used)])
    grades = pd.Series(steps[dense], index=known.index)
    classes = tuple(
        Class(int(step), float(inside.min()), float(inside.max()), len(inside))
        for step in steps
        for inside in (known[grades == step],)
    )
    return grades.reindex(values.index, fill_value=0).astype("int64"), classes


def fences(values: pd.Series[float]) -> Fences | None:
    """Work out Tukey's fences; None for fewer than FEWEST known values, or where the middle half is one value."""
    known = values.dropna()
    if len(known) < FEWEST:
        return None
    first, third = (float(edge) for edge in np.quantile(known.to_numpy("float64"), (0.25, 0.75)))
    if third <= first:
        return None
    return Fences(first, third, first - FENCE * (third - first), third + FENCE * (third - first))
