"""The indicators that the health ministry asks of community nurses, counted from cases, to download."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.i18n import _
from pages.common import markup
from reports.documents.report_writing import today
from reports.views.amc_workbook import amc_of_area, amc_workbook

if TYPE_CHECKING:
    from core.storage.home import Home
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def offer_amc_sheet(
    home: Home, ledger: Ledger, actor: Actor, month: str, area: str, *, county: str = "", uat_siruta: int | None = None
) -> None:
    """Offer the indicators of an area and month as a workbook; they are counted when the button is pressed.

    Parameters
    ----------
    home, ledger
        The home and its ledger.
    actor
        Who is signed in; may count the cases of the area.
    month
        For instance 2026-10.
    area
        Its name.
    county, uat_siruta
        Which area.
    """
    with st.expander(_("Indicatorii ceruți asistenților medicali comunitari")):
        words = _(
            "Cei 402 indicatori, în cele zece fișe ale Ministerului Sănătății, numărați din cazuri; lângă fiecare, ce "
            "nu se numără și de ce."
        )
        st.html(markup.render_quiet(words))
        st.download_button(
            _("Descărcați fișele (XLSX)"),
            lambda: amc_workbook(
                amc_of_area(home, ledger, month, month, actor=actor, county=county, uat_siruta=uat_siruta),
                area=area,
                made_on=today(),
                is_demo=home.is_demo,
            ),
            file_name=f"indicatori-amc-{uat_siruta or county or 'romania'}-{month}.xlsx",
            mime=XLSX,
            key=f"amc_sheet_{uat_siruta or county}_{month}",
            on_click="ignore",
        )
