"""The tables that go out in bulk: services, who offers them, their places, units, communities, coverages.

All are made of the public table that `/api/v1` answers from, of the atlas and of coverages: what is redacted there is
redacted here. A table is given a block of rows at a time, so that it is nowhere whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely

from core.exporting import json_columns
from core.i18n import N_, _, use_language
from core.storage.editions import EditionStore
from core.storage.import_kinds import LICENSED
from geo.maps.atlas_view import VIEW_COLUMNS, AtlasView, load_view
from providers.catalogue.published import ORGANIZATION_COLUMNS, PUBLISHED_COLUMNS
from providers.interchange.public_table import COLUMN_TYPES, PublicTable, public_table_of
from providers.planning.coverage_tables import TITLES, by_level
from providers.planning.demand import load_people
from providers.rules import taxonomy
from reports.planning.coverage_query import ask

if TYPE_CHECKING:
    import pandas as pd

    from core.storage.editions import Manifest
    from providers.catalogue.snapshot import Snapshot
    from referrals.workflow.directory import Directory

BLOCK = 1_000  # rows at a time: outlines of four thousand units are ten megabytes
WITHIN = 30.0  # minutes, of the coverages
_CAPACITY = ("capacity_status", "places_free", "places_max", "places_reported_at")
_COVERAGE_TYPES = {
    "service_type": "string",
    "uat_siruta": "integer",
    **dict.fromkeys(("name", "county"), "string"),
    **dict.fromkeys(("people", "within_15", "within_30", "within_60", "unreached"), "integer"),
    **dict.fromkeys(("served_licensed", "served_now", "unmet_licensed", "unmet_now"), "integer"),
    **dict.fromkeys(("minutes_median", "km_mean", "places_per_1000_2sfca"), "number"),
}


@dataclass(frozen=True)
class Block:
    """Some rows of a table.

    Attributes
    ----------
    columns
        Cells as JSON has them, by column; None = not known.
    objects
        The same rows as objects, for NDJSON.
    shapes
        Of each row as WKB; None where it has no place, or the table has none.
    """

    columns: Mapping[str, list[Any]]
    objects: Iterator[dict[str, Any]]
    shapes: list[bytes | None]


@dataclass(frozen=True)
class BulkTable:
    """One table.

    Attributes
    ----------
    name
        Of its files.
    types, meanings
        JSON type of each column, and what it says.
    scope
        Which right of a token opens it.
    shape
        Kind of geometry, as GDAL names it; "" = none.
    blocks
        Gives the rows, from the first.
    """

    name: str
    types: Mapping[str, str]
    meanings: Mapping[str, str]
    scope: str
    shape: str
    blocks: Callable[[], Iterator[Block]]


TITLES_OF = {
    "services": N_("Servicii"),
    "organizations": N_("Furnizori"),
    "capacity": N_("Locurile serviciilor"),
    "units": N_("Comune, orașe și municipii"),
    "communities": N_("Comunitățile proiectului"),
    "coverage": N_("Acoperirea pe unități"),
}
ABOUT = {
    "services": N_("Toate serviciile publice, cu locurile lor; cele cu adresă protejată, numai prin eticheta publică."),
    "organizations": N_("Cine oferă serviciile, și câte."),
    "capacity": N_("Ce s-a raportat ultima dată despre locuri, fără serviciile cu adresă protejată."),
    "units": N_("Contururi, cu atlasul zonelor marginalizate."),
    "communities": N_("Unitățile de pe lista proiectului."),
    "coverage": N_(
        "Oamenii fiecărei unități, pe tipuri de servicii: cine ajunge în 30 de minute, cine rămâne fără loc."
    ),
}


@dataclass(frozen=True)
class BulkContent:
    """What the files are made of, all of one moment."""

    directory: Directory
    snapshot: Snapshot
    public: PublicTable
    view: AtlasView

    @property
    def manifests(self) -> tuple[Manifest, ...]:
        """Editions that the tables come from."""
        own = EditionStore(self.directory.home).current("organizations")
        others = (*([own.manifest] if own else []), *self.view.sources)
        return (*self.snapshot.catalogue.manifests, *others)

    def tables(self) -> Iterator[BulkTable]:
        """Return the tables; coverages only where people are known."""
        yield _services(self)
        yield _organizations(self)
        yield _capacity(self)
        yield _units("units", self.view, self.view.table)
        yield _units("communities", self.view, self.view.table[self.view.table["status"].fillna("") != ""])
        if EditionStore(self.directory.home).current("population") is not None:
            yield _coverage(self)


def gather_bulk(directory: Directory, *, view: AtlasView | None = None) -> BulkContent:
    """Take the state of this moment.

    Parameters
    ----------
    directory
        Services and places.
    view
        Units with the atlas, where the caller has them; None = they are read.

    Returns
    -------
    BulkContent
        One snapshot for all tables.
    """
    snapshot = directory.snapshot()
    public = public_table_of(directory.home, snapshot)
    return BulkContent(directory, snapshot, public, view or load_view(directory.home, directory.gazetteer))


def _services(content: BulkContent) -> BulkTable:
    table, available = content.public, content.snapshot.availability
    names = [name for name in PUBLISHED_COLUMNS if name in COLUMN_TYPES]

    def blocks() -> Iterator[Block]:
        for places in _pieces(range(len(table.ids))):
            columns = table.tabled(places, available)
            yield Block(
                {name: columns[name] for name in names},
                (table.followed(place, available) for place in places),
                _points(columns["lon"], columns["lat"]),
            )

    return BulkTable(
        "services", {name: COLUMN_TYPES[name] for name in names}, PUBLISHED_COLUMNS, "read", "Point", blocks
    )


def _capacity(content: BulkContent) -> BulkTable:
    table, available = content.public, content.snapshot.availability
    types = {"service_id": "string", **{name: COLUMN_TYPES[name] for name in _CAPACITY}}
    shown = [place for place, secret in enumerate(table.is_secret) if not secret]

    def blocks() -> Iterator[Block]:
        for places in _pieces(shown):
            yield _plain_block(table.tabled(places, available, ("service_id",)))

    return BulkTable("capacity", types, PUBLISHED_COLUMNS, "read", "", blocks)


def _organizations(content: BulkContent) -> BulkTable:
    rows = content.public.organizations
    types = {name: "integer" if name == "services" else "string" for name in ORGANIZATION_COLUMNS}

    def blocks() -> Iterator[Block]:
        for places in _pieces(range(len(rows))):
            yield _plain_block({name: [rows[place][name] for place in places] for name in types})

    return BulkTable("organizations", types, ORGANIZATION_COLUMNS, "read", "", blocks)


def _units(name: str, view: AtlasView, table: pd.DataFrame) -> BulkTable:
    table = table.sort_values("uat_siruta").reset_index(drop=True)[list(VIEW_COLUMNS)]
    columns, types = json_columns(table)
    outlines = view.areas.drop_duplicates("uat_siruta").set_index("uat_siruta").geometry
    shapes = outlines.reindex(table["uat_siruta"]).to_numpy(object)

    def blocks() -> Iterator[Block]:
        for places in _pieces(range(len(table))):
            by_name = {each: values[places.start : places.stop] for each, values in columns.items()}
            drawn = [None if shape is None else _outline(shape) for shape in shapes[places.start : places.stop]]
            yield _plain_block(by_name, drawn)

    return BulkTable(name, types, VIEW_COLUMNS, "read", "MultiPolygon", blocks)


def _coverage(content: BulkContent) -> BulkTable:
    directory = content.directory
    offered = set(content.public.columns["service_type"])
    kinds = [
        code
        for code, kind in taxonomy.service_types().items()
        if kind.registry in LICENSED and not kind.is_secret and code in offered
    ]
    with use_language("en"):  # as the meanings of all other columns are
        meanings = {"service_type": "code of providers.rules.taxonomy", **{n: _(words) for n, words in TITLES.items()}}
    people = load_people(directory.home, directory.gazetteer)
    counties = content.view.table.set_index("uat_siruta")["county"]

    def blocks() -> Iterator[Block]:
        for code in kinds:
            table = by_level(ask(directory, code, reach_minutes=WITHIN, people=people), "uat")
            table = table.assign(service_type=code, county=table["uat_siruta"].map(counties))
            columns, _types = json_columns(table.reindex(columns=list(_COVERAGE_TYPES)))
            yield _plain_block(columns)

    return BulkTable("coverage", _COVERAGE_TYPES, meanings, "figures", "", blocks)


def _pieces(places: Any) -> Iterator[Any]:
    for start in range(0, len(places), BLOCK):
        yield places[start : start + BLOCK]


def _plain_block(columns: Mapping[str, list[Any]], shapes: list[bytes | None] | None = None) -> Block:
    rows = zip(*columns.values(), strict=True)
    return Block(columns, (dict(zip(columns, row, strict=True)) for row in rows), shapes or [])


def _points(longitude: list[float | None], latitude: list[float | None]) -> list[bytes | None]:
    return [
        None if x is None or y is None else shapely.to_wkb(shapely.Point(x, y))
        for x, y in zip(longitude, latitude, strict=True)
    ]


def _outline(shape: Any) -> bytes:
    whole = shapely.MultiPolygon([shape]) if shape.geom_type == "Polygon" else shape
    return bytes(shapely.to_wkb(whole))
