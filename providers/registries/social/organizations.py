"""Accredited providers of social services: who they are and whether their accreditation still holds.

An import kind of its own: services imported later find their provider here by fiscal code (CUI).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from core.i18n import _, ngettext
from core.reading.fields import STATUS, Field
from core.reading.tidied_table import TidiedTable
from providers.registries import contacts, licences
from providers.registries.raw_rows import county_codes, or_na
from providers.registries.register_file import read_register
from providers.registries.row_validation import Check, duplicates, reject_rows
from providers.registries.social.social_rows import clean

if TYPE_CHECKING:
    from pathlib import Path

    from geo.gazetteer.gazetteer import Gazetteer

COLUMNS: dict[str, str] = {
    "cui": "fiscal code, digits, unique",
    "name": "name as published, spelled with ș and ț",
    "type": "public, private or as published; NA = not published",
    "county": "letters of the county of its seat; NA = not known",
    "licence": "number of the accreditation certificate; NA = not published",
    "status": "accredited, withdrawn or unknown",
}
FIELDS = (
    Field("cui", ("CUI", "CIF", "Cod fiscal", "cui_cif", "provider_cui", "Cod unic de înregistrare"), required=True),
    Field(
        "name",
        ("Denumire furnizor", "Nume furnizor", "Furnizor", "provider_name", "Denumirea furnizorului", "Denumire"),
        required=True,
    ),
    Field("type", ("Tip furnizor", "Tipul furnizorului", "provider_type", "Forma juridică")),
    Field("county", ("Județ", "Judet", "jud", "district")),
    Field(
        "licence",
        (
            "license_number", "Număr certificat", "Nr. certificat", "Serie și număr certificat", "Certificat",
            "certificate_serial_no", "Certificat de acreditare", "Serie certificat", "Număr licență",
        ),
    ),
    Field(
        "status", ("Stare", "Statut", "Situație", "Stare acreditare", "Status acreditare"), is_joined=True, role=STATUS
    ),
    Field("struck_off", ("Radiat", "Retras", "Radiat/retras", "Radiere", "Retragere", "Radiat sau retras")),
)  # fmt: skip
_NO = frozenset({"", "nu", "n", "0", "no", "false", "-"})


def load(path: Path) -> pd.DataFrame:
    """Read the register of accredited providers (Excel, CSV or XML) as text: FIELDS found, and `row`.

    Raises UnreadableFileError and MissingColumnError, both naming the file.
    """
    return read_register(path, FIELDS)


def tidy(raw: pd.DataFrame, gazetteer: Gazetteer) -> TidiedTable:
    """Shape raw rows into the table of COLUMNS, one row per fiscal code.

    A row without a fiscal code or a name is rejected, and so is each further row of the same code. Where
    such rows disagree about the accreditation it is `unknown`: no date says which of them is in force.
    """
    rows = _cleaned(raw)
    status = accreditation(rows)
    checks = [
        Check(rows["cui"] == "", "cui", rows["published_cui"], "missing", _("Se aștepta un cod fiscal, din cifre.")),
        Check(rows["name"] == "", "name", rows["name"], "missing", _("Furnizorul nu are nume.")),
    ]  # fmt: skip
    bad, rejects = reject_rows(rows["row"], [*checks, duplicates(rows["cui"], checks, field="cui")])
    table = pd.DataFrame(
        {
            "cui": rows["cui"],
            "name": rows["name"],
            "type": or_na(contacts.map_unique(rows["type"], _kind)),
            "county": county_codes(rows["county"], gazetteer),
            "licence": or_na(rows["licence"]),
            "status": [status.get(cui, "unknown") for cui in rows["cui"]],
        }
    )
    kept = table[~bad].astype(dict.fromkeys(COLUMNS, "str")).reset_index(drop=True)
    return TidiedTable(kept, rejects, len(raw), notes=_notes(kept))


def accreditation(rows: pd.DataFrame) -> dict[str, str]:
    """Return the status of accreditation of every provider.

    Who stands in the register without a word about it is accredited; what cannot be read is unknown.

    Parameters
    ----------
    rows
        `cui` (digits), `status` and `struck_off` in words, blank = not said.

    Returns
    -------
    dict of str to str
        `accredited`, `withdrawn` or `unknown` by fiscal code; unknown where rows of one code disagree.
    """
    words = {text: _accredited(text) for text in rows["status"].unique()}
    found: dict[str, set[str]] = {}
    for cui, text, off in zip(rows["cui"], rows["status"], rows["struck_off"], strict=True):
        gone = off.casefold().strip() not in _NO
        found.setdefault(cui, set()).add("withdrawn" if gone else words[text])
    return {cui: some.copy().pop() if len(some) == 1 else "unknown" for cui, some in found.items() if cui}


def statuses(raw: pd.DataFrame) -> dict[str, str]:
    """Status of accreditation by fiscal code, from what `load` returns."""
    return accreditation(_cleaned(raw))


def _accredited(text: str) -> str:
    if not text:
        return "accredited"
    status = licences.read_status(text)
    return status.accreditation if status else "unknown"


def _cleaned(raw: pd.DataFrame) -> pd.DataFrame:
    rows = pd.DataFrame({"row": range(1, len(raw) + 1)})
    if "row" in raw:
        numbers = pd.to_numeric(raw["row"], errors="coerce").reset_index(drop=True)
        if numbers.notna().all() and numbers.between(1, 2**53).all():
            rows["row"] = numbers.astype("int64")
    for field in FIELDS:
        texts = raw[field.name].tolist() if field.name in raw else [""] * len(raw)
        rows[field.name] = pd.Series([clean(t, 300) for t in texts], dtype="str")
    rows["published_cui"] = rows["cui"]
    rows["cui"] = contacts.map_unique(rows["cui"], contacts.fiscal_code)
    return rows


def _kind(text: str) -> str:
    folded = text.casefold()
    return "public" if folded.startswith("public") else "private" if folded.startswith("privat") else text


def _notes(table: pd.DataFrame) -> tuple[str, ...]:
    items = []
    if gone := int((table["status"] == "withdrawn").sum()):
        words = ngettext(
            "{n} furnizor are acreditarea retrasă sau este radiat.",
            "{n} furnizori au acreditarea retrasă sau sunt radiați.",
            gone,
        )
        items.append(words.format(n=gone))
    if unclear := int((table["status"] == "unknown").sum()):
        words = ngettext(
            "{n} furnizor are o stare a acreditării care nu se poate citi sau rânduri care se contrazic.",
            "{n} furnizori au o stare a acreditării care nu se poate citi sau rânduri care se contrazic.",
            unclear,
        )
        items.append(words.format(n=unclear))
    return tuple(items)
