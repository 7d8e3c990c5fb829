"""From which age somebody is elderly by law: the standard age of retirement, which rises for women by steps."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from core.i18n import _
from core.reading.curated_tables import FOLDER, read_rows

if TYPE_CHECKING:
    from pathlib import Path

_SEXES = ("F", "M")


@cache
def retirement_steps(folder: Path = FOLDER) -> dict[str, tuple[tuple[date, int], ...]]:
    """Return, by sex, the days from which an age holds and that age in full years, the earliest first."""
    steps: dict[str, list[tuple[date, int]]] = {sex: [] for sex in _SEXES}
    for row in read_rows(folder / "pension_age.csv", ("sex", "since", "age")):
        row.provenance()
        age = row.whole("age")
        if age is None:
            raise row.cell_error("age", _("un număr întreg"))
        steps[row.choice("sex", _SEXES)].append((row.day("since"), age))
    return {sex: tuple(sorted(found)) for sex, found in steps.items()}


def retirement_age(sex: str | None, on: date, folder: Path = FOLDER) -> int:
    """Return from which full years a person is of retirement age on a day; of nobody's sex the lower of the two.

    A day before the first step has the first step's age.
    """
    steps = retirement_steps(folder)
    ages = [_age(steps[each], on) for each in ([sex] if sex else _SEXES)]
    return min(ages)


def _age(steps: tuple[tuple[date, int], ...], on: date) -> int:
    in_force = [age for since, age in steps if since <= on]
    return in_force[-1] if in_force else steps[0][1]
