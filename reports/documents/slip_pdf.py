"""The slip on paper: one A4 page, large letters, a part that stays at the service."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from core.i18n import _, use_language
from core.romanian_calendar import BUCHAREST
from reports.documents.slip import follow_up_address, slip_of
from reports.output import pdf
from reports.output.fonts import printable
from reports.output.qr_code import draw_code

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from referrals.records.vocabulary import Referral
    from referrals.workflow.directory import Directory
    from reports.documents.slip import Slip
    from reports.output.pdf import ReportPdf

_CODE_MM = 33.0
_STUB_TOP = 226.0  # below it stands what the service keeps
_LABEL = 28.0  # width of „Adresa”, „Telefon”, „Program”
_HEAD = 41.0


def render_pdf(directory: Directory, referral: Referral, *, base: str = "", made_on: date | None = None) -> bytes:
    """Make the slip of a referral as a one-page PDF.

    base: the address of this application, for the code that leads the team back to the referral (it shows
    nothing without sign-in); without it there is no code.
    """
    slip = slip_of(directory, referral)
    return page_of(slip, follow_up_address(base, referral), made_on=made_on or datetime.now(BUCHAREST).date())


def page_of(slip: Slip, address: str, *, made_on: date) -> bytes:
    """Lay a slip out. address: what the code leads to, "" for no code."""
    with use_language("ro"):
        said = _("Arătați acest bilet la serviciu. Numele dumneavoastră nu este scris pe el.")
        paper = pdf.new_pdf(_("Bilet de îndrumare"), said, made_on=made_on, is_demo=slip.is_demo)
        paper.set_auto_page_break(auto=False)
        _head(paper, slip, address)
        _where(paper, slip)
        _list(paper, _("Ce luați cu dumneavoastră"), slip.bring, boxes=True)
        _list(paper, _("Cum ajungeți"), slip.way, boxes=False)
        _list(paper, _("Ce spuneți la serviciu"), (slip.say,), boxes=False, numbered=False)
        _own_notes(paper)
        _stub(paper, slip)
        return pdf.to_bytes(paper)


def _head(paper: ReportPdf, slip: Slip, address: str) -> None:
    top = paper.get_y()
    paper.set_fill_color(*pdf.ACCENT_SOFT)
    paper.rect(pdf.MARGIN, top, pdf.WIDTH, _HEAD, style="F", round_corners=True, corner_radius=2)
    room = pdf.WIDTH - (_CODE_MM + 12 if address else 8)
    left = pdf.MARGIN + 5
    _pair(paper, (left, top + 4), _("Numărul biletului"), slip.number, size=24)
    _pair(paper, (left, top + 20), _("Codul cazului"), slip.case_ref or "–", size=12)
    _pair(paper, (left + 52, top + 20), _("Stare"), slip.state, size=12)
    pdf.set_text_style(paper, 10, bold=True, colour=pdf.WARN)
    for place, line in enumerate(pdf.wrapped(paper, slip.until, room)[:2]):
        paper.set_xy(left, top + 31 + 4.6 * place)
        paper.cell(room, 4.6, line)
    if address:
        right = pdf.MARGIN + pdf.WIDTH - _CODE_MM - 3
        draw_code(paper, address, right, top + 1.5, _CODE_MM)
        pdf.set_text_style(paper, 6.5, colour=pdf.SOFT)
        paper.set_xy(right, top + _CODE_MM + 2.8)
        paper.cell(_CODE_MM, 3, _("Pentru echipă, cu autentificare"), align="C")
    paper.set_y(top + _HEAD + 4)


def _pair(paper: ReportPdf, at: tuple[float, float], name: str, value: str, *, size: float) -> None:
    left, top = at
    pdf.set_text_style(paper, 8, colour=pdf.SOFT)
    paper.set_xy(left, top)
    paper.cell(50, 4, name)
    pdf.set_text_style(paper, size, bold=True)
    paper.set_xy(left, top + 4)
    paper.cell(50, size * 0.42, printable(value))


def _where(paper: ReportPdf, slip: Slip) -> None:
    if slip.service or slip.facts:
        _title(paper, _("Unde mergeți"))
    for place, line in enumerate(slip.service):
        pdf.set_text_style(paper, 10 if place else 14, bold=not place, colour=pdf.SOFT if place else pdf.INK)
        _lines(paper, line, most=2, height=4.8 if place else 6.4)
    paper.ln(1)
    for name, value in slip.facts:
        pdf.set_text_style(paper, 10, colour=pdf.SOFT)
        top = paper.get_y()
        paper.set_xy(pdf.MARGIN, top)
        paper.cell(_LABEL, 6, name)
        pdf.set_text_style(paper, 12, bold=True)
        paper.set_y(top)
        _lines(paper, value, most=2, height=6, indent=_LABEL)
    paper.ln(1)


def _title(paper: ReportPdf, text: str) -> None:
    paper.ln(3)
    pdf.set_text_style(paper, 11, bold=True, colour=pdf.ACCENT)
    paper.set_x(pdf.MARGIN)
    paper.cell(pdf.WIDTH, 6, text)
    paper.ln(7)


def _lines(paper: ReportPdf, text: str, *, most: int, height: float, indent: float = 0.0) -> None:
    """Write a text in the letters chosen, in so many lines at most; what is longer ends in an ellipsis."""
    wide = pdf.WIDTH - indent
    lines = pdf.wrapped(paper, printable(text), wide)
    if len(lines) > most:
        lines = [*lines[: most - 1], pdf.shortened(paper, " ".join(lines[most - 1 :]), wide)]
    for line in lines:
        paper.set_x(pdf.MARGIN + indent)
        paper.cell(wide, height, line)
        paper.ln(height)


def _list(paper: ReportPdf, title: str, lines: Sequence[str], *, boxes: bool, numbered: bool = True) -> None:
    """Write a short list as long as there is room: things to tick, or steps."""
    if not lines:
        return
    _title(paper, title)
    for place, line in enumerate(lines, start=1):
        if paper.get_y() > _STUB_TOP - 12:
            return
        top = paper.get_y()
        paper.set_draw_color(*pdf.SOFT)
        if boxes:
            paper.set_line_width(0.3)
            paper.rect(pdf.MARGIN + 0.5, top + 1, 3.2, 3.2)
        elif numbered and len(lines) > 1:
            pdf.set_text_style(paper, 10, bold=True, colour=pdf.ACCENT)
            paper.set_xy(pdf.MARGIN, top)
            paper.cell(6, 5.2, f"{place}.")
        pdf.set_text_style(paper, 10.5)
        paper.set_y(top)
        _lines(paper, line, most=2, height=5.2, indent=6.0 if boxes or (numbered and len(lines) > 1) else 0.0)


def _own_notes(paper: ReportPdf) -> None:
    """Rule lines to write on, where there is room for at least two."""
    if paper.get_y() > _STUB_TOP - 34:
        return
    _title(paper, _("Ce ați aflat la telefon: ziua, ora, la cine mergeți"))
    paper.set_draw_color(*pdf.LINE)
    paper.set_line_width(0.25)
    y = paper.get_y() + 5
    while y < _STUB_TOP - 8:
        paper.line(pdf.MARGIN, y, pdf.MARGIN + pdf.WIDTH, y)
        y += 8


def _stub(paper: ReportPdf, slip: Slip) -> None:
    """Draw the part that the service keeps or sends back: came or not, and why not."""
    paper.set_draw_color(*pdf.SOFT)
    paper.set_line_width(0.3)
    paper.set_dash_pattern(dash=1.6, gap=1.6)
    paper.line(pdf.MARGIN, _STUB_TOP, pdf.MARGIN + pdf.WIDTH, _STUB_TOP)
    paper.set_dash_pattern()
    pdf.set_text_style(paper, 9, bold=True, colour=pdf.ACCENT)
    paper.set_xy(pdf.MARGIN, _STUB_TOP + 3)
    paper.cell(pdf.WIDTH, 5, _("Rămâne la serviciu"))
    pdf.set_text_style(paper, 9)
    paper.set_xy(pdf.MARGIN, _STUB_TOP + 9)
    paper.cell(pdf.WIDTH, 5, _("Referirea {number} · codul cazului {code}").format(
        number=slip.number, code=slip.case_ref or "–"
    ))  # fmt: skip
    answers = (
        _("Am primit persoana"),
        _("Nu avem locuri"),
        _("Nu îndeplinește condițiile"),
        _("Alt motiv"),
    )
    left, top = pdf.MARGIN, _STUB_TOP + 18
    for answer in answers:
        paper.set_draw_color(*pdf.SOFT)
        paper.set_line_width(0.3)
        paper.rect(left + 0.5, top + 0.8, 3.2, 3.2)
        paper.set_xy(left + 6, top)
        paper.cell(40, 5, answer)
        left += paper.get_string_width(answer) + 13
    for share, words in ((0.0, _("Data și ora")), (0.36, _("Semnătura și ștampila serviciului"))):
        x = pdf.MARGIN + share * pdf.WIDTH
        pdf.set_text_style(paper, 8, colour=pdf.SOFT)
        paper.set_xy(x, top + 10)
        paper.cell(60, 4, words)
        paper.set_draw_color(*pdf.LINE)
        paper.line(x, top + 24, x + pdf.WIDTH * (0.3 if not share else 0.64), top + 24)
    pdf.set_text_style(paper, 8, colour=pdf.SOFT)
    paper.set_xy(pdf.MARGIN, top + 26)
    paper.cell(pdf.WIDTH, 4, _("Răspundeți prin linkul primit de la echipă sau spuneți-i la telefon."))
