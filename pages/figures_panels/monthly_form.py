"""The monthly report of a community on screen: its figures, filing, and what the county unit answers."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from core.i18n import _
from pages.common import markup, shared
from pages.figures_panels import report_html
from pages.figures_panels.monthly_entry import MonthTyped, do_step, draft_of, draw_entry
from referrals.monthly import figure_entry, monthly_reports
from referrals.monthly.figure_checks import check_figures, named_figures, with_named
from reports.documents.report_writing import today
from reports.indicators.indicators import bounds
from reports.indicators.period import months_between, parse_period
from reports.output.xlsx import Sheet, workbook
from reports.views.figures_import import first_waiting, queue, read_figures, template
from reports.views.report_views import state_words

if TYPE_CHECKING:
    import pandas as pd
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from core.storage.home import Home
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor
    from reports.indicators.report_data import ReportData

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MONTHS_BACK = 6


def draw(home: Home, facts: ReportData, actor: Actor) -> None:
    """Draw the queue, one community's month, and the import, as the role allows.

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
    mine = _mine(facts, actor)
    if mine.empty:
        st.html(markup.render_notice(_("Nicio comunitate"), [_("Nu aveți nicio comunitate din lista proiectului.")]))
        return
    said = st.session_state.pop("monthly_said", "")
    if said:
        st.html(markup.render_done(said))
    months = months_between(*facts.months)[-_MONTHS_BACK:]
    filed = monthly_reports.reports(ledger, actor=actor)
    waiting = queue(mine, filed, months, day=today())
    _open_first(waiting, mine, months, actor)
    if waiting.empty:
        st.html(markup.render_quiet(_("Toate rapoartele lunilor încheiate sunt acceptate.")))
    else:
        st.html(report_html.render_queue(waiting))
    with st.container(key="hs-form"):
        names = dict(zip(mine["uat_siruta"], mine["name"], strict=True))
        uat = st.selectbox(_("Comunitatea"), list(names), format_func=names.__getitem__, key="monthly_uat")
        month = st.selectbox(
            _("Luna"), months[::-1], format_func=lambda text: parse_period(text).label(), key="monthly_month"
        )
    county = str(mine.loc[mine["uat_siruta"] == uat, "county"].iloc[0])
    _one(ledger, actor, county, int(uat), str(month), filed)
    _import(ledger, facts, actor, mine, str(month))


def is_asked() -> bool:
    """Tell whether the address asks for a monthly report."""
    return bool(st.query_params.get(report_html.REPORT))


def _open_first(waiting: pd.DataFrame, mine: pd.DataFrame, months: list[str], actor: Actor) -> None:
    """Open on the report that the address names, else on the first that waits for whoever is here."""
    if "monthly_uat" in st.session_state:
        return
    said, month = st.query_params.get(report_html.REPORT, ""), st.query_params.get(report_html.MONTH, "")
    first = first_waiting(waiting, actor.role)
    if said in set(mine["uat_siruta"].astype("str")) and month in months:
        first = (int(said), month)
    if first is not None:
        st.session_state.update(monthly_uat=first[0], monthly_month=first[1])


def _mine(facts: ReportData, actor: Actor) -> pd.DataFrame:
    table = facts.communities
    column, value = ("county", actor.county) if actor.role == "county" else ("uat_siruta", actor.uat_siruta)
    return table[table[column] == value].reset_index(drop=True)


def _one(ledger: Ledger, actor: Actor, county: str, uat: int, month: str, filed: pd.DataFrame) -> None:
    report = filed[(filed["uat_siruta"] == uat) & (filed["month"] == month)]
    state = str(report["state"].iloc[0]) if len(report) else "missing"
    st.html(
        markup.render_heading(_("Raportul pe {month}").format(month=parse_period(month).label()), state_words(state))
    )
    if state == "returned":
        st.html(
            markup.render_notice(
                _("Returnat de unitatea județeană pentru corectare"), [str(report["remark"].iloc[0])], kind="refusal"
            )
        )
    figures = monthly_reports.figures(ledger, actor=actor)
    figures = figures[figures["uat_siruta"] == uat]
    known, before = (_by_code(figures, of) for of in (month, figure_entry.month_before(month)))
    wanted = bounds("community")
    if state in ("missing", "returned"):
        marked = named_figures(str(report["remark"].iloc[0]), wanted) if state == "returned" else []
        draft = draft_of(actor, uat, month)
        draw_entry(ledger, actor, MonthTyped(county, uat, month, known, before, tuple(marked), draft))
    else:
        checked = check_figures(known, before, wanted)
        st.html(report_html.render_checked(checked, caption=_("Cifrele raportului")))
    if actor.role == "county" and state in ("filed", "accepted"):
        _decide(ledger, actor, county, uat, month, state)
    past = monthly_reports.history(ledger, uat, actor=actor)
    past = past[past["month"] == month].iloc[::-1]
    if len(past):
        with st.expander(_("Istoricul cifrelor")):
            st.html(report_html.render_history(past))


def _by_code(figures: pd.DataFrame, month: str) -> dict[str, int]:
    of_month = figures[figures["month"] == month]
    return {str(code): int(value) for code, value in zip(of_month["indicator"], of_month["value"], strict=True)}


def _decide(ledger: Ledger, actor: Actor, county: str, uat: int, month: str, state: str) -> None:
    with st.container(key="hs-form-decide"), st.form(f"decide_{uat}_{month}", border=False, enter_to_submit=False):
        known = bounds("community")
        wrong = st.multiselect(
            _("Cifrele de corectat"),
            list(known),
            format_func=lambda code: _(known[code].name),
            placeholder=_("Alegeți cifrele, dacă este cazul"),
            key=f"monthly_wrong_{uat}_{month}",
        )
        remark = st.text_input(_("Ce este de corectat"), key=f"monthly_remark_{uat}_{month}")
        with st.container(horizontal=True):
            if state == "filed" and st.form_submit_button(
                _("Acceptați raportul"), type="primary", key="monthly_accept"
            ):
                do_step(
                    lambda: monthly_reports.accept(ledger, county, uat, month, actor=actor),
                    _("Raportul este acceptat."),
                )
            if st.form_submit_button(_("Returnați pentru corectare"), key="monthly_return"):
                do_step(
                    lambda: monthly_reports.send_back(
                        ledger, county, uat, month, with_named(wrong, remark, known), actor=actor
                    ),
                    _("Raportul este returnat."),
                )


def _import(ledger: Ledger, facts: ReportData, actor: Actor, mine: pd.DataFrame, month: str) -> None:
    with st.expander(_("Din fișier: CSV sau XLSX")):
        sheet = Sheet(_("Cifre"), template(mine, month))
        content = workbook([sheet], title=_("Cifre lunare"), made_on=facts.day, is_demo=facts.home.is_demo)
        st.download_button(
            _("Descărcați tabelul gol"),
            content,
            file_name=f"cifre-{month}.xlsx",
            mime=XLSX,
            key="monthly_template",
            on_click="ignore",
        )
        given = st.file_uploader(_("Tabelul completat (CSV sau XLSX)"), type=["csv", "xlsx"], key="monthly_file")
        if given is not None:
            _take_file(ledger, actor, mine, given)


def _take_file(ledger: Ledger, actor: Actor, mine: pd.DataFrame, given: UploadedFile) -> None:
    """Take the figures of a file: held to the rules of a report, with a yes to what changed much, all rows or none."""
    asked: dict[tuple[int, str], dict[str, int]] = st.session_state.get(f"monthly_unsure_{given.file_id}", {})
    yes = bool(asked) and st.checkbox(_("Da, am verificat: diferențele mari sunt adevărate"), key="monthly_import_yes")
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
            st.session_state[f"monthly_unsure_{given.file_id}"] = unsure if any(unsure.values()) else {}
            figure_entry.enter(
                ledger, figures, bounds("community"), actor=actor, source="import", confirmed=unsure if yes else {}
            )

        do_step(take, _("Cifrele din fișier sunt preluate."))
