"""The sheet of a list for a person: services for one visit on A4, each with its facts and the code of its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.i18n import _, number, use_language, written_day
from referrals.visit_list import describe_list
from reports.output import pdf
from reports.output.fonts import printable
from reports.output.qr_code import draw_code

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from referrals.visit_list import KeptService, ListedService
    from referrals.workflow.directory import Directory
    from reports.output.pdf import ReportPdf

_CODE_MM = 26.0
_LABEL_MM = 44.0
_LINE_MM = 5.2


def visit_list_pdf(
    directory: Directory,
    kept: Sequence[KeptService],
    *,
    address_of: Callable[[str], str],
    language: str,
    made_on: date,
) -> bytes:
    """Print the list for a person.

    Parameters
    ----------
    directory
        Catalogue, places and what came from the field, of this moment.
    kept
        Services in the order chosen; one that no register has any more is left out.
    address_of
        Makes of the id of a service the whole address of its public page.
    language
        Of the sheet: one of `offered_languages`.
    made_on
        Day printed.

    Returns
    -------
    bytes
        The PDF. Nothing of a person is in it.
    """
    with use_language(language):
        text = _("Nimic despre dumneavoastră nu este scris pe foaie. Întocmită la {day}.")
        document = pdf.new_pdf(
            _("Servicii pentru dumneavoastră"),
            text.format(day=written_day(made_on)),
            made_on=made_on,
            is_demo=directory.home.is_demo,
        )
        listed = [each for each in describe_list(directory, kept) if not each.is_gone]
        for place, service in enumerate(listed, start=1):
            _draw_service(document, place, service, address_of(service.service_id))
        pdf.paragraph(document, _("Locurile se schimbă: sunați înainte de a porni."), soft=True)
        return pdf.to_bytes(document)


def _draw_service(document: ReportPdf, place: int, service: ListedService, address: str) -> None:
    """Draw one service whole on a page: its name, its facts, what stands in between, and its code beside them."""
    wide = document.inner - _CODE_MM - 4
    pdf.set_text_style(document)
    facts = (*service.facts, (_("Pagina serviciului"), address.partition("://")[2] or address))
    values = [(name, pdf.wrapped(document, printable(value), wide - _LABEL_MM)) for name, value in facts]
    lines = sum(len(value) for _name, value in values)
    tall = max(lines * _LINE_MM + 8 * len(service.cautions), _CODE_MM + 5)
    pdf.heading(document, f"{number(place)}. {service.name}", room=tall + 20)
    for line in service.cautions:
        pdf.notice(document, line)
    top, page = document.get_y(), document.page_no()
    for name, value in values:
        _draw_fact(document, name, value, wide)
    below = document.get_y()
    if document.page_no() == page:
        draw_code(document, address, pdf.MARGIN + document.inner - _CODE_MM, top, _CODE_MM)
        below = max(below, top + _CODE_MM)
    document.set_xy(pdf.MARGIN, below + 1)


def _draw_fact(document: ReportPdf, name: str, lines: Sequence[str], wide: float) -> None:
    for place, line in enumerate(lines):
        pdf.ensure_space(document, _LINE_MM)
        top = document.get_y()
        if not place:
            pdf.set_text_style(document, 8.5, colour=pdf.SOFT)
            document.set_xy(pdf.MARGIN, top)
            document.cell(_LABEL_MM, _LINE_MM, printable(name))
        pdf.set_text_style(document)
        document.set_xy(pdf.MARGIN + _LABEL_MM, top)
        document.cell(wide - _LABEL_MM, _LINE_MM, line)
        document.set_xy(pdf.MARGIN, top + _LINE_MM)
