"""A sheet of the map on paper: A4 or A3, vectors, its list by the numbers of the marks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.i18n import _, number
from geo.maps.area_patterns import PATTERNS
from reports.map_sheet.sheet_areas import draw_area_key, draw_areas
from reports.output.fonts import printable
from reports.output.pdf import (
    ACCENT,
    INK,
    LINE,
    MARGIN,
    SOFT,
    WARN,
    WHITE,
    PdfColumn,
    heading,
    new_pdf,
    paragraph,
    set_text_style,
    sources,
    table,
    to_bytes,
)

if TYPE_CHECKING:
    from reports.map_sheet.sheet_content import MapSheet, SheetKey, SheetMark
    from reports.output.pdf import Colour, PaperSize, ReportPdf

_HERE: Colour = (244, 180, 0)
_FULL: Colour = (90, 95, 102)
_SEA: Colour = (243, 246, 246)
_BAR_MM = 35.0


def map_sheet_pdf(sheet: MapSheet, *, size: PaperSize = "A4") -> bytes:
    """Draw a sheet.

    Parameters
    ----------
    sheet
        What it shows; units of its frame are millimetres.
    size
        Of the paper.

    Returns
    -------
    bytes
        The PDF; the same for the same sheet.
    """
    document = new_pdf(sheet.title, sheet.summary, made_on=sheet.made_on, is_demo=sheet.is_demo, size=size)
    if sheet.filters:
        paragraph(document, sheet.filters)
    _map(document, sheet)
    _legend(document, sheet)
    if sheet.rows:
        heading(document, _("Serviciile de pe hartă"))
        titles = (_("Nr."), _("Serviciul"), _("Adresa"), _("Telefon"), _("Locuri"))
        columns = [PdfColumn(title, share) for title, share in zip(titles, (5, 38, 27, 16, 20), strict=True)]
        rows = [[row.number, f"{row.name} ({row.what})", row.address, row.phone, row.places] for row in sheet.rows]
        table(document, columns, rows, size=8)
    if sheet.more:
        paragraph(document, sheet.more)
    sources(document, [*sheet.sources, _("Serviciile cu adresă protejată nu sunt pe hartă.")])
    return to_bytes(document)


def _map(document: ReportPdf, sheet: MapSheet) -> None:
    frame, left, top = sheet.frame, MARGIN, document.get_y()
    document.set_fill_color(*_SEA)
    document.rect(left, top, frame.width, frame.height, style="F")
    draw_areas(document, sheet, left, top)
    with document.rect_clip(left, top, frame.width, frame.height):
        if sheet.zone:
            document.set_draw_color(*INK)
            document.set_line_width(0.5)
            document.set_dash_pattern(dash=2, gap=1.2)
            document.polygon([(left + x, top + y) for x, y in sheet.zone], style="D")
            document.set_dash_pattern()
        if sheet.here is not None:
            x, y, _name = sheet.here
            _circle(document, left + x, top + y, 2.4, _HERE, INK)
        for mark in sheet.marks:
            _mark(document, mark, left, top)
    document.set_draw_color(*LINE)
    document.set_line_width(0.2)
    document.rect(left, top, frame.width, frame.height, style="D")
    _scale_and_north(document, sheet, left, top)
    document.set_xy(MARGIN, top + frame.height + 2)


def _mark(document: ReportPdf, mark: SheetMark, left: float, top: float) -> None:
    x, y = left + mark.x, top + mark.y
    if mark.state == "ask":
        document.set_dash_pattern(dash=0.9, gap=0.5)
        _circle(document, x, y, mark.radius, WHITE, WARN, 0.5)
        document.set_dash_pattern()
    else:
        _circle(document, x, y, mark.radius, ACCENT if mark.state == "free" else _FULL, WHITE, 0.3)
    if mark.label:
        set_text_style(document, 6.5, bold=True, colour=WARN if mark.state == "ask" else WHITE)
        document.text(x - document.get_string_width(mark.label) / 2, y + 0.8, mark.label)


def _circle(
    document: ReportPdf, x: float, y: float, radius: float, fill: Colour, edge: Colour, edge_mm: float = 0.4
) -> None:
    document.set_fill_color(*fill)
    document.set_draw_color(*edge)
    document.set_line_width(edge_mm)
    document.ellipse(x - radius, y - radius, 2 * radius, 2 * radius, style="DF")


def _scale_and_north(document: ReportPdf, sheet: MapSheet, left: float, top: float) -> None:
    long, metres = sheet.frame.scale_bar(_BAR_MM)
    text = _("{km} km").format(km=number(metres / 1000, 0)) if metres >= 1000 else f"{number(metres)} m"  # noqa: PLR2004
    bottom = top + sheet.frame.height
    document.set_fill_color(*WHITE)
    document.rect(left + 2, bottom - 9, long + 4, 7.5, style="F")
    document.set_draw_color(*INK)
    document.set_line_width(0.4)
    document.line(left + 4, bottom - 3.2, left + 4 + long, bottom - 3.2)
    for end in (left + 4, left + 4 + long):
        document.line(end, bottom - 4.6, end, bottom - 1.8)
    set_text_style(document, 7.5)
    document.text(left + 5, bottom - 5, text)
    x, y = left + sheet.frame.width - 7, top + 4
    document.set_fill_color(*WHITE)
    document.rect(x - 4, y - 2.5, 8, 13, style="F")
    document.set_fill_color(*INK)
    document.polygon([(x, y - 1), (x + 2.2, y + 5), (x, y + 3.8), (x - 2.2, y + 5)], style="F")
    set_text_style(document, 8, bold=True)
    document.text(x - 1.2, y + 9, _("N"))


def _legend(document: ReportPdf, sheet: MapSheet) -> None:
    _keys(document, "", sheet.mark_keys)
    if sheet.area_title:
        _keys(document, sheet.area_title, sheet.area_keys)
    for note in filter(None, (sheet.area_note, sheet.label_note)):
        paragraph(document, note, soft=True)


def _keys(document: ReportPdf, title: str, keys: tuple[SheetKey, ...]) -> None:
    x, y = MARGIN, document.get_y()
    if title:
        set_text_style(document, 8, bold=True)
        document.set_xy(x, y)
        document.cell(document.inner, 5, printable(title))
        y += 5
    for key in keys:
        set_text_style(document, 8, colour=SOFT)
        text = printable(f"{key.words}: {key.count}")
        wide = document.get_string_width(text) + 10
        if x + wide > MARGIN + document.inner:
            x, y = MARGIN, y + 5
        if key.code in PATTERNS:
            draw_area_key(document, key.code, x, y + 1)
        else:
            dot = {"free": (ACCENT, WHITE), "ask": (WHITE, WARN), "full": (_FULL, WHITE)}[key.code]
            _circle(document, x + 2, y + 2.5, 1.6, *dot)
        set_text_style(document, 8, colour=SOFT)
        document.set_xy(x + 5.5, y)
        document.cell(wide - 5.5, 5, text)
        x += wide
    document.set_xy(MARGIN, y + 6)
