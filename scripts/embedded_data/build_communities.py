"""The demonstration's list of communities: the twelve known ones and others invented to keep the contract's counts."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass

import pandas as pd

from core.resources import DATA
from geo.layers.community_list import COMMUNITY_COLUMNS

LISTS_FILE = DATA / "atlas" / "communities_lists.toml"
_LARGEST_TOWN = 20_000  # people: the contract says small towns
_MOST_IN_A_COUNTY = 6
_INVENTED = "inventată pentru demonstrație; nu spune nimic despre comuna sau orașul real"


@dataclass(frozen=True)
class Promises:
    """What a version of the list promises: how many communities there are and of which classes."""

    communities: int
    towns: int
    communes: int
    counties: int
    rural_classes: tuple[int, ...]


def load_promises() -> Promises:
    """Read what the contract promises."""
    said = tomllib.loads(LISTS_FILE.read_text(encoding="utf-8"))["contract"]
    counts = [said[name] for name in ("communities", "towns", "communes", "counties")]
    return Promises(*counts, rural_classes=tuple(said["rural_classes"]))


def communities(known: pd.DataFrame, atlas: pd.DataFrame, promises: Promises) -> pd.DataFrame:
    """Make the list: COMMUNITY_COLUMNS without source_row, sorted by county and code.

    known: communities_known.csv. atlas: `geo.layers.atlas_layer.atlas_layer` of the synthetic atlas with `kind`. Each
    county but one has at least one commune of class 3 or 4, the highest priority first; towns are small, of class
    3 or 4, one a county. The county left out is the one with the lowest priority and no known community.
    """
    able = atlas[atlas["atlas_class"].isin(promises.rural_classes) & ~atlas["uat_siruta"].isin(known["uat_siruta"])]
    able = able.sort_values(["priority", "uat_siruta"], ascending=[False, True])
    communes = able[able["kind"] == "commune"]
    best = communes.drop_duplicates("county")
    free = best[~best["county"].isin(known["county"])]
    left_out = atlas["county"].nunique() - 1 - promises.counties  # the capital has no commune
    kept = free.iloc[: len(free) - left_out] if left_out > 0 else free
    counties = set(kept["county"]) | set(known["county"])
    already = known.loc[known["kind"] == "commune", "county"].value_counts()
    others = communes[communes["county"].isin(counties) & ~communes["uat_siruta"].isin(kept["uat_siruta"])]
    rank = others.groupby("county").cumcount() + 1 + others["county"].map(already).fillna(0)
    rank += others["county"].isin(kept["county"])
    others = others[rank <= _MOST_IN_A_COUNTY]
    wanted = promises.communes - int((known["kind"] == "commune").sum()) - len(kept)
    towns = able[(able["kind"] == "town") & (able["population"] <= _LARGEST_TOWN) & able["county"].isin(counties)]
    towns = towns[~towns["county"].isin(known.loc[known["kind"] == "town", "county"])].drop_duplicates("county")
    more_towns = promises.towns - int((known["kind"] == "town").sum())
    invented = pd.concat([kept, others.head(wanted), towns.head(more_towns)])
    invented = invented.assign(status="invented", source="", note=_INVENTED)
    columns = [name for name in COMMUNITY_COLUMNS if name != "source_row"]
    return pd.concat([known[columns], invented[columns]]).sort_values(["county", "uat_siruta"]).reset_index(drop=True)
