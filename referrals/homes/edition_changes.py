"""What an edition changes against the one before it, and the rows that it refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from core.storage.differences import HIDDEN_KEY
from core.storage.editions import REJECTS_FILE, EditionStore

if TYPE_CHECKING:
    from core.storage.editions import Edition
    from core.storage.home import Home

CHANGE_COLUMNS = ("key", "label", "change", "fields")
_PROTECTED_ROW = "(adresă protejată)"


def changes(home: Home, edition: Edition) -> pd.DataFrame:
    """List what an edition changes against the one before it: CHANGE_COLUMNS.

    label: the name of the row, after the change where it has one; of a service with a protected address, before
    or after, only that it has one, and its key is a number. change: added, removed or changed. fields: `;` between
    them.
    """
    if "changes" not in edition.tables():
        return pd.DataFrame(columns=list(CHANGE_COLUMNS), dtype="str")
    frame = edition.table("changes")
    main = _main_table(edition)
    labels: dict[str, str] = {}
    secret: set[str] = set()
    for each in (_previous(home, edition), edition):
        if each is not None and main in each.tables():
            table = each.table(main)
            keys = table[_key(table)].astype("str")
            labels |= dict(zip(keys, _labels(table), strict=True))
            if "is_secret" in table:
                secret |= set(keys[table["is_secret"].to_numpy(bool)])
    named = frame["key"].map(labels)
    # An edition of an older version has the keys of protected rows. Those of one whose predecessor is gone may be.
    older = frame["key"].isin(secret) | (named.isna() & (frame["change"] == "removed") & bool(secret))
    frame = frame[~(older & (frame["change"] == "changed"))]
    older = older.reindex(frame.index)
    hidden = older | frame["key"].str.startswith(HIDDEN_KEY)
    numbered = HIDDEN_KEY + hidden.groupby(hidden).cumcount().add(1).astype("str")
    table = frame.assign(
        key=frame["key"].mask(older, numbered),
        label=named.reindex(frame.index).fillna("").mask(hidden, _PROTECTED_ROW).astype("str"),
        fields=frame["fields"].mask(hidden, "").astype("str"),
    )
    return table[list(CHANGE_COLUMNS)].reset_index(drop=True)


def _previous(home: Home, edition: Edition) -> Edition | None:
    name = edition.manifest.previous
    known = {e.manifest.edition: e for e in EditionStore(home).editions(edition.slot)}
    return known.get(name) if name else None


def _main_table(edition: Edition) -> str:
    others = ("changes", "rejects", "map", "withdrawn", "matches")
    named = [table for table in edition.tables() if table not in others]
    kind = edition.manifest.kind
    for wanted in ("services", kind, "atlas"):
        if wanted in named:
            return wanted
    return named[0] if named else ""


def _key(table: pd.DataFrame) -> str:
    return next(c for c in ("service_id", "area_id", "locality_siruta", "cui", "uat_siruta", "road_id") if c in table)


def _labels(table: pd.DataFrame) -> Any:
    name = table["name"].fillna("").astype("str") if "name" in table else pd.Series("", index=table.index)
    return name + " (" + table["county"].fillna("–").astype("str") + ")" if "county" in table else name


def rejects_file(edition: Edition) -> bytes | None:
    """Return the rows that were refused as a CSV file, None where there are none."""
    path = edition.folder / REJECTS_FILE
    if not edition.manifest.rows_rejected or not path.exists():
        return None
    edition.require_unchanged(REJECTS_FILE)
    return path.read_bytes()
