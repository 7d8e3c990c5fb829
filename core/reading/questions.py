"""Questions about a file that a person has to answer before anything of it is published."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.errors import UnclearTitlesError
from core.i18n import _
from core.reading.critical_columns import PUBLIC, STATUS_WORD, critical_title
from core.reading.fields import LICENCE_END, MARK, STATUS, Field, text_of
from core.reading.reading_account import ReadingAccount
from core.reading.sheets import RawSheet
from core.reading.titles import HEADER_ROWS, MAX_COLUMNS, Header

INSTRUCTIONS = re.compile(
    r"(?i)instruc|ghid|legend|explica|nomenclator|indica[tț]ii|read ?me|exempl|model|cuprins|^note?$|^liste?$|^despre$"
)
LONGEST_MARK = 120  # characters of a cell outside the table that may be a title; what is longer is a remark
_ASKED = {
    MARK: lambda: _("ce adrese sunt protejate"),
    PUBLIC: lambda: _("ce adrese sunt protejate"),
    STATUS: lambda: _("starea licenței sau a serviciului"),
    STATUS_WORD: lambda: _("starea licenței sau a serviciului"),
    LICENCE_END: lambda: _("până când este valabilă licența"),
}


def ask_about(file: str, titles: Sequence[str], fields: Sequence[Field]) -> None:
    """Ask about titles that must not be lost and that nobody understood."""
    if not titles:
        return
    title = titles[0]
    critical = critical_title(title)
    role = critical.role if critical else MARK
    taker = next((f.name for f in fields if f.role == {PUBLIC: MARK, STATUS_WORD: STATUS}.get(role, role)), "")
    how = (
        _('--map "{title}={field}", sau --map "{title}=-" dacă nu este').format(title=title, field=taker)
        if taker
        else _('folosiți formatul general, sau --map "{title}=-" dacă nu este').format(title=title)
    )
    raise UnclearTitlesError(
        _(
            "{file}: titlul {titles} pare să spună {what}, dar nu se înțelege. Nu s-a publicat nimic. Spuneți ce "
            "este ({how}), la terminal sau pe ecranul „Registre”."
        ).format(file=file, titles=", ".join(f"„{each}”" for each in titles), what=_ASKED[role](), how=how),
        tuple(titles),
    )


def ask_about_sheets(file: str, others: Sequence[tuple[RawSheet, Header]], account: ReadingAccount) -> None:
    """Ask about marks of protection in sheets that are not read: they may be of rows of the sheets that are."""
    allowed = {title for title, target in account.choices.items() if target == "-"}
    for sheet, header in others:
        title = _mark_in(sheet, header)
        if not title or allowed & {title, sheet.name}:
            continue
        raise UnclearTitlesError(
            _(
                "{file}: foaia „{sheet}” nu se citește, dar „{title}” pare să spună ce adrese sunt protejate. Nu s-a "
                "publicat nimic. Puneți marcajul într-o coloană a foii cu serviciile, sau --map "
                '"{title}=-" dacă nu este un marcaj.'
            ).format(file=file, sheet=sheet.name, title=title),
            (title,),
        )


def _mark_in(sheet: RawSheet, header: Header) -> str:
    """Return the title of a sheet (or its name) that looks like the mark of protection; "" where there is none.

    On a page of instructions a mark may be described: it counts where it stands among other known titles.
    """
    if not any(any(map(text_of, row)) for row in sheet.rows):
        return ""
    if is_marked_sheet(sheet):
        return sheet.name
    match = INSTRUCTIONS.search(sheet.name)
    for row in sheet.rows[:HEADER_ROWS]:
        cells = [text_of(cell) for cell in row[:MAX_COLUMNS]]
        marks = [
            cell
            for cell in cells
            if 0 < len(cell) <= LONGEST_MARK and (found := critical_title(cell)) and found.role in (MARK, PUBLIC)
        ]
        if marks and (not match or (len(header.sources) > 1 and sum(map(bool, cells)) > 2)):  # noqa: PLR2004
            return marks[0]
    return ""


def is_marked_sheet(sheet: RawSheet) -> bool:
    """Whether the name of a sheet says that the addresses in it are protected."""
    critical = critical_title(sheet.name) if sheet.name else None
    return critical is not None and critical.role == MARK
