"""Paper of the house: pages of A4 or A3, their head, foot and watermark, and what stands on them as text and tables.

Drawn charts are `reports.output.charts`, maps `reports.output.pdf_map`. Lengths are millimetres, sizes of letters
points.
The same content and day give the same bytes: nothing here looks at a clock.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont

from core.i18n import _, written_day
from reports.output.fonts import Weight, face, printable

Colour = tuple[int, int, int]
INK: Colour = (22, 38, 43)
SOFT: Colour = (71, 88, 94)
LINE: Colour = (207, 216, 218)
GROUND: Colour = (243, 246, 246)
ACCENT: Colour = (11, 95, 102)
ACCENT_SOFT: Colour = (225, 240, 240)
WARN: Colour = (122, 74, 0)
WARN_SOFT: Colour = (253, 241, 220)
WHITE: Colour = (255, 255, 255)

_STYLES: tuple[tuple[str, Weight], ...] = (("", 400), ("B", 700))
PaperSize = Literal["A4", "A3"]
PAPER_SIZES: dict[PaperSize, tuple[float, float]] = {"A4": (210.0, 297.0), "A3": (297.0, 420.0)}  # upright, millimetres
MARGIN = 18.0
WIDTH = PAPER_SIZES["A4"][0] - 2 * MARGIN
_FOOT = 16.0
_BODY = 9.5
_NAME_LINES = 2  # of a key figure's name
_TABLE = 20.0  # mm: the head of a table and what must follow it on the same page
_HEADED = 18.0 + _TABLE  # mm: a heading, its note, and the beginning of a table
_LINE_HEIGHT = 1.42  # of the letters' size
_POINT_MM = 25.4 / 72
# Stands for the number of pages until it is known. `printable` takes the soft hyphen out of every other text, so that
# a name which holds fpdf2's own mark, {nb}, is printed as it is.
_PAGES = "\u00adnb"
_CELL = 1.2  # space between a cell's text and its edge


@dataclass(frozen=True)
class PdfColumn:
    """A column of a printed table: its title, its share of the width, and where its text stands."""

    title: str
    share: float = 1.0
    align: Literal["L", "R", "C"] = "L"


class ReportPdf(FPDF):
    """Pages under way, upright. Made by `new_pdf`; filled by the functions of this module.

    Parameters
    ----------
    title
        Title of the document.
    made_on
        Day printed and kept in the file.
    is_demo
        Whether every page carries the mark of a demonstration.
    size
        Of its pages. `wide`, `tall` and `inner` (between the margins) are then its millimetres.
    """

    def __init__(self, title: str, *, made_on: date, is_demo: bool, size: PaperSize = "A4") -> None:
        super().__init__(format=size, unit="mm")
        self.wide, self.tall = PAPER_SIZES[size]
        self.inner = self.wide - 2 * MARGIN
        self.paper_title = printable(title)
        self.made_on = made_on
        self.is_demo = is_demo
        for style, weight in _STYLES:
            # `add_font` reads files only, and a file that several threads share is read half written; its own class
            # reads memory as well.
            letters_file: Any = io.BytesIO(face(weight))
            self.fonts[f"noto{style}"] = TTFFont(self, letters_file, f"noto{style}", style)
        self.set_margins(MARGIN, MARGIN + 2, MARGIN)
        self.alias_nb_pages(_PAGES)
        self.c_margin = 0.0  # text begins where boxes and lines begin
        self.set_auto_page_break(auto=True, margin=_FOOT + 4)
        self.set_lang("ro-RO")
        self.set_title(self.paper_title)
        self.set_author(_("Harta serviciilor comunitare"))
        self.set_producer("harta")
        self.set_creation_date(datetime(made_on.year, made_on.month, made_on.day, tzinfo=UTC))

    def header(self) -> None:
        """Draw the band on top; from the second page on it repeats the title."""
        self.set_fill_color(*ACCENT)
        self.rect(0, 0, self.wide, 3, style="F")
        self.set_xy(MARGIN, 6)
        set_text_style(self, 8, colour=SOFT)
        self.cell(self.inner / 2, 5, _("Harta serviciilor comunitare"))
        if self.page_no() > 1:
            self.cell(self.inner / 2, 5, shortened(self, self.paper_title, self.inner / 2), align="R")
        self.set_xy(MARGIN, MARGIN + 2)

    def footer(self) -> None:
        """Draw the foot, and over everything the watermark of a demonstration."""
        self.set_draw_color(*LINE)
        self.set_line_width(0.2)
        self.line(MARGIN, self.tall - _FOOT, self.wide - MARGIN, self.tall - _FOOT)
        self.set_xy(MARGIN, self.tall - _FOOT + 1.5)
        set_text_style(self, 8, colour=SOFT)
        text = _("Întocmit la {day}").format(day=written_day(self.made_on))
        if self.is_demo:
            text += " · " + _("date demonstrative, nu folosiți cifrele")
        self.cell(self.inner * 0.8, 5, text)
        self.cell(self.inner * 0.2, 5, f"{self.page_no()} / {_PAGES}", align="R")
        if self.is_demo:
            watermark(self)


def new_pdf(title: str, subtitle: str = "", *, made_on: date, is_demo: bool, size: PaperSize = "A4") -> ReportPdf:
    """Begin a document: first page, title and subtitle.

    Parameters
    ----------
    title
        Title of the document.
    subtitle
        Words below it; "" = none.
    made_on
        Day printed and kept in the file.
    is_demo
        Whether every page carries the mark of a demonstration.
    size
        Of its pages.

    Returns
    -------
    ReportPdf
        The document, to be filled and closed by `to_bytes`.
    """
    document = ReportPdf(title, made_on=made_on, is_demo=is_demo, size=size)
    document.add_page()
    document.set_y(MARGIN)
    set_text_style(document, 20, bold=True)
    document.multi_cell(document.inner, 9, document.paper_title, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    if subtitle:
        set_text_style(document, 11, colour=SOFT)
        document.multi_cell(document.inner, 6, printable(subtitle), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    document.ln(3)
    return document


def to_bytes(document: ReportPdf) -> bytes:
    """Close a document.

    Parameters
    ----------
    document
        The document under way.

    Returns
    -------
    bytes
        The PDF; the same for the same content and day.
    """
    return bytes(document.output())


def set_text_style(document: FPDF, size: float = _BODY, *, bold: bool = False, colour: Colour = INK) -> None:
    """Choose the letters of what is written next."""
    document.set_font("Noto", "B" if bold else "", size)
    document.set_text_color(*colour)


def heading(document: ReportPdf, text: str, note: str = "", *, room: float = _HEADED) -> None:
    """Head a section; it never stands alone at the foot of a page. note: one soft line under it.

    room: how tall the heading is together with what must follow it on the same page.
    """
    ensure_space(document, room)
    document.ln(4)
    set_text_style(document, 13, bold=True, colour=ACCENT)
    document.multi_cell(document.inner, 6.5, printable(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    if note:
        paragraph(document, note, soft=True)
    document.ln(1)


def paragraph(document: ReportPdf, text: str, *, soft: bool = False) -> None:
    """Write a paragraph; soft: an explanation, smaller and greyer."""
    size = 8.5 if soft else _BODY
    set_text_style(document, size, colour=SOFT if soft else INK)
    document.multi_cell(
        document.inner, size * _POINT_MM * _LINE_HEIGHT, printable(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT
    )
    document.ln(1.2)


def bullets(document: ReportPdf, lines: Sequence[str]) -> None:
    """Write a list."""
    set_text_style(document)
    height = _BODY * _POINT_MM * _LINE_HEIGHT
    for line in lines:
        ensure_space(document, height)
        set_text_style(document)
        document.set_x(MARGIN + 1)
        document.cell(4, height, "•")
        document.multi_cell(document.inner - 5, height, printable(line), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    document.ln(1.2)


def notice(document: ReportPdf, text: str) -> None:
    """Write a sentence in a box: a caution that must not be overlooked."""
    set_text_style(document, 9)
    height = 9 * _POINT_MM * _LINE_HEIGHT
    lines = wrapped(document, printable(text), document.inner - 8)
    tall = len(lines) * height + 4
    ensure_space(document, tall + 2)
    top = document.get_y()
    document.set_fill_color(*WARN_SOFT)
    document.rect(MARGIN, top, document.inner, tall, style="F", round_corners=True, corner_radius=1.5)
    set_text_style(document, 9, colour=WARN)
    for place, line in enumerate(lines):
        document.set_xy(MARGIN + 4, top + 2 + place * height)
        document.cell(document.inner - 8, height, line)
    document.set_xy(MARGIN, top + tall + 2)


def key_figures(document: ReportPdf, figures: Sequence[tuple[str, str, str]], *, columns: int = 4) -> None:
    """Draw figures in boxes: (what it is, the figure, a note under it) each."""
    gap, tall = 3.0, 24.0
    wide = (document.inner - gap * (columns - 1)) / columns
    for first in range(0, len(figures), columns):
        ensure_space(document, tall + gap)
        top = document.get_y()
        for place, (name, value, note) in enumerate(figures[first : first + columns]):
            left = MARGIN + place * (wide + gap)
            document.set_fill_color(*GROUND)
            document.rect(left, top, wide, tall, style="F", round_corners=True, corner_radius=1.5)
            document.set_fill_color(*ACCENT)
            document.rect(left, top + 3, 0.8, tall - 6, style="F")
            _in_box(document, left + 3, top + 2, wide - 5, (name, value, note))
        document.set_xy(MARGIN, top + tall + gap)


def _in_box(document: ReportPdf, left: float, top: float, wide: float, items: tuple[str, str, str]) -> None:
    name, value, note = (printable(text) for text in items)
    small = 8.0
    set_text_style(document, small, colour=SOFT)
    while len(wrapped(document, name, wide)) > _NAME_LINES and small > 6:  # noqa: PLR2004 - smaller is not read any more
        small -= 0.5
        set_text_style(document, small, colour=SOFT)
    for line in wrapped(document, name, wide)[:_NAME_LINES]:
        document.set_xy(left, top)
        document.cell(wide, 3.6, line)
        top += 3.6
    size = 15.0
    set_text_style(document, size, bold=True)
    while document.get_string_width(value) > wide and size > 9:  # noqa: PLR2004 - smaller is not read any more
        size -= 1
        set_text_style(document, size, bold=True)
    document.set_xy(left, top + 0.3)
    document.cell(wide, 7, value)
    set_text_style(document, 7.5, colour=SOFT)
    for place, line in enumerate(wrapped(document, note, wide)[:2]):
        document.set_xy(left, top + 7.4 + 3.3 * place)
        document.cell(wide, 3.3, line)


def table(
    document: ReportPdf,
    columns: Sequence[PdfColumn],
    rows: Sequence[Sequence[str]],
    *,
    size: float = 8.5,
    last_is_total: bool = False,
) -> None:
    """Write a table over as many pages as it needs; its head is repeated on each.

    last_is_total: the last row is bold under a line.
    """
    shares = sum(column.share for column in columns)
    widths = [document.inner * column.share / shares for column in columns]
    titles = [column.title for column in columns]
    aligns = [column.align for column in columns]

    def head() -> None:
        _row(document, titles, widths, aligns, size=size, bold=True, fill=ACCENT_SOFT, colour=ACCENT)

    ensure_space(document, _TABLE)
    head()
    for place, row in enumerate(rows):
        is_total = last_is_total and place == len(rows) - 1
        fill = GROUND if place % 2 and not is_total else None
        _row(document, row, widths, aligns, size=size, bold=is_total, fill=fill, again=head)
    document.ln(2.5)


def _row(
    document: ReportPdf,
    texts: Sequence[str],
    widths: Sequence[float],
    aligns: Sequence[Literal["L", "R", "C"]],
    *,
    size: float,
    bold: bool = False,
    fill: Colour | None = None,
    colour: Colour = INK,
    again: Callable[[], None] | None = None,
) -> None:
    set_text_style(document, size, bold=bold, colour=colour)
    cells = [wrapped(document, printable(text), wide - 2 * _CELL) for text, wide in zip(texts, widths, strict=True)]
    height = size * _POINT_MM * 1.3
    tall = max(len(lines) for lines in cells) * height + 1.8
    if not has_room(document, tall):
        document.add_page()
        if again is not None:
            again()
        set_text_style(document, size, bold=bold, colour=colour)
    top, left = document.get_y(), MARGIN
    if fill is not None:
        document.set_fill_color(*fill)
        document.rect(left, top, sum(widths), tall, style="F")
    for lines, wide, align in zip(cells, widths, aligns, strict=True):
        for place, line in enumerate(lines):
            document.set_xy(left + _CELL, top + 0.9 + place * height)
            document.cell(wide - 2 * _CELL, height, line, align=align)
        left += wide
    document.set_draw_color(*LINE)
    document.set_line_width(0.15)
    document.line(MARGIN, top + tall, MARGIN + sum(widths), top + tall)
    document.set_xy(MARGIN, top + tall)


def sources(document: ReportPdf, lines: Sequence[str]) -> None:
    """Name at the end what the figures rest on."""
    heading(document, _("Surse și definiții"))
    set_text_style(document, 7.5, colour=SOFT)
    for line in lines:
        document.multi_cell(document.inner, 3.6, printable(line), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        document.ln(0.6)


def has_room(document: ReportPdf, tall: float) -> bool:
    """Whether this much still fits on the page."""
    return bool(document.get_y() + tall <= document.page_break_trigger)


def ensure_space(document: ReportPdf, tall: float) -> None:
    """Turn the page unless this much still fits."""
    if not has_room(document, tall):
        document.add_page()


def wrapped(document: FPDF, text: str, wide: float) -> list[str]:
    """Break a text into lines of at most this width in the letters chosen; a longer word is broken too."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if document.get_string_width(longer) <= wide:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while document.get_string_width(line) > wide and len(line) > 1:
            fits = next(n for n in range(len(line) - 1, 0, -1) if n == 1 or document.get_string_width(line[:n]) <= wide)
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line]


def shortened(document: FPDF, text: str, wide: float) -> str:
    """Cut a text to this width, with an ellipsis."""
    if document.get_string_width(text) <= wide:
        return text
    while text and document.get_string_width(text + "…") > wide:
        text = text[:-1]
    return text.rstrip() + "…"


def watermark(document: ReportPdf) -> None:
    """Write across a page that it comes from a demonstration."""
    words = _("DATE DEMONSTRATIVE")
    grown = document.wide / 210
    with document.local_context(fill_opacity=0.07), document.rotation(52, 105 * grown, 150 * grown):
        set_text_style(document, 54 * grown, bold=True)
        document.text(105 * grown - document.get_string_width(words) / 2, 156 * grown, words)
