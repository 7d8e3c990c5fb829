"""Cells of tables: what pandas, numpy and files write where nothing is known becomes None or an empty text.

None, NaN, NaT and pandas' NA all mean that nothing is known. Nothing here loads pandas.
"""

from __future__ import annotations

from datetime import date
from typing import Any


def is_missing(value: Any) -> bool:
    """Whether a cell says nothing: None, NaN, NaT or NA.

    >>> [is_missing(value) for value in (None, float("nan"), 0, "", "x")]
    [True, True, False, False, False]
    """
    try:
        return value is None or bool(value != value)  # noqa: PLR0124 - only what is not known differs from itself
    except TypeError:  # pandas' NA answers neither yes nor no
        return True


def int_or_none(value: Any) -> int | None:
    """Return a number of a cell as a whole one, cut towards zero; None where it is not known.

    >>> int_or_none(3.0), int_or_none(float("nan"))
    (3, None)
    """
    return None if is_missing(value) else int(value)


def date_or_none(value: Any) -> date | None:
    """Return the day of a cell with a moment (`datetime` or pandas' Timestamp); None where it is not known."""
    return None if is_missing(value) else value.date()


def text_or_empty(value: Any) -> str:
    """Return the text of a cell; empty where it holds anything else.

    >>> text_or_empty("Bacău"), text_or_empty(None), text_or_empty(float("nan"))
    ('Bacău', '', '')
    """
    return value if isinstance(value, str) else ""
