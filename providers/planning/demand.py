"""People in need of a service, locality by locality: a rule on population, age groups and the atlas.

The rules are `data/providers/need_population.csv`, one row a type of service, group of beneficiaries or need; what
fills gaps of the population file (ages, sexes, localities) is `need_spread.csv`. Specialists edit both; `basis`
says where a number comes from, `assumed` where nobody has confirmed it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.errors import EditionError
from core.i18n import _, ngettext
from core.reading.curated_tables import FOLDER, read_rows
from core.resources import DATA
from core.storage.editions import EditionStore
from geo.layers.atlas_layer import atlas_layer
from geo.layers.census_table import age_columns
from geo.spatial.crs import to_metric
from geo.spatial.points import Points
from providers.finder.answer import SourceUsed
from providers.rules import need_search, needs, taxonomy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from core.storage.home import Home
    from geo.gazetteer.gazetteer import Gazetteer

    Floats = NDArray[np.float64]

AGES = age_columns()
_STEP, _OLDEST = 5, 100  # years of a group; who is older is rare
_LEAST_SHARE = 0.1  # of a UAT's people, shared by its localities whose own number is not known (assumed)
SETTLEMENTS = DATA / "atlas" / "settlements.csv"
UAT_POPULATION = DATA / "atlas" / "uat_population.csv"
_RULE_COLUMNS = ("kind", "code", "age_min", "age_max", "sex", "per_1000", "atlas", "basis", "words")


@dataclass(frozen=True)
class Rule:
    """Who needs it: `per_1000` of the people of an age band and sex (of all, or of those in marginalised areas).

    Ages in full years, both included, None = no limit. is_marginalised: of those in marginalised areas only.
    """

    kind: str
    code: str
    age_min: int | None
    age_max: int | None
    sex: str | None
    per_1000: float
    is_marginalised: bool
    basis: str
    words: str


@dataclass(frozen=True)
class DemandPeople:
    """The country's people, ready for any rule. Rows of `areas` are localities, sorted by `area_id`.

    areas: area_id (SIRUTA of the locality), name, uat_siruta (in Bucharest the sector), county, region, lat, lon
    (degrees), x, y (METRIC_CRS metres), weight (share of its UAT's people), population (whole people), and for speed
    parent_siruta (municipality of a sector, else -2), county_no (row of `Gazetteer.counties`), region_no (place among
    the sorted region codes): the numbers that `providers.catalogue.access_rules.Rules` uses.
    uats: uat_siruta (index, sorted), name, county, region, population, rate (marginalised, 0 to 1), atlas_class,
    lhdi, priority. ages: people of each UAT (row) and age group (column). unknown_uats: UATs of which the file says
    nothing; has_ages, has_atlas: whether it has ages, whether both atlases are there: else they were filled in.
    """

    areas: pd.DataFrame
    uats: pd.DataFrame
    ages: Floats
    unknown_uats: int
    has_ages: bool
    has_atlas: bool
    sources: tuple[SourceUsed, ...]

    @cached_property
    def points(self) -> Points:
        """The localities as points: the same object as long as these people are, so that models may keep its roads."""
        return points_of(self.areas)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was filled in, in sentences."""
        notes = []
        if count := self.unknown_uats:
            text = ngettext("{n} unitate nu are populație în fișier.", "{n} unități nu au populație în fișier.", count)
            notes.append(text.format(n=count))
        if not self.has_ages:
            notes.append(_("Fișierul populației nu are vârste: s-au folosit proporțiile țării (recensământul 2021)."))
        if not self.has_atlas:
            notes.append(_("Atlasul zonelor marginalizate nu este importat întreg: unde lipsește, media țării."))
        return (*notes, _("Împărțirea oamenilor pe localitățile unei comune este estimată."))


def points_of(table: pd.DataFrame) -> Points:
    """Return the points of a table with lat, lon (degrees) and x, y (METRIC_CRS metres); NaN where a row has none."""
    lat, lon = (table[name].to_numpy(np.float64) for name in ("lat", "lon"))
    return Points(lat, lon, table[["x", "y"]].to_numpy(np.float64))


@cache
def rules(folder: Path = FOLDER) -> dict[tuple[str, str], Rule]:
    """Return the rules by (kind, code); the code `*` is the default of a kind."""
    found = {}
    for row in read_rows(folder / "need_population.csv", _RULE_COLUMNS):
        kind = row.choice("kind", ("type", "group", "need"))
        try:
            per_1000 = float(row.text("per_1000"))
        except ValueError:
            raise row.cell_error("per_1000", _("un număr între 0 și 1000")) from None
        if not 0 <= per_1000 <= 1000:  # noqa: PLR2004
            raise row.cell_error("per_1000", _("un număr între 0 și 1000"))
        found[kind, row.text("code")] = Rule(
            kind, row.text("code"), row.whole("age_min"), row.whole("age_max"),
            row.choice("sex", ("", "F", "M")) or None, per_1000, row.choice("atlas", ("", "marginalised")) != "",
            row.text("basis"), row.text("words"),
        )  # fmt: skip
    return found


@cache
def spread(kind: str, folder: Path = FOLDER) -> dict[str, float]:
    """Return what fills gaps, by code: people per 1,000 of each `age`, `sex`, or the weight of a kind of `locality`."""
    rows = read_rows(folder / "need_spread.csv", ("kind", "code", "amount", "basis"))
    return {row.text("code"): float(row.text("amount")) for row in rows if row.text("kind") == kind}


def rules_for(code: str, folder: Path = FOLDER) -> tuple[Rule, ...]:
    """Return the rules whose people together need a service type or a need: its own, its groups', or the default.

    Groups may overlap: their sum, at most everybody of the age, is an upper limit. Ages and sex of the type or need
    narrow the default. UnknownCodeError where the code is neither a type nor a need.
    """
    known = rules(folder)
    is_type = code in taxonomy.service_types(folder)
    asked = taxonomy.service_type(code, folder) if is_type else need_search.need(code, folder)
    kind = "type" if is_type else "need"
    own = known.get((kind, asked.service_type if isinstance(asked, taxonomy.ServiceType) else asked.need))
    if own is not None:
        return (own,)
    groups = asked.beneficiary_groups if isinstance(asked, taxonomy.ServiceType) else asked.groups
    found = [_narrowed(known[key], asked) for g in groups if (key := ("group", g)) in known]
    return tuple(found) or (_narrowed(known[kind, "*"], asked),)


def _narrowed(rule: Rule, asked: taxonomy.ServiceType | needs.Need) -> Rule:
    """Cut a rule to the ages and sex of what is asked for."""
    low = max((a for a in (rule.age_min, asked.age_min) if a is not None), default=None)
    high = min((a for a in (rule.age_max, asked.age_max) if a is not None), default=None)
    return Rule(rule.kind, rule.code, low, high, rule.sex or asked.sex, rule.per_1000, rule.is_marginalised,
                rule.basis, rule.words)  # fmt: skip


def rule_words(found: Iterable[Rule]) -> str:
    """Format the rules in words, with what nobody has confirmed."""
    rules_ = tuple(found)
    text = "; ".join(dict.fromkeys(_(r.words) for r in rules_))
    return f"{text} ({_('presupunere, de confirmat')})" if any(r.basis == "assumed" for r in rules_) else text


def load_people(home: Home, gazetteer: Gazetteer) -> DemandPeople:
    """Read the population edition (and the atlases, where imported); EditionError where there is no population."""
    store = EditionStore(home)
    edition = store.current("population")
    if edition is None:
        raise EditionError(
            _(
                "Populația nu a fost importată, așa că nu se poate spune câți oameni rămân fără servicii. "
                "Rulați: harta import population FIȘIER."
            )
        )
    kinds = ("population", "atlas-rural", "atlas-urban")
    manifests = [found.manifest for found in map(store.current, kinds) if found]
    sources = [SourceUsed(m.kind, m.edition, m.as_of, m.source.title, m.source.synthetic) for m in manifests]
    return make_people(
        gazetteer, edition.table("population"),
        rural=store.current_table("atlas-rural", "atlas"), urban=store.current_table("atlas-urban", "atlas"),
        sources=tuple(sources),
    )  # fmt: skip


def make_people(
    gazetteer: Gazetteer,
    population: pd.DataFrame,
    *,
    rural: pd.DataFrame | None = None,
    urban: pd.DataFrame | None = None,
    sources: tuple[SourceUsed, ...] = (),
) -> DemandPeople:
    """Put population (table of `geo.layers.population.POPULATION_COLUMNS`) on the localities of the country (pure).

    Bucharest given as one is divided among its sectors as the embedded file of older figures has them. Ages that
    the file lacks (none at all, or confidential) follow the country's. A UAT of which the file says nothing has
    no people here, and is counted in `unknown_uats`.
    """
    areas = _areas(gazetteer)
    uats = _uats(gazetteer, areas, rural, urban, population)
    given = population.set_index("uat_siruta")
    table = _with_sectors(given, gazetteer)
    people = table["population"].reindex(uats.index).astype("float64")
    ages = _ages(table, uats.index, people)
    missing = int(people.isna().sum())
    uats = uats.assign(population=people.fillna(0.0))
    areas["weight"] = _weights(areas, uats["population"])
    areas["population"] = _whole(uats["population"].to_numpy(), uats.index, areas)
    has_ages = bool(table[list(AGES)].notna().any(axis=None))
    has_atlas = rural is not None and urban is not None
    return DemandPeople(areas, uats, ages, missing, has_ages, has_atlas, sources)


def people_in_need(people: DemandPeople, found: Iterable[Rule]) -> NDArray[np.float64]:
    """Count the people in need in every locality: whole persons that add up in every UAT.

    The rules' people are added, but never more than all people of the UAT.

    Parameters
    ----------
    people
        Who lives where, by age.
    found
        Rules of who needs it (`rules_for`).

    Returns
    -------
    NDArray[np.float64]
        Whole numbers, one for each row of `people.areas`.
    """
    total = np.zeros(len(people.uats))
    for rule in found:
        part = people.ages @ _band(rule.age_min, rule.age_max) * rule.per_1000 / 1000.0
        if rule.sex:
            part = part * spread("sex")[rule.sex] / 1000.0
        total += part * people.uats["rate"].to_numpy() if rule.is_marginalised else part
    total = np.minimum(total, people.uats["population"].to_numpy())
    return _whole(total, people.uats.index, people.areas)


def lay_counted(people: DemandPeople, ruled: Floats, counted: Mapping[int, int]) -> tuple[Floats, NDArray[np.bool_]]:
    """Put people who were counted in some UATs in the place of those that rules give there.

    Parameters
    ----------
    people
        Who lives where.
    ruled
        What `people_in_need` returned.
    counted
        People in need by the SIRUTA code of their UAT; 0 = nobody, or fewer than are told.

    Returns
    -------
    tuple of NDArray
        People in need of every locality, those who were counted divided as all people of their UAT are; and which
        localities are those of a UAT where they were counted.
    """
    is_counted = people.areas["uat_siruta"].isin(list(counted)).to_numpy(dtype=bool)
    if not is_counted.any():
        return ruled, is_counted
    of_uat = np.array([counted.get(code, 0) for code in people.uats.index.tolist()], dtype=np.float64)
    return np.where(is_counted, _whole(of_uat, people.uats.index, people.areas), ruled), is_counted


def _band(age_min: int | None, age_max: int | None) -> Floats:
    """Share of every age group that lies in an age band, people of a group being of all its ages alike."""
    low, high = age_min or 0, (_OLDEST if age_max is None else age_max) + 1
    start = np.arange(len(AGES)) * _STEP
    end = np.append(start[1:], _OLDEST + 1)
    share: Floats = np.clip(np.minimum(end, high) - np.maximum(start, low), 0, None) / (end - start)
    return share


def _areas(gazetteer: Gazetteer) -> pd.DataFrame:
    """Localities with a point, sorted; a sector of Bucharest is a UAT of its own here."""
    areas = gazetteer.localities[["locality_siruta", "name", "uat_siruta", "county", "type", "is_seat", "lat", "lon"]]
    areas = areas.rename(columns={"locality_siruta": "area_id"}).dropna(subset=["lat", "lon"])
    areas = areas.sort_values("area_id", ignore_index=True)
    areas["uat_siruta"] = areas["uat_siruta"].where(areas["type"] != "sector", areas["area_id"]).astype("int64")
    counties = gazetteer.counties.reset_index(drop=True)
    areas["region"] = areas["county"].map(counties.set_index("county")["region_name"])
    parents = gazetteer.uats.set_index("uat_siruta")["parent_uat_siruta"]
    areas["parent_siruta"] = areas["uat_siruta"].map(parents).fillna(-2).astype("int64")
    areas["county_no"] = pd.Index(counties["county"]).get_indexer(pd.Index(areas["county"]))
    region_no = {code: i for i, code in enumerate(sorted(set(counties["region"])))}
    areas["region_no"] = areas["county_no"].map(counties["region"].map(region_no))
    xy = to_metric(areas["lat"], areas["lon"])
    return areas.assign(x=xy[:, 0], y=xy[:, 1])


def _uats(
    gazetteer: Gazetteer,
    areas: pd.DataFrame,
    rural: pd.DataFrame | None,
    urban: pd.DataFrame | None,
    population: pd.DataFrame,
) -> pd.DataFrame:
    layer = atlas_layer(gazetteer.uats, rural, urban, population).set_index("uat_siruta")
    codes = pd.Index(np.unique(areas["uat_siruta"]), name="uat_siruta")
    table = layer.reindex(codes)[["name", "county", "area", "atlas_class", "rate_percent", "lhdi", "priority"]]
    usual = table["area"].map({k: v / 10.0 for k, v in spread("marginalised").items()}).astype("float64")
    table["rate"] = table.pop("rate_percent").fillna(usual).fillna(0.0) / 100.0
    table["region"] = table["county"].map(gazetteer.counties.set_index("county")["region_name"])
    return table


def _with_sectors(given: pd.DataFrame, gazetteer: Gazetteer) -> pd.DataFrame:
    """Divide a municipality given as one among its sectors."""
    sectors = gazetteer.uats[gazetteer.uats["parent_uat_siruta"].notna()]
    missing = sectors[~sectors["uat_siruta"].isin(given.index) & sectors["parent_uat_siruta"].isin(given.index)]
    numbers = ["population", *AGES]
    if missing.empty:
        return given[numbers].astype("Float64")
    older = pd.read_csv(UAT_POPULATION).set_index("uat_siruta")["population"]
    parts = []
    for parent, children in missing.groupby("parent_uat_siruta"):
        weight = children["uat_siruta"].map(older).fillna(1.0).to_numpy(dtype="float64")
        whole = given.loc[given.index == parent, numbers].astype("Float64")
        part = whole.loc[whole.index.repeat(len(children))].mul(weight / weight.sum(), axis="index")
        parts.append(part.set_axis(children["uat_siruta"].to_numpy(), axis="index"))
    return pd.concat([given[numbers].astype("Float64"), *parts])


def _ages(table: pd.DataFrame, codes: pd.Index, people: pd.Series[float]) -> Floats:
    """Age groups of every UAT; what is not known shares what is left as the country's ages do."""
    shape = np.array([spread("age")[age] for age in AGES])
    ages = table[list(AGES)].reindex(codes).to_numpy(dtype=np.float64, na_value=np.nan)
    unknown = np.isnan(ages)
    left = np.maximum(people.fillna(0.0).to_numpy() - np.nansum(ages, axis=1), 0.0)
    share = np.where(unknown, shape, 0.0)
    total = share.sum(axis=1, keepdims=True)
    filled = left[:, None] * np.divide(share, total, out=np.zeros_like(share), where=total > 0)
    return np.where(unknown, filled, ages)


def _weights(areas: pd.DataFrame, population: pd.Series[float]) -> Floats:
    """Share of each locality in its UAT's people: known sizes (GeoNames), the rest by the kind of locality."""
    known = pd.read_csv(SETTLEMENTS, usecols=["locality_siruta", "population"]).dropna()
    sizes = known.groupby("locality_siruta")["population"].max()
    size = areas["area_id"].map(sizes).astype("float64")
    usual = areas["type"].map(spread("locality")).fillna(1.0).astype("float64")
    size = size.mask(size <= 0)
    uat = areas["uat_siruta"]
    total = uat.map(population).to_numpy(dtype=np.float64)
    of_known = size.fillna(0.0).groupby(uat).transform("sum").to_numpy()
    of_usual = usual.where(size.isna(), 0.0).groupby(uat).transform("sum").to_numpy()
    left = np.maximum(total - of_known, _LEAST_SHARE * np.maximum(total, 1.0))
    guess = left * np.divide(usual.to_numpy(), of_usual, out=np.zeros(len(areas)), where=of_usual > 0)
    weight = size.fillna(pd.Series(guess, index=areas.index))
    return (weight / weight.groupby(uat).transform("sum")).to_numpy(dtype=np.float64)


def _whole(per_uat: Floats, codes: pd.Index, areas: pd.DataFrame) -> Floats:
    """Divide each UAT's people, as whole persons, among its localities: largest remainders, ties by code."""
    of_uat = codes.get_indexer(pd.Index(areas["uat_siruta"]))
    whole = np.floor(per_uat + 0.5)
    exact = whole[of_uat] * areas["weight"].to_numpy()
    down = np.floor(exact + 1e-9)
    over = whole - np.bincount(of_uat, weights=down, minlength=len(codes))
    order = np.lexsort((areas["area_id"].to_numpy(), down - exact, of_uat))
    sorted_uat = of_uat[order]
    first = np.searchsorted(sorted_uat, np.arange(len(codes)))
    rank = np.arange(len(order)) - first[sorted_uat]
    down[order[rank < over[sorted_uat]]] += 1
    return np.asarray(down, dtype=np.float64)
