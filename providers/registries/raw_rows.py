"""What every registry does to its raw rows first: all columns there, tidied text, codes as numbers, keys."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.errors import MapError
from core.text import fold
from providers.registries.contacts import map_unique, tidy_text
from providers.registries.geocoding import parse_coordinates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.reading.fields import Field
    from geo.gazetteer.gazetteer import Gazetteer

_KEY_CHARACTERS = 60
_MADE_KEY_DIGITS = 12


def text_columns(raw: pd.DataFrame, fields: Sequence[Field]) -> pd.DataFrame:
    """Give raw rows all columns of `fields` as tidied text ("" where the file has none), and `row`.

    The result has a fresh index 0…n-1.
    """
    own = raw.reset_index(drop=True)
    blank = pd.Series("", index=own.index, dtype="str")
    columns = {f.name: map_unique(own[f.name], tidy_text) if f.name in own else blank for f in fields}
    rows = own["row"] if "row" in own else pd.Series(range(1, len(own) + 1), index=own.index)
    return pd.DataFrame(columns, index=own.index).assign(row=rows.astype("int64"))


def or_na(text: pd.Series[Any]) -> pd.Series[Any]:
    """Turn "" into a missing value, as the table of services has it."""
    return text.where(text != "", None)


def siruta_codes(text: pd.Series[Any]) -> pd.Series[Any]:
    """Read SIRUTA codes as Int64; NA where the cell holds none."""
    return pd.to_numeric(text.where(text.str.fullmatch(r"[0-9]{2,7}"))).astype("Int64")


def county_codes(text: pd.Series[Any], gazetteer: Gazetteer) -> pd.Series[Any]:
    """Letters of the county that each cell names; NA where it is empty or names none."""
    known = {value: gazetteer.county_code(value) if value else None for value in text.unique()}
    return text.map(known)


def stated_places(rows: pd.DataFrame, gazetteer: Gazetteer) -> tuple[pd.DataFrame, pd.Series[Any]]:
    """Read what rows of text state of their place, as `placing.place` wants it, and the flags of their degrees.

    rows: `county`, `lat`, `lon`, `siruta`, `uat`, `locality` as text.
    """
    degrees = parse_coordinates(rows["lat"], rows["lon"])
    stated = pd.DataFrame(
        {
            "county": county_codes(rows["county"], gazetteer),
            "lat": degrees["lat"],
            "lon": degrees["lon"],
            "siruta": siruta_codes(rows["siruta"]),
            "uat": rows["uat"],
            "locality": rows["locality"],
        }
    )
    return stated, degrees["flags"]


def uats_of(codes: pd.Series[Any], gazetteer: Gazetteer) -> pd.Series[Any]:
    """Return the UAT of each SIRUTA code (of a locality or a UAT); NA where the gazetteer does not know it."""
    known: dict[int, int | None] = {}
    for code in codes.dropna().unique():
        try:
            known[int(code)] = gazetteer.by_siruta(int(code)).uat_siruta
        except MapError:
            known[int(code)] = None
    return pd.Series([None if pd.isna(c) else known[int(c)] for c in codes], index=codes.index, dtype="Int64")


def published_key(text: str) -> str:
    """Make a published key safe for a service_id: letters, digits, dot and hyphen.

    >>> published_key("CMI 12/3"), published_key("<script>")
    ('CMI-12-3', 'script')
    """
    return re.sub(r"[^\w.]+", "-", text).strip("-.")[:_KEY_CHARACTERS]


def made_key(*parts: str) -> str:
    """Make a key of a row's own fields, for a register that has none; the same fields give the same key."""
    folded = "|".join(fold(part) for part in parts)
    return hashlib.sha256(folded.encode()).hexdigest()[:_MADE_KEY_DIGITS]
