"""Codes of findings that stand in a list: which can be taken, by the meaning that each had when the list was made."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from cases.instrument.instrument_model import RESTRICTED
from cases.list_import.list_rules import fold_title
from core.i18n import _
from core.resources import DATA

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

FILE = DATA / "reports" / "amc_code_changes.csv"
_TITLES = ("vulnerabilitati", "coduri vulnerabilitati", "coduri de vulnerabilitate", "coduri")
_BETWEEN = re.compile(r"[\s,;|/]+")


@dataclass(frozen=True)
class CodeChange:
    """A code that does not mean one thing in lists of some days ("" = of any). meaning: a message to translate."""

    code: str
    first_day: str
    last_day: str
    meaning: str


@cache
def code_changes() -> tuple[CodeChange, ...]:
    """Return the codes whose meaning changed, with the days of the lists in which they are not taken."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            CodeChange(row["code"], row["first_day"], row["last_day"], row["meaning"]) for row in csv.DictReader(file)
        )


def codes_column(titles: Sequence[str]) -> int | None:
    """Return where the codes of findings stand; None where a list has none."""
    return next((place for place, title in enumerate(titles) if fold_title(title) in _TITLES), None)


def read_codes(
    cell: str, sees: Mapping[str, str], without_rule: Collection[str], as_of: str
) -> tuple[list[str], tuple[str, str] | None]:
    """Read the codes of a cell.

    Parameters
    ----------
    cell
        Codes with blanks, commas or semicolons between.
    sees
        Who sees a finding, by each code that has a rule.
    without_rule
        Codes that mean „nothing was found”.
    as_of
        The day of the list, ISO.

    Returns
    -------
    tuple
        The codes that are findings, each once; and the first code that cannot be taken with what is expected, None
        where all can. Codes that mean „nothing was found” are no findings and are let go.
    """
    found: list[str] = []
    for code in dict.fromkeys(filter(None, _BETWEEN.split(cell.upper()))):
        change = next((each for each in code_changes() if each.code == code and _holds(each, as_of)), None)
        if change is not None:
            expected = _("un cod cu un singur înțeles: {code} {meaning}").format(code=code, meaning=_(change.meaning))
            return found, (code, expected)
        if code in without_rule:
            continue
        if code not in sees:
            return found, (code, _("un cod de vulnerabilitate al chestionarului, ca VAI_02"))
        if sees[code] == RESTRICTED:
            return found, (code, _("nimic despre siguranță: asemenea constatări le scrie numai cine le află"))
        found.append(code)
    return found, None


def _holds(change: CodeChange, as_of: str) -> bool:
    return change.first_day <= as_of and (not change.last_day or as_of <= change.last_day)
