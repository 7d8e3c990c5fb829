"""What of the counts of persons may be shown to everybody: the cells of all levels, hidden together.

The cells of a period are every count of persons of every area, tied by states, by areas and by the shorter
periods in it. A mean or a share is hidden with any of the counts that it is made of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from reports.indicators import LEVELS, NATION, indicators
from reports.period import Period, months_between, parse_period
from reports.suppression import Table, hide

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from reports.gathering import Gathered
    from reports.indicators import Level

Cell = tuple[str, str, str]  # level, area, indicator
Key = tuple[str, str, str, str]  # the period before them
# A count is the sum of these: those in small letters are shown nowhere, but could be worked out.
SPLITS: dict[str, tuple[str, ...]] = {
    "REF": ("REF-OPEN", "REF-ACC", "REF-DONE", "REF-BROKEN", "REF-DECL", "REF-EXP", "REF-CANC"),
    "REF-DECL": ("REF-NOPLACE", "other-reason"),
    "BEN": ("EVAL", "not-assessed"),
    "PLAN-BEN": ("PLAN", "no-plan"),
    "UNMET": (),
}
# Would tell cancelled referrals apart by whether they had been accepted; shown by their mean only.
NEVER_SHOWN = frozenset({"REF-TAKEN"})
# Many months together: their cells are published one after the other.
_STOCKS = frozenset({"BEN", "PLAN-BEN"})


def hidden_cells(gathered: Gathered, period: Period) -> set[Cell]:
    """Choose what of a period is hidden in outputs for everybody, at all levels at once."""
    name = f"hidden:{period.text}"
    known = cast("set[Cell] | None", gathered.kept.get(name))
    if known is not None:
        return known
    table = Table()
    stages: list[list[Key]] = []
    for group in _stages(period, _span(gathered)):
        stage: list[Key] = []
        for each, inside in group:
            stage += _add_period(table, gathered, each, inside)
        stages.append(stage)
    hidden = {key[1:] for key in cast("set[Key]", hide(table, stages=stages)) if key[0] == period.text}
    gathered.kept[name] = hidden | _following(hidden, gathered)
    return cast("set[Cell]", gathered.kept[name])


def _span(gathered: Gathered) -> tuple[str, str]:
    """Tell the first and last month with a count, also of the month under way."""
    months = gathered.parts["month"]
    return (str(months.min()), str(months.max())) if len(months) else gathered.months


def _stages(period: Period, months: tuple[str, str]) -> list[list[tuple[Period, list[str]]]]:
    """List the periods inside a period, the shortest first, each with the texts of those that make it up."""
    first, last = max(period.first, months[0]), min(period.last, months[1])
    if first >= last or period.first == period.last:
        return [[(period, [])]]
    singles = months_between(first, last)
    stages = [[(parse_period(month), list[str]()) for month in singles]]
    if len(singles) <= 3 and not period.is_whole:  # noqa: PLR2004 - a quarter
        return [*stages, [(period, singles)]]
    quarters: dict[str, list[str]] = {}
    for month in singles:
        quarters.setdefault(f"{month[:4]}-T{(int(month[5:]) + 2) // 3}", []).append(month)
    stages.append([(parse_period(text), inside) for text, inside in quarters.items()])
    return [*stages, [(period, list(quarters))]]


def _add_period(table: Table, gathered: Gathered, period: Period, inside: list[str]) -> list[Key]:
    """Add the cells and equations of one period; return its cells."""
    keys: list[Key] = []
    for level in LEVELS:
        for area, counts in _counts(gathered, level, period):
            for code, count in counts.items():
                keys.append((period.text, level, area, code))
                table.add(keys[-1], count)
            for total, parts in SPLITS.items():
                if parts and total in counts:
                    table.tie((period.text, level, area, total), [(period.text, level, area, p) for p in parts])
            if "PLAN-BEN" in counts:
                table.tie((period.text, level, area, "PLAN-BEN"), [(period.text, level, area, "BEN")])
    _tie_areas(table, gathered, period)
    for key in keys:
        _text, at, area, code = key
        children = [(text, at, area, code) for text in inside]
        if code in _STOCKS or code in ("EVAL", "PLAN", "not-assessed", "no-plan"):
            children = children[-1:]
        if children and all(child in table.place for child in children):
            table.tie(key, children)
    return keys


def _counts(gathered: Gathered, level: Level, period: Period) -> Iterator[tuple[str, dict[str, int]]]:
    values = gathered.values(level, period)
    wanted = [one.code for one in indicators().values() if one.is_people and one.code not in NEVER_SHOWN]
    chosen = values[values["indicator"].isin(wanted)]
    wide = chosen.pivot_table(index="area", columns="indicator", values="value", dropna=False).fillna(0)
    for area, row in wide.to_dict("index").items():
        counts = {str(code): round(count) for code, count in row.items()}
        counts["other-reason"] = counts["REF-DECL"] - counts["REF-NOPLACE"]
        # Who entered more assessments than people made a mistake; nothing is to be told from it.
        counts["EVAL"], counts["PLAN"] = (min(counts[c], counts["BEN"]) for c in ("EVAL", "PLAN"))
        counts["not-assessed"], counts["no-plan"] = counts["BEN"] - counts["EVAL"], counts["BEN"] - counts["PLAN"]
        counts["PLAN-BEN"] = counts["BEN"]
        yield str(area), counts


def _tie_areas(table: Table, gathered: Gathered, period: Period) -> None:
    communities = gathered.communities
    trees = [
        ("county", communities.groupby("county")["uat_siruta"], "community"),
        ("region", communities.drop_duplicates("county").groupby("region")["county"], "county"),
    ]
    codes = [*dict.fromkeys(code for total, parts in SPLITS.items() for code in (total, *parts))]
    for level, children, below in trees:
        for area, inside in children:
            _tie(table, period, codes, (level, str(area)), [(below, str(child)) for child in inside])
    _tie(table, period, codes, ("national", NATION), [("region", region) for region in gathered.areas("region")])


def _tie(table: Table, period: Period, codes: list[str], above: tuple[str, str], below: list[tuple[str, str]]) -> None:
    for code in codes:
        total = (period.text, *above, code)
        parts = [(period.text, *each, code) for each in below]
        if total in table.place and all(part in table.place for part in parts):
            table.tie(total, parts)


def _following(hidden: set[Cell], gathered: Gathered) -> set[Cell]:
    """Name the means and shares that go with hidden counts, and what is never shown."""
    found: set[Cell] = set()
    for one in indicators().values():
        made_of = {*one.numerator, *one.denominator} - NEVER_SHOWN
        if one.entry == "formula":
            found |= {(level, area, one.code) for level, area, code in hidden if code in made_of}
    for level in LEVELS:
        found |= {(level, area, code) for area in gathered.areas(level) for code in NEVER_SHOWN}
    return found


def without_hidden(values: pd.DataFrame, level: Level, hidden: set[Cell]) -> pd.DataFrame:
    """Blank the hidden values of a level; a column `hidden` tells them from the unknown ones."""
    is_hidden = [(level, area, code) in hidden for area, code in zip(values["area"], values["indicator"], strict=True)]
    blanked = values.assign(hidden=is_hidden)
    for column in ("value", "numerator", "denominator"):
        blanked[column] = blanked[column].mask(blanked["hidden"])
    return blanked
