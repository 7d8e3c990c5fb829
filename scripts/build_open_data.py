"""Build the embedded open registers and the courts' territory from the files as their publishers wrote them.

    python scripts/build_open_data.py REGISTERS [--out DIR]

REGISTERS is a folder that holds the published files under the names in `FILES` below. Only registers whose licence
lets them be embedded are built (`data/providers/open_*.csv.gz`, `court_areas.csv`); each keeps its publisher's cells
as text, in the columns that our readers use, so that `harta init --open-data` imports it as anybody would import the
published file. Nothing is placed, guessed or mended here. The same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from core.text import spell  # noqa: E402  (the path above first)
from geo.gazetteer.gazetteer import load_gazetteer  # noqa: E402
from providers.registries import education, employment, medical  # noqa: E402
from scripts.embedded_data import build_cards  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.reading.fields import Field

TOWN_HALL, COURT = "AUT-PRIM", "AUT-COURT"
_BUCHAREST = 179132


@dataclass(frozen=True)
class OpenFile:
    """One embedded register: where its published file lies, what it is called here, how it is shortened, its card."""

    published: str
    name: str
    make: Callable[[Path], pd.DataFrame]
    card: build_cards.Card


def main() -> None:
    """Build every open register."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("registers", type=Path, help="folder with the published files")
    parser.add_argument("--out", type=Path, default=ROOT / "data", help="where data/ goes")
    arguments = parser.parse_args()
    if missing := [each.published for each in FILES if not (arguments.registers / each.published).exists()]:
        parser.error(f"{arguments.registers} lacks {', '.join(missing)}")
    for each in FILES:
        build(each, arguments.registers, arguments.out)


def build(each: OpenFile, registers: Path, out: Path) -> Path:
    """Write one open register and its card; return where."""
    table = each.make(registers / each.published)
    text = table.to_csv(index=False, lineterminator="\n").encode()
    path = out / "providers" / each.name
    build_cards.write(gzip.compress(text, compresslevel=9, mtime=0) if path.suffix == ".gz" else text, path, each.card)
    return path


def schools(path: Path) -> pd.DataFrame:
    """Return the school network in the columns that `providers.registries.education` reads."""
    table = education.load(path).table
    table = table.assign(short_name=table["short_name"].where(table["name"] == "", ""))
    return _titled(table, education.FIELDS)


def hospitals(path: Path) -> pd.DataFrame:
    """Return Eurostat's hospitals in the columns that `providers.registries.medical` reads."""
    return _titled(medical.load(path).table, medical.FIELDS)


def employment_agencies(path: Path) -> pd.DataFrame:
    """Return the county employment agencies in the columns that `providers.registries.employment` reads."""
    return _titled(employment.load(path).table, employment.FIELDS)


def _titled(table: pd.DataFrame, fields: Sequence[Field]) -> pd.DataFrame:
    """Return the columns that say anything, under the titles by which the reader knows them."""
    said = [f for f in fields if f.name in table and (f.required or (table[f.name].fillna("") != "").any())]
    return table[[f.name for f in said]].set_axis([f.titles[0] for f in said], axis=1)


def town_halls(path: Path) -> pd.DataFrame:
    """Return the town halls' contacts in the general format; telephones and addresses as they were published.

    Line breaks within a cell become `; ` (telephones) or a space. The municipality of Bucharest has no code in the
    file and gets its own.
    """
    raw = pd.read_csv(path, dtype="str", keep_default_na=False)
    code = raw["SIRUTA"].where(raw["SIRUTA"] != "", str(_BUCHAREST))
    mail = raw["E-mail general"].where(raw["E-mail general"] != "", raw["E-mail registratura"])
    table = pd.DataFrame(
        {
            "Cod": "PRIM-" + code,
            "Tip serviciu": TOWN_HALL,
            "Denumire": "Primăria " + raw["Localitate"].map(_close),
            "Județ": raw["Judet"].map(_close),
            "Cod SIRUTA": code,
            "Adresă": raw["Adresa"].map(_close),
            "Telefon": raw["Telefon"].str.strip().str.replace(r"\s*[\r\n]+\s*", "; ", regex=True),
            "E-mail": mail.map(_close),
            "Pagină web": raw["Website"].map(_close),
        }
    )
    return table.sort_values("Cod", key=lambda keys: keys.str.removeprefix("PRIM-").astype(int), ignore_index=True)


def _close(text: str) -> str:
    return " ".join(spell(text).split())


def courts(path: Path) -> pd.DataFrame:
    """Return the territory of the first-instance courts, a row a court: see `check_courts` for what is checked.

    Columns: `service_type`, `name`, `county` (letters), `seat_siruta`, `areas_served` (UATs, `;` between codes),
    `is_suspended`. A court that is suspended and serves nobody keeps its row, so that nobody takes it for forgotten.
    """
    raw = pd.read_csv(path, dtype="str", keep_default_na=False)
    check_courts(raw)
    grouped = raw.groupby(["county", "court", "seat_siruta", "suspended"], sort=True)["siruta"]
    areas = grouped.agg(lambda codes: ";".join(sorted(filter(None, codes), key=int))).reset_index()
    return pd.DataFrame(
        {
            "service_type": COURT,
            "name": areas["court"].map(_close),
            "county": areas["county"],
            "seat_siruta": areas["seat_siruta"],
            "areas_served": areas["siruta"],
            "is_suspended": areas["suspended"].map({"0": "false", "1": "true"}),
        }
    )


def check_courts(raw: pd.DataFrame) -> None:
    """Raise ValueError unless every UAT belongs to one court, exists, and lies in the court's own county."""
    uats = load_gazetteer().uats
    county = dict(zip(uats["uat_siruta"].astype("str"), uats["county"], strict=True))
    listed = raw[raw["siruta"] != ""]
    if twice := sorted(listed.loc[listed["siruta"].duplicated(), "siruta"]):
        raise ValueError(f"UATs of two courts: {twice}")
    codes = zip(listed["siruta"], listed["county"], strict=True)
    if wrong := sorted(code for code, letters in codes if county.get(code) != letters):
        raise ValueError(f"UATs that are unknown or of another county than their court: {wrong}")
    if unknown := sorted(set(raw["seat_siruta"]) - set(county)):
        raise ValueError(f"seats that are no UAT: {unknown}")


FILES = (
    OpenFile(
        "education/retea-scolara-2024-2025.xlsx",
        "open_education.csv.gz",
        schools,
        build_cards.Card(
            "Rețeaua școlară 2024–2025",
            publisher="Ministerul Educației (SIIIR)",
            url="https://data.gov.ro",
            licence="CC-BY-4.0",
            notes="Every unit of the published sheet, cells as published; columns without use to us left out. The "
            "publisher states the school year only: as_of is the day on which it began.",
            synthetic=False,
            as_of="2024-09-09",
        ),
    ),
    OpenFile(
        "health/hospitals_eurostat_2020.csv",
        "open_hospitals.csv.gz",
        hospitals,
        build_cards.Card(
            "Spitale cu paturi (Eurostat; listă incompletă)",
            publisher="Eurostat (GISCO)",
            url="https://ec.europa.eu/eurostat/web/gisco/geodata/basic-services",
            licence="Eurostat, reuse with acknowledgement",
            notes="A sample of the hospitals of Romania, not the whole network. as_of is the publication date that "
            "its rows state.",
            synthetic=False,
            as_of="2020-04-16",
        ),
    ),
    OpenFile(
        "employment/ajofm_county_agencies_2025.csv",
        "open_employment.csv.gz",
        employment_agencies,
        build_cards.Card(
            "Agențiile județene pentru ocuparea forței de muncă",
            publisher="Agenția Națională a Funcționarilor Publici, lista instituțiilor deconcentrate",
            url="https://www.anfp.gov.ro",
            licence="official list of public institutions",
            notes="Name, county and seat of 37 agencies; Alba, Bihor, Gorj, Neamț and Timiș are not in the list. The "
            "list states its year only: as_of is the first day of it.",
            synthetic=False,
            as_of="2025-01-01",
        ),
    ),
    OpenFile(
        "authorities/town_halls_2020.csv",
        "open_town_halls.csv.gz",
        town_halls,
        build_cards.Card(
            "Date de contact ale primăriilor",
            publisher="geo-spatial.org (date-contact-localitati)",
            url="https://github.com/geospatialorg/date-contact-localitati",
            licence="CC0-1.0",
            notes="Commit 527ca21, date_de_contact_localitati.csv, in the general format of our imports. Telephones "
            "as published (many without their leading 0, several joined): the import mends them. The publisher "
            "states December 2020: as_of is its first day.",
            synthetic=False,
            as_of="2020-12-01",
        ),
    ),
    OpenFile(
        "justice/judecatorii_arondare_hg1217_2023.csv",
        "court_areas.csv",
        courts,
        build_cards.Card(
            "Localitățile din circumscripțiile judecătoriilor (HG 1217/2023)",
            publisher="Guvernul României, HG 1217/2023",
            url="https://legislatie.just.ro/",
            licence="official act (Law 8/1996, art. 9)",
            notes="Facts of the act's annex, from a transcription by a third party (romania-reforms @ 23cc80a). "
            "Checked by the builder: every UAT once, every code known, counties agree. Not compared line by line "
            "with the printed annex: each row says so (flag area_transcribed). Capu Câmpului and Gologanu are not "
            "in the act. as_of is the last day of the year of the act.",
            synthetic=False,
            as_of="2023-12-31",
        ),
    ),
)


if __name__ == "__main__":
    main()
