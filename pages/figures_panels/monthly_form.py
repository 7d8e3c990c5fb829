"""The monthly report of a community on screen: its figures, filing, and what the county unit answers."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from core.errors import MapError
from core.i18n import _
from pages.common import markup, shared
from pages.common.screen_wording import label_text
from pages.figures_panels import report_html
from pages.figures_panels.amc_download import XLSX, offer_amc_sheet
from pages.figures_panels.monthly_entry import close_month, do_step, draw_entry
from referrals.monthly import figure_entry, monthly_reports
from referrals.monthly.figure_checks import with_named
from reports.documents.report_writing import today
from reports.indicators.indicators import bounds
from reports.indicators.period import parse_period
from reports.output.xlsx import Sheet, workbook
from reports.views import monthly_check, monthly_counts, monthly_view
from reports.views.figures_import import read_figures, template
from reports.views.report_views import state_words

if TYPE_CHECKING:
    import pandas as pd
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from core.storage.home import Home
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor
    from reports.indicators.report_data import ReportData
    from reports.views.monthly_view import MonthLine, OpenedMonth


def draw(home: Home, facts: ReportData, actor: Actor) -> None:
    """Draw the months with what is to be done, or one of them, and the import, as the role allows.

    Parameters
    ----------
    home
        The home.
    facts
        What reports read.
    actor
        Who is signed in.
    """
    ledger = shared.directory(home).ledger
    mine = monthly_view.communities_of_actor(facts.communities, actor)
    if mine.empty:
        st.html(markup.render_notice(_("Nicio comunitate"), [_("Nu aveți nicio comunitate din lista proiectului.")]))
        return
    value = st.session_state.pop("monthly_said", "")
    if value:
        st.html(markup.render_done(value))
    months = monthly_view.report_months(ledger, day=today())
    opened = _opened(ledger, mine)
    if opened is not None:
        _one(home, ledger, actor, mine, *opened)
        return
    lines = monthly_view.month_lines(ledger, mine, months, actor=actor, day=today())
    if not lines:
        st.html(markup.render_quiet(_("Toate rapoartele lunilor încheiate sunt acceptate.")))
    _list(lines)
    _choose_month(mine, months)
    _import(ledger, facts, actor, mine, months[-1])
    if actor.role == "county":
        letters = str(mine["county"].iloc[0])
        offer_amc_sheet(home, ledger, actor, months[-1], shared.area_name(home, letters), county=letters)


def is_asked() -> bool:
    """Return whether the address asks for a monthly report."""
    return bool(st.query_params.get(report_html.REPORT))


def _opened(ledger: Ledger, mine: pd.DataFrame) -> tuple[int, str] | None:
    """Return the community and the month of the report that the address names; None where it names none of theirs."""
    uat, month = st.query_params.get(report_html.REPORT, ""), st.query_params.get(report_html.MONTH, "")
    is_one = uat in set(mine["uat_siruta"].astype("str")) and monthly_view.is_month(ledger, month)
    return (int(uat), month) if is_one else None


def _list(lines: list[MonthLine]) -> None:
    """List the months, each with its one button."""
    for line in lines:
        with st.container(key=f"hs-month-{line.uat}-{line.month}", horizontal=True, vertical_alignment="center"):
            st.html(report_html.render_month(line))
            if st.button(
                # Which month is said to the ear: the row says it to the eye.
                f"{line.button} :small[{label_text(line.name)}, {line.label}]",
                key=f"monthly_open_{line.uat}_{line.month}",
                type="primary" if line is lines[0] and line.is_main else "secondary",
            ):
                _open(line.uat, line.month)


def _choose_month(mine: pd.DataFrame, months: list[str]) -> None:
    """Let a county unit open any month, also one that is accepted."""
    if len(mine) == 1:
        return
    with st.expander(_("Altă comunitate sau lună")), st.container(key="hs-form"):
        names = dict(zip(mine["uat_siruta"], mine["name"], strict=True))
        uat = st.selectbox(_("Comunitatea"), list(names), format_func=names.__getitem__, key="monthly_uat")
        month = st.selectbox(
            _("Luna"), months[::-1], format_func=lambda text: parse_period(text).label(), key="monthly_month"
        )
        if st.button(_("Deschideți raportul"), key="monthly_open"):
            _open(int(uat), str(month))


def _open(uat: int, month: str) -> None:
    """Open a report under its own address: shared, loaded again, gone back from."""
    st.query_params.update({report_html.REPORT: str(uat), report_html.MONTH: month})
    st.rerun()


def _one(home: Home, ledger: Ledger, actor: Actor, mine: pd.DataFrame, uat: int, month: str) -> None:
    if st.button(_("← Toate lunile"), key="monthly_back"):
        close_month()
        st.session_state.pop("monthly_checking", None)
        st.rerun()
    county, uat, name = monthly_view.community_of(mine, str(uat))
    opened = monthly_view.open_month(ledger, county, uat, month, actor=actor)
    st.html(markup.render_heading(monthly_view.month_title(name, month), state_words(opened.state)))
    if opened.state == "returned":
        st.html(
            markup.render_notice(_("Returnat de unitatea județeană pentru corectare"), [opened.remark], kind="refusal")
        )
    if opened.is_open:
        draw_entry(ledger, actor, opened)
    else:
        checked = monthly_check.checked_known(opened)
        st.html(report_html.render_checked(checked, opened.counted, caption=_("Cifrele raportului")))
    if actor.role == "county" and not opened.is_open:
        _decide(ledger, actor, opened, name)
    past = monthly_reports.history(ledger, uat, actor=actor)
    past = past[past["month"] == month].iloc[::-1]
    if len(past):
        with st.expander(_("Istoricul cifrelor")):
            st.html(report_html.render_history(past))
    offer_amc_sheet(home, ledger, actor, month, name, county=county, uat_siruta=uat)


def _decide(ledger: Ledger, actor: Actor, opened: OpenedMonth, name: str) -> None:
    key, known = f"{opened.uat}_{opened.month}", bounds("community")
    with st.container(key="hs-form-decide"), st.form(f"decide_{key}", border=False, enter_to_submit=False):
        wrong = st.multiselect(
            _("Cifrele de corectat"),
            list(known),
            format_func=lambda code: _(known[code].name),
            placeholder=_("Alegeți cifrele, dacă este cazul"),
            key=f"monthly_wrong_{key}",
        )
        remark = st.text_input(_("Ce este de corectat"), key=f"monthly_remark_{key}")
        refused = st.container()
        with st.container(horizontal=True):
            accepts = opened.state == "filed" and st.form_submit_button(
                _("Acceptați raportul"), type="primary", key="monthly_accept"
            )
            returns = st.form_submit_button(_("Returnați pentru corectare"), key="monthly_return")
    if not accepts and not returns:
        return
    try:
        _settle(ledger, actor, opened, None if accepts else with_named(wrong, remark, known))
    except MapError as error:
        refused.html(markup.render_field_error(str(error), f"monthly_remark_{key}"))
        return
    st.session_state["monthly_said"] = monthly_view.decided_words(name, opened.month, is_accepted=accepts)
    st.rerun()


def _settle(ledger: Ledger, actor: Actor, opened: OpenedMonth, remark: str | None) -> None:
    """Accept a report, or return it with a remark; then the list is shown again."""
    if remark is None:
        monthly_reports.accept(ledger, opened.county, opened.uat, opened.month, actor=actor)
    else:
        monthly_reports.send_back(ledger, opened.county, opened.uat, opened.month, remark, actor=actor)
    close_month()


def _import(ledger: Ledger, facts: ReportData, actor: Actor, mine: pd.DataFrame, month: str) -> None:
    with st.expander(_("Din fișier: CSV sau XLSX")):
        st.download_button(
            _("Descărcați tabelul gol"),
            lambda: workbook(
                [Sheet(_("Cifre"), template(mine, month, counted=_counted(ledger, mine, month, actor)))],
                title=_("Cifre lunare"),
                made_on=facts.day,
                is_demo=facts.home.is_demo,
            ),
            file_name=f"cifre-{month}.xlsx",
            mime=XLSX,
            key="monthly_template",
            on_click="ignore",
        )
        given = st.file_uploader(_("Tabelul completat (CSV sau XLSX)"), type=["csv", "xlsx"], key="monthly_file")
        if given is not None:
            _take_file(ledger, actor, mine, given)


def _counted(ledger: Ledger, mine: pd.DataFrame, month: str, actor: Actor) -> dict[int, dict[str, int]]:
    return monthly_counts.counted_of(ledger, str(mine["county"].iloc[0]), month, actor=actor)


def _take_file(ledger: Ledger, actor: Actor, mine: pd.DataFrame, given: UploadedFile) -> None:
    """Take the figures of a file: held to the rules of a report, with a yes to what changed much, all rows or none."""
    unsure_key, place = f"monthly_unsure_{given.file_id}", st.container()

    def confirmation() -> bool:
        label = _("Da, am verificat: diferențele mari sunt adevărate")
        return bool(place.checkbox(label, key="monthly_import_yes"))

    asked = bool(st.session_state.get(unsure_key))
    yes = asked and confirmation()
    if not st.button(_("Preluați cifrele"), key="monthly_import"):
        return
    suffix = Path(given.name).suffix.lower()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"cifre{suffix if suffix in ('.csv', '.xlsx') else '.csv'}"
        path.write_bytes(given.getvalue())

        def take() -> None:
            figures = read_figures(path, mine)
            checked = figure_entry.check(ledger, figures, bounds("community"), actor=actor)
            unsure = {
                area: {each.bound.code: each.now for each in some if each.warning and each.now is not None}
                for area, some in checked.items()
            }
            st.session_state[unsure_key] = unsure if any(unsure.values()) else {}
            figure_entry.enter(
                ledger, figures, bounds("community"), actor=actor, source="import", confirmed=unsure if yes else {}
            )

        do_step(take, _("Cifrele din fișier sunt preluate."))
        if not asked and st.session_state.get(unsure_key):
            confirmation()  # what the refusal asks for stands beside it at once
