"""What reading a file has to say of itself, laid beside the edition: rows that slipped, titles and cells not used."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.errors import UnclearTitlesError
from core.i18n import N_, _, number
from core.reading.critical_columns import PUBLIC
from core.reading.fields import exact_form
from core.reading.reading_account import NOT_USED
from core.reading.tidied_table import rejects_table
from providers.rules.flags import flag_words, split_flags

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from core.reading.reading_account import FileAccount, ReadingAccount

UNUSED = ("titles", "sheets", "layers", "cells")
_UNREAD = {
    "licence_date_unread": N_("Valabilitatea licenței"),
    "licence_dates_reversed": N_("Valabilitatea licenței"),
    "status_unread": N_("Stare"),
    "capacity_unread": N_("Capacitate"),
    "coordinates_unread": N_("Coordonate"),
    "group_unknown": N_("Grupuri"),
}
_MOST_NAMED = 30  # titles and sheets that a line names; the record has them all
_MOST_ROWS = 8


@dataclass(frozen=True)
class Shaped:
    """What a reader returns: tables by name, the main one first, the key of its rows, and the layout of the file."""

    tables: dict[str, Any]
    key: str
    rows_read: int
    rejects: pd.DataFrame
    notes: tuple[str, ...] = ()
    unused: Mapping[str, Any] = field(default_factory=dict)
    layout: str = ""


def with_account(shaped: Shaped, account: ReadingAccount) -> Shaped:
    """Return what a reader shaped with its account: rows refused while reading, the sheets of rejects, what is unused.

    Rows read are those of the table and those refused before they came into it.
    """
    own = account.main()
    rejects = pd.concat([shaped.rejects, rejects_table(own.refusals)], ignore_index=True)
    return replace(
        shaped,
        rejects=_placed(rejects, own),
        rows_read=shaped.rows_read + len(own.refusals),
        notes=(*shaped.notes, *dict.fromkeys(note for each in account.files.values() for note in each.notes)),
        unused=account.unused(),
    )


def _placed(rejects: pd.DataFrame, own: FileAccount) -> pd.DataFrame:
    """Say of each reject the sheet and the row in it, where the file has several sheets."""
    places = [own.place(int(row)) for row in rejects["row"]]
    table = rejects.assign(
        sheet=pd.Series([sheet for sheet, _row in places], index=rejects.index, dtype="str"),
        row=pd.Series([row for _sheet, row in places], index=rejects.index, dtype="int64"),
    )
    order = rejects["row"].sort_values(kind="stable").index
    return table.loc[order].reset_index(drop=True)


def name_unread_cells(own: FileAccount, services: pd.DataFrame) -> None:
    """Write in the account the cells that were there and could not be read: dates, statuses, capacities, points."""
    doubted = services[services["flags"] != ""]
    for flags, row in zip(doubted["flags"], doubted["source_row"], strict=True):
        for flag in _UNREAD.keys() & set(split_flags(flags)):
            if pd.notna(row):
                own.remark(_(_UNREAD[flag]), flag_words(flag), int(row))


def require_met(path: Path, account: ReadingAccount, typed: Mapping[str, str]) -> None:
    """Refuse titles that somebody typed and that the file has not, and fields that its kind has not."""
    own = account.main()
    absent = [title for title in typed if title not in account.met]
    if absent:
        raise UnclearTitlesError(
            _("{file}: nu are titlul {titles}. Am găsit: {found}.").format(
                file=path.name,
                titles=", ".join(f"„{title}”" for title in absent),
                found=", ".join(f"„{use.title[:40]}”" for use in own.titles[:40]),
            )
        )
    known = {exact_form(name) for each in account.targets.items() for name in each} | {PUBLIC}
    unknown = [target for target in typed.values() if target != NOT_USED and exact_form(target) not in known]
    if unknown:
        raise UnclearTitlesError(
            _("{file}: nu cunosc câmpul „{field}”. Se poate alege: {fields}.").format(
                file=path.name, field=unknown[0], fields=", ".join((*account.targets, NOT_USED))
            )
        )


def unused_lines(unused: Mapping[str, Any]) -> list[str]:
    """Say in lines what of a file was not used."""
    items = []
    for key, words in (
        ("titles", _("Titluri nefolosite: {names}")),
        ("sheets", _("Foi nefolosite: {names}")),
        ("layers", _("Straturi nefolosite: {names}")),
    ):
        names = [str(name) for name in unused.get(key, ())]
        if names:
            more = [f"… (+{number(len(names) - _MOST_NAMED)})"] if len(names) > _MOST_NAMED else []
            items.append(words.format(names=", ".join([*(f"„{name}”" for name in names[:_MOST_NAMED]), *more])))
    items.extend(_cell_line(cell) for cell in unused.get("cells", ()))
    return items


def _cell_line(cell: Mapping[str, Any]) -> str:
    where = ", ".join(part for part in (cell["sheet"], f"„{cell['title']}”" if cell["title"] else "") if part)
    rows = _some(cell["rows"], int(cell["count"]))
    return _("Celule nefolosite – {where}, rândurile {rows}: {why}").format(
        where=where or "–", rows=rows, why=cell["why"]
    )


def _some(rows: Iterable[int], count: int) -> str:
    shown = [number(row) for row in list(rows)[:_MOST_ROWS]]
    return ", ".join(shown) + (f" … (+{number(count - len(shown))})" if count > len(shown) else "")
