"""The what-if panel of „Acoperire”: what is asked, the search with its progress on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.errors import MapError
from core.i18n import _, ngettext
from pages.common import markup, shared
from pages.coverage_panels import coverage_form, coverage_scenarios
from providers.planning.plan_constraints import (
    DAYS,
    GOALS,
    MOST_PLACES,
    MOST_SITES,
    MOST_TEAMS,
    Goal,
    PlanConstraints,
    default_prices,
    goal_words,
)
from providers.rules.wording import minute_words
from reports.planning.coverage_question import MOST_LETTERS, SEARCH_SECONDS, USUAL_LEAST, ScenarioQuestion
from reports.planning.kept_plans import kept_plan
from reports.planning.plan_report import progress_words

if TYPE_CHECKING:
    from core.storage.home import Home
    from geo.siting.integer_program import Progress
    from providers.planning.effective_coverage import Coverage
    from providers.planning.plan_constraints import Prices
    from reports.planning.coverage_question import CoverageQuestion

_SECONDS_FROM_LINK = 10.0  # whoever opens a link has not asked for a long search


def panel(home: Home, found: Coverage, asked: CoverageQuestion) -> None:
    """Ask what is looked for and what may be added, by what name; compute it and keep it among the scenarios.

    Parameters
    ----------
    home
        Whose state the plan holds for.
    found
        The coverage on screen.
    asked
        The question on screen, of a county.
    """
    st.html(markup.render_heading(_("Un scenariu nou"), _("pentru cei care rămân fără loc")))
    with st.container(key="hs-plan-form"):
        goal: Goal = st.selectbox(
            _("Ce căutați"), GOALS, format_func=lambda g: goal_words(g).capitalize(), key="cov_goal", width=460
        )
        means = _means(goal)
        share = 100
        with st.container(key="hs-row-plan-limits", horizontal=True):
            if goal == "everybody":
                share = int(st.number_input(_("La câți la sută se ajunge"), 1, 100, 100, key="cov_share", width=210))
            seconds = st.selectbox(
                _("Caut cel mult"), SEARCH_SECONDS, index=1, key="cov_seconds", width=150,
                format_func=lambda s: ngettext("{n} secundă", "{n} secunde", int(s)).format(n=s),
            )  # fmt: skip
            st.text_input(
                _("Numele scenariului"), key="cov_new_name", max_chars=MOST_LETTERS, width=320,
                placeholder=_("de pildă: varianta ieftină"),
            )  # fmt: skip
        st.html(markup.render_quiet(_notes(goal, found)))
        if st.button(_("Salvați scenariul"), key="cov_plan", type="primary"):
            text = coverage_scenarios.typed_name("cov_new_name")
            if text is None:
                st.rerun()
            _add(home, found, asked.county, ScenarioQuestion(goal, means, share, int(seconds), text or ""))


def compute_loaded(home: Home, found: Coverage, asked: CoverageQuestion) -> None:
    """Compute the scenarios that an address brought, each with a short search, and keep them.

    Parameters
    ----------
    home
        Whose state the plans hold for.
    found
        The coverage on screen.
    asked
        The question on screen, of a county.
    """
    for scenario in coverage_form.loaded_scenarios():
        with st.spinner(_("Caut din nou scenariul din link…")):
            try:
                made = kept_plan(shared.directory(home), found, asked.county, scenario, most_seconds=_SECONDS_FROM_LINK)
            except MapError as error:
                st.html(markup.render_notice(_("Nu se poate"), [str(error)], kind="refusal"))
                continue
        coverage_scenarios.keep(scenario, made, is_shown=False)


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
            _("Locuri la fiecare"), 1, MOST_PLACES, None if goal in ("travel", "everybody") else 20,
            key=f"cov_each_{goal}", width=190, placeholder=as_needed,
        )  # fmt: skip
        more = st.number_input(
            _("Locuri la serviciile de acum"), 0, MOST_PLACES, 0, key="cov_more", width=250, placeholder=as_needed
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
        least = int(
            st.number_input(
                _("Oameni fără loc în jur, cel puțin"), 0, MOST_PLACES, USUAL_LEAST, key="cov_least", width=270
            )
        )
    anywhere = st.checkbox(_("În orice localitate, nu numai în centrele de comună"), key="cov_anywhere")
    across = st.checkbox(_("Locuri în plus și la serviciile județelor vecine"), key="cov_across")
    with st.expander(_("Cât costă: prețurile socotite")):
        prices = _prices()
    return PlanConstraints(
        sites=sites, places_each=each, places_more=more, teams=teams if days else 0,
        days=tuple(d for d in DAYS if d in days), visits=visits, budget=budget, prices=prices, anywhere=anywhere,
        own_county=not across, least_people=least,
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


def _add(home: Home, found: Coverage, county: str, asked: ScenarioQuestion) -> None:
    notice = st.empty()

    def watch(progress: Progress) -> bool:
        notice.html(markup.render_quiet(progress_words(progress, float(asked.seconds))))
        return True

    try:
        with st.spinner(_("Caut cea mai bună alegere…")):
            made = kept_plan(shared.directory(home), found, county, asked, watch=watch)
    except MapError as error:
        notice.html(markup.render_notice(_("Nu se poate"), [str(error)], kind="refusal"))
        return
    coverage_scenarios.keep(asked, made)
    st.rerun()
