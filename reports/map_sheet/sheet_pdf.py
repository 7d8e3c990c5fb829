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
    paper = new_pdf(sheet.title, sheet.summary, made_on=sheet.made_on, is_demo=sheet.is_demo, size=size)
    if sheet.filters:
        paragraph(paper, sheet.filters)
    _map(paper, sheet)
    _legend(paper, sheet)
    if sheet.rows:
        heading(paper, _("Serviciile de pe hartă"))
        titles = (_("Nr."), _("Serviciul"), _("Adresa"), _("Telefon"), _("Locuri"))
        columns = [PdfColumn(title, share) for title, share in zip(titles, (5, 38, 27, 16, 20), strict=True)]
        rows = [[row.number, f"{row.name} ({row.what})", row.address, row.phone, row.places] for row in sheet.rows]
        table(paper, columns, rows, size=8)
    if sheet.more:
        paragraph(paper, sheet.more)
    sources(paper, [*sheet.sources, _("Serviciile cu adresă protejată nu sunt pe hartă.")])
    return to_bytes(paper)


def _map(paper: ReportPdf, sheet: MapSheet) -> None:
    frame, left, top = sheet.frame, MARGIN, paper.get_y()
    paper.set_fill_color(*_SEA)
    paper.rect(left, top, frame.width, frame.height, style="F")
    draw_areas(paper, sheet, left, top)
    with paper.rect_clip(left, top, frame.width, frame.height):
        if sheet.zone:
            paper.set_draw_color(*INK)
            paper.set_line_width(0.5)
            paper.set_dash_pattern(dash=2, gap=1.2)
            paper.polygon([(left + x, top + y) for x, y in sheet.zone], style="D")
            paper.set_dash_pattern()
        if sheet.here is not None:
            x, y, _name = sheet.here
            _circle(paper, left + x, top + y, 2.4, _HERE, INK)
        for mark in sheet.marks:
            _mark(paper, mark, left, top)
    paper.set_draw_color(*LINE)
    paper.set_line_width(0.2)
    paper.rect(left, top, frame.width, frame.height, style="D")
    _scale_and_north(paper, sheet, left, top)
    paper.set_xy(MARGIN, top + frame.height + 2)


def _mark(paper: ReportPdf, mark: SheetMark, left: float, top: float) -> None:
    x, y = left + mark.x, top + mark.y
    if mark.state == "ask":
        paper.set_dash_pattern(dash=0.9, gap=0.5)
        _circle(paper, x, y, mark.radius, WHITE, WARN, 0.5)
        paper.set_dash_pattern()
    else:
        _circle(paper, x, y, mark.radius, ACCENT if mark.state == "free" else _FULL, WHITE, 0.3)
    if mark.label:
        set_text_style(paper, 6.5, bold=True, colour=WARN if mark.state == "ask" else WHITE)
        paper.text(x - paper.get_string_width(mark.label) / 2, y + 0.8, mark.label)


def _circle(
    paper: ReportPdf, x: float, y: float, radius: float, fill: Colour, edge: Colour, edge_mm: float = 0.4
) -> None:
    paper.set_fill_color(*fill)
    paper.set_draw_color(*edge)
    paper.set_line_width(edge_mm)
    paper.ellipse(x - radius, y - radius, 2 * radius, 2 * radius, style="DF")


def _scale_and_north(paper: ReportPdf, sheet: MapSheet, left: float, top: float) -> None:
    long, metres = sheet.frame.scale_bar(_BAR_MM)
    said = _("{km} km").format(km=number(metres / 1000, 0)) if metres >= 1000 else f"{number(metres)} m"  # noqa: PLR2004
    bottom = top + sheet.frame.height
    paper.set_fill_color(*WHITE)
    paper.rect(left + 2, bottom - 9, long + 4, 7.5, style="F")
    paper.set_draw_color(*INK)
    paper.set_line_width(0.4)
    paper.line(left + 4, bottom - 3.2, left + 4 + long, bottom - 3.2)
    for end in (left + 4, left + 4 + long):
        paper.line(end, bottom - 4.6, end, bottom - 1.8)
    set_text_style(paper, 7.5)
    paper.text(left + 5, bottom - 5, said)
    x, y = left + sheet.frame.width - 7, top + 4
    paper.set_fill_color(*WHITE)
    paper.rect(x - 4, y - 2.5, 8, 13, style="F")
    paper.set_fill_color(*INK)
    paper.polygon([(x, y - 1), (x + 2.2, y + 5), (x, y + 3.8), (x - 2.2, y + 5)], style="F")
    set_text_style(paper, 8, bold=True)
    paper.text(x - 1.2, y + 9, _("N"))


def _legend(paper: ReportPdf, sheet: MapSheet) -> None:
    _keys(paper, "", sheet.mark_keys)
    if sheet.area_title:
        _keys(paper, sheet.area_title, sheet.area_keys)
    for note in filter(None, (sheet.area_note, sheet.label_note)):
        paragraph(paper, note, soft=True)


def _keys(paper: ReportPdf, title: str, keys: tuple[SheetKey, ...]) -> None:
    x, y = MARGIN, paper.get_y()
    if title:
        set_text_style(paper, 8, bold=True)
        paper.set_xy(x, y)
        paper.cell(paper.inner, 5, printable(title))
        y += 5
    for key in keys:
        set_text_style(paper, 8, colour=SOFT)
        text = printable(f"{key.words}: {key.count}")
        wide = paper.get_string_width(text) + 10
        if x + wide > MARGIN + paper.inner:
            x, y = MARGIN, y + 5
        if key.code in PATTERNS:
            draw_area_key(paper, key.code, x, y + 1)
        else:
            dot = {"free": (ACCENT, WHITE), "ask": (WHITE, WARN), "full": (_FULL, WHITE)}[key.code]
            _circle(paper, x + 2, y + 2.5, 1.6, *dot)
        set_text_style(paper, 8, colour=SOFT)
        paper.set_xy(x + 5.5, y)
        paper.cell(wide - 5.5, 5, text)
        x += wide
    paper.set_xy(MARGIN, y + 6)
