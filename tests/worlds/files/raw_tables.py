"""What the tests of the registries share: raw tables out of thin air, hostile cells, the one invariant."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pandas as pd
from hypothesis import strategies as st

from geo.gazetteer.gazetteer import Gazetteer, load_gazetteer
from providers.rules.schema import Tidied, check_services

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.reading.fields import Field

HOSTILE = (
    "", "=1+1", "@SUM(A1)", "<script>alert(1)</script>", "a" * 500, "0", "-1", "1e9", "46,5", "26.9", "999999999999",
    "1017", "179132", "179141", "B", "BC", "Bacău", "Iasi", "Ilfov", "Parincea", "București", "sat X, com. Y", "ﷺ",
    "\u202e", "x\x00y", "NaN", "None", "null", "31.02.2024", "2024-01-31", "da", "F", "13 / 14", "1'; DROP TABLE--", "½", "٣",
)  # fmt: skip


@cache
def gazetteer() -> Gazetteer:
    return load_gazetteer(None)


def raw(rows: list[dict[str, str]]) -> pd.DataFrame:
    """Rows as a reader returns them: text, and `row` from 1."""
    table = pd.DataFrame(rows, dtype="str").fillna("")
    return table.assign(row=range(1, len(rows) + 1))


def hostile_tables(fields: Sequence[Field], sensible: dict[str, tuple[str, ...]]) -> st.SearchStrategy[pd.DataFrame]:
    """Tables of any of the columns, their cells hostile, sensible or arbitrary text."""

    def cell(name: str) -> st.SearchStrategy[str]:
        return st.sampled_from((*HOSTILE, *sensible.get(name, ()) * 4)) | st.text(max_size=12)

    names = [f.name for f in fields]
    needed = [f.name for f in fields if f.required]
    columns = st.sets(st.sampled_from(names)).map(lambda some: [n for n in names if n in some or n in needed])
    rows = columns.flatmap(
        lambda some: st.lists(st.fixed_dictionaries({n: cell(n) for n in some}), min_size=1, max_size=6)
    )
    return rows.map(raw)


def assert_every_row_is_accounted_for(table: pd.DataFrame, tidied: Tidied) -> None:
    """Each raw row is either a service or a reject, and the services keep the schema."""
    assert tidied.rows_read == len(table) == len(tidied.services) + len(tidied.rejects)
    ended = [*tidied.services["source_row"], *tidied.rejects["row"]]
    assert sorted(ended) == sorted(table["row"])
    assert (tidied.rejects["message"] != "").all()
    check_services(tidied.services)
