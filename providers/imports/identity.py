"""Which service of the edition before each row of a new one is: a `service_id` never changes its owner.

A row is the service that it was under a renewed licence, a corrected name or a moved address, as long as enough else
says so; a code alone does not where a list numbers its rows, nor where all else is another. Where two could be meant,
neither is: what was there is then kept as withdrawn, and the row is a new service. docs/decisions/0029-sources.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from core.storage.service_ids import service_id
from core.text import fold
from providers.registries.contacts import map_unique
from providers.registries.raw_rows import made_key
from providers.rules.schema import SERVICE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

WITHDRAWN = "withdrawn_on"
WITHDRAWN_COLUMNS = (*SERVICE_COLUMNS, WITHDRAWN)
MATCH_COLUMNS = ("service_id", "matched_by", "changed")
# What may say that two rows are one service, and in which order the report names it.
_FACTS = ("registry_key", "service_type", "name", "organization", "uat_siruta", "address")
_ALIKE = 0.85  # assumed: of two spellings of one name; two centres of two saints are at 0.8
_ROW_NUMBERS = 0.9  # share of codes that are the number of their row, from which on none counts as a code
_MOST_IN_A_BLOCK = 150  # rows that agree in a block: beyond it nothing tells one from another
# Pairs are looked for only among rows that agree in one of these.
_BLOCKS = (
    ("key",), ("type", "name", "uat"), ("type", "name", "org"), ("type", "name", "cui"), ("type", "org", "uat"),
    ("type", "cui", "uat"),
)  # fmt: skip


@dataclass(frozen=True)
class Identified:
    """Services with their ids, and what became of those before.

    Attributes
    ----------
    services
        SERVICE_COLUMNS.
    withdrawn
        WITHDRAWN_COLUMNS: services of this source that an earlier edition had and this one has not, each as it was
        last published, with the day of the first edition without it.
    matches
        MATCH_COLUMNS: services that kept their id although what identifies them changed; `matched_by` and `changed`
        name columns, `;` between them.
    """

    services: pd.DataFrame
    withdrawn: pd.DataFrame
    matches: pd.DataFrame


def identify(
    services: pd.DataFrame,
    before: pd.DataFrame | None,
    withdrawn: pd.DataFrame | None,
    *,
    registry: str,
    source: str,
    as_of: str,
) -> Identified:
    """Give each row of a new edition its id.

    Parameters
    ----------
    services
        SERVICE_COLUMNS without ids, keys unique.
    before
        Services of the source's edition before; None = there was none.
    withdrawn
        Those that were gone then already.
    registry, source
        Parts of an id.
    as_of
        Day of the new edition, ISO.
    """
    known = _known(before, withdrawn)
    new = services.reset_index(drop=True)
    owner = _owners(known, new) if len(known) else np.full(len(new), -1)
    ids = known["service_id"].to_numpy(object)
    taken = set(ids)
    keys = _identity_keys(new) if _are_row_numbers(new) else new["registry_key"].astype("str")
    found = [
        ids[row] if row >= 0 else _free_id(service_id(registry, source, key), taken)
        for row, key in zip(owner, keys, strict=True)
    ]
    gone = known[~known["service_id"].isin(found)]
    gone = gone.assign(**{WITHDRAWN: gone[WITHDRAWN].where(gone[WITHDRAWN] != "", as_of)})
    return Identified(
        new.assign(service_id=pd.Series(found, index=new.index, dtype="str")),
        gone[list(WITHDRAWN_COLUMNS)].reset_index(drop=True),
        _matches(known, new, owner),
    )


def _known(before: pd.DataFrame | None, withdrawn: pd.DataFrame | None) -> pd.DataFrame:
    """Put all services that the source ever had in one table, the present ones first."""
    tables = [table for table in (before, withdrawn) if table is not None and len(table)]
    if not tables:
        return pd.DataFrame({column: pd.Series(dtype="str") for column in WITHDRAWN_COLUMNS})
    parts = [table.reindex(columns=list(WITHDRAWN_COLUMNS)) for table in tables]
    known = pd.concat(parts, ignore_index=True).drop_duplicates("service_id").reset_index(drop=True)
    since = known[WITHDRAWN].astype("object")
    return known.assign(**{WITHDRAWN: since.where(since.notna(), "").astype("str")})


def _free_id(wanted: str, taken: set[str]) -> str:
    """Return an id that no service of the source ever had; it is taken then."""
    made, number = wanted, 1
    while made in taken:
        number += 1
        made = f"{wanted}-{number}"
    taken.add(made)
    return made


def _are_row_numbers(services: pd.DataFrame) -> bool:
    """Whether the codes of a list are the numbers of its rows: they then say nothing of who a service is."""
    if len(services) < 2:  # noqa: PLR2004  of a single row nobody can tell
        return False
    same = services["registry_key"].astype("str") == services["source_row"].astype("str")
    return bool(same.mean() >= _ROW_NUMBERS)


def _identity_keys(services: pd.DataFrame) -> pd.Series[Any]:
    """Make keys of what a service is, not of where its row stands; of a protected one without its place."""
    columns = ("service_type", "name", "organization", "county", "uat_siruta", "locality_siruta", "address")
    text = services[list(columns)].astype("object").where(services[list(columns)].notna(), "")
    text.loc[services["is_secret"].to_numpy(bool), ["uat_siruta", "locality_siruta", "address"]] = ""
    return pd.Series(
        [made_key(*map(str, row)) for row in text.itertuples(index=False)], index=services.index, dtype="str"
    )


def _facts(services: pd.DataFrame, folded_once: Callable[[str], str]) -> pd.DataFrame:
    """Return what rows are compared by, as text; "" where a row does not say it."""
    values = {
        "key": services["registry_key"], "type": services["service_type"], "cui": services["organization_cui"],
        "uat": services["uat_siruta"], "locality": services["locality_siruta"], "county": services["county"],
    }  # fmt: skip
    folded = {"name": services["name"], "org": services["organization"], "address": services["address"]}
    table = {name: column.astype("str").where(column.notna(), "") for name, column in values.items()}
    table |= {
        name: map_unique(column.astype("str").where(column.notna(), ""), folded_once) for name, column in folded.items()
    }
    return pd.DataFrame(table)


def _owners(known: pd.DataFrame, new: pd.DataFrame) -> NDArray[np.int64]:
    """Return for each new row the row of `known` that it is, -1 where it is none."""
    folded_once = cache(fold)  # two editions say nearly the same
    old, now = _facts(known, folded_once), _facts(new, folded_once)
    owner = np.full(len(now), -1, np.int64)
    present = (known[WITHDRAWN] == "").to_numpy()
    _settle(owner, _all_equal(old, now))
    left_old = np.setdiff1d(np.arange(len(old)), owner)
    pairs = _pairs(old.iloc[left_old], now[owner < 0])
    if pairs.empty:
        return owner
    same = _compared(old, now, pairs)
    for rule in _rules(same):
        for is_present in (True, False):
            chosen = pairs[rule & (present[pairs["old"].to_numpy()] == is_present)]
            _settle(owner, chosen)
    return owner


def _all_equal(old: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Pair the rows that agree in all that identifies a service: nearly all, in most editions."""
    by = list(old.columns)
    left = old[by].assign(old=range(len(old)))
    return left.merge(now[by].assign(new=range(len(now))), on=by)[["old", "new"]]


def _pairs(old: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Pair the rows that agree in a block; a block in which nothing tells rows apart is passed over."""
    found = []
    for block in _BLOCKS:
        by = list(block)
        left, right = (
            side[(side[by] != "").all(axis=1)][by].assign(**{name: lambda part: part.index})
            for side, name in ((old, "old"), (now, "new"))
        )
        left, right = (side[side.groupby(by)[by[0]].transform("size") <= _MOST_IN_A_BLOCK] for side in (left, right))
        found.append(left.merge(right, on=by)[["old", "new"]])
    return pd.concat(found).drop_duplicates().reset_index(drop=True)


def _compared(old: pd.DataFrame, now: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Say in what each pair agrees."""
    a = old.iloc[pairs["old"].to_numpy()].reset_index(drop=True)
    b = now.iloc[pairs["new"].to_numpy()].reset_index(drop=True)
    same = pd.DataFrame({column: a[column] == b[column] for column in a.columns})
    both_cui = (a["cui"] != "") & (b["cui"] != "")
    same["owner"] = same["cui"].where(both_cui, same["org"])
    same["owner_is_told"] = same["owner"] & (both_cui | (a["org"] != a["name"]))
    same["alike"] = [_is_alike(x, y) for x, y in zip(a["name"], b["name"], strict=True)]
    same["at_address"] = same["address"] & (a["address"] != "")
    # Numbers of a list may be dealt anew, and a made key is the row's own cells over again.
    same["strong"] = ~b["key"].str.fullmatch(r"[0-9]{1,5}|R?[0-9a-f]{12}")
    for names, side in (("only_old", a), ("only_new", b)):
        whole = old if side is a else now
        count = whole.groupby(["type", "name", "org"])["key"].transform("size")
        same[names] = (count == 1).to_numpy()[pairs["old" if side is a else "new"].to_numpy()]
    return same


def _is_alike(a: str, b: str) -> bool:
    """Whether two folded names may be two spellings of one: never where their numbers differ.

    >>> _is_alike("centrul de zi sf ioan", "centrul de zi sf ioan parincea"), _is_alike("scoala 1", "scoala 2")
    (False, False)
    >>> _is_alike("centrul de zi luminita", "centru de zi luminita")
    True
    """
    if a == b:
        return True
    numbers = [[word for word in text.split() if word.isdigit()] for text in (a, b)]
    return numbers[0] == numbers[1] and SequenceMatcher(None, a, b, autojunk=False).ratio() >= _ALIKE


def _rules(same: pd.DataFrame) -> list[pd.Series[bool]]:
    """Return the rules by which a pair is one service, the surest first: one thing at a time may have changed.

    Where rows have a code of their own it is one of these things; where they have none, it says nothing.
    """
    s, key, keyless = same, same["key"] & same["strong"], ~same["strong"]
    only_one = s["only_old"] & s["only_new"]  # of its type, name and provider
    here = s["uat"] & s["locality"]
    kept_name = s["type"] & s["name"] & s["owner"]
    return [
        kept_name & here & s["at_address"],  # a renewed licence
        kept_name & here & s["address"] & only_one,
        key & kept_name,  # moved
        keyless & kept_name & s["owner_is_told"] & only_one,
        keyless & kept_name & here & only_one,
        key & s["type"] & s["owner"] & here & (s["address"] | s["alike"]),  # a corrected name
        keyless & s["type"] & s["owner"] & here & s["at_address"] & s["alike"],
        key & s["type"] & s["name"] & here & s["address"],  # another provider
        key & s["name"] & s["owner"] & here & s["address"],  # another type
    ]


def _settle(owner: NDArray[np.int64], pairs: pd.DataFrame) -> None:
    """Write down the pairs of which neither side has another left."""
    free = pairs[(owner[pairs["new"].to_numpy()] < 0) & ~pairs["old"].isin(owner).to_numpy()]
    alone = free[~free.duplicated("old", keep=False) & ~free.duplicated("new", keep=False)]
    owner[alone["new"].to_numpy()] = alone["old"].to_numpy()


def _matches(known: pd.DataFrame, new: pd.DataFrame, owner: NDArray[np.int64]) -> pd.DataFrame:
    rows = np.flatnonzero(owner >= 0)
    columns = list(_FACTS)
    text = [
        table[columns].astype("object").where(table[columns].notna(), "").astype("str").to_numpy()
        for table in (known.iloc[owner[rows]], new.iloc[rows])
    ]
    same = text[0] == text[1]
    changed = ~same.all(axis=1)
    names = np.array(columns, object)
    return pd.DataFrame(
        {
            "service_id": known["service_id"].to_numpy(object)[owner[rows[changed]]],
            "matched_by": [";".join(names[each]) for each in same[changed]],
            "changed": [";".join(names[~each]) for each in same[changed]],
        },
        columns=list(MATCH_COLUMNS),
        dtype="str",
    )
