"""The project's communities: a versioned list of UATs, and where a list breaks what its version promises.

`load` reads a CSV or a sheet, `tidy` is pure. Versions and their promises are `data/atlas/communities_lists.toml`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from core.i18n import _
from core.reading.fields import Field
from core.reading.tables import read_table
from core.reading.tidied_table import Refusal, TidiedTable, first_refusal_per_row, rejects_table
from core.text import fold
from geo.gazetteer.uat_rows import UAT_FIELDS, match_rows

if TYPE_CHECKING:
    from pathlib import Path

    from geo.gazetteer.gazetteer import Gazetteer

COMMUNITY_COLUMNS = {
    "uat_siruta": "SIRUTA of the commune or town",
    "name": "name as SIRUTA prints it",
    "county": "letters of the county",
    "kind": "commune, town, municipality or sector",
    "status": "confirmed (named in public or by the project) or invented (for the demonstration)",
    "source": "where that it is a community is said; blank for an invented one",
    "note": "what the source says of it",
    "source_row": "row of the source file, 1 = first data row",
}
FIELDS = (
    *UAT_FIELDS,
    Field("status", ("Stare", "Statut", "Confirmare")),
    Field("source", ("Sursa", "source_url", "Referință")),
    Field("note", ("Observații", "Notă", "evidence")),
)
_STATUSES = {
    **dict.fromkeys(("", "confirmed", "confirmat", "confirmata"), "confirmed"),
    **dict.fromkeys(("invented", "inventat", "inventata", "demonstrativ"), "invented"),
}


def load(path: Path, gazetteer: Gazetteer) -> TidiedTable:
    """Read a list of communities from a CSV or a sheet; see `tidy`. Raises UnreadableFileError, MissingColumnError."""
    return tidy(read_table(path, FIELDS, any_of=("siruta", "name")), gazetteer)


def tidy(raw: pd.DataFrame, gazetteer: Gazetteer) -> TidiedTable:
    """Make a list of communities of raw text rows: a table of COMMUNITY_COLUMNS.

    raw: `row`, `siruta` or `name` and `county`, perhaps `status` (blank: confirmed), `source`, `note`. Refused:
    what `geo.gazetteer.uat_rows.match_rows` refuses, and an unknown status.
    """
    matched = match_rows(raw, gazetteer)
    uats = gazetteer.uats.set_index("uat_siruta")
    text = {name: _text(raw, name) for name in ("status", "source", "note")}
    status = text["status"].map(lambda t: _STATUSES.get(fold(t)))
    unknown = [
        Refusal(int(row), "status", value, "unknown_code", _("starea este „confirmed” sau „invented”"))
        for row, value, known in zip(raw["row"], text["status"], status, strict=True)
        if not isinstance(known, str)
    ]
    refused = first_refusal_per_row([*matched.refusals, *unknown])
    table = pd.DataFrame(
        {
            "uat_siruta": matched.uat_siruta,
            **{name: matched.uat_siruta.map(uats[name]) for name in ("name", "county", "kind")},
            "status": status,
            "source": text["source"],
            "note": text["note"],
            "source_row": raw["row"].astype("Int64"),
        }
    )
    rows = table.loc[~raw["row"].isin(list(refused)), list(COMMUNITY_COLUMNS)].reset_index(drop=True)
    texts = dict.fromkeys(("name", "county", "kind", "status", "source", "note"), "str")
    return TidiedTable(rows.astype(texts), rejects_table(refused.values()), len(raw))


def _text(raw: pd.DataFrame, name: str) -> pd.Series[str]:
    return raw[name].str.strip() if name in raw else pd.Series("", index=raw.index, dtype="str")
