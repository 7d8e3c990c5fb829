"""The what-if panel of „Acoperire”: scenarios for a county, kept in the session, two of them side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from geo.errors import MapError
from geo.language import _, ngettext, number
from pages import coverage_html, markup
from providers.siting_plan import DAYS, Plan, plan

if TYPE_CHECKING:
    from geo.siting_program import Progress
    from providers.coverage import Coverage

_KEPT = "cov_plans"
_MOST = 6
_TIME_LIMIT_S = 30.0


def kept(code: str, county: str | None) -> list[Plan]:
    """Return the scenarios of this session for this question, in the order in which they were made."""
    return [p for p in st.session_state.get(_KEPT, []) if (p.code, p.county) == (code, county)]


def choose_shown(plans: list[Plan]) -> Plan | None:
    """Ask which state the map shows: now, or after a scenario."""
    if not plans:
        return None
    names = [_("acum"), *(f"{n}. {p.title}" for n, p in enumerate(plans, start=1))]
    at = st.selectbox(
        _("Harta arată"), range(len(names)), format_func=lambda i: names[i] if i < len(names) else "", key="cov_shown"
    )
    return plans[at - 1] if at and at <= len(plans) else None


def panel(found: Coverage, county: str, plans: list[Plan]) -> None:
    """Ask for a scenario, compute it with its progress on screen, and show those kept."""
    st.html(markup.heading(_("Ce ar ajuta"), _("pentru cei care rămân fără loc")))
    kinds = {"sites": _("servicii noi"), "places": _("locuri la serviciile de acum"), "team": _("echipă mobilă")}
    with st.container(key="hs-form-plan"):
        with st.container(key="hs-row-plan", horizontal=True):
            kind = st.selectbox(
                _("Ce încercați"), list(kinds), format_func=lambda k: kinds[k], key="cov_kind", width=260
            )
            sites, teams = 1, 1
            days: tuple[str, ...] = DAYS
            if kind == "sites":
                sites = int(st.number_input(_("Câte servicii noi"), 1, 50, 3, key="cov_sites", width=180))
            if kind == "team":
                teams = int(st.number_input(_("Câte echipe"), 1, 10, 1, key="cov_teams", width=150))
                count = int(st.number_input(_("Zile pe săptămână"), 1, len(DAYS), len(DAYS), key="cov_days", width=180))
                days = DAYS[:count]
            words = {"sites": _("Locuri la fiecare"), "places": _("Locuri în total"), "team": _("Vizite pe zi")}
            places = int(st.number_input(words[kind], 1, 10_000, 20, key="cov_places", width=180))
        worst = st.checkbox(_("Întâi comunele cele mai marginalizate"), key="cov_worst")
        if st.button(_("Calculați"), key="cov_plan", type="primary"):
            _add(found, county, kind=kind, sites=sites, places=places, teams=teams, days=days, worst=worst)
    _list(plans)


def _add(
    found: Coverage, county: str, *, kind: str, sites: int, places: int, teams: int, days: tuple[str, ...], worst: bool
) -> None:
    said = st.empty()

    def watch(progress: Progress) -> bool:
        gap = _("încă fără soluție") if progress.gap is None else _("la {n} % de cel mai bun posibil").format(
            n=number(100 * progress.gap, 1)
        )  # fmt: skip
        said.html(markup.quiet(_("Caut de {s} secunde, {gap}…").format(s=number(progress.seconds), gap=gap)))
        return True

    try:
        with st.spinner(_("Caut cea mai bună alegere…")):
            made = plan(
                found, county, kind=kind, sites=sites, places=places, teams=teams, days=days,  # type: ignore[arg-type]
                worst_off_first=worst, time_limit_s=_TIME_LIMIT_S, watch=watch,
            )  # fmt: skip
    except MapError as error:
        said.html(markup.notice(_("Nu se poate"), [str(error)], kind="refusal"))
        return
    st.session_state[_KEPT] = [*st.session_state.get(_KEPT, []), made][-_MOST:]
    st.rerun()


def _list(plans: list[Plan]) -> None:
    if not plans:
        st.html(markup.quiet(_("Niciun scenariu încă: alegeți ce încercați și apăsați „Calculați”.")))
        return
    st.html("".join(coverage_html.plan_card(p, n) for n, p in enumerate(plans, start=1)))
    if len(plans) > 1:
        names = [f"{n}. {p.title}" for n, p in enumerate(plans, start=1)]
        with st.container(key="hs-row-compare", horizontal=True):
            first = st.selectbox(_("Comparați"), range(len(plans)), format_func=lambda i: names[i], key="cov_first")
            second = st.selectbox(_("cu"), range(len(plans)), index=1, format_func=lambda i: names[i], key="cov_second")
        st.html(coverage_html.compared(plans[first], plans[second], (first + 1, second + 1)))
    text = ngettext("Ștergeți scenariul", "Ștergeți cele {n} scenarii", len(plans)).format(n=len(plans))
    if st.button(text, key="cov_clear"):
        st.session_state[_KEPT] = []
        st.rerun()
