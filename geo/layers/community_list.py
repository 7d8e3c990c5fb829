"""The project's communities: a versioned list of UATs, and where a list breaks what its version promises.

`load` reads a CSV or a sheet, `tidy` is pure. Versions and their promises are `data/atlas/communities_lists.toml`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.errors import UnknownCodeError, UnreadableFileError
from core.i18n import _
from core.reading.files import Field, read_table
from core.reading.tidied_table import Refusal, TidiedTable, first_refusal_per_row, rejects_table
from core.resources import DATA
from core.text import fold
from geo.gazetteer.uat_rows import UAT_FIELDS, match_rows

if TYPE_CHECKING:
    from pathlib import Path

    from geo.gazetteer.gazetteer import Gazetteer

LISTS_FILE = DATA / "atlas" / "communities_lists.toml"
CONTRACT = "contract"
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
BREACH_COLUMNS = ("promise", "where", "expected", "found", "message")


@dataclass(frozen=True)
class Promises:
    """What a version of the list promises; None where it says nothing."""

    version: str
    title: str
    communities: int | None = None
    towns: int | None = None
    communes: int | None = None
    counties: int | None = None
    rural_classes: tuple[int, ...] = ()


def load_promises(version: str = CONTRACT, path: Path = LISTS_FILE) -> Promises:
    """Read what a version promises. Raises UnknownCodeError, UnreadableFileError."""
    try:
        lists = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnreadableFileError(_("{file}: nu poate fi citit ({why}).").format(file=path.name, why=error)) from None
    if version not in lists:
        raise UnknownCodeError(
            _("Nu cunosc lista „{version}”. Alegeți una dintre: {known}.").format(
                version=version, known=", ".join(lists)
            )
        )
    said = lists[version]
    counts = {name: said.get(name) for name in ("communities", "towns", "communes", "counties")}
    return Promises(version, str(said["title"]), rural_classes=tuple(said.get("rural_classes", ())), **counts)


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
    rows = table[~raw["row"].isin(list(refused))].reset_index(drop=True)
    texts = dict.fromkeys(("name", "county", "kind", "status", "source", "note"), "str")
    return TidiedTable(rows.astype(texts), rejects_table(refused.values()), len(raw))


def check(communities: pd.DataFrame, promises: Promises, *, atlas: pd.DataFrame | None = None) -> pd.DataFrame:
    """Say where a list breaks its promises: a row a breach, none where it keeps them all.

    communities: COMMUNITY_COLUMNS. atlas: `geo.layers.atlas_layer.atlas_layer`; without it classes are not checked. A
    commune that the atlas does not know is a breach too; a town is not, for towns have no class of their own.

    Returns BREACH_COLUMNS: promise (communities, towns, communes, counties, rural_classes), where (the UAT, blank
    for a count), expected, found, message in words.
    """
    is_commune = communities["kind"] == "commune"
    counts = {
        "communities": (promises.communities, len(communities), _("comunități")),
        "towns": (promises.towns, int((~is_commune).sum()), _("orașe")),
        "communes": (promises.communes, int(is_commune.sum()), _("comune")),
        "counties": (promises.counties, communities["county"].nunique(), _("județe")),
    }
    breaches: list[dict[str, Any]] = [
        {
            "promise": name,
            "where": "",
            "expected": str(expected),
            "found": str(found),
            "message": _("{title} promite {expected} {things}, fișierul are {found}").format(
                title=_(promises.title), expected=expected, things=things, found=found
            ),
        }
        for name, (expected, found, things) in counts.items()
        if expected is not None and expected != found
    ]
    if atlas is not None and promises.rural_classes:
        breaches += _class_breaches(communities[is_commune], promises.rural_classes, atlas)
    return pd.DataFrame(breaches, columns=list(BREACH_COLUMNS)).astype("str")


def _class_breaches(communes: pd.DataFrame, expected: tuple[int, ...], atlas: pd.DataFrame) -> list[dict[str, Any]]:
    classes = communes["uat_siruta"].map(atlas.set_index("uat_siruta")["atlas_class"])
    words = _(" sau ").join(map(str, expected))
    breaches = []
    for name, county, found in zip(communes["name"], communes["county"], classes, strict=True):
        if pd.isna(found):
            said, message = "", _("{name} ({county}) nu este în atlas; se aștepta clasa {expected}")
        elif int(found) not in expected:
            said, message = str(int(found)), _("{name} ({county}) este de clasa {found}; se aștepta clasa {expected}")
        else:
            continue
        breaches.append(
            {
                "promise": "rural_classes",
                "where": f"{name}, {county}",
                "expected": words,
                "found": said,
                "message": message.format(name=name, county=county, found=said, expected=words),
            }
        )
    return breaches


def _text(raw: pd.DataFrame, name: str) -> pd.Series[str]:
    return raw[name].str.strip() if name in raw else pd.Series("", index=raw.index, dtype="str")
