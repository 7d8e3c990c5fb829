"""The county pack on paper: a table a kind of service, most lines on one row, the numbers to call in bold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fpdf.enums import XPos, YPos

from core.i18n import _
from reports.documents.county_pack import content_words
from reports.output import pdf
from reports.output.fonts import printable
from reports.output.pdf import PdfColumn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from providers.rules.wording import Phone
    from reports.documents.county_pack import Pack, PackEntry, Section
    from reports.output.pdf import ReportPdf

_SIZE = 7.5
_DIGIT_SPACE = re.compile(r"(?<=\d) (?=\d)")  # a number is not broken between lines


def pages_of(pack: Pack) -> bytes:
    """Lay a pack out on pages."""
    document = pdf.new_pdf(pack.title, content_words(pack), made_on=pack.made_on, is_demo=pack.is_demo)
    lines = "   ".join(f"{line.phone} {_(line.name)}" for line in pack.emergency)
    pdf.notice(document, _("În pericol imediat: {lines}").format(lines=lines))
    for section in pack.sections:
        _section(document, section)
    _local(document, pack)
    pdf.sources(document, [*pack.sources, pack.missing] if pack.missing else pack.sources)
    return pdf.to_bytes(document)


def _local(document: ReportPdf, pack: Pack) -> None:
    """List what teams know beside the registers, each marked with who checked it."""
    if not pack.local:
        return
    pdf.heading(document, _("Știute de echipele din județ"))
    columns = [
        PdfColumn(_("Localitatea"), 1.1),
        PdfColumn(_("Resursa"), 1.5),
        PdfColumn(_("Telefon"), 1.0),
        PdfColumn(_("Ce oferă, când, cine a verificat"), 3.0),
    ]
    rows = [(each.place, each.name, _numbers(each.phones), " · ".join(each.notes)) for each in pack.local]
    pdf.table(document, columns, rows, size=_SIZE)


def _numbers(phones: Sequence[Phone]) -> str:
    return ", ".join(_DIGIT_SPACE.sub("\u00a0", phone.text) for phone in phones)


def _section(document: ReportPdf, section: Section) -> None:
    pdf.heading(document, section.title)
    for kind in dict.fromkeys(entry.type_name for entry in section.entries):
        some = [entry for entry in section.entries if entry.type_name == kind]
        # What is true of every one of them is said once, above the table.
        common = [note for note in some[0].notes if all(note in entry.notes for entry in some)] if len(some) > 1 else []
        pdf.ensure_space(document, 30)
        pdf.set_text_style(document, 10, bold=True)
        document.multi_cell(pdf.WIDTH, 5.5, printable(kind), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        if common:
            pdf.paragraph(document, " ".join(common), soft=True)
        columns = [
            PdfColumn(_("Localitatea"), 1.1),
            PdfColumn(_("Serviciul"), 2.6),
            PdfColumn(_("Telefon"), 1.0),
            PdfColumn(_("Adresa, programul, locurile"), 1.9),
        ]
        pdf.table(document, columns, [_row(entry, common) for entry in some], size=_SIZE)


def _row(entry: PackEntry, common: Sequence[str]) -> tuple[str, str, str, str]:
    notes = (note for note in entry.notes if note not in common)
    return (
        entry.locality,
        " · ".join(part for part in (entry.view.name, entry.organization) if part),
        _numbers(entry.view.phones),
        " · ".join(part for part in (entry.address, entry.view.hours, entry.places, *notes) if part),
    )
