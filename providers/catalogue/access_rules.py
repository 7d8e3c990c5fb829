"""Whom each service of a catalogue may take, as arrays: what decides access, defaults of the types filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from providers.catalogue.facts_from_names import contradicted, lines_of_care, sides_of
from providers.catalogue.type_defaults import OLDEST, as_ages
from providers.rules import taxonomy
from providers.rules.help_tables.name_against_code import contradicts_code

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

AREA_KINDS = ("own_uat", "county", "listed", "region", "nation")
NO_CODE = -1


@dataclass(frozen=True)
class Rules:
    """What decides access, one entry a service, defaults of the type filled in.

    Ages in full years, both included. groups: bits of `group_bits`, 0 = everybody. Counties and regions as
    positions in the catalogue's counties and regions, NO_CODE where not known. Days are days
    since 1970, NaN where a licence limit is not known. lines: bits of HOSPITAL_LINES that a hospital's name tells, 0 =
    not known. contradicted: the name tells another kind of service than the code. side: of the river (`river_sides`).
    area_unknown: neither the register nor the provider's name says whom it serves. closed_from, closed_until: first and
    last day of a closure for a time, NaN where no day is said. code_doubted: the name tells another kind of person than
    the code. pension_age: age_min is the age of retirement, which differs by sex and day.
    """

    age_min: NDArray[np.int16]
    age_max: NDArray[np.int16]
    sex: NDArray[np.str_]
    groups: NDArray[np.uint64]
    area: NDArray[np.int8]
    uat: NDArray[np.int64]
    county: NDArray[np.int16]
    region: NDArray[np.int16]
    licence_from: NDArray[np.float64]
    licence_until: NDArray[np.float64]
    licence_status: NDArray[np.str_]
    accreditation_withdrawn: NDArray[np.bool_]
    closed: NDArray[np.bool_]
    closed_from: NDArray[np.float64]
    closed_until: NDArray[np.float64]
    freshness_days: NDArray[np.float64]
    capacity_model: NDArray[np.str_]
    delivery: NDArray[np.str_]
    lines: NDArray[np.int64]
    contradicted: NDArray[np.bool_]
    side: NDArray[np.int8]
    area_unknown: NDArray[np.bool_]
    code_doubted: NDArray[np.bool_]
    pension_age: NDArray[np.bool_]


def access_rules(
    services: pd.DataFrame, counties: tuple[str, ...], regions: Mapping[str, str], bits: Mapping[str, int]
) -> Rules:
    """Take from the rows of a catalogue what decides access; counties, regions and groups as it counts them."""
    types = taxonomy.load()
    place = {code: i for i, code in enumerate(counties)}
    region_place = {code: i for i, code in enumerate(sorted(set(regions.values())))}
    county = services["county_served"].where(services["county_served"].notna(), services["county"])
    group_sets = services["groups"].fillna("")
    masks = {text: sum(bits.get(code, 0) for code in text.split(";")) for text in group_sets.unique()}
    areas = {kind: i for i, kind in enumerate(AREA_KINDS)}
    return Rules(
        age_min=as_ages(services["age_min"], 0),
        age_max=as_ages(services["age_max"], OLDEST),
        sex=services["sex"].fillna("").to_numpy(str),
        groups=group_sets.map(masks).to_numpy(np.uint64),
        area=services["service_area"].map(areas).to_numpy().astype(np.int8),
        uat=services["uat_siruta"].fillna(NO_CODE).to_numpy(np.int64),
        county=county.map(place).fillna(NO_CODE).to_numpy().astype(np.int16),
        region=county.map(regions).map(region_place).fillna(NO_CODE).to_numpy().astype(np.int16),
        licence_from=_days(services["licence_from"]),
        licence_until=_days(services["licence_until"]),
        licence_status=services["licence_status"].to_numpy(str),
        accreditation_withdrawn=(services["accreditation_status"] == "withdrawn").to_numpy(bool),
        closed=(services["operating_status"] == "closed").to_numpy(bool),
        closed_from=_days(services["closed_from"]),
        closed_until=_days(services["closed_until"]),
        freshness_days=services["service_type"].map(types["freshness_days"]).to_numpy(float),
        capacity_model=services["capacity_model"].to_numpy(str),
        delivery=services["delivery"].to_numpy(str),
        lines=lines_of_care(services),
        contradicted=contradicted(services),
        side=sides_of(services),
        area_unknown=services["_area_unknown"].to_numpy(bool),
        pension_age=services["_pension_age"].to_numpy(bool),
        code_doubted=contradicts_code(services).to_numpy(bool) & ~services["is_secret"].to_numpy(bool),
    )


def _days(column: pd.Series[Any]) -> NDArray[np.float64]:
    days = pd.to_datetime(column).to_numpy("datetime64[D]")
    return np.where(np.isnat(days), np.nan, days.astype("int64").astype(float))
