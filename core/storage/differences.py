"""What a new state of a table changes against the one before: keys added, removed and changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray


def difference(before: pd.DataFrame | None, after: pd.DataFrame, *, key: str) -> pd.DataFrame:
    """Compare two states of a table by key.

    Returns one row per differing key: `key`, `change` (added, removed, changed) and `fields` (which columns
    changed, `;` between them). `source_row` is where a row stood, not what it says, and does not count.
    """
    after = after.set_index(key)
    old = after.iloc[:0] if before is None else before.set_index(key)
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
    return pd.DataFrame(
        {
            "key": [str(k) for k in (*added, *removed, *changed.index)],
            "change": ["added"] * len(added) + ["removed"] * len(removed) + ["changed"] * len(changed),
            "fields": [""] * (len(added) + len(removed)) + list(changed),
        }
    )


def _comparable(column: pd.Series[Any]) -> NDArray[np.object_]:
    values = column.astype("object").to_numpy(copy=True)
    values[column.isna().to_numpy()] = None  # NA, NaN and NaT say the same: nothing
    return values


def as_stored(table: Any) -> pd.DataFrame:
    """Give the table as it will be read back: shapes as WKB, as the file has them."""
    plain: pd.DataFrame = table.to_wkb() if hasattr(table, "to_wkb") else table
    return plain
