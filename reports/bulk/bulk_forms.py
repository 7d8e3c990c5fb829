"""One table as a file, in each form: CSV and NDJSON (gzip), GeoParquet, GeoPackage. Nothing holds a table whole."""

from __future__ import annotations

import csv
import gzip
import io
import json
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from core.exporting import defuse, defuse_cell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from reports.bulk.bulk_tables import Block, BulkTable

CSV, NDJSON, PARQUET, GEOPACKAGE = ".csv.gz", ".ndjson.gz", ".parquet", ".gpkg"
MEDIA_TYPES = {
    CSV: "application/gzip",
    NDJSON: "application/gzip",
    PARQUET: "application/vnd.apache.parquet",
    GEOPACKAGE: "application/geopackage+sqlite3",
}
_LEVEL = 6
_ARROW = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "date-time": pa.timestamp("ms", tz="UTC"),
}
_FROM_TEXT: dict[str, Callable[[str], Any]] = {"date": date.fromisoformat, "date-time": datetime.fromisoformat}
_SHAPE = "geometry"


def write_forms(table: BulkTable, folder: Path) -> int:
    """Write a table in every form but GeoPackage, in one reading; return how many rows."""
    count = 0
    names = list(table.types)
    with (
        _zipped(folder / f"{table.name}{CSV}") as sheet,
        _zipped(folder / f"{table.name}{NDJSON}") as lines,
        _parquet(table, folder / f"{table.name}{PARQUET}") as columnar,
    ):
        writer = csv.writer(sheet)
        writer.writerow(names)
        for block in table.blocks():
            rows = zip(*(block.columns[name] for name in names), strict=True)
            writer.writerows([_cell(value) for value in row] for row in rows)
            for each in block.objects:
                lines.write(json.dumps(each, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n")
                count += 1
            # As a table: of batches the writer keeps all in memory until a million rows are there.
            columnar.write_table(pa.Table.from_batches([_batch(table, block, columnar.schema)]))
    return count


def write_geopackage(table: BulkTable, folder: Path) -> None:
    """Write a GeoPackage of one layer, its text defused for spreadsheets."""
    import pyogrio

    schema = _schema(table)
    batches = (_batch(table, block, schema, is_defused=True) for block in table.blocks())
    pyogrio.write_arrow(
        pa.RecordBatchReader.from_batches(schema, batches), folder / f"{table.name}{GEOPACKAGE}", layer=table.name,
        driver="GPKG", geometry_name=_SHAPE, geometry_type=table.shape, crs="EPSG:4326",
    )  # fmt: skip


def _parquet(table: BulkTable, path: Path) -> pq.ParquetWriter:
    """Open a file of Parquet; shapes stand in it as GeoParquet 1.0 has them (degrees, longitude first)."""
    schema = _schema(table)
    if table.shape:
        column = {"encoding": "WKB", "geometry_types": [table.shape]}
        values = {"version": "1.0.0", "primary_column": _SHAPE, "columns": {_SHAPE: column}}
        schema = schema.with_metadata({"geo": json.dumps(values)})
    return pq.ParquetWriter(path, schema, compression="zstd")


def _schema(table: BulkTable) -> pa.Schema:
    fields = [(name, _ARROW[kind]) for name, kind in table.types.items()]
    return pa.schema([*fields, *([(_SHAPE, pa.binary())] if table.shape else [])])


def _batch(table: BulkTable, block: Block, schema: pa.Schema, *, is_defused: bool = False) -> pa.RecordBatch:
    columns = []
    for name, kind in table.types.items():
        values = block.columns[name]
        if kind in _FROM_TEXT:
            values = [None if value is None else _FROM_TEXT[kind](value) for value in values]
        elif is_defused and kind == "string":
            values = [defuse(value) for value in values]
        columns.append(pa.array(values, _ARROW[kind]))
    if table.shape:
        columns.append(pa.array(block.shapes, pa.binary()))
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return defuse_cell(value)


@contextmanager
def _zipped(path: Path) -> Iterator[io.TextIOWrapper]:
    """Open a compressed text without name and time in it: what says the same has the same digest."""
    with (
        path.open("wb") as raw,
        gzip.GzipFile("", "wb", _LEVEL, raw, mtime=0) as packed,
        io.TextIOWrapper(packed, "utf-8", newline="") as out,
    ):
        yield out
