"""Repairs of published values, as data with reasons: the raw file is never edited.

A correction names the row by the registry's own key (`*` = every row that has the published value, for
a slip that a publisher repeats), and applies only while the published value is still the one it was
written for. One that no longer matches is reported, not applied and not forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from core.i18n import _, ngettext
from core.reading.curated_tables import read_rows
from providers.registries.geocoding import join_flags

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

COLUMNS = ("row_id", "column", "published", "corrected", "reason", "source")
EVERY_ROW = "*"


@dataclass(frozen=True)
class Corrected:
    """What `apply` makes: the repaired table, a flag list per row, and remarks in words.

    table: a new table, same index. flags: one text per row, `;` between codes, "" where nothing changed.
    changed: how many values of each row changed. unmatched: the corrections (COLUMNS) that found no row with
    their published value.
    """

    table: pd.DataFrame
    flags: pd.Series[Any]
    changed: pd.Series[Any]
    unmatched: pd.DataFrame

    @property
    def notes(self) -> tuple[str, ...]:
        """Remarks in words, where no row is protected (else `remarks`)."""
        return _notes(int(self.changed.sum()), self.unmatched.to_dict("records"))


def load(path: Path) -> pd.DataFrame:
    """Read a corrections table (COLUMNS, all text); MissingColumnError, UnreadableFileError name the row.

    `published` and `corrected` may be empty: a correction can fill in or take out a value. `reason` and
    `source` may not.
    """
    rows = read_rows(path, COLUMNS)
    for row in rows:
        for column in ("row_id", "column", "reason", "source"):
            row.text(column)
    return pd.DataFrame([[row.cells[c] for c in COLUMNS] for row in rows], columns=list(COLUMNS), dtype="str")


def apply(
    table: pd.DataFrame,
    corrections: pd.DataFrame,
    *,
    key: str,
    flag_names: Mapping[str, str] | None = None,
) -> Corrected:
    """Apply corrections to a table of text.

    Parameters
    ----------
    table
        Raw rows; `key` is the column that `row_id` speaks of. Columns that a correction names and the
        table lacks leave it unmatched.
    corrections
        COLUMNS, as `load` reads them. A row's own correction goes before one for every row.
    flag_names
        Flag for a changed column, by column; `<column>_corrected` for the rest.
    """
    repaired = table.copy()
    flags = [""] * len(table)
    unmatched: list[dict[str, str]] = []
    changed = np.zeros(len(table), np.int64)
    own_first = corrections.sort_values("row_id", key=lambda ids: ids == EVERY_ROW, kind="stable")
    for values in own_first[list(COLUMNS)].itertuples(index=False):
        fix = dict(zip(COLUMNS, map(str, values), strict=True))
        column = fix["column"]
        hits = _rows_of(repaired, fix, key) if column in repaired else np.zeros(len(table), dtype=bool)
        if not hits.any():
            unmatched.append(fix)
            continue
        repaired.loc[hits, column] = fix["corrected"]
        flag = (flag_names or {}).get(column, f"{column}_corrected")
        flags = [join_flags(before, flag) if hit else before for before, hit in zip(flags, hits, strict=True)]
        changed += hits
    series = pd.Series(flags, index=table.index, dtype="str")
    counted = pd.Series(changed, index=table.index)
    return Corrected(repaired, series, counted, pd.DataFrame(unmatched, columns=list(COLUMNS)))


def remarks(found: Corrected, *, key: pd.Series[Any], hidden: pd.Series[Any]) -> tuple[str, ...]:
    """Say in words what corrections did to the rows that are not `hidden`, and which of those rows they miss.

    key: the rows' keys, of which `row_id` speaks. A key that only hidden rows have is not named.
    """
    unmatched = found.unmatched[~found.unmatched["row_id"].isin(set(key[hidden]))]
    return _notes(int(found.changed[~hidden].sum()), unmatched.to_dict("records"))


def _rows_of(table: pd.DataFrame, fix: Mapping[str, str], key: str) -> NDArray[np.bool_]:
    same = (table[fix["column"]].astype("str").str.strip() == fix["published"]).to_numpy(bool)
    return same if fix["row_id"] == EVERY_ROW else same & (table[key].astype("str") == fix["row_id"]).to_numpy(bool)


def _notes(changed: int, unmatched: list[dict[Any, Any]]) -> tuple[str, ...]:
    notes = []
    if changed:
        text = ngettext(
            "{n} valoare îndreptată după tabelul de corecturi.",
            "{n} valori îndreptate după tabelul de corecturi.",
            changed,
        )
        notes.append(text.format(n=changed))
    # A repeated slip that an edition does not make is good news; a row's own correction that no longer fits is not.
    for fix in unmatched:
        if fix["row_id"] != EVERY_ROW:
            text = _("Corectura pentru rândul {row_id}, coloana {column}, nu se mai potrivește; verificați-o.")
            notes.append(text.format(**fix))
    return tuple(notes)
