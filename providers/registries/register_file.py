"""Reading a register's file: the same fields by any of their titles, and which of its layouts the file has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import MissingColumnError
from core.reading.files import Field, read_table, read_xml_records, table_of
from providers.registries import general_format

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

OWN = "own"  # the publisher's own layout
GENERAL = "general"  # docs/general-format.md


@dataclass(frozen=True)
class RawRegister:
    """What `load` reads for `tidy`: the rows as text, and the name of the layout in which they came.

    Attributes
    ----------
    table
        The fields that the file has, as text, and `row` (1 = first record).
    layout
        OWN, GENERAL, or a name that the registry's module knows.
    """

    table: pd.DataFrame
    layout: str = OWN


def read_register(path: Path, fields: Sequence[Field]) -> pd.DataFrame:
    """Read the fields that a file has, as text, and `row` (1 = first record); a sheet, CSV or XML.

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


def read_either(path: Path, fields: Sequence[Field]) -> RawRegister:
    """Read a file that has the required columns of `fields`, else one in the general format.

    Raises UnreadableFileError; where the file is neither, the MissingColumnError of the layout that it
    has more of.
    """
    try:
        return RawRegister(read_table(path, fields))
    except MissingColumnError as own:
        try:
            return RawRegister(general_format.load(path), GENERAL)
        except MissingColumnError as general:
            raise MissingColumnError(f"{own} {general}") from None
