"""The first hour of a danger: what to do, what not, whom to call, and what must be reported without consent."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from core.reading.curated_tables import FOLDER, read_rows
from providers.rules.help_tables.wanted_needs import needs_wanted
from providers.rules.needs import needs

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_KINDS = ("title", "do", "dont", "call", "report")
_TITLE = "title"


@dataclass(frozen=True)
class FirstHour:
    """One danger: its code, title and needs, and sentences by what they are for; basis: the laws they follow."""

    danger: str
    title: str
    needs: tuple[str, ...]
    do: tuple[str, ...]
    dont: tuple[str, ...]
    call: tuple[str, ...]
    report: tuple[str, ...]
    basis: str


@cache
def first_hours(folder: Path = FOLDER) -> dict[str, FirstHour]:
    """Return every danger by its code.

    Parameters
    ----------
    folder
        Where `first_hour.csv` stands.

    Returns
    -------
    dict of str to FirstHour
        In the order of the file.
    """
    titles: dict[str, tuple[str, tuple[str, ...], str]] = {}
    values: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for row in read_rows(folder / "first_hour.csv", ("danger", "kind", "words", "needs", "basis")):
        danger, kind = row.text("danger"), row.choice("kind", _KINDS)
        if kind == _TITLE:
            titles[danger] = (row.text("words"), row.keys("needs", needs(folder), "needs.csv"), row.text("basis"))
        else:
            values[row.key("danger", titles, "first_hour.csv"), kind].append(row.text("words"))
    return {
        danger: FirstHour(
            danger=danger,
            title=title,
            needs=of,
            do=tuple(values[danger, "do"]),
            dont=tuple(values[danger, "dont"]),
            call=tuple(values[danger, "call"]),
            report=tuple(values[danger, "report"]),
            basis=basis,
        )
        for danger, (title, of, basis) in titles.items()
    }


def first_hours_of(wanted: Iterable[str]) -> tuple[FirstHour, ...]:
    """Return the dangers of what is wanted, each once.

    Parameters
    ----------
    wanted
        Needs, or codes of types, which are of no danger.

    Returns
    -------
    tuple of FirstHour
        In the order of the table.
    """
    codes = needs_wanted(wanted)
    return tuple(each for each in first_hours().values() if codes & set(each.needs))
