"""Which service a unit of a register is: the first rule of a table that fits its kind and its name.

The rules are `data/providers/<registry>_units.csv`, in order: `unit_kind` is the beginning of the official
kind, `name_starts` beginnings of the name, `name_has` beginnings of any of its words, `schedule` the
beginning of the working schedule; `|` stands between alternatives and an empty cell fits everything. A
type that ends in `?` is a guess: the service is loaded with a flag.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.i18n import _
from core.reading.curated_tables import FOLDER, read_rows
from core.text import fold
from providers.rules.taxonomy import service_types

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ("unit_kind", "name_starts", "name_has", "schedule", "service_type", "why")


@dataclass(frozen=True)
class UnitRule:
    """One row of the table: what must fit, as patterns on folded text, and the type that follows."""

    kind: re.Pattern[str]
    starts: re.Pattern[str]
    has: re.Pattern[str]
    schedule: re.Pattern[str]
    service_type: str
    is_guess: bool
    why: str

    def fits_kind(self, kind: str, schedule: str) -> bool:
        """Return whether what the register says of a unit, folded, is of this rule's type."""
        return bool(self.kind.match(kind) and self.schedule.match(schedule))

    def fits_name(self, name: str) -> bool:
        """Return whether a unit's name, folded, is of this rule's type."""
        return bool(self.starts.match(name) and self.has.search(name))


@cache
def unit_rules(registry: str, folder: Path = FOLDER) -> tuple[UnitRule, ...]:
    """Read a registry's rules; UnreadableFileError names the row whose type is not of the registry."""
    known = {code for code, each in service_types().items() if each.registry == registry}
    rules = []
    for row in read_rows(folder / f"{registry}_units.csv", COLUMNS):
        code = row.text("service_type").removesuffix("?")
        if code not in known:
            raise row.cell_error("service_type", _("un cod al registrului din service_types.csv"))
        rules.append(
            UnitRule(
                kind=_beginning(row.cells["unit_kind"]),
                starts=_beginning(row.cells["name_starts"]),
                has=re.compile(rf"(?<![a-z0-9])(?:{_alternatives(row.cells['name_has'])})"),
                schedule=_beginning(row.cells["schedule"]),
                service_type=code,
                is_guess=row.text("service_type").endswith("?"),
                why=row.text("why"),
            )
        )
    return tuple(rules)


def _beginning(cell: str) -> re.Pattern[str]:
    return re.compile(f"(?:{_alternatives(cell)})")


def _alternatives(cell: str) -> str:
    """Turn "lice|coleg" into a pattern of folded words; that of an empty cell fits everything."""
    return "|".join(re.escape(fold(part)) for part in cell.split("|"))


def classify(
    registry: str,
    *,
    name: pd.Series[Any],
    kind: pd.Series[Any] | None = None,
    schedule: pd.Series[Any] | None = None,
    folder: Path = FOLDER,
) -> pd.DataFrame:
    """Find the service type of each unit by the registry's rules (`unit_rules.csv`), the first that fits.

    Parameters
    ----------
    registry
        Code of the registry.
    name
        Names of the units.
    kind, schedule
        What the register says of each besides, on the same index; None = nothing.
    folder
        Where the rules stand.

    Returns
    -------
    pd.DataFrame
        On the index of `name`: `service_type` ("" where no rule fits) and `is_guess`.
    """
    rules = unit_rules(registry, folder)
    blank = pd.Series("", index=name.index, dtype="str")
    kinds, schedules = (blank if column is None else column for column in (kind, schedule))
    folded = {text: fold(text) for column in (kinds, schedules, name) for text in column.unique()}
    units = list(zip(kinds, name, schedules, strict=True))
    distinct = set(units)
    # A register has few kinds and schedules: which rules they leave is found once for each pair of them.
    left = {
        pair: tuple(rule for rule in rules if rule.fits_kind(*(folded[cell] for cell in pair)))
        for pair in {(kind, schedule) for kind, _name, schedule in distinct}
    }
    known = {unit: _first(left[unit[0], unit[2]], folded[unit[1]]) for unit in distinct}
    found = pd.DataFrame([known[u] for u in units], columns=["service_type", "is_guess"], index=name.index)
    return found.astype({"service_type": "str", "is_guess": "bool"})


def _first(rules: tuple[UnitRule, ...], name: str) -> tuple[str, bool]:
    for rule in rules:
        if rule.fits_name(name):
            return rule.service_type, rule.is_guess
    return "", False
