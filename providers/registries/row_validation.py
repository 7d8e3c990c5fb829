"""Sorting raw rows into those that load and those that are refused, each refusal with its first reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.i18n import _
from core.reading.tidied_table import Refusal, rejects_table
from providers.rules.protected_keys import PROTECTED_VALUE

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Check:
    """One thing that may be wrong with rows.

    Attributes
    ----------
    bad
        Where it is wrong, true or false for each row.
    field
        Column that is to blame.
    value
        Cell to show, for each row.
    reason
        Code of the reason.
    message
        The reason in words.
    """

    bad: pd.Series[Any]
    field: str
    value: pd.Series[Any]
    reason: str
    message: str


def reject_rows(
    rows: pd.Series[Any], checks: Sequence[Check], *, hidden: pd.Series[Any] | None = None
) -> tuple[pd.Series[Any], pd.DataFrame]:
    """Refuse each row for the first check that it fails.

    Parameters
    ----------
    rows
        Row numbers of the source file, 1 = first data row.
    checks
        In the order in which they count, on the same index.
    hidden
        Rows of protected addresses, of which no reject says what was found; None = there are none.

    Returns
    -------
    refused : pd.Series
        Which rows are refused (bool, same index).
    rejects : pd.DataFrame
        `core.reading.tidied_table.REJECT_COLUMNS`, in row order.
    """
    refused = pd.Series(False, index=rows.index)
    rejects: list[Refusal] = []
    for check in checks:
        now = check.bad.astype(bool) & ~refused
        column = check.value if hidden is None else check.value.astype("object").mask(hidden, PROTECTED_VALUE)
        rejects += [
            Refusal(int(row), check.field, str(value), check.reason, check.message)
            for row, value in zip(rows[now], column[now], strict=True)
        ]
        refused |= now
    return refused, rejects_table(rejects)


def duplicates(key: pd.Series[Any], already: Sequence[Check], *, field: str) -> Check:
    """Check that a key comes once; the first row that passes the checks before keeps it."""
    passing = pd.Series(True, index=key.index)
    for check in already:
        passing &= ~check.bad.astype(bool)
    bad = key.where(passing).duplicated() & passing
    return Check(bad, field, key, "duplicate_key", _("Codul apare de mai multe ori; rămâne primul rând."))


def not_placed_check(problem: pd.Series[Any], value: pd.Series[Any], *, field: str) -> tuple[Check, ...]:
    """Make the checks of the column `problem` of `providers.registries.geocoding.geocode`, one a reason."""
    words = {
        "bad_position": _("Coordonatele sunt în afara județului sau a țării, iar localitatea nu se recunoaște."),
        "ambiguous_place": _("Mai multe localități din județ poartă acest nume; scrieți și comuna sau codul SIRUTA."),
        "not_placed": _("Localitatea nu se recunoaște; se așteaptă un cod SIRUTA sau nume și județ."),
    }
    return tuple(Check(problem == reason, field, value, reason, message) for reason, message in words.items())
