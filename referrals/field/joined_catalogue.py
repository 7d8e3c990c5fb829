"""Services that a person found to be one: one row of the catalogue stands for them, and adds no places twice."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.storage.service_ids import parts
from providers.catalogue.catalogue import Catalogue, make_catalogue
from providers.catalogue.source_order import first_filled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from geo.gazetteer.gazetteer import Gazetteer
    from referrals.field.duplicate_decisions import DuplicateDecision

# What belongs to the row that stands, whatever the others say; and what is taken together from one row.
_OWN = ("service_id", "registry", "registry_key", "service_type", "edition", "source_row")
_POSITION = ("county", "uat_siruta", "locality_siruta", "locality", "lat", "lon", "position_precision")
_CLOSURE = ("closed_from", "closed_until")
_PRECISION = {"address": 0, "locality": 1, "uat": 2, "none": 3}


def join_services(
    catalogue: Catalogue,
    decisions: Iterable[DuplicateDecision],
    gazetteer: Gazetteer,
    order: Callable[[str, Iterable[str]], Sequence[str]],
) -> Catalogue:
    """Let one row stand for services that were joined.

    Parameters
    ----------
    catalogue
        As the registers say, corrections laid over it.
    decisions
        What was decided; only `joined` ones whose two services are here, unprotected and of one registry, count.
    gazetteer
        Counties and regions.
    order
        Gives the sources of a registry in the order in which their facts go.

    Returns
    -------
    Catalogue
        A new one whose `joined` leads from each id that gave way to the one that stands; the same one where nothing is
        joined.
    """
    leads = _leads(catalogue, decisions)
    if not leads:
        return catalogue
    services = catalogue.services.set_index("service_id", drop=False)
    groups: dict[str, list[str]] = {}
    for gone, kept in leads.items():
        groups.setdefault(kept, [kept]).append(gone)
    for kept, members in groups.items():
        rows = services.loc[members]
        sources = rows["service_id"].map(lambda one: parts(one)[1])
        values = _merged(rows, order(str(rows["registry"].iloc[0]), sources), sources, kept)
        for column, value in values.items():
            services.loc[kept, column] = value
    left = services[~services["service_id"].isin(list(leads))].reset_index(drop=True)
    made = make_catalogue(left, gazetteer, manifests=catalogue.manifests, sealed=catalogue.sealed)
    return replace(made, joined=leads)


def _leads(catalogue: Catalogue, decisions: Iterable[DuplicateDecision]) -> dict[str, str]:
    """Lead each id that gives way to the one that stands, over several decisions too."""
    leads: dict[str, str] = {}
    for each in decisions:
        if each.verdict != "joined" or not all(_may_join(catalogue, one) for one in (each.service_a, each.service_b)):
            continue
        gone = each.service_a if each.kept == each.service_b else each.service_b
        if gone in leads or catalogue.service(gone)["registry"] != catalogue.service(each.kept)["registry"]:
            continue
        leads[gone] = each.kept
    return {gone: end for gone, kept in leads.items() if (end := _end(leads, kept)) != gone}


def _may_join(catalogue: Catalogue, service_id: str) -> bool:
    row = catalogue.position.get(service_id)
    return row is not None and not catalogue.cell("is_secret", row)


def _end(leads: dict[str, str], start: str) -> str:
    seen = {start}
    while start in leads and leads[start] not in seen:
        start = leads[start]
        seen.add(start)
    return start


def _merged(rows: pd.DataFrame, order: Sequence[str], sources: pd.Series[str], kept: str) -> dict[str, Any]:
    values = first_filled(rows.drop(columns=[*_OWN, *_POSITION, *_CLOSURE], errors="ignore"), order, sources)
    closing = rows[rows[list(_CLOSURE)].notna().any(axis=1)]
    if len(closing):  # the two days of one row: of two rows they would be the days of no closure
        place = sources[closing.index].map({name: number for number, name in enumerate(order)}).fillna(len(order))
        first = closing.iloc[int(place.argmin())]
        values |= {column: first[column] for column in _CLOSURE}
    best = rows["position_precision"].map(_PRECISION).fillna(len(_PRECISION)).astype(int)
    placed = rows.loc[[min(rows.index, key=lambda one: (int(best[one]), one != kept))], list(_POSITION)].iloc[0]
    return {**values, **{str(column): placed[column] for column in _POSITION}}
