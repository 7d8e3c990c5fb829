"""Reading a register's file: the same fields by any of their titles, and which of its layouts the file has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import MissingColumnError, UnclearTitlesError, UnreadableFileError
from core.reading.fields import Field, exact_form
from core.reading.reading_account import account_now
from core.reading.sheets import RawSheet
from core.reading.tables import read_table, table_of_sheets
from core.reading.xml_records import read_xml_records
from providers.registries import general_format

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
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

    XML tags and attributes count as titles. Raises UnreadableFileError, MissingColumnError and UnclearTitlesError, all
    naming the file.
    """
    if path.suffix.lower() != ".xml":
        return read_table(path, fields, watch=True)
    account_now().begin(str(path))
    forms = {form for field in fields for form in field.ranks()}
    records = read_xml_records(path, is_title=lambda tag: exact_form(tag) in forms)
    # Records may leave tags out: the header is all tags that occur, in the order of their first coming.
    titles = list(dict.fromkeys(tag for record in records for tag in record))
    rows = [titles, *([record.get(tag, "") for tag in titles] for record in records)]
    return table_of_sheets([RawSheet("", rows=rows)], fields, path=path, watch=True)


def read_either(path: Path, fields: Sequence[Field]) -> RawRegister:
    """Read a file that has the required columns of `fields`, else one in the general format.

    Raises UnreadableFileError and UnclearTitlesError; where the file is neither, the MissingColumnError of both.
    """
    return or_general(path, lambda: read_table(path, fields, watch=True))


def or_general(path: Path, read_own: Callable[[], pd.DataFrame]) -> RawRegister:
    """Read a file by its publisher's own columns, else, where it lacks them, as one in the general format.

    Raises UnreadableFileError and UnclearTitlesError; where the file is neither, the MissingColumnError of both.
    """
    try:
        return RawRegister(read_own())
    except (MissingColumnError, UnclearTitlesError) as own:
        try:
            return RawRegister(general_format.load(path), GENERAL)
        except (MissingColumnError, UnreadableFileError) as general:
            if isinstance(own, UnclearTitlesError) or isinstance(general, UnreadableFileError):
                raise own from None  # it can be read as it is published (XML), or its titles need a person's word
            raise MissingColumnError(f"{own} {general}") from None
