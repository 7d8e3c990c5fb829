"""What a name says of a service where its register has no column for it: lines of care, another kind, whose town.

Three tables under `data/providers/` hold the patterns, matched in names as `core.text.fold` writes them:
`hospital_profiles.csv` (what a hospital treats), `name_checks.csv` (names that contradict their code) and
`provider_areas.csv` (whom a provider serves). A specialist changes a rule by editing one row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from core.i18n import _
from core.reading.curated_tables import FOLDER, read_rows
from core.text import fold
from providers.rules.schema import VOCABULARIES

if TYPE_CHECKING:
    from pathlib import Path

    from core.reading.curated_tables import CuratedRow

HOSPITAL_LINES = (
    "general", "emergency", "emergency_child", "obstetrics", "paediatrics", "psychiatry", "child_psychiatry", "lungs",
    "infectious", "dialysis", "oncology", "rehabilitation", "chronic", "palliative", "single",
)  # fmt: skip
_EVERY_CODE = "*"


@dataclass(frozen=True)
class HospitalProfile:
    """A pattern of hospitals' names and the lines of care it tells. is_only: such a hospital treats nothing else."""

    pattern: re.Pattern[str]
    lines: tuple[str, ...]
    is_only: bool


@dataclass(frozen=True)
class NameCheck:
    """Codes (beginnings; empty = every one) that a name of this pattern contradicts, and what the name says."""

    codes: tuple[str, ...]
    pattern: re.Pattern[str]
    says: str


@dataclass(frozen=True)
class ProviderArea:
    """A pattern of providers' names, and whom such a provider serves by home."""

    pattern: re.Pattern[str]
    service_area: str


def _pattern(row: CuratedRow) -> re.Pattern[str]:
    text = row.text("pattern")
    if not text.isascii() or text != text.lower():
        raise row.cell_error("pattern", _("litere mici fără diacritice"))
    return re.compile(text)


@cache
def hospital_profiles(folder: Path = FOLDER) -> tuple[HospitalProfile, ...]:
    """Return the patterns of hospitals' names, in the order in which they are tried."""
    rows = read_rows(folder / "hospital_profiles.csv", ("pattern", "lines", "is_only", "basis"))
    known = dict.fromkeys(HOSPITAL_LINES)
    return tuple(
        HospitalProfile(_pattern(row), row.keys("lines", known, "HOSPITAL_LINES"), row.flag("is_only")) for row in rows
    )


@cache
def name_checks(folder: Path = FOLDER) -> tuple[NameCheck, ...]:
    """Return the names that contradict a code, in the order in which they are tried."""
    rows = read_rows(folder / "name_checks.csv", ("codes", "pattern", "says", "basis"))
    return tuple(
        NameCheck(() if row.text("codes") == _EVERY_CODE else row.codes("codes"), _pattern(row), row.text("says"))
        for row in rows
    )


@cache
def provider_areas(folder: Path = FOLDER) -> tuple[ProviderArea, ...]:
    """Return the patterns of providers' names, in the order in which they are tried."""
    rows = read_rows(folder / "provider_areas.csv", ("pattern", "service_area", "basis"))
    return tuple(ProviderArea(_pattern(row), row.choice("service_area", VOCABULARIES["service_area"])) for row in rows)


@cache
def lines_of_hospital(name: str) -> frozenset[str]:
    """Return what a hospital treats by its name; empty where the name does not say.

    A name that tells one specialty ends the search: a municipal hospital of psychiatry is one of psychiatry.

    Parameters
    ----------
    name
        Name of a hospital as published.

    Returns
    -------
    frozenset of str
        Lines of HOSPITAL_LINES.

    Examples
    --------
    >>> sorted(lines_of_hospital("Spitalul de Pneumoftiziologie Bacău")), sorted(lines_of_hospital("Spitalul X"))
    (['lungs'], [])
    """
    folded = fold(name)
    own = [profile for profile in hospital_profiles() if profile.pattern.search(folded)]
    only = [profile for profile in own if profile.is_only]
    return frozenset(line for profile in (only or own) for line in profile.lines)


@cache
def contradiction(service_type: str, name: str, organization: str) -> str:
    """Return what kind of service a name or its provider tells where the code tells another; empty where they agree.

    >>> contradiction("8730CR-V-III", "Locuință protejată pentru adulți cu handicap", "DGASPC")
    'pentru adulți cu dizabilități'
    """
    folded = fold(f"{name} {organization}")
    for check in name_checks():
        if (not check.codes or service_type.startswith(check.codes)) and check.pattern.search(folded):
            return check.says
    return ""


@cache
def area_of_provider(organization: str) -> str | None:
    """Return whom a provider serves by home, by its name; None where nothing is known.

    >>> area_of_provider("Direcția Generală de Asistență Socială și Protecția Copilului Argeș")
    'county'
    >>> area_of_provider("Asociația Exemplu") is None
    True
    """
    folded = fold(organization)
    return next((each.service_area for each in provider_areas() if each.pattern.search(folded)), None)
