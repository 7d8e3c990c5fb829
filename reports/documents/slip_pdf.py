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
        text = _("Arătați acest bilet la serviciu. Numele dumneavoastră nu este scris pe el.")
        document = pdf.new_pdf(_("Bilet de îndrumare"), text, made_on=made_on, is_demo=slip.is_demo)
        document.set_auto_page_break(auto=False)
        _head(document, slip, address)
        _where(document, slip)
        _list(document, _("Ce luați cu dumneavoastră"), slip.bring, boxes=True)
        _list(document, _("Cum ajungeți"), slip.way, boxes=False)
        _list(document, _("Ce spuneți la serviciu"), (slip.say,), boxes=False, numbered=False)
        _own_notes(document)
        _stub(document, slip)
        return pdf.to_bytes(document)


def _head(document: ReportPdf, slip: Slip, address: str) -> None:
    top = document.get_y()
    document.set_fill_color(*pdf.ACCENT_SOFT)
    document.rect(pdf.MARGIN, top, pdf.WIDTH, _HEAD, style="F", round_corners=True, corner_radius=2)
    room = pdf.WIDTH - (_CODE_MM + 12 if address else 8)
    left = pdf.MARGIN + 5
    _pair(document, (left, top + 4), _("Numărul biletului"), slip.number, size=24)
    _pair(document, (left, top + 20), _("Codul cazului"), slip.case_ref or "–", size=12)
    _pair(document, (left + 52, top + 20), _("Stare"), slip.state, size=12)
    pdf.set_text_style(document, 10, bold=True, colour=pdf.WARN)
    for place, line in enumerate(pdf.wrapped(document, slip.until, room)[:2]):
        document.set_xy(left, top + 31 + 4.6 * place)
        document.cell(room, 4.6, line)
    if address:
        right = pdf.MARGIN + pdf.WIDTH - _CODE_MM - 3
        draw_code(document, address, right, top + 1.5, _CODE_MM)
        pdf.set_text_style(document, 6.5, colour=pdf.SOFT)
        document.set_xy(right, top + _CODE_MM + 2.8)
        document.cell(_CODE_MM, 3, _("Pentru echipă, cu autentificare"), align="C")
    document.set_y(top + _HEAD + 4)


def _pair(document: ReportPdf, at: tuple[float, float], name: str, value: str, *, size: float) -> None:
    left, top = at
    pdf.set_text_style(document, 8, colour=pdf.SOFT)
    document.set_xy(left, top)
    document.cell(50, 4, name)
    pdf.set_text_style(document, size, bold=True)
    document.set_xy(left, top + 4)
    document.cell(50, size * 0.42, printable(value))


def _where(document: ReportPdf, slip: Slip) -> None:
    if slip.service or slip.facts:
        _title(document, _("Unde mergeți"))
    for place, line in enumerate(slip.service):
        pdf.set_text_style(document, 10 if place else 14, bold=not place, colour=pdf.SOFT if place else pdf.INK)
        _lines(document, line, most=2, height=4.8 if place else 6.4)
    document.ln(1)
    for name, value in slip.facts:
        pdf.set_text_style(document, 10, colour=pdf.SOFT)
        top = document.get_y()
        document.set_xy(pdf.MARGIN, top)
        document.cell(_LABEL, 6, name)
        pdf.set_text_style(document, 12, bold=True)
        document.set_y(top)
        _lines(document, value, most=2, height=6, indent=_LABEL)
    document.ln(1)


def _title(document: ReportPdf, text: str) -> None:
    document.ln(3)
    pdf.set_text_style(document, 11, bold=True, colour=pdf.ACCENT)
    document.set_x(pdf.MARGIN)
    document.cell(pdf.WIDTH, 6, text)
    document.ln(7)


def _lines(document: ReportPdf, text: str, *, most: int, height: float, indent: float = 0.0) -> None:
    """Write a text in the letters chosen, in so many lines at most; what is longer ends in an ellipsis."""
    wide = pdf.WIDTH - indent
    lines = pdf.wrapped(document, printable(text), wide)
    if len(lines) > most:
        lines = [*lines[: most - 1], pdf.shortened(document, " ".join(lines[most - 1 :]), wide)]
    for line in lines:
        document.set_x(pdf.MARGIN + indent)
        document.cell(wide, height, line)
        document.ln(height)


def _list(document: ReportPdf, title: str, lines: Sequence[str], *, boxes: bool, numbered: bool = True) -> None:
    """Write a short list as long as there is room: things to tick, or steps."""
    if not lines:
        return
    _title(document, title)
    for place, line in enumerate(lines, start=1):
        if document.get_y() > _STUB_TOP - 12:
            return
        top = document.get_y()
        document.set_draw_color(*pdf.SOFT)
        if boxes:
            document.set_line_width(0.3)
            document.rect(pdf.MARGIN + 0.5, top + 1, 3.2, 3.2)
        elif numbered and len(lines) > 1:
            pdf.set_text_style(document, 10, bold=True, colour=pdf.ACCENT)
            document.set_xy(pdf.MARGIN, top)
            document.cell(6, 5.2, f"{place}.")
        pdf.set_text_style(document, 10.5)
        document.set_y(top)
        _lines(document, line, most=2, height=5.2, indent=6.0 if boxes or (numbered and len(lines) > 1) else 0.0)


def _own_notes(document: ReportPdf) -> None:
    """Rule lines to write on, where there is room for at least two."""
    if document.get_y() > _STUB_TOP - 34:
        return
    _title(document, _("Ce ați aflat la telefon: ziua, ora, la cine mergeți"))
    document.set_draw_color(*pdf.LINE)
    document.set_line_width(0.25)
    y = document.get_y() + 5
    while y < _STUB_TOP - 8:
        document.line(pdf.MARGIN, y, pdf.MARGIN + pdf.WIDTH, y)
        y += 8


def _stub(document: ReportPdf, slip: Slip) -> None:
    """Draw the part that the service keeps or sends back: came or not, and why not."""
    document.set_draw_color(*pdf.SOFT)
    document.set_line_width(0.3)
    document.set_dash_pattern(dash=1.6, gap=1.6)
    document.line(pdf.MARGIN, _STUB_TOP, pdf.MARGIN + pdf.WIDTH, _STUB_TOP)
    document.set_dash_pattern()
    pdf.set_text_style(document, 9, bold=True, colour=pdf.ACCENT)
    document.set_xy(pdf.MARGIN, _STUB_TOP + 3)
    document.cell(pdf.WIDTH, 5, _("Rămâne la serviciu"))
    pdf.set_text_style(document, 9)
    document.set_xy(pdf.MARGIN, _STUB_TOP + 9)
    document.cell(pdf.WIDTH, 5, _("Referirea {number} · codul cazului {code}").format(
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
        document.set_draw_color(*pdf.SOFT)
        document.set_line_width(0.3)
        document.rect(left + 0.5, top + 0.8, 3.2, 3.2)
        document.set_xy(left + 6, top)
        document.cell(40, 5, answer)
        left += document.get_string_width(answer) + 13
    for share, words in ((0.0, _("Data și ora")), (0.36, _("Semnătura și ștampila serviciului"))):
        x = pdf.MARGIN + share * pdf.WIDTH
        pdf.set_text_style(document, 8, colour=pdf.SOFT)
        document.set_xy(x, top + 10)
        document.cell(60, 4, words)
        document.set_draw_color(*pdf.LINE)
        document.line(x, top + 24, x + pdf.WIDTH * (0.3 if not share else 0.64), top + 24)
    pdf.set_text_style(document, 8, colour=pdf.SOFT)
    document.set_xy(pdf.MARGIN, top + 26)
    document.cell(pdf.WIDTH, 4, _("Răspundeți prin linkul primit de la echipă sau spuneți-i la telefon."))
