"""Reading a register that is published as a sheet, as CSV or as XML: the same fields by any of their titles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.reading.files import Field, read_table, read_xml_records, table_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd


def read_register(path: Path, fields: Sequence[Field]) -> pd.DataFrame:
    """Read the fields that a file has, as text, and `row` (1 = first record).

    XML tags and attributes count as titles. Raises UnreadableFileError and MissingColumnError, both
    naming the file.
    """
    if path.suffix.lower() != ".xml":
        return read_table(path, fields)
    records = read_xml_records(path)
    # Records may leave tags out: the header is all tags that occur, in the order of their first coming.
    titles = list(dict.fromkeys(tag for record in records for tag in record))
    rows = [titles, *([record.get(tag, "") for tag in titles] for record in records)]
    return table_of(rows, fields, file=path.name)
