"""Reading the cells of the general format: words of a vocabulary, whole numbers, dates, lists of codes.

Each reader returns the column as the table of services has it (missing where the cell is empty or
wrong) and the check that refuses the rows in which it is wrong.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.errors import UnknownCodeError
from core.i18n import _
from core.text import fold
from providers.registries import capacity_text
from providers.registries.licences import read_date, read_last_day, read_status
from providers.registries.row_validation import Check
from providers.rules import taxonomy
from providers.rules.schema import VOCABULARIES

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo.gazetteer.gazetteer import Gazetteer

# The Romanian words of the form beside the codes of the vocabularies, which are understood too.
WORDS: dict[str, dict[str, str]] = {
    "delivery": {"la sediu": "at_site", "la domiciliu": "at_home", "mobil": "mobile", "la distanță": "remote"},
    "service_area": {
        "UAT propriu": "own_uat",
        "județ": "county",
        "listă": "listed",
        "regiune": "region",
        "țară": "nation",
    },
    "access_route": {"direct": "direct", "decizie": "decision", "trimitere": "medical"},
    "sex": {"F": "F", "M": "M", "femei": "F", "bărbați": "M", "feminin": "F", "masculin": "M"},
    "capacity_unit": {"locuri": "places", "pe zi": "per_day", "pe lună": "per_month"},
    "capacity_model": {"locuri": "places", "fără limită": "open", "după evaluare": "assess"},
    "licence_status": {
        "activă": "active",
        "suspendată": "suspended",
        "retrasă": "withdrawn",
        "necunoscută": "unknown",
    },
    "accreditation_status": {"acreditat": "accredited", "retrasă": "withdrawn", "necunoscută": "unknown"},
    "operating_status": {"deschis": "open", "închis": "closed"},
}
_LISTED = 30  # codes that a message can still name


def service_types(text: pd.Series[Any], title: str, registry: str) -> tuple[pd.Series[Any], Check]:
    """Read each type by its code or its name, among those of the registry."""
    own = [each for each in taxonomy.service_types().values() if each.registry == registry]
    by_code = {each.service_type: each.service_type for each in own}
    by_name = {fold(name): each.service_type for each in own for name in (each.official_name, each.name)}

    def code(cell: str) -> str | None:
        return by_code.get(taxonomy.tidy_code(cell)) or by_name.get(fold(cell))

    listed = ", ".join(by_code) if len(by_code) < _LISTED else _("codurile din service_types.csv")
    expected = _("Tip de serviciu necunoscut în acest registru; se așteaptă: {codes}.").format(codes=listed)
    column, check = _read(text, code, "service_type", title, "unknown_code", expected)
    return column, replace(check, bad=column.isna())


def capacities(text: pd.Series[Any], unit: pd.Series[Any]) -> pd.DataFrame:
    """Read capacities as `providers.registries.capacity_text` does; what cannot be read is unknown and flagged.

    unit: the unit stated in a column of its own, which goes before the one written beside the number.
    Returns places_max, capacity_unit, capacity_text and capacity_flag.
    """
    read = {cell: capacity_text.parse(cell) for cell in text.unique()}
    found = [read[cell] for cell in text]
    known = pd.Series([each.places_max is not None for each in found], index=text.index, dtype="bool")
    own = pd.Series([each.unit for each in found], index=text.index, dtype="object")
    return pd.DataFrame(
        {
            "places_max": pd.array([each.places_max for each in found], dtype="Int64"),
            "capacity_unit": unit.fillna(own).where(known, None),
            "capacity_text": text.where(text != "", None),
            "capacity_flag": [each.flag for each in found],
        },
        index=text.index,
    )


def choices(text: pd.Series[Any], name: str, title: str) -> tuple[pd.Series[Any], Check]:
    """Read a column of the vocabulary `name`, by our codes or by the Romanian words of WORDS."""
    known = {fold(code.replace("_", " ")): code for code in VOCABULARIES[name]}
    known |= {fold(word): code for word, code in WORDS[name].items()}
    expected = _("Valoare necunoscută; se așteaptă: {words}.").format(words=", ".join(WORDS[name]))

    def code(cell: str) -> str | None:
        found = known.get(fold(cell.replace("_", " ")))
        if found is None and name == "licence_status":  # as the social register writes it
            status = read_status(cell)
            return status.licence if status is not None and status.licence != "unknown" else None
        return found

    return _read(text, code, name, title, "unknown_code", expected)


def wholes(text: pd.Series[Any], title: str, most: int) -> tuple[pd.Series[Any], Check]:
    """Read whole numbers from 0 to `most`, as Int64."""
    expected = _("Se așteaptă un număr întreg, cel mult {most}.").format(most=most)

    def whole(cell: str) -> int | None:
        return int(cell) if re.fullmatch(r"[0-9]{1,9}", cell) and int(cell) <= most else None

    column, check = _read(text, whole, str(text.name), title, "bad_number", expected)
    return column.astype("Int64"), check


def dates(text: pd.Series[Any], title: str) -> tuple[pd.Series[Any], Check]:
    """Read days written 2025-01-31 or 31.01.2025."""
    expected = _("Se așteaptă o zi, scrisă 2025-01-31 sau 31.01.2025.")
    read = read_last_day if text.name == "licence_until" else read_date
    column, check = _read(text, read, str(text.name), title, "bad_date", expected)
    return pd.to_datetime(column).astype("datetime64[us]"), check


def groups(text: pd.Series[Any], title: str) -> tuple[pd.Series[Any], Check]:
    """Read lists of beneficiary groups, `;` between codes (ours or the social register's)."""

    def codes(cell: str) -> str | None:
        try:
            return ";".join(dict.fromkeys(taxonomy.group(part).group for part in _parts(cell)))
        except UnknownCodeError:
            return None

    expected = _("Grup necunoscut; se așteaptă coduri din beneficiary_groups.csv, cu punct și virgulă între ele.")
    return _read(text, codes, "groups", title, "unknown_code", expected)


def areas(text: pd.Series[Any], title: str, gazetteer: Gazetteer) -> tuple[pd.Series[Any], Check]:
    """Read lists of served areas, `;` between SIRUTA codes of UATs and letters or names of counties."""
    units = {str(code) for code in gazetteer.uats["uat_siruta"]}

    def codes(cell: str) -> str | None:
        read = [part if part in units else gazetteer.county_code(part) for part in _parts(cell)]
        return ";".join(dict.fromkeys(str(each) for each in read)) if read and all(read) else None

    expected = _(
        "Zonă necunoscută; se așteaptă coduri SIRUTA de UAT sau litere de județ, cu punct și virgulă între ele."
    )
    return _read(text, codes, "areas_served", title, "unknown_code", expected)


def age_band(age_min: pd.Series[Any], age_max: pd.Series[Any], title: str) -> Check:
    """Check that the oldest age is not below the youngest."""
    bad = (age_max < age_min).fillna(value=False)
    return Check(bad, title, age_max, "bad_number", _("Vârsta maximă este sub cea minimă."))


def period(first: pd.Series[Any], last: pd.Series[Any], title: str) -> Check:
    """Check that the last day is not before the first."""
    bad = (last < first).fillna(value=False)
    return Check(bad, title, last.dt.strftime("%Y-%m-%d"), "bad_date", _("Ultima zi este înaintea celei dintâi."))


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;,]", cell) if part.strip()]


def _read(
    text: pd.Series[Any], read: Callable[[str], Any], name: str, title: str, reason: str, expected: str
) -> tuple[pd.Series[Any], Check]:
    known = {cell: read(cell) if cell else None for cell in text.unique()}
    column = pd.Series([known[cell] for cell in text], index=text.index, dtype="object", name=name)
    return column, Check((text != "") & column.isna(), title, text, reason, expected)
