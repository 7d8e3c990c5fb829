"""The collections of a home: services by registry, units with the atlas, communities, localities, coverages."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from api import atlas_areas
from api.ogc.feature_layer import FeatureLayer, points
from api.programs.problems import ProblemError
from core.exporting import json_columns
from core.i18n import _, language
from core.storage.editions import EditionStore
from core.storage.import_kinds import LICENSED, REGISTRIES
from geo.maps.atlas_view import VIEW_COLUMNS
from providers.catalogue.published import PUBLISHED_COLUMNS
from providers.interchange.public_table import COLUMN_TYPES, OF_THE_MOMENT, flat
from providers.planning.coverage_tables import TITLES, by_level
from providers.rules import taxonomy
from reports.planning.coverage_query import found_code
from reports.planning.kept_coverage import coverage_state, kept_coverage

if TYPE_CHECKING:
    from api.programs.callers import Call
    from providers.interchange.public_table import PublicTable

COVERAGE = "coverage."
_WITHIN = 30.0  # minutes
# What is read off a map; all facts are in the bulk files. A reader parses each of them 54,000 times.
_SHOWN = (
    "registry", "service_type", "name", "organization", "county", "uat_siruta", "locality", "address", "phone",
    "hours", "website", "position_precision", "delivery", "groups", "licence_status", "licence_until",
    "operating_status", "closed_from", "closed_until", "flags",
)  # fmt: skip
_UNITS_ASKED_BY = ("county", "region", "kind", "area", "atlas_class", "status")
# Properties by whose value features may be asked for, by what the name of a collection begins with.
_ASKED_BY = {
    "services": (
        "registry", "service_type", "county", "uat_siruta", "capacity_status", "delivery", "licence_status",
    ),
    "units": _UNITS_ASKED_BY, "communities": _UNITS_ASKED_BY,
    "localities": ("county", "uat_siruta", "type", "is_seat"),
    "coverage": ("county",),
}  # fmt: skip
_LOCALITY_COLUMNS = {
    "locality_siruta": "SIRUTA of the locality",
    "name": "its name",
    "uat_siruta": "SIRUTA of the unit it is in",
    "county": "letters of the county",
    "type": "kind of locality, as SIRUTA has it",
    "is_seat": "whether it is the seat of its unit",
    "precision": "where the point comes from",
}


@dataclass(frozen=True)
class CollectionNamed:
    """A collection before it is made."""

    name: str
    title: str
    words: str


def named_collections() -> list[CollectionNamed]:
    """List the collections, the same in every home: what is protected has none."""
    registries = [
        CollectionNamed(
            f"services.{kind.registry}", _(kind.heading), _("Serviciile acestui registru, cu locurile lor.")
        )
        for kind in REGISTRIES.values()
    ]
    coverages = [
        CollectionNamed(
            f"{COVERAGE}{kind.service_type}",
            _("Acoperire: {service}").format(service=_(kind.name)),
            _("Oamenii fiecărei unități: cine ajunge la serviciu în 30 de minute și cine rămâne fără loc."),
        )
        for kind in taxonomy.service_types().values()
        if kind.registry in LICENSED and not kind.is_secret
    ]
    return [
        CollectionNamed(
            "services", _("Servicii"), _("Toate serviciile, cu locurile lor, fără cele cu adresă protejată.")
        ),
        *registries,
        CollectionNamed("units", _("Comune, orașe și municipii"), _("Contururi, cu atlasul zonelor marginalizate.")),
        CollectionNamed("communities", _("Comunitățile proiectului"), _("Unitățile de pe lista proiectului.")),
        CollectionNamed("localities", _("Localități"), _("Punctele localităților, cu coduri SIRUTA.")),
        *coverages,
    ]


def queryables(name: str) -> tuple[str, ...]:
    """Return the properties by whose value features of a collection may be asked for."""
    return _ASKED_BY[name.partition(".")[0]]


_TURN = threading.Lock()
_kept: OrderedDict[tuple[str, str, str], tuple[object, FeatureLayer]] = OrderedDict()
_kept_services: OrderedDict[tuple[str, str], tuple[PublicTable, list[int], FeatureLayer]] = OrderedDict()
_MOST_KEPT = 16


def layer_of(call: Call, name: str) -> FeatureLayer:
    """Return a collection as it is at this moment; the same object while nothing changed."""
    about = next((each for each in named_collections() if each.name == name), None)
    if about is None:
        raise ProblemError("not-found")
    state: object
    if name.startswith("services"):
        make, state = _services, call.snapshot
    elif name.startswith(COVERAGE):
        call.require(("figures",))
        make, state = _coverage, coverage_state(call.directory)
    else:
        make, state = _localities if name == "localities" else _units, EditionStore(call.home).state()
    key = (name, str(call.home.path), language())
    with _TURN:
        kept = _kept.get(key)
        if kept is not None and (kept[0] is state or (isinstance(state, str) and kept[0] == state)):
            _kept.move_to_end(key)
            return kept[1]
    layer = make(call, about)
    with _TURN:
        _kept[key] = (state, layer)
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return layer


def _services(call: Call, about: CollectionNamed) -> FeatureLayer:
    table, registry = call.public, about.name.partition(".")[2]
    key = (str(call.home.path), registry)
    with _TURN:
        kept = _kept_services.get(key)
    if kept is None or kept[0] is not table:
        kept = (table, *_still_services(table, registry))
        with _TURN:
            _kept_services[key] = kept
            while len(_kept_services) > _MOST_KEPT:
                _kept_services.popitem(last=False)
    _table, keep, still = kept
    layer = still.at_moment(table.capacities(keep, call.snapshot.availability))
    return replace(layer, name=about.name, title=about.title, words=about.words)


def _still_services(table: PublicTable, registry: str) -> tuple[list[int], FeatureLayer]:
    """Return which services a collection has, and what is said of them from one report of places to the next."""
    keep = [
        place
        for place, (secret, own) in enumerate(zip(table.is_secret, table.columns["registry"], strict=True))
        if not secret and registry in ("", own)
    ]
    columns = {name: [flat(table.columns[name][place]) for place in keep] for name in _SHOWN}
    types = {name: COLUMN_TYPES[name] for name in (*_SHOWN, *OF_THE_MOMENT)}
    where = [[table.columns[axis][place] for place in keep] for axis in ("lon", "lat")]
    ids = [table.ids[place] for place in keep]
    return keep, FeatureLayer(
        "", "", "", ids, columns, types, PUBLISHED_COLUMNS, points(*where), queryables("services")
    )


def _units(call: Call, about: CollectionNamed) -> FeatureLayer:
    view = atlas_areas.view_of(call.home)
    table = view.table
    if about.name == "communities":
        table = table[table["status"].fillna("") != ""]
    return _unit_layer(call, about, table, VIEW_COLUMNS)


def _coverage(call: Call, about: CollectionNamed) -> FeatureLayer:
    found = kept_coverage(call.directory, found_code(about.name.removeprefix(COVERAGE), None), reach_minutes=_WITHIN)
    names = atlas_areas.view_of(call.home).table.set_index("uat_siruta")["county"]
    table = by_level(found, "uat")
    table = table.assign(county=table["uat_siruta"].map(names))
    return _unit_layer(call, about, table, {name: _(words) for name, words in TITLES.items()})


def _unit_layer(call: Call, about: CollectionNamed, table: pd.DataFrame, meanings: dict[str, str]) -> FeatureLayer:
    table = table.sort_values("uat_siruta").reset_index(drop=True)
    areas = atlas_areas.view_of(call.home).areas
    shapes = areas.drop_duplicates("uat_siruta").set_index("uat_siruta").geometry
    drawn = shapes.reindex(table["uat_siruta"]).to_numpy(object)
    columns, types = json_columns(table)
    return _layer(about, [str(each) for each in table["uat_siruta"]], columns, types, meanings, drawn)


def _localities(call: Call, about: CollectionNamed) -> FeatureLayer:
    table = call.directory.gazetteer.localities.sort_values("locality_siruta")
    columns, types = json_columns(table[list(_LOCALITY_COLUMNS)])
    drawn = points(table["lon"].to_list(), table["lat"].to_list())
    ids = [str(each) for each in table["locality_siruta"]]
    return _layer(about, ids, columns, types, _LOCALITY_COLUMNS, drawn)


def _layer(
    about: CollectionNamed,
    ids: list[str],
    columns: dict[str, list[Any]],
    types: dict[str, str],
    meanings: dict[str, str],
    shapes: Any,
) -> FeatureLayer:
    asked_by = queryables(about.name)
    return FeatureLayer(about.name, about.title, about.words, ids, columns, types, meanings, shapes, asked_by)
