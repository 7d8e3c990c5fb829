"""An attacker who has every public output of a time, and works out what was hidden.

The attacker's own book-keeping, apart from that of `reports.disclosure.public_figures`: it starts from the tables as
they are published
(every area of every level, months, quarters, years and the whole time in all its editions, the numerators and
denominators of means and shares, the lists of needs) and writes down everything that it knows to add up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from referrals.records.vocabulary import LEAST_SHOWN
from reports.disclosure import disclosure_audit
from reports.disclosure.public_cells import BASE
from reports.disclosure.public_figures import public_period
from reports.disclosure.suppression import VALUES
from reports.indicators.indicators import LEVELS, NATION, indicators
from reports.indicators.period import Period, months_between, parse_period
from reports.views.report_views import make_view, unmet_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reports.indicators.indicators import Level
    from reports.indicators.report_data import ReportData

Key = tuple[str, str, str, str]  # period, level, area, count
# What adds up in every area: atoms in small letters are printed nowhere.
SUMS = {
    "REF": ("REF-OPEN", "REF-ACC", "REF-DONE", "REF-BROKEN", "REF-DECL", "REF-EXP", "REF-CANC"),
    "REF-DECL": ("REF-NOPLACE", "other"),
    "REF-TAKEN": ("REF-ACC", "REF-DONE", "REF-BROKEN", "back"),
    "REF-CANC": ("back", "never"),
    "BEN": ("EVAL", "unassessed"),
    "BEN ": ("PLAN", "unplanned"),
}
STANDING = frozenset({"BEN", "BEN ", "EVAL", "PLAN", "unassessed", "unplanned"})


@dataclass(frozen=True)
class AttackResult:
    """What came of an attack: small cells in it, cells shown, hidden small ones and others, and what was recovered.

    recovered: small counts for which fewer numbers are possible than there are small numbers, and those numbers.
    """

    shown: int
    small: int
    others: int
    recovered: list[tuple[Key, list[int]]]


def as_of(gathered: ReportData, last: str) -> ReportData:
    """Go back to when `last` was the last month that was over, as if nothing had been corrected since."""
    parts, unmet = gathered.parts, gathered.unmet
    return replace(
        gathered,
        months=(gathered.months[0], last),
        parts=parts[parts["month"] <= last],
        unmet=unmet[unmet["on_day"].astype("str").str.slice(0, 7) <= last],
        kept={},  # what was worked out of periods that are over is shared: it was the same then
    )


def publications(gathered: ReportData) -> dict[Period, ReportData]:
    """List everything that was published by now, each with what was known then.

    Months, quarters and years that are over, and the whole time as it stood after each quarter.
    """
    found: dict[Period, ReportData] = {}
    whole = parse_period("all")
    for month in months_between(*gathered.months):
        then = as_of(gathered, month)
        quarter = f"{month[:4]}-T{(int(month[5:]) + 2) // 3}"
        for text in (
            month,
            *([quarter] if int(month[5:]) % 3 == 0 else []),
            *([month[:4]] if month[5:] == "12" else []),
        ):
            found[parse_period(text)] = then
        found.setdefault(public_period(then, whole), then)
    return found


def published(out: dict[Period, ReportData]) -> dict[Key, float]:
    """Read the public tables: every count that stands in them, also as numerator or denominator."""
    people = {one.code for one in indicators().values() if one.is_people}
    found: dict[Key, float] = {}
    for period, gathered in out.items():
        view = make_view(gathered, "national", NATION, period, is_public=True)
        if view.period != period:
            raise AssertionError(f"{period} is not what is published")
        for level in LEVELS:
            values = view.of(level)
            for row in values[~values["hidden"] & values["value"].notna()].itertuples():
                one, at = indicators()[str(row.indicator)], (str(period), level, str(row.area))
                if one.code in people:
                    found[*at, one.code] = float(row.value)  # type: ignore[arg-type]
                if one.denominator:
                    for codes, value in ((one.numerator, row.numerator), (one.denominator, row.denominator)):
                        if len(codes) == 1 and codes[0] in people:
                            found[*at, codes[0]] = float(value)  # type: ignore[arg-type]
        for level in LEVELS[1:]:
            for area in gathered.areas(level):
                listed = unmet_table(replace(view, level=level, area=area))
                for need, count in zip(listed["need"], listed["unmet"], strict=True):
                    found[str(period), level, area, f"need {need}" if need else "needs put together"] = float(count)
    return found


def attack_on(gathered: ReportData, out: dict[Period, ReportData]) -> AttackResult:
    """Attack everything published at once."""
    periods = list(out)
    shown, truth = published(out), _truth(gathered, periods)
    equations = [*_inside(truth), *_areas(gathered, truth), *_times(gathered, periods, truth)]
    equations += _put_together(shown, truth)
    keys = [key for key in truth if key not in shown]
    column = {key: n for n, key in enumerate(keys)}
    rows, columns, signs, right = [], [], [], []
    for total, parts in equations:
        cells = [(total, 1.0), *((part, -1.0) for part in parts)]
        if sum(sign * truth[key] for key, sign in cells):
            raise AssertionError(f"{total} is not the sum of its parts")
        if not any(key in column for key, _sign in cells):
            continue
        right.append(-sum(sign * shown[key] for key, sign in cells if key in shown))
        for key, sign in cells:
            if key in column:
                rows.append(len(right) - 1)
                columns.append(column[key])
                signs.append(sign)
    matrix = csr_array((signs, (rows, columns)), shape=(len(right), len(keys)))
    counts = np.array([truth[key] for key in keys], float)
    inside = {str(period): _months_inside(gathered, period, periods) for period in periods}
    floor = np.array([float(_is_known_positive(key, shown, inside)) for key in keys])
    unknowns = disclosure_audit.Unknowns(matrix, np.array(right), np.minimum(floor, counts), counts)
    small = (counts > 0) & (counts < LEAST_SHOWN)
    attacked = disclosure_audit.Attack(unknowns, small, disclosure_audit.bits(counts), values=VALUES)
    attacked.widen()
    recovered = []
    for cell in np.flatnonzero(attacked.tight()).tolist():
        if attacked.tight()[cell]:
            attacked.examine(cell)
        if attacked.tight()[cell]:
            possible = [n for n in range(_MOST + 1) if attacked.possible[cell] & disclosure_audit.bits(np.array(n))]
            recovered.append((keys[cell], possible))
    others = sum(key[3] not in _UNPRINTED and not is_small for key, is_small in zip(keys, small, strict=True))
    printed_small = sum(key[3] not in _UNPRINTED and is_small for key, is_small in zip(keys, small, strict=True))
    return AttackResult(len(shown), printed_small, others, recovered)


_MOST = 62  # stands for all numbers from there on
_UNPRINTED = frozenset({"other", "back", "never", "unassessed", "unplanned", "BEN "})


def _truth(gathered: ReportData, periods: Iterable[Period]) -> dict[Key, float]:
    """Work out every count, shown or not."""
    found: dict[Key, float] = {}
    for period in periods:
        for level in LEVELS:
            values = gathered.values(level, period)
            for area, rows in values.groupby("area"):
                of = dict(zip(rows["indicator"], rows["value"].fillna(0.0), strict=True))
                codes = {*SUMS, *(part for parts in SUMS.values() for part in parts), "UNMET"}
                of["other"], of["BEN "] = of["REF-DECL"] - of["REF-NOPLACE"], of["BEN"]
                of["back"] = of["REF-TAKEN"] - of["REF-ACC"] - of["REF-DONE"] - of["REF-BROKEN"]
                of["never"] = of["REF-CANC"] - of["back"]
                of["unassessed"], of["unplanned"] = of["BEN"] - of["EVAL"], of["BEN"] - of["PLAN"]
                found |= {(str(period), level, str(area), code): float(of[code]) for code in codes}
        found |= _needs(gathered, period)
    return found


def _needs(gathered: ReportData, period: Period) -> dict[Key, float]:
    unmet = gathered.unmet
    month = unmet["on_day"].astype("str").str.slice(0, 7)
    rows = unmet[month.between(period.first, period.last)].astype({"uat_siruta": "str"})
    joined = rows.merge(gathered.communities.astype({"uat_siruta": "str"}), on="uat_siruta", suffixes=("_then", ""))
    found: dict[Key, float] = {}
    # Smaller areas have no list of a single month: what never was a cell is no secret cell either.
    whole: list[tuple[Level, str | None]] = [("national", None)]
    parts: list[tuple[Level, str | None]] = [("county", "county"), ("region", "region")]
    for level, column in whole if period.first == period.last else [*parts, *whole]:
        areas = joined[column] if column else NATION
        counted = joined.assign(area=areas).groupby(["area", "need"])["unmet"].sum()
        codes = sorted(joined["need"].astype("str").unique())
        known = dict(zip(counted.index.to_list(), counted.astype("float64").to_list(), strict=True))
        for area in gathered.areas(level):
            found |= {(str(period), level, area, f"need {need}"): known.get((area, need), 0.0) for need in codes}
    return found


Equation = tuple[Key, list[Key]]


def _inside(truth: dict[Key, float]) -> list[Equation]:
    """Write down what adds up in one area and period."""
    needs: dict[tuple[str, str, str], list[Key]] = {}
    for key in truth:
        if key[3].startswith("need "):
            needs.setdefault(key[:3], []).append(key)
    found: list[Equation] = [((*at, "UNMET"), keys) for at, keys in needs.items()]
    for at in dict.fromkeys(key[:3] for key in truth):
        found += [((*at, total), [(*at, part) for part in parts]) for total, parts in SUMS.items()]
        found.append(((*at, "BEN "), [(*at, "BEN")]))
    return found


def _areas(gathered: ReportData, truth: dict[Key, float]) -> list[Equation]:
    """Write down that an area is the sum of the areas of the level below."""
    table = gathered.communities.assign(nation=NATION).astype({"uat_siruta": "str"})
    levels: list[tuple[Level, str]] = [
        ("community", "uat_siruta"), ("county", "county"), ("region", "region"), ("national", "nation"),
    ]  # fmt: skip
    found: list[Equation] = []
    for (below, inner), (above, outer) in pairwise(levels):
        inside = table.groupby(outer)[inner].unique().to_dict()
        for key in truth:
            if key[1] == above:
                parts: list[Key] = [(key[0], below, str(area), key[3]) for area in inside[key[2]]]
                found += [(key, parts)] if parts[0] in truth else []
    return found


def _times(gathered: ReportData, periods: list[Period], truth: dict[Key, float]) -> list[Equation]:
    """Write down that a period is the sum of its months, and that a stock is that of its last month."""
    found: list[Equation] = []
    for period in periods:
        inside = _months_inside(gathered, period, periods)
        if period.first == period.last or not inside:
            continue
        for key in truth:
            if key[0] == str(period):
                counted = inside[-1:] if key[3] in STANDING else inside
                parts: list[Key] = [(text, *key[1:]) for text in counted if (text, *key[1:]) in truth]
                # A need that nobody had in a month has no cell in it: it counts 0 there.
                if parts and (key[1] == "national" or not key[3].startswith("need ")):
                    found.append((key, parts))
    return found


def _months_inside(gathered: ReportData, period: Period, periods: list[Period]) -> list[str]:
    """Name the published months of a period."""
    months = {one.first: str(one) for one in periods if one.first == one.last}
    return [months[m] for m in months_between(max(period.first, gathered.months[0]), period.last) if m in months]


def _put_together(shown: dict[Key, float], truth: dict[Key, float]) -> list[Equation]:
    """Write down that the needs that a list puts together add up to the line printed for them."""
    found: list[Equation] = []
    for key, count in [(k, c) for k, c in shown.items() if k[3] == "needs put together"]:
        truth[key] = count
        inside = [k for k in truth if k[:3] == key[:3] and k[3].startswith("need ") and k not in shown and truth[k]]
        found.append((key, inside))
    return found


def _is_known_positive(key: Key, shown: dict[Key, float], inside: dict[str, list[str]]) -> bool:
    """Whether the attacker knows that a hidden count is not 0: a 0 is hidden only where it is never shown.

    How referrals went in an area is shown with every 0 where all its months were large enough for it.
    """
    if key[3] in _UNPRINTED or key[3].startswith("need ") or key[3] == "REF-TAKEN":
        return False
    if key[3] in {"REF", "UNMET", "BEN", "EVAL", "PLAN"}:
        return True
    return all(shown.get((text, *key[1:3], "REF"), 0.0) >= BASE for text in (key[0], *inside[key[0]]))
