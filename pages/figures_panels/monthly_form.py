"""The monthly report of a community on screen: its figures, filing, and what the county unit answers."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from core.errors import MapError
from core.i18n import _
from pages.common import markup, shared
from pages.figures_panels import report_html
from referrals.monthly import monthly_reports
from referrals.monthly.monthly_reports import Bound, Figure
from reports.documents.report_writing import today
from reports.indicators.indicators import bounds
from reports.indicators.period import months_between, parse_period
from reports.output.xlsx import Sheet, workbook
from reports.views.figures_import import BadRowsError, first_waiting, queue, read_figures, required, template
from reports.views.report_views import state_words

if TYPE_CHECKING:
    import pandas as pd
    from streamlit.delta_generator import DeltaGenerator

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
    known = figures[(figures["uat_siruta"] == uat) & (figures["month"] == month)].set_index("indicator")["value"]
    if state in ("missing", "returned"):
        _form(ledger, actor, (county, uat, month), {str(code): int(value) for code, value in known.items()})
    else:
        st.html(report_html.render_closed_report({str(code): int(value) for code, value in known.items()}))
    if actor.role == "county" and state in ("filed", "accepted"):
        _decide(ledger, actor, county, uat, month, state)
    past = monthly_reports.history(ledger, uat, actor=actor)
    past = past[past["month"] == month].iloc[::-1]
    if len(past):
        with st.expander(_("Istoricul cifrelor")):
            st.html(report_html.render_history(past))


def _form(ledger: Ledger, actor: Actor, month_of: tuple[str, int, str], known: dict[str, int]) -> None:
    """Ask for the figures of a month; what was said before stands in the fields."""
    county, uat, month = month_of
    entered: dict[str, int | None] = {}
    wanted = list(bounds("community").values())
    with st.container(key="hs-form-monthly"), st.form(f"monthly_{uat}_{month}", border=False, enter_to_submit=False):
        # Row by row, so that on a phone, where columns fold, the order stays.
        for pair in (wanted[n : n + 2] for n in range(0, len(wanted), 2)):
            for column, bound in zip(st.columns(2), pair, strict=False):
                entered[bound.code] = _ask_figure(
                    column, bound, known.get(bound.code), key=f"monthly_{uat}_{month}_{bound.code}"
                )
        with st.container(horizontal=True):
            sent = st.form_submit_button(_("Depuneți raportul"), type="primary")
            kept = st.form_submit_button(_("Păstrați cifrele"))
    if kept or sent:
        said = [
            Figure(county, uat, month, code, value)
            for code, value in entered.items()
            if value is not None or code in known
        ]
        words = _("Raportul este depus.") if sent else _("Cifrele sunt păstrate.")
        _do(lambda: _keep(ledger, actor, said, month_of if sent else None), words)


def _ask_figure(column: DeltaGenerator, bound: Bound, known: int | None, *, key: str) -> int | None:
    """Ask for one figure: yes or no where only that can be said. What it may be is said by the core, in our words."""
    if bound.is_yes_no:
        return column.segmented_control(
            _(bound.name), (1, 0), default=known, format_func={1: _("Da"), 0: _("Nu")}.__getitem__, key=key
        )
    return column.number_input(_(bound.name), value=known, step=1, placeholder=_("necompletat"), key=key)


def _keep(ledger: Ledger, actor: Actor, said: list[Figure], filing: tuple[str, int, str] | None) -> None:
    monthly_reports.enter(ledger, said, bounds("community"), actor=actor)
    if filing is not None:
        monthly_reports.file(ledger, *filing, actor=actor, required=required())


def _decide(ledger: Ledger, actor: Actor, county: str, uat: int, month: str, state: str) -> None:
    with st.container(key="hs-form-decide"), st.form(f"decide_{uat}_{month}", border=False, enter_to_submit=False):
        remark = st.text_input(_("Ce este de corectat"), key=f"monthly_remark_{uat}_{month}")
        with st.container(horizontal=True):
            if state == "filed" and st.form_submit_button(
                _("Acceptați raportul"), type="primary", key="monthly_accept"
            ):
                _do(
                    lambda: monthly_reports.accept(ledger, county, uat, month, actor=actor),
                    _("Raportul este acceptat."),
                )
            if st.form_submit_button(_("Returnați pentru corectare"), key="monthly_return"):
                _do(
                    lambda: monthly_reports.send_back(ledger, county, uat, month, remark, actor=actor),
                    _("Raportul este returnat."),
                )


def _do(step: object, said: str) -> None:
    """Take a step; a refusal is shown where it happened, success after the page is drawn anew."""
    try:
        step()  # type: ignore[operator]
    except MapError as error:
        lines = error.lines if isinstance(error, BadRowsError) else [str(error)]
        st.html(markup.render_notice(_("Nu s-a putut"), lines, kind="refusal"))
        return
    st.session_state["monthly_said"] = said
    st.rerun()


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
        if given is not None and st.button(_("Preluați cifrele"), key="monthly_import"):
            suffix = Path(given.name).suffix.lower()
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / f"cifre{suffix if suffix in ('.csv', '.xlsx') else '.csv'}"
                path.write_bytes(given.getvalue())
                _do(
                    lambda: monthly_reports.enter(
                        ledger, read_figures(path, mine), bounds("community"), actor=actor, source="import"
                    ),
                    _("Cifrele din fișier sunt preluate."),
                )
