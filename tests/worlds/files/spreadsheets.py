"""Workbooks for tests, the same content as XLSX and as ODS: merged cells, hidden sheets, formulas without a result."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Range = tuple[int, int, int, int]  # first row, first column, last row, last column, from 0
_NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"))
)


@dataclass(frozen=True)
class Formula:
    """A cell whose formula was never computed."""

    text: str = "10+10"


@dataclass(frozen=True)
class Failed:
    """A cell that shows an error."""

    text: str = "#REF!"


@dataclass(frozen=True)
class Page:
    """One sheet: rows of text, numbers, true or false, Formula or Failed; merged cells hold their text in the first."""

    name: str
    rows: Sequence[Sequence[object]]
    merged: Sequence[Range] = ()
    is_hidden: bool = False


def write(path: Path, *pages: Page) -> Path:
    """Write a workbook in the format that its ending names."""
    (_write_ods if path.suffix == ".ods" else _write_xlsx)(path, pages)
    return path


def _write_xlsx(path: Path, pages: Sequence[Page]) -> None:
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_numbers": False}) as book:
        for page in pages:
            sheet = book.add_worksheet(page.name)
            if page.is_hidden:
                sheet.hide()
            for i, row in enumerate(page.rows):
                for j, cell in enumerate(row):
                    if isinstance(cell, Formula):
                        sheet.write_formula(i, j, f"={cell.text}")
                    elif isinstance(cell, Failed):
                        sheet.write_formula(i, j, "=A1048576", None, cell.text)
                    elif cell not in ("", None):
                        sheet.write(i, j, cell)
            for top, left, bottom, right in page.merged:
                sheet.merge_range(top, left, bottom, right, page.rows[top][left])
        next(sheet for sheet, page in zip(book.worksheets(), pages, strict=True) if not page.is_hidden).activate()


def _write_ods(path: Path, pages: Sequence[Page]) -> None:
    styles = (
        '<style:style style:name="shown" style:family="table"><style:table-properties table:display="true"/></style:style>'
        '<style:style style:name="hidden" style:family="table"><style:table-properties table:display="false"/></style:style>'
    )
    body = "".join(map(_ods_page, pages))
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMES} office:version="1.2">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0"?><m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<m:file-entry m:full-path="/" m:media-type="{kind}"/>'
        '<m:file-entry m:full-path="content.xml" m:media-type="text/xml"/></m:manifest>'
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)


def _ods_page(page: Page) -> str:
    rows = []
    width = max((len(row) for row in page.rows), default=0)
    first = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in page.merged}
    covered = {
        (i, j)
        for top, left, bottom, right in page.merged
        for i in range(top, bottom + 1)
        for j in range(left, right + 1)
        if (i, j) != (top, left)
    }
    for i, row in enumerate(page.rows):
        cells = [*row, *[""] * (width - len(row))]
        rows.append(
            "<table:table-row>"
            + "".join(
                "<table:covered-table-cell/>" if (i, j) in covered else _ods_cell(cell, first.get((i, j)))
                for j, cell in enumerate(cells)
            )
            + "</table:table-row>"
        )
    style = "hidden" if page.is_hidden else "shown"
    return f'<table:table table:name={quoteattr(page.name)} table:style-name="{style}">{"".join(rows)}</table:table>'


def _ods_cell(cell: object, spans: tuple[int, int] | None) -> str:
    said = f' table:number-rows-spanned="{spans[0]}" table:number-columns-spanned="{spans[1]}"' if spans else ""
    if isinstance(cell, Formula):
        return f"<table:table-cell{said} table:formula={quoteattr(f'of:={cell.text}')}/>"
    if isinstance(cell, Failed):
        said += ' table:formula="of:=[.A99999]" office:value-type="string" office:string-value=""'
        return f"<table:table-cell{said}><text:p>{escape(cell.text)}</text:p></table:table-cell>"
    if isinstance(cell, bool):
        value = "true" if cell else "false"
        return f'<table:table-cell{said} office:value-type="boolean" office:boolean-value="{value}"/>'
    if isinstance(cell, (int, float)):
        return f'<table:table-cell{said} office:value-type="float" office:value="{cell}"/>'
    if cell in ("", None):
        return f"<table:table-cell{said}/>"
    return f'<table:table-cell{said} office:value-type="string"><text:p>{escape(str(cell))}</text:p></table:table-cell>'
