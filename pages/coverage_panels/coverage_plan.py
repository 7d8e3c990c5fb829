"""The what-if panel of „Acoperire”: what is asked, the search with its progress on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.errors import MapError
from core.i18n import _, ngettext
from pages.common import markup
from pages.coverage_panels import coverage_scenarios
from providers.planning.county_plan import plan
from providers.planning.plan_constraints import (
    DAYS,
    GOALS,
    MOST_SITES,
    MOST_TEAMS,
    Goal,
    PlanConstraints,
    default_prices,
    goal_words,
)
from providers.rules.wording import minute_words
from reports.planning.plan_report import progress_words

if TYPE_CHECKING:
    from geo.siting.integer_program import Progress
    from providers.planning.effective_coverage import Coverage
    from providers.planning.plan_constraints import Prices

_SECONDS = (10, 30, 120)
_MOST_PLACES = 10_000


def panel(found: Coverage, county: str) -> None:
    """Ask what is looked for and what may be added; compute it and keep it among the scenarios.

    Parameters
    ----------
    found
        The coverage on screen.
    county
        Letters of the county that is planned for.
    """
    st.html(markup.render_heading(_("Ce ar ajuta"), _("pentru cei care rămân fără loc")))
    with st.container(key="hs-do-plan"):
        goal: Goal = st.selectbox(
            _("Ce căutați"), GOALS, format_func=lambda g: goal_words(g).capitalize(), key="cov_goal", width=460
        )
        means = _means(goal)
        share = 100
        with st.container(key="hs-row-plan-limits", horizontal=True):
            if goal == "everybody":
                share = int(st.number_input(_("La câți la sută se ajunge"), 1, 100, 100, key="cov_share", width=210))
            seconds = st.selectbox(
                _("Caut cel mult"), _SECONDS, index=1, key="cov_seconds", width=150,
                format_func=lambda s: ngettext("{n} secundă", "{n} secunde", int(s)).format(n=s),
            )  # fmt: skip
        st.html(markup.render_quiet(_notes(goal, found)))
        if st.button(_("Calculați"), key="cov_plan", type="primary"):
            _add(found, county, means, goal, share / 100.0, float(seconds))


def _notes(goal: Goal, found: Coverage) -> str:
    reach = minute_words(found.reach_minutes)
    return {
        "most": _("Serviciile de acum rămân. Se numără cine găsește loc la cel mult {n}."),
        "poorest": _("La fel, dar comunele din cele mai slabe clase ale atlasului sunt servite primele."),
        "travel": _("Toți trebuie să aibă loc, oricât de departe (cel mult două ore); drumurile, adunate, sunt cât mai "
                    "scurte."),
        "everybody": _("Toți, sau partea cerută, trebuie să aibă loc la cel mult {n}, cu cât mai puține "
                       "adăugate."),
    }[goal].format(n=reach)  # fmt: skip


def _means(goal: Goal) -> PlanConstraints:
    """Ask what may be added. An empty field is "as many as needed"; for places at each, 0 is."""
    as_needed = _("câte e nevoie")
    with st.container(key="hs-row-plan-new", horizontal=True):
        sites = st.number_input(
            _("Servicii noi, cel mult"), 0, MOST_SITES, None if goal == "everybody" else 3,
            key=f"cov_sites_{goal}", width=210, placeholder=as_needed,
        )  # fmt: skip
        each = st.number_input(
            _("Locuri la fiecare"), 1, _MOST_PLACES, None if goal in ("travel", "everybody") else 20,
            key=f"cov_each_{goal}", width=190, placeholder=as_needed,
        )  # fmt: skip
        more = st.number_input(
            _("Locuri la serviciile de acum"), 0, _MOST_PLACES, 0, key="cov_more", width=250, placeholder=as_needed
        )
        teams = int(st.number_input(_("Echipe mobile"), 0, MOST_TEAMS, 0, key="cov_teams", width=170))
    days: list[str] = list(DAYS)
    visits = 10
    if teams:
        with st.container(key="hs-row-plan-team", horizontal=True):
            days = st.pills(
                _("Zilele echipei"), DAYS, selection_mode="multi", default=DAYS, format_func=_, key="cov_days"
            )
            visits = int(st.number_input(_("Oameni văzuți pe zi"), 1, 200, 10, key="cov_visits", width=190))
    with st.container(key="hs-row-plan-money", horizontal=True):
        budget = st.number_input(
            _("Buget, lei pe an"), 0, 1_000_000_000, None, step=10_000, key="cov_budget", width=230,
            placeholder=_("fără limită"),
        )  # fmt: skip
        anywhere = st.checkbox(_("În orice localitate, nu numai în centrele de comună"), key="cov_anywhere")
    with st.expander(_("Cât costă: prețurile socotite")):
        prices = _prices()
    return PlanConstraints(
        sites=sites, places_each=each, places_more=more, teams=teams if days else 0,
        days=tuple(d for d in DAYS if d in days), visits=visits, budget=budget, prices=prices, anywhere=anywhere,
    )  # fmt: skip


def _prices() -> Prices:
    """Ask for the prices, beginning with the assumed ones."""
    usual = default_prices()
    with st.container(key="hs-row-plan-prices", horizontal=True):
        site = _price(_("Un serviciu nou, fără locuri"), usual.site, "site")
        place = _price(_("Un loc"), usual.place, "place")
        day = _price(_("O zi de echipă pe săptămână"), usual.team_day, "day")
    st.html(markup.render_quiet(_("Lei pe an. Prețurile de la început sunt presupuneri: puneți-le pe ale județului.")))
    return usual.changed(
        site=site if site != usual.site else None,
        place=place if place != usual.place else None,
        team_day=day if day != usual.team_day else None,
    )


def _price(label: str, usual: float, name: str) -> float:
    return float(st.number_input(label, 0, 100_000_000, int(usual), step=500, key=f"cov_price_{name}", width=240))


def _add(found: Coverage, county: str, means: PlanConstraints, goal: Goal, share: float, seconds: float) -> None:
    said = st.empty()

    def watch(progress: Progress) -> bool:
        said.html(markup.render_quiet(progress_words(progress, seconds)))
        return True

    try:
        with st.spinner(_("Caut cea mai bună alegere…")):
            made = plan(found, county, means, goal=goal, share=share, time_limit_s=seconds, watch=watch)
    except MapError as error:
        said.html(markup.render_notice(_("Nu se poate"), [str(error)], kind="refusal"))
        return
    coverage_scenarios.keep(made)
    st.rerun()
