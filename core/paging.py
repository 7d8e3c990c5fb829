"""Which part of a long list one page shows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PageOfMany:
    """One page of a list.

    Attributes
    ----------
    number, count
        Which page of how many, from 1.
    rows
        Where its rows stand in the list.
    """

    number: int
    count: int
    rows: slice


def page_of(length: int, size: int, asked: object = 1) -> PageOfMany:
    """Return the page that somebody asks for; the nearest that there is.

    Parameters
    ----------
    length
        How many rows the list has.
    size
        How many a page shows.
    asked
        Number of the page, from 1, or the text of an address; what is no number is the first page.

    Returns
    -------
    PageOfMany
        An empty list has one page.

    Examples
    --------
    >>> page_of(45, 20, "9")
    PageOfMany(number=3, count=3, rows=slice(40, 60, None))
    >>> page_of(0, 20, "x").count
    1
    """
    count = max(1, -(-length // size))
    text = str(asked)
    typed = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1  # noqa: PLR2004
    number = min(max(1, typed), count)
    return PageOfMany(number, count, slice((number - 1) * size, number * size))
