"""The printed list of a campaign: providers that no message reaches, each with telephone, link and QR code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.i18n import _, written_day
from reports.output.fonts import printable
from reports.output.pdf import (
    MARGIN,
    ensure_space,
    heading,
    new_pdf,
    paragraph,
    set_text_style,
    to_bytes,
)
from reports.output.qr_code import draw_code

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from reports.output.pdf import ReportPdf

_CODE_MM = 26.0
_ENTRY_MM = _CODE_MM + 6
_MOST_SERVICES = 6  # named in one entry


def campaign_list_pdf(table: pd.DataFrame, *, public_address: str, county: str, made_on: date, is_demo: bool) -> bytes:
    """Print whom to call or to hand a sheet to: providers of a campaign that have not answered and get no message.

    Parameters
    ----------
    table
        Of `referrals.campaigns.campaign_table`.
    public_address
        Where links lead: https:// and a host.
    county
        Name of the county, for the title.
    made_on
        Day printed.
    is_demo
        Whether every page carries the mark of a demonstration.

    Returns
    -------
    bytes
        The PDF.
    """
    left = table[(table["answered"] < table["asked"]) & (table["channel"] != "message")]
    document = new_pdf(
        _("Locuri libere: pe cine întrebăm"), f"{county} · {written_day(made_on)}", made_on=made_on, is_demo=is_demo
    )
    paragraph(
        document,
        _("Furnizori fără adresă de e-mail în registru. Sunați, sau dați foaia: codul deschide pagina de răspuns."),
        soft=True,
    )
    if left.empty:
        paragraph(document, _("Nu mai este nimeni de întrebat."))
    for row in left.to_dict("records"):
        _draw_entry(document, {str(name): str(value) for name, value in row.items()}, public_address)
    return to_bytes(document)


def _draw_entry(document: ReportPdf, row: dict[str, str], public_address: str) -> None:
    services = row["services"].split("; ")
    ensure_space(document, _ENTRY_MM + 5.0 * min(len(services), _MOST_SERVICES))
    heading(document, row["provider"])
    top = document.get_y()
    address = f"{public_address}{row['link']}"
    draw_code(document, address, document.w - MARGIN - _CODE_MM, top, _CODE_MM)
    set_text_style(document)
    wide = document.inner - _CODE_MM - 4
    more = [_("și altele")] if len(services) > _MOST_SERVICES else []
    for line in (row["phone"], *services[:_MOST_SERVICES], *more):
        if line:
            document.multi_cell(wide, 5, printable(line), align="L", new_x="LMARGIN", new_y="NEXT")
    set_text_style(document, 7)
    document.multi_cell(wide, 3.4, printable(address), align="L", new_x="LMARGIN", new_y="NEXT")
    document.set_y(max(document.get_y(), top + _CODE_MM) + 2)
