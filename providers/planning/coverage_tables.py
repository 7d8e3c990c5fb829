"""Tables of a coverage: on every level, the gaps ranked, how old the reports are; and where they are written.

Every level adds up to the same people, served and left out: they are whole persons summed from localities.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import pandas as pd

from core.errors import BadValueError
from core.i18n import N_, _
from geo.access.reach import concentration_index, weighted_quantiles
from providers.planning.coverage_measures import LEFT_OUT, CoverageMeasure
from providers.planning.effective_coverage import SHOWN, WITHIN, Coverage
from providers.planning.supply import BASES, FRESH, NEVER, STALE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

CoverageLevel = Literal["locality", "uat", "county", "region", "national"]
LEVELS: tuple[CoverageLevel, ...] = get_args(CoverageLevel)
_MEASURED = ("within", "unreached", "taken", "served", "unmet", "places", "minutes", "km")
_KEYS = {"locality": "area_id", "uat": "uat_siruta", "county": "county", "region": "region"}
_REASONS = {
    "none": N_("niciun serviciu în apropiere"),
    "not_for_them": N_("în apropiere, dar nu deservește localitatea"),
    "unknown": N_("nu se știe dacă sunt locuri: sunați"),
    "full": N_("în apropiere, dar fără locuri libere"),
}
TITLES = {
    "area_id": N_("SIRUTA localitate"),
    "uat_siruta": N_("SIRUTA"),
    "county": N_("Județ"),
    "region": N_("Regiune"),
    "national": N_("Țara"),
    "from_county": N_("De unde"),
    "to_county": N_("Unde"),
    "report": N_("Rapoarte"),
    "full": N_("Pline"),
    "name": N_("Denumire"),
    "people": N_("Oameni care au nevoie"),
    "demand_from": N_("De unde este numărul lor"),
    "within_15": N_("La cel mult 15 minute"),
    "within_30": N_("La cel mult 30 de minute"),
    "within_60": N_("La cel mult 60 de minute"),
    "minutes_mean": N_("Minute, în medie"),
    "minutes_median": N_("Minute: jumătate ajung în cel mult"),
    "km_mean": N_("Kilometri, în medie"),
    "unreached": N_("Fără serviciu accesibil"),
    "taken_licensed": N_("Deja în servicii, după licențe"),
    "taken_reported": N_("Deja în servicii, după ultimul raport"),
    "taken_now": N_("Deja în servicii (locuri ocupate)"),
    "served_licensed": N_("Au loc, după licențe"),
    "served_reported": N_("Persoane noi cu loc, după ultimul raport"),
    "served_now": N_("Persoane noi cu loc liber acum"),
    "unmet_licensed": N_("Fără loc, după licențe"),
    "unmet_reported": N_("Fără loc, după ultimul raport"),
    "unmet_now": N_("Persoane noi fără loc liber acum"),
    "places_per_1000_2sfca": N_("Locuri la 1.000 de oameni (2SFCA)"),
    "places_per_1000_e2sfca": N_("Locuri la 1.000 de oameni (E2SFCA)"),
    "places_per_1000_bfca": N_("Locuri la 1.000 de oameni (BFCA)"),
    "services": N_("Servicii"),
    "services_protected": N_("Servicii cu adresă protejată"),
    "services_never": N_("Nu au raportat niciodată"),
    "services_stale": N_("Cu raport vechi"),
    "services_full": N_("Pline"),
    "places_licensed": N_("Locuri licențiate"),
    "places_now": N_("Locuri libere acum"),
    "priority": N_("Prioritate (atlas)"),
    "atlas_class": N_("Clasa din atlas"),
    "left_out": N_("Persoane rămase în afară"),
    "reason": N_("De ce"),
    "phone_first": N_("Cui i se telefonează întâi"),
    "phone": N_("Telefon"),
    "rank": N_("Loc"),
    "score": N_("Oameni × prioritate"),
}


def reason_words(code: str) -> str:
    """Return in words why people are left out."""
    return _(_REASONS[code]) if code in _REASONS else ""


def column_title(column: str) -> str:
    """Name a column for the screen."""
    return _(TITLES.get(column, column))


def report_words(state: str) -> str:
    """Return in words how old the reports of a row of `report_ages` are."""
    return {FRESH: _("raport recent"), STALE: _("raport vechi"), NEVER: _("niciun raport")}[state]


def by_level(coverage: Coverage, level: CoverageLevel, *, county: str | None = None) -> pd.DataFrame:
    """Add up a coverage on a level; every level adds up to the same people, served and left out.

    Parameters
    ----------
    coverage
        What `compute_coverage` found.
    level
        `locality`, `uat`, `county`, `region` or `national`.
    county
        Letters of the one county to add up; None = all.

    Returns
    -------
    pd.DataFrame
        Sorted by key. The key (`area_id`, `uat_siruta`, `county`, `region` or `national`), `name`, `people`,
        `demand_from` (`assumed` by a rule, `cases` where a team counted them, `both` where the one and the other),
        `within_15` … `within_60` (people whose nearest service that serves them is so many minutes away or fewer),
        `minutes_mean`, `minutes_median`, `km_mean` (over the people who reach one; NA where nobody does),
        `places_per_1000_<method>` (mean over the people), `unreached`, `taken_<basis>`, `served_<basis>`,
        `unmet_<basis>`; from the county up also
        `services`, `services_protected`, `services_never`, `services_stale`, `services_full`, `places_licensed`,
        `places_now`. NA is what has no meaning there, such as places of services that take everybody.

    Raises
    ------
    BadValueError
        For an unknown level, and below the county where every service has a protected address.
    """
    if level not in LEVELS:
        raise BadValueError(
            _("Nivelul „{name}” nu există; alegeți: locality, uat, county, region sau national.").format(name=level)
        )
    if coverage.is_protected and level in ("locality", "uat"):
        raise BadValueError(
            _("Serviciile cu adresă protejată se arată numai de la județ în sus. Alegeți nivelul „county”.")
        )
    areas = coverage.areas
    areas = areas if county is None else areas[areas["county"] == county]
    key = pd.Series("RO", index=areas.index, name="national") if level == "national" else areas[_KEYS[level]]
    table = _sums(areas, key)
    table = _named(table, coverage, level)
    if level in ("county", "region", "national"):
        table = table.merge(_services(coverage, level, county), on=key.name, how="left")
        counts = [c for c in table.columns if c.startswith("services")]
        table[counts] = table[counts].fillna(0).astype("int64")
    if coverage.is_protected:
        hidden = [c for c in table.columns if c.startswith(_MEASURED)]
        table[hidden] = pd.NA  # nothing is measured: neither where they are nor how many they take
    return table


def _sums(areas: pd.DataFrame, key: pd.Series[Any]) -> pd.DataFrame:
    group, keys = pd.factorize(key, sort=True)

    def add(values: Floats) -> Floats:
        sums = np.bincount(group + 1, weights=values, minlength=len(keys) + 1)  # a row without a key is in group 0
        return np.asarray(sums[1:], dtype=np.float64)

    people, minutes = areas["people"].to_numpy(np.float64), areas["minutes"].to_numpy(np.float64)
    counted, all_of = add(areas["is_counted"].to_numpy(np.float64)), add(np.ones(len(areas)))
    origin = np.select([counted == 0, counted == all_of], ["assumed", "cases"], default="both")
    columns: dict[str, Any] = {"people": _persons(add(people)), "demand_from": pd.array(origin, dtype="str")}
    for limit in WITHIN:
        columns[f"within_{limit}"] = _persons(add(np.where(minutes <= limit, people, 0.0)))
    columns["unreached"] = _persons(add(areas["unreached"].to_numpy(np.float64)))
    for basis in BASES:
        for column in (f"taken_{basis}", f"served_{basis}", f"unmet_{basis}"):
            columns[column] = _persons(add(areas[column].to_numpy(np.float64)))
    reached = np.where(np.isnan(minutes), 0.0, people)
    total = add(reached)
    metres = areas["distance_m"].to_numpy(np.float64)
    columns["minutes_mean"] = _share(add(reached * np.nan_to_num(minutes)), total)
    columns["minutes_median"] = _medians(minutes, reached, group, len(keys))
    columns["km_mean"] = _share(add(reached * np.nan_to_num(metres)) / 1000.0, total)
    everybody = add(people)
    for method in SHOWN:
        rate = areas[f"places_per_person_{method}"].to_numpy(np.float64)
        known = np.where(np.isnan(rate), 0.0, 1.0)
        columns[f"places_per_1000_{method}"] = _share(
            1000.0 * add(np.nan_to_num(rate) * people), np.where(add(known) > 0, everybody, 0.0)
        )
    return pd.DataFrame({str(key.name): keys, **columns})


def _persons(values: Floats) -> NDArray[np.int64]:
    return np.rint(values).astype(np.int64)


def _share(values: Floats, of: Floats) -> pd.arrays.FloatingArray:
    """Divide, NA where there is nothing to divide by."""
    nothing = ~(of > 0)
    return pd.arrays.FloatingArray(values / np.where(nothing, 1.0, of), nothing)


def _medians(minutes: Floats, weight: Floats, group: NDArray[np.intp], groups: int) -> pd.arrays.FloatingArray:
    """Least minutes that at least half of each group's people do not exceed; NA where nobody reaches a service."""
    rows = np.flatnonzero((weight > 0) & (group >= 0))
    rows = rows[np.lexsort((minutes[rows], group[rows]))]
    of = group[rows]
    total = np.bincount(of, weights=weight[rows], minlength=groups)
    before = np.cumsum(total) - total  # persons are whole, so these sums are exact
    half = rows[np.cumsum(weight[rows]) - before[of] >= total[of] * (0.5 - 1e-12)]
    found, first = np.unique(group[half], return_index=True)
    values, nothing = np.zeros(groups), np.ones(groups, bool)
    values[found], nothing[found] = minutes[half[first]], False
    return pd.arrays.FloatingArray(values, nothing)


def _named(table: pd.DataFrame, coverage: Coverage, level: CoverageLevel) -> pd.DataFrame:
    people = coverage.people
    if level == "locality":
        facts = people.areas.set_index("area_id")[["name", "uat_siruta", "county"]]
    elif level == "uat":
        facts = people.uats[["name", "county", "atlas_class", "priority"]]
    else:
        return table
    found = facts.reindex(table.iloc[:, 0])
    for place, column in enumerate(facts.columns):
        table.insert(1 + place, column, found[column].array)
    return table


def _services(coverage: Coverage, level: CoverageLevel, county: str | None) -> pd.DataFrame:
    """Count services and places by where they stand."""
    services = coverage.supply.services
    protected = coverage.supply.protected
    places = services[["places_licensed", "places_now"]].replace(np.inf, np.nan)
    facts = pd.DataFrame(
        {
            "county": services["county"].fillna(""),
            "services": 1,
            "services_protected": 0,
            "services_never": (services["report"] == NEVER).astype(int),
            "services_stale": (services["report"] == STALE).astype(int),
            "services_full": services["is_full"].astype(int),
            "places_licensed": places["places_licensed"],
            "places_now": places["places_now"],
        }
    )
    hidden = pd.DataFrame({"county": list(protected), "services": 0, "services_protected": list(protected.values())})
    facts = pd.concat([facts, hidden], ignore_index=True) if len(hidden) else facts
    facts = facts if county is None else facts[facts["county"] == county]
    if level == "national":
        key = pd.Series("RO", index=facts.index, name="national")
    else:
        key = facts["county"] if level == "county" else facts["county"].map(people_regions(coverage)).rename("region")
    numbers = facts.drop(columns="county").astype("float64")
    counted = numbers.groupby(key.to_numpy()).sum(min_count=1).rename_axis(str(key.name)).reset_index()
    for column in ("places_licensed", "places_now"):
        counted[column] = counted[column].astype("Float64").round().astype("Int64")
    return counted


def people_regions(coverage: Coverage) -> dict[str, str]:
    """Region of every county."""
    pairs = coverage.people.areas[["county", "region"]].drop_duplicates()
    return dict(zip(pairs["county"], pairs["region"], strict=True))


def gaps(coverage: Coverage, *, county: str | None = None, measure: CoverageMeasure = "free") -> pd.DataFrame:
    """Rank UATs by people left out by a measure × priority of the atlas, with the main reason.

    Parameters
    ----------
    coverage
        What `compute_coverage` found.
    county
        Letters of the one county to rank; None = all.
    measure
        Who counts as left out: `reach`, `balance` or `free` (`providers.planning.coverage_measures`).

    Returns
    -------
    pd.DataFrame
        Only UATs where somebody is left out: `rank`, `uat_siruta`, `name`, `county`, `people`, `demand_from`,
        `left_out`, `reason` (code; of most of those left out), `priority` (1 where the atlas says nothing), `score`,
        `minutes_mean`, `phone_first` and `phone` (of the service to ask, where the reason is unknown; None elsewhere).

    Raises
    ------
    BadValueError
        Where every service has a protected address.
    """
    table = by_level(coverage, "uat", county=county)
    table["left_out"] = table[LEFT_OUT[measure]]
    table = table[table["left_out"] > 0]
    table = table.assign(reason=_main_reasons(coverage.areas, table["uat_siruta"], LEFT_OUT[measure]))
    table["priority"] = table["priority"].astype("float64").fillna(1.0)
    table["score"] = table["left_out"] * table["priority"]
    services = coverage.supply.services
    first = coverage.phone_first.set_index("uat_siruta")["service"]
    asked = table["uat_siruta"].map(first).where(table["reason"] == "unknown")
    known = asked.notna().to_numpy()
    at = asked[known].astype(np.int64).to_numpy()
    for column, source in (("phone_first", "name"), ("phone", "phone")):
        words = np.full(len(table), None, dtype=object)
        words[known] = services[source].astype(object).where(services[source].notna(), None).to_numpy()[at]
        table[column] = pd.Series(words, index=table.index, dtype=object)
    table = table.sort_values(["score", "uat_siruta"], ascending=[False, True], ignore_index=True)
    table.insert(0, "rank", np.arange(1, len(table) + 1))
    return table[
        ["rank", "uat_siruta", "name", "county", "people", "demand_from", "left_out", "reason", "priority", "score",
         "minutes_mean", "phone_first", "phone"]
    ]  # fmt: skip


def _main_reasons(areas: pd.DataFrame, uats: pd.Series[int], column: str) -> NDArray[np.object_]:
    """Give the reason of most people left out in each of these UATs; of equals the first by its code."""
    reasons = np.array(sorted(_REASONS), dtype=object)
    reason = pd.Index(reasons).get_indexer(pd.Index(areas["reason"]))
    uat = pd.Index(uats).get_indexer(pd.Index(areas["uat_siruta"]))
    left = (reason >= 0) & (uat >= 0)
    cell = uat[left] * len(reasons) + reason[left]
    counted = np.bincount(cell, weights=areas[column].to_numpy()[left], minlength=len(uats) * len(reasons))
    main: NDArray[np.object_] = reasons[counted.reshape(-1, len(reasons)).argmax(axis=1)]
    return main


def report_ages(coverage: Coverage, *, county: str | None = None) -> pd.DataFrame:
    """Count by the age of the last report: `report` (fresh, stale, never), `services`, `places_licensed`, `full`."""
    services = coverage.supply.services
    services = services if county is None else services[services["county"] == county]
    rows: list[dict[str, object]] = []
    for state in (FRESH, STALE, NEVER):
        part = services[services["report"] == state]
        places = part["places_licensed"].replace(np.inf, np.nan).sum()
        rows.append(
            {"report": state, "services": len(part), "places_licensed": int(places), "full": int(part["is_full"].sum())}
        )
    return pd.DataFrame(rows)


def spread_of_minutes(coverage: Coverage, *, county: str | None = None, step: int = 10, most: int = 60) -> pd.DataFrame:
    """Count people by minutes to the nearest service that serves them: `label`, `people`; the last row reaches none."""
    areas = coverage.areas if county is None else coverage.areas[coverage.areas["county"] == county]
    minutes, people = areas["minutes"].to_numpy(np.float64), areas["people"].to_numpy(np.float64)
    starts = range(0, most, step)
    rows = [
        (f"{a}–{a + step}", people[(minutes > a if a else minutes >= 0) & (minutes <= a + step)].sum()) for a in starts
    ]
    rows += [
        (_("peste {n}").format(n=most), people[minutes > most].sum()),
        (_("deloc"), people[np.isnan(minutes)].sum()),
    ]
    return pd.DataFrame(rows, columns=["label", "people"])


def quantiles(coverage: Coverage, shares: Sequence[float], *, county: str | None = None) -> list[float]:
    """Minutes that these shares of the people who reach a service do not exceed; empty where nobody does."""
    areas = coverage.areas if county is None else coverage.areas[coverage.areas["county"] == county]
    there = areas["minutes"].notna()
    return [float(v) for v in weighted_quantiles(areas.loc[there, "minutes"], areas.loc[there, "people"], shares)]


def concentration(coverage: Coverage, *, county: str | None = None) -> float | None:
    """Return whether the poorest (by atlas class, then rate) are farther: below 0 they are; None where not known."""
    areas = coverage.areas if county is None else coverage.areas[coverage.areas["county"] == county]
    uats = coverage.people.uats
    poverty = areas["uat_siruta"].map(uats["atlas_class"]).astype("float64")
    known = areas["minutes"].notna() & poverty.notna() & (areas["people"] > 0)
    if not known.any():
        return None
    return concentration_index(areas.loc[known, "minutes"], areas.loc[known, "people"], -poverty[known])
