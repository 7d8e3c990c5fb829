"""The written examples of access: a small made-up world of services, and the questions asked of it.

`examples/world.csv` names services by short keys at real places; the offices of the law are added to them.
`examples/access_examples.csv` holds one question a row, with what has to be answered and what must not be.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from geo.gazetteer.gazetteer import Gazetteer, Place
from providers.authorities import authorities
from providers.catalogue.availability import availability
from providers.catalogue.catalogue import Catalogue, make_catalogue
from providers.catalogue.eligibility import REASONS, refusals
from providers.catalogue.snapshot import Snapshot
from providers.finder.answer import Answer, Query
from providers.finder.finder import find
from providers.rules import taxonomy
from providers.rules.person import Person
from providers.rules.schema import services_table
from tests.worlds.twins.obvious_finder import NOW, TODAY, capacity_table

FOLDER = Path(__file__).parents[2] / "providers" / "examples"
_TEXTS = (
    "county_served", "service_area", "delivery", "access_route", "sex", "groups", "licence_from", "licence_until",
    "licence_status", "accreditation_status", "operating_status",
)  # fmt: skip


@dataclass(frozen=True)
class Example:
    """One row of the table: the cells as written."""

    number: int
    cells: dict[str, str]

    def ids(self, column: str) -> list[str]:
        return [part.strip() for part in self.cells[column].split(";") if part.strip()]

    def __str__(self) -> str:
        return f"{self.number}: {self.cells['story']}"


def examples() -> list[Example]:
    with (FOLDER / "access_examples.csv").open(encoding="utf-8", newline="") as handle:
        return [Example(number, row) for number, row in enumerate(csv.DictReader(handle), start=1)]


def world(gazetteer: Gazetteer) -> pd.DataFrame:
    """Every service of world.csv and every office of the law, as a table of services."""
    with (FOLDER / "world.csv").open(encoding="utf-8", newline="") as handle:
        listed = services_table([_service(n, row, gazetteer) for n, row in enumerate(csv.DictReader(handle), start=1)])
    offices = authorities.without_registered(authorities.derive(gazetteer), listed)
    return pd.concat([listed, offices], ignore_index=True)


def _service(number: int, row: dict[str, str], gazetteer: Gazetteer) -> dict[str, object]:
    place = gazetteer.resolve(row["place"])
    areas = [str(gazetteer.resolve(name).uat_siruta) for name in row["areas_served"].split(";") if name]
    registry = taxonomy.service_type(row["service_type"]).registry
    return {
        "service_id": f"{registry}:{row['key']}",
        "registry": registry,
        "registry_key": row["key"],
        "service_type": row["service_type"],
        "name": row["name"],
        "organization": "Furnizor (exemplu)",
        "county": place.county,
        "uat_siruta": place.uat_siruta,
        "locality_siruta": place.locality_siruta,
        "locality": place.name,
        "lat": place.lat,
        "lon": place.lon,
        "position_precision": "locality",
        "areas_served": ";".join(areas) or None,
        "age_min": int(row["age_min"]) if row["age_min"] else None,
        "age_max": int(row["age_max"]) if row["age_max"] else None,
        "is_secret": row["is_secret"] == "true",  # noqa: S105  (no password)
        "source_row": number,
        **{name: row[name] or None for name in _TEXTS},
    }


def service_id(written: str, gazetteer: Gazetteer) -> str:
    """The id of a key of the world, or of an office written `SPAS@Parincea, Bacău` or `DGASPC@BC`; `kind:CODE` stays.

    A protected service, of which the world has one a type and county, has its public id.
    """
    if written.startswith("kind:"):
        return written
    kind, _at, where = written.partition("@")
    if not where:
        (row,) = [row for row in _rows() if row["key"] == written]
        if row["is_secret"] == "true":  # noqa: S105  (no password)
            return f"protected:{row['service_type']}:{gazetteer.resolve(row['place']).county}:1"
        return f"{taxonomy.service_type(row['service_type']).registry}:{written}"
    code = where if where in set(gazetteer.counties["county"]) else str(gazetteer.resolve(where).uat_siruta)
    return f"authority:oficii:{kind}-{code}"


@cache
def _rows() -> list[dict[str, str]]:
    with (FOLDER / "world.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def question(example: Example, gazetteer: Gazetteer) -> Query:
    cells = example.cells
    person = Person(int(cells["age"]) if cells["age"] else None, cells["sex"] or None, frozenset(example.ids("groups")))
    home: Place | None = gazetteer.resolve(cells["home"]) if cells["home"] else None
    return Query(gazetteer.resolve(cells["place"]), (cells["need"],), person, home, k=3, on=TODAY)


def answer_to(example: Example, catalogue: Catalogue, gazetteer: Gazetteer) -> Answer:
    laid = availability(catalogue, capacity_table({}), now=NOW)
    return find(Snapshot(catalogue, laid, gazetteer), question(example, gazetteer))


def reason_of(code: str, example: Example, catalogue: Catalogue, gazetteer: Gazetteer) -> str:
    """The one reason why a service may not take the person of an example; empty where it may."""
    query, row = question(example, gazetteer), catalogue.position[code]
    home = query.home or query.origin
    return REASONS[refusals(catalogue, row, row + 1, person=query.person, home=home, on=query.on)[0]]


def made(gazetteer: Gazetteer) -> Catalogue:
    return make_catalogue(world(gazetteer), gazetteer)
