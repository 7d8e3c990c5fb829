"""The counts of persons of one period, on all levels, and the sums that tie them: what an attacker would start from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from reports.indicators.indicators import LEVELS, NATION

if TYPE_CHECKING:
    from reports.indicators.indicators import Level
    from reports.indicators.period import Period
    from reports.indicators.report_data import ReportData

Cell = tuple[str, str, str]  # level, area, count
# A count is the sum of these: those in small letters are shown nowhere, but could be worked out.
SPLITS: dict[str, tuple[str, ...]] = {
    "REF": ("REF-OPEN", "REF-ACC", "REF-DONE", "REF-BROKEN", "REF-DECL", "REF-EXP", "REF-CANC"),
    "REF-DECL": ("REF-NOPLACE", "other-reason"),
    "REF-TAKEN": ("REF-ACC", "REF-DONE", "REF-BROKEN", "taken-back"),
    "REF-CANC": ("taken-back", "never-taken"),
    "BEN": ("EVAL", "not-assessed"),
    "BEN-AGAIN": ("PLAN", "no-plan"),  # the same persons, split another way
}
# How referrals went.
STATES = frozenset({*SPLITS["REF"], *SPLITS["REF-DECL"], *SPLITS["REF-CANC"], "REF-TAKEN"})
STOCKS = frozenset({"BEN", "BEN-AGAIN", "EVAL", "PLAN", "not-assessed", "no-plan"})
# Tell cancelled referrals apart by whether they had been accepted: too fine for a community.
NOT_OF_COMMUNITIES = frozenset({"REF-TAKEN", "taken-back", "never-taken"})
NEED = "UNMET:"  # and the code of a need: how often that need was not met
BASE = 50  # referrals, from which on it is shown how they went


@dataclass(frozen=True)
class Cells:
    """Counts by cell, the sums between them, and what is shown to nobody (`withheld`)."""

    counts: dict[Cell, int] = field(default_factory=dict)
    ties: list[tuple[Cell, tuple[Cell, ...]]] = field(default_factory=list)
    withheld: set[Cell] = field(default_factory=set)


def cells_of(gathered: ReportData, period: Period, *, with_flows: bool) -> Cells:
    """Make the cells of a period. with_flows: also what happened in it, not only what stands at its end.

    How a handful of referrals went is nobody else's business: states are shown where there are BASE referrals. Needs
    are counted for the nation in a month, for regions and counties from a quarter on.
    """
    made, counts = Cells(), _counts(gathered, period)
    is_month = period.first == period.last
    codes = [str(code) for code in counts.columns if with_flows or code in STOCKS]
    splits = {**SPLITS, "UNMET": tuple(code for code in codes if code.startswith(NEED))}
    values = {level: [code for code in codes if _is_told(code, level, is_month=is_month)] for level in LEVELS}
    for level in LEVELS:
        summed = counts[values[level]].groupby(_areas(gathered, level)).sum()
        present = set(values[level])
        inner = [
            (t, some) for t, parts in splits.items() if t in present and (some := [p for p in parts if p in present])
        ]
        for area, line in zip(summed.index.astype("str"), summed.to_numpy().tolist(), strict=True):
            row = dict(zip(values[level], line, strict=True))
            made.counts.update({(level, area, code): count for code, count in row.items()})
            made.ties.append(((level, area, "BEN-AGAIN"), ((level, area, "BEN"),)))
            made.ties.extend(((level, area, t), tuple((level, area, part) for part in some)) for t, some in inner)
            if row.get("REF", BASE) < BASE:
                made.withheld.update((level, area, code) for code in STATES & present)
    for above, below in zip(LEVELS[1:], LEVELS, strict=False):
        shared = [code for code in values[above] if code in set(values[below])]
        pairs = pd.DataFrame({"above": _areas(gathered, above), "below": _areas(gathered, below)}).drop_duplicates()
        for area, inside in pairs.groupby("above")["below"]:
            children = inside.tolist()
            made.ties.extend(((above, str(area), c), tuple((below, child, c) for child in children)) for c in shared)
    return made


def _is_told(code: str, level: Level, *, is_month: bool) -> bool:
    """Whether a count is made at all for a level and length of time."""
    if code.startswith(NEED):
        return level == "national" if is_month else level != "community"
    return level != "community" or code not in NOT_OF_COMMUNITIES


def _areas(gathered: ReportData, level: Level) -> pd.Series[str]:
    """Name the area of each community at a level."""
    communities = gathered.communities
    if level == "national":
        return pd.Series(NATION, index=communities.index)
    return communities[{"community": "uat_siruta", "county": "county", "region": "region"}[level]].astype("str")


def _counts(gathered: ReportData, period: Period) -> pd.DataFrame:
    """Count persons: a row a community, in the order of the list of communities, a column a count."""
    order = _areas(gathered, "community")
    values = gathered.values("community", period)
    wide = values.pivot_table(index="area", columns="indicator", values="value", dropna=False).reindex(order)
    known = wide.fillna(0).round().astype("int64").reset_index(drop=True)
    found = known[["REF", "UNMET", *SPLITS["REF"], "REF-NOPLACE", "BEN"]].copy()
    found["other-reason"] = known["REF-DECL"] - known["REF-NOPLACE"]
    accepted = known["REF-ACC"] + known["REF-DONE"] + known["REF-BROKEN"]
    found["taken-back"] = (known["REF-TAKEN"] - accepted).clip(0, known["REF-CANC"])
    found["never-taken"] = known["REF-CANC"] - found["taken-back"]
    found["REF-TAKEN"] = accepted + found["taken-back"]
    found["BEN-AGAIN"] = known["BEN"]
    # Who entered more assessments than people made a mistake; nothing is to be told from it.
    found["EVAL"], found["PLAN"] = (known[code].clip(upper=known["BEN"]) for code in ("EVAL", "PLAN"))
    found["not-assessed"], found["no-plan"] = known["BEN"] - found["EVAL"], known["BEN"] - found["PLAN"]
    return pd.concat([found, _needs(gathered, period, order)], axis=1)


def _needs(gathered: ReportData, period: Period, order: pd.Series[str]) -> pd.DataFrame:
    """Count unmet needs of each community by need: a column UNMET:code for each need that there was."""
    unmet = gathered.unmet
    when = unmet["on_day"].astype("str").str.slice(0, 7).between(period.first, period.last)
    inside = unmet[when & unmet["uat_siruta"].isin(gathered.communities["uat_siruta"])]
    by_need = pd.DataFrame(
        {
            "area": inside["uat_siruta"].astype("int64").astype("str"),
            "need": NEED + inside["need"].astype("str"),
            "unmet": inside["unmet"].astype("int64"),
        }
    ).pivot_table(index="area", columns="need", values="unmet", aggfunc="sum", fill_value=0)
    return by_need.reindex(order, fill_value=0).reset_index(drop=True)
