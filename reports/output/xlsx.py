"""Workbooks of the house: tidy sheets with real types, frozen heads, and a sheet that explains them.

Text that came from others is defused (see `core.exporting`) and never read as a formula. The same tables and
day give the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pandas as pd
import xlsxwriter

from core.exporting import defuse
from core.i18n import _

_NAME = 31  # Excel's longest name of a sheet
_MOST_SIGNS = 32_767  # of a cell
_WIDEST = 60
_NARROWEST = 8
_SAMPLE = 500  # rows looked at to choose a width
_FORMATS = {"whole": "#,##0", "decimal": "#,##0.00", "percent": "0.0%", "day": "dd.mm.yyyy", "text": "@"}


@dataclass(frozen=True)
class Sheet:
    """One sheet: its table, and what its columns are called and mean.

    Attributes
    ----------
    name
        Name of the sheet.
    table
        Its rows.
    titles
        Title by column; the column's own name where missing.
    meanings
        Definition by column, printed on the sheet of definitions.
    percents
        Columns that hold shares of 1.
    """

    name: str
    table: pd.DataFrame
    titles: dict[str, str] = field(default_factory=dict)
    meanings: dict[str, str] = field(default_factory=dict)
    percents: frozenset[str] = frozenset()


def workbook(
    sheets: Sequence[Sheet], *, title: str, made_on: date, is_demo: bool, sources: Sequence[str] = ()
) -> bytes:
    """Write sheets, and after them one of definitions and sources.

    Parameters
    ----------
    sheets
        In their order. Empty cells are unknown: neither zero nor hidden text. Text is never a formula.
    title
        Title of the workbook.
    made_on
        Goes into the properties; nothing else depends on the day.
    is_demo
        Whether every sheet carries the mark of a demonstration.
    sources
        A line each source.

    Returns
    -------
    bytes
        The XLSX file.
    """
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    book = xlsxwriter.Workbook(out, options)
    book.set_properties(
        {
            "title": title,
            "author": _("Harta serviciilor comunitare"),
            "comments": _("Date demonstrative") if is_demo else "",
            "created": datetime(made_on.year, made_on.month, made_on.day),  # noqa: DTZ001 - xlsxwriter takes no zone
        }
    )
    formats = {kind: book.add_format({"num_format": code, "valign": "top"}) for kind, code in _FORMATS.items()}
    formats["text"] = book.add_format({"valign": "top"})
    formats["wrap"] = book.add_format({"valign": "top", "text_wrap": True})
    formats["head"] = book.add_format(
        {"bold": True, "bg_color": "#E1F0F0", "font_color": "#0B5F66", "text_wrap": True, "valign": "top", "bottom": 1}
    )
    formats["demo"] = book.add_format({"bold": True, "font_color": "#7A4A00", "bg_color": "#FDF1DC"})
    for sheet in sheets:
        _write_sheet(book, sheet, formats, is_demo=is_demo)
    _write_definitions(book, sheets, formats, title=title, made_on=made_on, is_demo=is_demo, sources=sources)
    book.close()
    return out.getvalue()


def _write_sheet(book: Any, sheet: Sheet, formats: dict[str, Any], *, is_demo: bool) -> None:
    page = book.add_worksheet(sheet.name[:_NAME])
    columns = list(sheet.table.columns)
    for place, column in enumerate(columns):
        title = sheet.titles.get(column, column)
        page.write_string(0, place, _cell(title), formats["head"])
        values = sheet.table[column]
        kind = "percent" if column in sheet.percents else kind_of(values)
        _write_column(page, place, values, kind, formats)
        page.set_column(place, place, _width(title, values))
    page.freeze_panes(1, 1 if len(columns) > 2 else 0)  # noqa: PLR2004 - two columns need no fixed first
    if columns:
        page.autofilter(0, 0, max(len(sheet.table), 1), len(columns) - 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    if is_demo:
        page.set_header("&C" + _("DATE DEMONSTRATIVE"))
    page.set_footer("&L&A&R&P / &N")


def kind_of(values: pd.Series[Any]) -> str:
    """Return how a column is written: whole, decimal, day, flag or text."""
    if pd.api.types.is_bool_dtype(values):
        return "flag"
    if pd.api.types.is_integer_dtype(values):
        return "whole"
    if pd.api.types.is_float_dtype(values):
        return "decimal"
    if pd.api.types.is_datetime64_any_dtype(values):
        return "day"
    there = values.dropna()
    if len(there) and all(isinstance(value, date) for value in there):
        return "day"
    return "text"


def _write_column(page: Any, place: int, values: pd.Series[Any], kind: str, formats: dict[str, Any]) -> None:
    form = formats.get(kind, formats["text"])
    for row, value in enumerate(values.tolist(), start=1):
        if pd.isna(value):
            continue
        if kind in {"whole", "decimal", "percent"}:
            page.write_number(row, place, value, form)
        elif kind == "flag":
            page.write_boolean(row, place, bool(value))
        elif kind == "day":
            page.write_datetime(row, place, _plain_day(value), form)
        else:
            page.write_string(row, place, _cell(value), form)


def _cell(value: Any) -> str:
    """Return a text as a cell holds it: defused, and cut where a spreadsheet would drop the whole of it."""
    text = str(defuse(str(value)))
    return text if len(text) <= _MOST_SIGNS else f"{text[: _MOST_SIGNS - 1]}…"


def _plain_day(value: Any) -> datetime:
    return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a day has no zone


def _width(title: str, values: pd.Series[Any]) -> int:
    texts = values.head(_SAMPLE).dropna().astype("str").str.len()
    widest = int(texts.max()) if len(texts) else 0
    words = max((len(word) for word in title.split()), default=0)
    return max(_NARROWEST, min(_WIDEST, max(widest, words) + 3))


def _write_definitions(
    book: Any,
    sheets: Sequence[Sheet],
    formats: dict[str, Any],
    *,
    title: str,
    made_on: date,
    is_demo: bool,
    sources: Sequence[str],
) -> None:
    page = book.add_worksheet(_("Definiții și surse"))
    page.set_column(0, 0, 28)
    page.set_column(1, 1, 30)
    page.set_column(2, 2, 90)
    row = 0
    if is_demo:
        page.write_string(row, 0, _("Date demonstrative: nu folosiți cifrele."), formats["demo"])
        row += 1
    page.write_string(row, 0, _cell(title), formats["text"])
    page.write_string(row + 1, 0, _("Întocmit la"), formats["text"])
    page.write_datetime(row + 1, 1, _plain_day(made_on), formats["day"])
    page.write_string(row + 2, 0, _("O celulă goală înseamnă „nu se știe”, nu zero."), formats["text"])
    row += 4
    for place, head in enumerate((_("Foaia"), _("Coloana"), _("Ce înseamnă"))):
        page.write_string(row, place, head, formats["head"])
    for sheet in sheets:
        for column in sheet.table.columns:
            row += 1
            page.write_string(row, 0, sheet.name, formats["text"])
            page.write_string(row, 1, _cell(sheet.titles.get(column, str(column))), formats["wrap"])
            page.write_string(row, 2, _cell(sheet.meanings.get(column, "")), formats["wrap"])
    row += 2
    page.write_string(row, 0, _("Surse"), formats["head"])
    for line in sources:
        row += 1
        page.write_string(row, 0, _cell(line), formats["text"])
