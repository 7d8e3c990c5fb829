"""What a new state of a table changes against the one before: keys added, removed and changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray


HIDDEN_COLUMN = "is_secret"
HIDDEN_KEY = "protected:"  # of a line for a row that is not named, and a number


def difference(before: pd.DataFrame | None, after: pd.DataFrame, *, key: str) -> pd.DataFrame:
    """Compare two states of a table by key.

    Returns one row per differing key: `key`, `change` (added, removed, changed) and `fields` (which columns
    changed, `;` between them). `source_row` is where a row stood, not what it says, and does not count.

    Rows that HIDDEN_COLUMN marks in either state are not named and never changed: by how many there are more or
    fewer of them, so many lines `protected:1` … say added or removed. What the rows say has no part in it.
    """
    hidden = _hidden(before, key) | _hidden(after, key)
    more = len(_hidden(after, key)) - len(_hidden(before, key))
    after = after[~after[key].isin(hidden)].set_index(key)
    old = after.iloc[:0] if before is None else before[~before[key].isin(hidden)].set_index(key)
    added = after.index.difference(old.index)
    removed = old.index.difference(after.index)
    both = after.index.intersection(old.index)
    columns = [c for c in after.columns if c != "source_row"]
    fields = pd.Series("", index=both, dtype="object")
    for column in columns:
        was = _comparable(old.loc[both, column]) if column in old.columns else np.full(len(both), None)
        differs = np.asarray(_comparable(after.loc[both, column]) != was, dtype=bool)
        fields[differs] = fields[differs].map(lambda text, c=column: f"{text};{c}".strip(";"))
    changed = fields[fields != ""]
    unnamed = [f"{HIDDEN_KEY}{n}" for n in range(1, abs(more) + 1)]
    values = {
        "added": [*added, *(unnamed if more > 0 else [])],
        "removed": [*removed, *(unnamed if more < 0 else [])],
        "changed": list(changed.index),
    }
    return pd.DataFrame(
        {
            "key": [str(k) for keys in values.values() for k in keys],
            "change": [change for change, keys in values.items() for _ in keys],
            "fields": [""] * (len(values["added"]) + len(values["removed"])) + list(changed),
        }
    )


def _hidden(table: pd.DataFrame | None, key: str) -> set[Any]:
    if table is None or HIDDEN_COLUMN not in table or key not in table:
        return set()
    return set(table.loc[table[HIDDEN_COLUMN].to_numpy(bool), key])


def _comparable(column: pd.Series[Any]) -> NDArray[np.object_]:
    values = column.astype("object").to_numpy(copy=True)
    values[column.isna().to_numpy()] = None  # NA, NaN and NaT say the same: nothing
    return values


def as_stored(table: Any) -> pd.DataFrame:
    """Return the table as it will be read back: shapes as WKB, as the file has them."""
    plain: pd.DataFrame = table.to_wkb() if hasattr(table, "to_wkb") else table
    return plain
