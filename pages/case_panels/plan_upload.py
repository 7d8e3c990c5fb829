"""A plan of community services from a sheet, at the team's desk: it becomes a draft, or every bad row is named."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from cases.community.plan_import import import_plan
from core.errors import BadValueError
from core.i18n import _
from pages.case_panels.change_notices import make_change
from pages.common import markup
from reports.documents.report_writing import today
from reports.views.plan_workbook import blank_plan_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.storage.home import Home
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_KINDS = ("xlsx", "csv")
_TURN = "plan-file-turn"  # a new one empties the fields


def draw_plan_upload(
    home: Home, ledger: Ledger, actor: Actor, years: Sequence[int], name: str, *, show: Callable[[str], None]
) -> None:
    """Draw the form that brings a plan from a sheet.

    Parameters
    ----------
    home
        Whose mark the empty sheet carries.
    ledger
        Where the record is kept; it checks role and area.
    actor
        A member of a team with a community.
    years
        That have no draft yet.
    name
        Of the community.
    show
        Lets the screen show a plan by its number.
    """
    if actor.uat_siruta is None:
        return
    uat = actor.uat_siruta
    with st.expander(_("Aduceți planul dintr-o foaie")):
        words = _(
            "O acțiune pe rând, cu prioritatea ei, ca în foaia care se descarcă de aici. Devine ciorna anului ales, pe "
            "care o citiți și o adoptați. Dacă ceva este greșit nu se scrie nimic: vedeți rândul și coloana."
        )
        st.html(markup.render_quiet(words))
        st.download_button(
            _("Descărcați foaia goală (XLSX)"),
            partial(blank_plan_workbook, area=name, made_on=today(), is_demo=home.is_demo),
            file_name="plan-comunitar.xlsx", mime=_XLSX, key="plan_blank_file", on_click="ignore",
        )  # fmt: skip
        turn = int(st.session_state.get(_TURN, 0))
        year = st.selectbox(_("Anul planului"), years, key=f"plan-file-year-{turn}")
        given = st.file_uploader(_("Foaia (XLSX sau CSV)"), type=list(_KINDS), key=f"plan-file-{turn}")
        if not st.button(_("Aduceți ca ciornă"), key="plan-file-bring"):
            return

        def act() -> None:
            if given is None:
                raise BadValueError(_("Alegeți întâi fișierul."))
            suffix = Path(given.name).suffix.lower()
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / f"plan{suffix if suffix[1:] in _KINDS else '.csv'}"
                path.write_bytes(given.getvalue())
                show(import_plan(ledger, path, int(year), uat, actor.county, actor=actor).plan_id)
            st.session_state[_TURN] = turn + 1

        make_change(act, _("Planul din foaie este acum ciornă: citiți-o, apoi adoptați-o."))
