"""Papers with blanks, to be filled in by hand: a referral form, a report, a request, a checklist.

Nothing about a person is asked for, printed or stored: names are written with a pen, on paper. Always in Romanian:
they go to Romanian institutions.
"""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from fpdf.enums import XPos, YPos

from core.i18n import _, use_language, written_day
from core.romanian_calendar import BUCHAREST
from providers.rules.help_tables.papers import paper_of
from reports.output import pdf
from reports.output.fonts import printable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from providers.rules.help_tables.papers import PaperLine

_RULE = 7.6  # mm between lines to write on
_BLANK = 8.2  # mm of a line with blanks
_BOX = 3.2
_TICKED = 5.4  # mm of a line beside a box
_GAP = 4.0
_LEAST_BLANK = 24.0  # mm of line behind a name; less has no room for a hand
_SIGN = 15.0
_TOP = 13.0


class BlankPaper(pdf.ReportPdf):
    """Pages of a paper to fill in; the foot says that it is a model and of which day, not when it was filled in."""

    def header(self) -> None:
        """Draw nothing on top: the head of the institution that fills it in stands there."""
        self.set_xy(pdf.MARGIN, _TOP)

    def footer(self) -> None:
        """Say that it is a model."""
        self.set_xy(pdf.MARGIN, 297 - 13)
        pdf.set_text_style(self, 7.5, colour=pdf.SOFT)
        text = _("Model tipărit la {day}; se completează de mână. {title}").format(
            day=written_day(self.made_on), title=self.paper_title
        )
        self.cell(pdf.WIDTH, 5, text)
        if self.is_demo:
            pdf.watermark(self)


def render_pdf(code: str, *, made_on: date | None = None, is_demo: bool = False) -> bytes:
    """Make a paper as a PDF of A4 pages.

    Parameters
    ----------
    code
        Code of `papers.csv`.
    made_on
        Day of printing; None = today.
    is_demo
        Whether it comes from a demonstration, which its watermark says.

    Returns
    -------
    bytes
        The PDF.

    Raises
    ------
    UnknownCodeError
        Where there is no such paper.
    """
    chosen = paper_of(code)
    with use_language("ro"):
        sheet = BlankPaper(chosen.title, made_on=made_on or datetime.now(BUCHAREST).date(), is_demo=is_demo)
        sheet.set_auto_page_break(auto=True, margin=15)
        sheet.add_page()
        pdf.set_text_style(sheet, 16, bold=True)
        sheet.multi_cell(pdf.WIDTH, 8, sheet.paper_title, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        pdf.paragraph(sheet, _("Temei: {laws}").format(laws=chosen.basis), soft=True)
        for kind, lines in groupby(chosen.lines, key=lambda line: line.kind):
            if kind == "box":
                _boxes(sheet, [printable(line.words) for line in lines])
            else:
                for line in lines:
                    _draw(sheet, line)
        return pdf.to_bytes(sheet)


def _draw(sheet: BlankPaper, line: PaperLine) -> None:
    match line.kind:
        case "heading":
            _heading(sheet, line.words)
        case "to" | "fields":
            _fields(sheet, line.names)
        case "lines":
            _ruled(sheet, line.size)
        case "sign":
            _signatures(sheet, line.names)
        case "note":
            pdf.notice(sheet, line.words)
        case "text":
            sheet.ln(1)
            pdf.paragraph(sheet, line.words)


def _heading(sheet: BlankPaper, words: str) -> None:
    pdf.ensure_space(sheet, 6 + 2 * _BLANK)
    sheet.ln(2.2)
    pdf.set_text_style(sheet, 10.5, bold=True)
    sheet.multi_cell(pdf.WIDTH, 5.4, printable(words), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _fields(sheet: BlankPaper, names: Sequence[str]) -> None:
    """Write names with a line behind each, side by side; where a name leaves no room, its line stands below it."""
    pdf.ensure_space(sheet, 2 * _BLANK)
    wide = (pdf.WIDTH - _GAP * (len(names) - 1)) / len(names)
    pdf.set_text_style(sheet, 9.5)
    texts = [f"{printable(name)}:" for name in names]
    is_below = any(sheet.get_string_width(text) + _LEAST_BLANK > wide for text in texts)
    top = sheet.get_y()
    for place, text in enumerate(texts):
        left = pdf.MARGIN + place * (wide + _GAP)
        pdf.set_text_style(sheet, 9.5)
        lines = pdf.wrapped(sheet, text, wide)
        for row, sentence in enumerate(lines):
            sheet.set_xy(left, top + 2.6 + row * 4.4)
            sheet.cell(wide, 4.4, sentence)
        begin = left if is_below else left + sheet.get_string_width(text) + 1.5
        _rule(sheet, begin, left + wide, top + _BLANK - 1.4 + (_RULE if is_below else 0))
    sheet.set_xy(pdf.MARGIN, top + _BLANK + (_RULE if is_below else 0))


def _ruled(sheet: BlankPaper, count: int) -> None:
    for _line in range(count):
        pdf.ensure_space(sheet, _RULE)
        top = sheet.get_y()
        _rule(sheet, pdf.MARGIN, pdf.MARGIN + pdf.WIDTH, top + _RULE)
        sheet.set_xy(pdf.MARGIN, top + _RULE)
    sheet.ln(1)


def _rule(sheet: BlankPaper, left: float, right: float, at: float) -> None:
    sheet.set_draw_color(*pdf.SOFT)
    sheet.set_line_width(0.2)
    sheet.set_dash_pattern(dash=0.5, gap=0.8)
    sheet.line(left, at, right, at)
    sheet.set_dash_pattern()


def _boxes(sheet: BlankPaper, texts: Sequence[str]) -> None:
    """Draw things to tick, two side by side where both are short."""
    half = pdf.WIDTH / 2
    left: list[str] = list(texts)
    while left:
        pdf.set_text_style(sheet, 9.5)
        are_short = len(left) > 1 and all(sheet.get_string_width(text) < half - 9 for text in left[:2])
        row, left = (left[:2], left[2:]) if are_short else (left[:1], left[1:])
        cells = [pdf.wrapped(sheet, text, (half if are_short else pdf.WIDTH) - 8) for text in row]
        tall = _TICKED * max(len(lines) for lines in cells)
        pdf.ensure_space(sheet, tall)
        top = sheet.get_y()
        for place, lines in enumerate(cells):
            _box(sheet, lines, pdf.MARGIN + place * half, top)
        sheet.set_xy(pdf.MARGIN, top + tall)


def _box(sheet: BlankPaper, lines: Sequence[str], left: float, top: float) -> None:
    sheet.set_draw_color(*pdf.INK)
    sheet.set_line_width(0.3)
    sheet.rect(left + 0.5, top + 0.9, _BOX, _BOX)
    for place, text in enumerate(lines):
        sheet.set_xy(left + 7, top + place * _TICKED)
        sheet.cell(0, _TICKED, text)


def _signatures(sheet: BlankPaper, names: Sequence[str]) -> None:
    pdf.ensure_space(sheet, _SIGN)
    wide = (pdf.WIDTH - _GAP * (len(names) - 1)) / len(names)
    top = sheet.get_y() + 2
    for place, name in enumerate(names):
        left = pdf.MARGIN + place * (wide + _GAP)
        pdf.set_text_style(sheet, 8.5, colour=pdf.SOFT)
        for row, text in enumerate(pdf.wrapped(sheet, printable(name), wide)):
            sheet.set_xy(left, top + row * 4)
            sheet.cell(wide, 4, text)
        _rule(sheet, left, left + wide, top + _SIGN - 3)
    sheet.set_xy(pdf.MARGIN, top + _SIGN)
