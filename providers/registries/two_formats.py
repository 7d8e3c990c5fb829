"""A registry's file comes in its publisher's layout or in the general format: the titles tell which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import MissingColumnError
from core.reading.files import Field, read_table
from providers.registries import general_format

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd


def read_either(path: Path, fields: Sequence[Field]) -> pd.DataFrame:
    """Read a file that has the required columns of `fields`, else one in the general format.

    Raises UnreadableFileError; where the file is neither, the MissingColumnError of the layout that it
    has more of.
    """
    try:
        return read_table(path, fields)
    except MissingColumnError as own:
        try:
            return general_format.load(path)
        except MissingColumnError as general:
            raise MissingColumnError(f"{own} {general}") from None
