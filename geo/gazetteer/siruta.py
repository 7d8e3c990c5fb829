"""SIRUTA, the register of administrative units: counties, UATs and localities, without points.

The rows come with the PyPI package `sirutalib` (its `siruta.csv`, the national institute's edition); the
letters, regions and seats of the counties from `data/atlas/counties.csv`.
"""

from __future__ import annotations

import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from core.errors import MissingColumnError, UnreadableFileError
from core.i18n import _
from core.resources import DATA
from core.text import title_ro

BUCHAREST = 179132  # the municipality: the one UAT whose localities are sectors, none of them its seat
COUNTIES_FILE = DATA / "atlas" / "counties.csv"

_LEVEL_UAT, _LEVEL_LOCALITY = 2, 3
_UAT_KIND = {1: "municipality", 2: "town", 3: "commune", 4: "municipality", 9: "municipality"}
_LOCALITY_TYPE = {
    6: "sector",
    9: "municipality_seat",
    10: "municipality_part",
    11: "municipality_village",
    17: "town_seat",
    18: "town_part",
    19: "town_village",
    22: "commune_seat",
    23: "village",
}
# Official names, said the same in every language of the screen: „comuna Parincea”.
_FULL_NAME = {
    "municipality": "municipiul {name}",
    "town": "orașul {name}",
    "commune": "comuna {name}",
    "sector": "{name}, București",
}
_SEATS = ("municipality_seat", "town_seat", "commune_seat")
_KIND_WORD = re.compile(r"^(MUNICIPIUL|ORAȘ|COMUNA)\s+")
_INITIAL = re.compile(r"\.\s*(\w)")  # C.A.ROSETTI is printed C. A. Rosetti
_SECTOR = re.compile(r"^BUCUREȘTI SECTORUL (\d)$")
_COLUMNS = ["SIRUTA", "DENLOC", "JUD", "SIRSUP", "TIP", "NIV", "MED"]


@dataclass(frozen=True)
class Siruta:
    """The three levels as tables; see `tidy` for their columns."""

    counties: pd.DataFrame
    uats: pd.DataFrame
    localities: pd.DataFrame


def load(counties_file: Path = COUNTIES_FILE) -> Siruta:
    """Read the register that comes with `sirutalib` and the table of counties."""
    return tidy(_read(siruta_file()), pd.read_csv(counties_file))


def siruta_file() -> Path:
    """Find the register's CSV beside the installed module, without running the module's slow parser."""
    spec = importlib.util.find_spec("sirutalib")
    if spec is None or spec.origin is None:
        raise UnreadableFileError(_("Lipsește pachetul „sirutalib”, din care vine nomenclatorul SIRUTA."))
    return Path(spec.origin).with_name("siruta.csv")


def _read(path: Path) -> pd.DataFrame:
    try:
        raw = pd.read_csv(path, sep=";", encoding="utf-8", usecols=lambda c: c in _COLUMNS)
    except (OSError, ValueError) as error:
        raise UnreadableFileError(
            _("{file}: nomenclatorul SIRUTA nu poate fi citit ({why}).").format(file=path.name, why=error)
        ) from None
    missing = [c for c in _COLUMNS if c not in raw]
    if missing:
        raise MissingColumnError(
            _("{file}: lipsesc coloanele {missing}.").format(file=path.name, missing=", ".join(missing))
        )
    return raw


def tidy(raw: pd.DataFrame, counties: pd.DataFrame) -> Siruta:
    """Shape the register's rows into counties, UATs and localities.

    raw: SIRUTA, DENLOC (upper case), JUD (number of the county), SIRSUP (code of the parent), TIP, NIV, MED.
    counties: as `data/atlas/counties.csv`.

    The sectors of Bucharest are localities in the register. They count as UATs of their own here too (kind
    `sector`, `parent_uat_siruta` the municipality), because town halls, boundaries and people know them as such,
    and each is its own only locality. The municipality stays as a UAT without a seat.
    """
    letters = counties.set_index("siruta_number")["county"]
    rows = raw.assign(county=raw["JUD"].map(letters), name=_printed(raw["DENLOC"]))
    localities = _localities(rows[rows["NIV"] == _LEVEL_LOCALITY])
    uats = _uats(rows[rows["NIV"] == _LEVEL_UAT], localities)
    return Siruta(counties, uats, localities)


def _printed(official: pd.Series) -> pd.Series:
    """Print official upper-case names as in a sentence, without the words municipality and town."""

    def printed(name: str) -> str:
        if sector := _SECTOR.match(name):
            return f"Sectorul {sector[1]}"
        words = title_ro(_KIND_WORD.sub("", name))
        return _INITIAL.sub(lambda initial: f". {initial[1].upper()}", words)

    unique = pd.Series(official.unique())
    return official.map(dict(zip(unique, unique.map(printed), strict=True)))


def _localities(rows: pd.DataFrame) -> pd.DataFrame:
    kind = rows["TIP"].map(_LOCALITY_TYPE)
    is_sector = kind == "sector"
    return pd.DataFrame(
        {
            "locality_siruta": rows["SIRUTA"],
            "name": rows["name"],
            "uat_siruta": rows["SIRSUP"].where(~is_sector, rows["SIRUTA"]),
            "county": rows["county"],
            "type": kind,
            "is_seat": kind.isin(_SEATS) | is_sector,
        }
    ).reset_index(drop=True)


def _uats(rows: pd.DataFrame, localities: pd.DataFrame) -> pd.DataFrame:
    kind = rows["TIP"].map(_UAT_KIND)
    uats = pd.DataFrame(
        {
            "uat_siruta": rows["SIRUTA"],
            "name": rows["name"],
            "county": rows["county"],
            "kind": kind,
            "is_urban": rows["MED"] == 1,
        }
    )
    sectors = localities[localities["type"] == "sector"]
    uats = pd.concat(
        [uats, sectors[["uat_siruta", "name", "county"]].assign(kind="sector", is_urban=True)], ignore_index=True
    )
    seats = localities[localities["is_seat"]].set_index("uat_siruta")["locality_siruta"]
    uats["seat_locality_siruta"] = uats["uat_siruta"].map(seats).astype("Int64")
    uats["parent_uat_siruta"] = pd.array([BUCHAREST if k == "sector" else None for k in uats["kind"]], "Int64")
    uats.insert(2, "full_name", _full_names(uats))
    return uats


def _full_names(uats: pd.DataFrame) -> pd.Series:
    return pd.Series(
        [_FULL_NAME[k].format(name=n) for k, n in zip(uats["kind"], uats["name"], strict=True)], index=uats.index
    )
